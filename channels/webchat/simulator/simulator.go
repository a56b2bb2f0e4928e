// Package simulator plays visitors of a company's pages: what their pages report, under tokens such as the channel issues.
package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"omni/channels"
	"omni/channels/simulate"
)

func init() { simulate.Register("webchat", platform{}) }

type platform struct{}

// object is a JSON object.
type object map[string]any

// report is one event of a page.
type report struct {
	visitor, name string
	event         object
}

func (platform) Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

func (platform) Event(kind string, scene simulate.Scene) (simulate.Event, error) {
	play, ok := kinds[kind]
	if !ok {
		return simulate.Event{}, fmt.Errorf("simulating visitors: no kind %q", kind)
	}
	p := visit{scene, "anon:" + digest("visitor", fmt.Sprint(scene.Customer.Number))[:26], digest(scene.Run, fmt.Sprint(scene.Serial))}
	event, expect, err := play(p)
	if err != nil {
		return simulate.Event{}, fmt.Errorf("simulating a visitor's %s: %w", kind, err)
	}
	expect.Thread = p.thread
	return simulate.Event{Expect: []simulate.Expected{expect}, Item: report{p.thread, scene.Customer.Name, event}}, nil
}

// digest makes an id such as pages make.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// visit is a scene with who is in it.
type visit struct {
	simulate.Scene
	thread string
	id     string // of what is reported
}

// maker makes an event of a page, and what becomes of it.
type maker func(visit) (object, simulate.Expected, error)

var kinds = map[string]maker{
	"text": func(v visit) (object, simulate.Expected, error) {
		return v.message(object{"text": v.Worded("Is it still there?")})
	},
	"choice": func(v visit) (object, simulate.Expected, error) {
		return v.message(object{"choice": object{"id": "yes", "title": v.Worded("Yes")}})
	},
	"reply": func(v visit) (object, simulate.Expected, error) {
		answered, err := v.earlier()
		if err != nil {
			return nil, simulate.Expected{}, err
		}
		return v.message(object{"text": v.Worded("This one"), "reply_to": answered})
	},
	"email": func(v visit) (object, simulate.Expected, error) {
		expect := simulate.Expected{Kind: channels.KindSystem, ID: channels.HostedID(v.thread, v.id)}
		return object{"type": "email", "id": v.id, "email": fmt.Sprintf("visitor%d@mail.example", v.Customer.Number)}, expect, nil
	},
	"delivered": func(v visit) (object, simulate.Expected, error) {
		expect := simulate.Expected{Kind: channels.KindStatus, ID: channels.HostedID(v.thread, v.id+"/delivered")}
		return object{"type": "delivered", "ids": []string{v.id}}, expect, nil
	},
	"read": func(v visit) (object, simulate.Expected, error) {
		at := v.At.Add(-time.Duration(v.Serial) * time.Millisecond) // apart from each other, and before what is said now
		expect := simulate.Expected{Kind: channels.KindRead, ID: channels.HostedID(v.thread, fmt.Sprintf("read/%d", at.UnixMilli()))}
		return object{"type": "read", "up_to": at.UTC().Format("2006-01-02T15:04:05.000Z07:00")}, expect, nil
	},
}

func (v visit) message(content object) (object, simulate.Expected, error) {
	content["type"], content["id"], content["at"] = "message", v.id, v.At.UTC().Format(time.RFC3339Nano)
	return content, simulate.Expected{Kind: channels.KindMessage, ID: channels.HostedID(v.thread, v.id)}, nil
}

// earlier picks an earlier message of the chat, as the page calls it.
func (v visit) earlier() (string, error) {
	if len(v.Earlier) == 0 {
		return "", errors.New("it is about an earlier message, and there is none")
	}
	return channels.PageID(v.thread, v.Earlier[v.Rand.IntN(len(v.Earlier))]), nil
}

// Webhooks makes one webhook of the events of each visitor in turn: a page batches what its visitor does at once.
func (platform) Webhooks(events []simulate.Event) []simulate.Webhook {
	var webhooks []simulate.Webhook
	for len(events) > 0 {
		first := events[0].Item.(report)
		n := slices.IndexFunc(events, func(e simulate.Event) bool { return e.Item.(report).visitor != first.visitor })
		if n < 0 {
			n = len(events)
		}
		var reported []object
		for _, e := range events[:n] {
			reported = append(reported, e.Item.(report).event)
		}
		body, err := json.Marshal(object{"visitor": first.visitor, "name": first.name, "events": reported})
		if err != nil {
			panic(fmt.Sprintf("simulating visitors: %v", err)) // maps of strings can be written
		}
		webhooks = append(webhooks, simulate.NewWebhook(body, events[:n]...))
		events = events[n:]
	}
	return webhooks
}

// Sign gives the page a token of its visitor, as the session that it began would have.
func (platform) Sign(w *simulate.Webhook, secrets channels.Secrets) {
	var body struct{ Visitor string }
	_ = json.Unmarshal(w.Body, &body) // a body without a visitor gets a token of nobody
	origin := secrets.First(channels.OriginsSecret)
	claims, _ := json.Marshal(object{"thread": body.Visitor, "origin": origin, "expires": time.Now().Add(15 * time.Minute).Unix()})
	signed := "v1.visitor." + base64.RawURLEncoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, []byte(secrets.First("signing_key")))
	mac.Write([]byte(signed))
	w.Header.Set("Authorization", "Bearer "+signed+"."+base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))
	w.Header.Set("Origin", origin)
}

var _ simulate.Platform = platform{}
