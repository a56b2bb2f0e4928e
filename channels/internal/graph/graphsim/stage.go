package graphsim

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"omni/channels"
	"omni/channels/simulate"
)

// Stage is where one event happens: the scene, its customer under a scoped id, and what makes items of their words.
type Stage struct {
	simulate.Scene
	Person string // the customer's scoped id
	Mid    string // id of the message that this event brings, if it brings one
	mid    func(IDs) string
}

// IDs are what a message id is made from.
type IDs struct {
	Account, Person string
	Unique          string // never repeats
}

func newStage(scene simulate.Scene, mid func(IDs) string) *Stage {
	s := &Stage{Scene: scene, Person: Digits(16, "person", scene.Account, strconv.Itoa(scene.Customer.Number)), mid: mid}
	s.Mid = s.NewMid("")
	return s
}

// NewMid makes a message id that no other event of any run has.
func (s *Stage) NewMid(purpose string) string {
	return s.mid(IDs{Account: s.Account, Person: s.Person, Unique: fmt.Sprintf("%s/%d/%s", s.Run, s.Serial, purpose)})
}

// Digits makes a number of n digits (at most 38), as Meta's ids are, from parts; the same parts give the same number.
func Digits(n int, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	digits := fmt.Sprintf("%019d%019d", binary.BigEndian.Uint64(sum[:8])>>1, binary.BigEndian.Uint64(sum[8:16])>>1)
	return "2" + digits[38-n+1:]
}

// EarlierMid picks the id of a message that was sent before.
func (s *Stage) EarlierMid() (string, error) {
	var mids []string
	for _, id := range s.Earlier {
		if !strings.HasPrefix(id, "sha256:") { // made by us for a message to which the platform gave no id
			mids = append(mids, id)
		}
	}
	if len(mids) == 0 {
		return "", errors.New("there is no earlier message")
	}
	return mids[s.Rand.IntN(len(mids))], nil
}

// Millis is the scene's time as messaging items give it.
func (s *Stage) Millis() int64 { return s.At.UnixMilli() }

// item makes an item that the customer's side sends to the account.
func (s *Stage) item(content M) M {
	item := M{"sender": M{"id": s.Person}, "recipient": M{"id": s.Account}, "timestamp": s.Millis()}
	for key, value := range content {
		item[key] = value
	}
	return item
}

// entry wraps what happened; Meta stamps it a moment later.
func (s *Stage) entry(list string, item M) M {
	return M{"id": s.Account, "time": s.Millis() + 100 + s.Rand.Int64N(900), list: []any{item}}
}

// Expect is an event of the stage's chat that ingest must store.
func (s *Stage) Expect(kind channels.Kind, id string) simulate.Expected {
	return simulate.Expected{Kind: kind, Account: s.Account, Thread: s.Person, ID: id}
}

// Says is an item of the customer that gives one event of the kind and id.
func (s *Stage) Says(kind channels.Kind, id string, content M) (simulate.Event, error) {
	return s.Reports(content, s.Expect(kind, id))
}

// Reports is an item that gives the expected events.
func (s *Stage) Reports(content M, expect ...simulate.Expected) (simulate.Event, error) {
	return simulate.Event{Expect: expect, Item: s.entry("messaging", s.item(content))}, nil
}

// Message is a message of the customer with the given content.
func (s *Stage) Message(content M) (simulate.Event, error) {
	content["mid"] = s.Mid
	return s.Says(channels.KindMessage, s.Mid, M{"message": content})
}

// Attached is a message of the customer with one attachment.
func (s *Stage) Attached(typ string, payload M) (simulate.Event, error) {
	return s.Message(M{"attachments": []any{Attachment(typ, payload)}})
}

// Attachment is one attachment; some types have no payload.
func Attachment(typ string, payload M) M {
	if payload == nil {
		return M{"type": typ}
	}
	return M{"type": typ, "payload": payload}
}

// Echo is a message of the business with the given content.
func (s *Stage) Echo(content M) (simulate.Event, error) {
	content["mid"], content["is_echo"] = s.Mid, true
	return s.Says(channels.KindMessage, s.Mid, M{
		"sender": M{"id": s.Account}, "recipient": M{"id": s.Person}, "message": content,
	})
}

// Notice is an item that is not about a message: what key says about the customer.
func (s *Stage) Notice(key string, value M) (simulate.Event, error) {
	id := channels.HashID(key, s.Person, strconv.FormatInt(s.Millis(), 10), string(Encode(value)))
	return s.Says(channels.KindSystem, id, M{key: value})
}

// Standby is a message of the customer while another application answers.
func (s *Stage) Standby(content M) (simulate.Event, error) {
	content["mid"] = s.Mid
	item := s.item(M{"message": content})
	return simulate.Event{Expect: []simulate.Expected{s.Expect(channels.KindMessage, s.Mid)}, Item: s.entry("standby", item)}, nil
}

// Change is something that belongs to no chat. Bare is the form that Instagram Login is documented with.
func (s *Stage) Change(field string, value M, bare bool) (simulate.Event, error) {
	change := M{"field": field, "value": value}
	entry := M{"id": s.Account, "time": s.At.Unix(), "changes": []any{change}}
	if bare {
		entry = M{"id": s.Account, "time": s.At.Unix(), "field": field, "value": value}
	}
	id := channels.HashID(field, string(Encode(value)))
	expect := simulate.Expected{Kind: channels.KindSystem, Account: s.Account, ID: id}
	return simulate.Event{Expect: []simulate.Expected{expect}, Item: entry}, nil
}

// Unknown is an item that Meta does not send (yet).
func (s *Stage) Unknown(content M) (simulate.Event, error) {
	item := s.item(content)
	id := channels.HashID(string(channels.KindUnknown), string(Encode(item)))
	return simulate.Event{Expect: []simulate.Expected{s.Expect(channels.KindUnknown, id)}, Item: s.entry("messaging", item)}, nil
}

// AboutAccount makes a notice of what nobody said: it has no sender and belongs to no chat.
func (s *Stage) AboutAccount(key string, value M) (simulate.Event, error) {
	id := channels.HashID(key, "", strconv.FormatInt(s.Millis(), 10), string(Encode(value)))
	item := M{"recipient": M{"id": s.Account}, "timestamp": s.Millis(), key: value}
	expect := simulate.Expected{Kind: channels.KindSystem, Account: s.Account, ID: id}
	return simulate.Event{Expect: []simulate.Expected{expect}, Item: s.entry("messaging", item)}, nil
}
