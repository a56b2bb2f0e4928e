package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"omni/channels"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

// stage is where one event happens: the scene, its customer under WhatsApp's ids, and what makes updates of their words.
type stage struct {
	simulate.Scene
	waID  string // empty for customers who show a username instead of their number
	bsuid string // empty for customers from before BSUIDs
	id    string // wamid of the event
}

// newStage makes three sorts of customers by their number: who show a number and a BSUID, a BSUID only, and a number only.
func newStage(scene simulate.Scene) *stage {
	number := scene.Customer.Number
	s := &stage{Scene: scene, waID: phoneNumber(number),
		bsuid: "DE." + graphsim.Digits(17, "bsuid", scene.Account, strconv.Itoa(number))}
	switch number % 3 {
	case 1:
		s.waID = ""
	case 2:
		s.bsuid = ""
	}
	s.id = s.wamid("")
	return s
}

// phoneNumber is the number of a customer, whom the business may know by it or not.
func phoneNumber(customer int) string {
	return fmt.Sprintf("49151%08d", (customer*7919+20_000_000)%100_000_000)
}

// thread is the customer's chat: the BSUID if there is one.
func (s *stage) thread() string {
	if s.bsuid != "" {
		return s.bsuid
	}
	return s.waID
}

// wamid is the id of something in this scene.
func (s *stage) wamid(purpose string) string {
	return wamidOf(s.thread(), fmt.Sprintf("%s/%d/%s", s.Run, s.Serial, purpose))
}

// wamidOf looks like the real ones: base64 of a header, the customer's number and 20 hexadecimal digits, made of what is unique.
func wamidOf(number, unique string) string {
	sum := sha256.Sum256([]byte(unique))
	raw := "\x1c\x18" + string(rune(len(number))) + number + "\x15\x02\x00\x12\x18\x14" + strings.ToUpper(hex.EncodeToString(sum[:10])) + "\x00"
	return "wamid." + base64.StdEncoding.EncodeToString([]byte(raw))
}

func wabaOf(account string) string { return graphsim.Digits(15, "waba", account) }

func businessNumber(account string) string { return "4930" + graphsim.Digits(8, "number", account) }

func (s *stage) timestamp() string { return strconv.FormatInt(s.At.Unix(), 10) }

// earlierID picks the id of a message that was sent before.
func (s *stage) earlierID() (string, error) {
	var ids []string
	for _, id := range s.Earlier {
		if !strings.HasPrefix(id, "sha256:") { // made by us for a message to which the platform gave no id
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return "", errors.New("there is no earlier message")
	}
	return ids[s.Rand.IntN(len(ids))], nil
}

// contact is the customer as value.contacts has them.
func (s *stage) contact() m {
	profile := m{"name": s.Customer.Name}
	contact := m{"profile": profile}
	if s.waID == "" {
		profile["username"] = fmt.Sprintf("@customer.%d", s.Customer.Number)
	}
	s.name(contact, "wa_id", "user_id")
	return contact
}

// name sets the ids that the customer has.
func (s *stage) name(o m, waKey, userKey string) {
	if s.waID != "" {
		o[waKey] = s.waID
	}
	if s.bsuid != "" {
		o[userKey] = s.bsuid
	}
}

func (s *stage) expect(kind channels.Kind, id string) simulate.Expected {
	return simulate.Expected{Kind: kind, Account: s.Account, Thread: s.thread(), ID: id}
}

// hash is the id that the channel gives to what has none.
func (s *stage) hash(field, sort string, content any) string {
	return channels.HashID(wabaOf(s.Account), field, sort, string(graphsim.Encode(content)))
}

// message is a message of the customer.
func (s *stage) message(typ string, content any) m {
	message := m{"id": s.id, "timestamp": s.timestamp(), "type": typ}
	if content != nil {
		message[typ] = content
	}
	s.name(message, "from", "from_user_id")
	return message
}

// says is a message of the customer that gives one event of the kind.
func (s *stage) says(kind channels.Kind, message m) simulate.Event {
	return s.reports("messages", "messages", message, s.contact(), s.expect(kind, s.id))
}

func (s *stage) reports(field, list string, element any, contact m, expect ...simulate.Expected) simulate.Event {
	return simulate.Event{Expect: expect, Item: update{account: s.Account, field: field, list: list, element: element, contact: contact}}
}
