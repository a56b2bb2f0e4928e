package webchat

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"time"

	"omni/channels"
	"omni/channels/internal/wire"
)

// What a page reports.
const (
	typeMessage   = "message"
	typeEmail     = "email"
	typeDelivered = "delivered"
	typeRead      = "read"
)

// idForm is what a page may call its messages.
var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// report is one event of a body: what Normalize reads again from the event's Raw.
type report struct {
	visitor  string
	name     string // of the visitor, by the page's word; empty: it does not say
	language string
	fields   wire.Object
	target   string // delivered: which message
}

// Parse makes an event of each element of events, and of what was delivered one for each message.
func (c *channel) Parse(r *channels.Request) ([]channels.Event, error) {
	reports, raws, err := split(r.Body)
	if err != nil {
		return nil, err
	}
	events := make([]channels.Event, len(reports))
	for i, one := range reports {
		events[i] = one.event(raws[i])
	}
	return events, nil
}

// split cuts a body into its reports, each with the body narrowed to it.
func split(content []byte) (reports []report, raws [][]byte, err error) {
	body, _ := wire.ParseObject(content)
	list := body.List("events")
	if list == nil {
		return nil, nil, errors.New("the body is not an object with a list of events")
	}
	about := report{visitor: body.String("visitor"), name: body.String("name"), language: body.String("language")}
	add := func(one report, element json.RawMessage) {
		reports = append(reports, one)
		raws = append(raws, wire.Narrow(
			wire.Pair{Key: "visitor", Value: body["visitor"]}, wire.Pair{Key: "name", Value: body["name"]},
			wire.Pair{Key: "language", Value: body["language"]}, wire.Pair{Key: "events", Value: wire.Array(element)},
		))
	}
	for _, element := range list {
		one := about
		one.fields, _ = wire.ParseObject(element)
		ids := one.fields.List("ids")
		if one.fields.String("type") != typeDelivered || len(ids) == 0 {
			add(one, element)
			continue
		}
		for _, id := range ids {
			_ = json.Unmarshal(id, &one.target) // what is no text names no message
			add(one, wire.Narrow(wire.Pair{Key: "type", Value: one.fields["type"]}, wire.Pair{Key: "ids", Value: wire.Array(id)}))
			one.target = ""
		}
	}
	return reports, raws, nil
}

func (r report) event(raw []byte) channels.Event {
	e := channels.Event{Kind: r.kind(), Thread: r.visitor, Raw: raw}
	switch e.Kind {
	case channels.KindMessage, channels.KindSystem:
		e.ID = r.named(r.fields.String("id"))
	case channels.KindStatus:
		e.ID = r.named(r.target + "/" + typeDelivered)
	case channels.KindRead:
		e.ID = r.named(typeRead + "/" + strconv.FormatInt(r.upTo().UnixMilli(), 10))
	default:
		e.ID = channels.HashID(string(raw))
	}
	return e
}

// kind is the kind of event. What names nobody, has no id, says nothing or more than it may is unknown: no page of ours reports that, and what anybody
// can make up must fill no list of dead letters.
func (r report) kind() channels.Kind {
	hasID := idForm.MatchString(r.fields.String("id"))
	switch of := r.fields.String("type"); {
	case r.visitor == "":
	case of == typeMessage && hasID && r.message() != nil:
		return channels.KindMessage
	case of == typeEmail && hasID && r.email() != "":
		return channels.KindSystem
	case of == typeDelivered && idForm.MatchString(r.target):
		return channels.KindStatus
	case of == typeRead && !r.upTo().IsZero():
		return channels.KindRead
	}
	return channels.KindUnknown
}

// named is the name of something of the visitor's chat.
func (r report) named(id string) string { return channels.HostedID(r.visitor, id) }

// upTo is until when everything was read. A page cuts times to milliseconds, so all of that one is meant.
func (r report) upTo() time.Time {
	at := r.fields.Time("up_to")
	if at.IsZero() {
		return at
	}
	return at.Truncate(time.Millisecond).Add(time.Millisecond - time.Microsecond)
}
