package channeltest

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
)

// Check takes a body through Parse and Normalize and reports the first rule of the contract that is broken, or nil. A body that Parse
// refuses breaks none.
func Check(channel channels.Channel, body []byte) error {
	events, err := parse(channel, body)
	if err != nil {
		return nil
	}
	for i, event := range events {
		if err := checkEvent(channel, event); err != nil {
			return fmt.Errorf("event %d (%s %q): %w", i, event.Kind, event.ID, err)
		}
	}
	return nil
}

func checkEvent(channel channels.Channel, event channels.Event) error {
	if !slices.Contains(channels.Kinds, event.Kind) {
		return errors.New("its kind is none of channels.Kinds")
	}
	if event.ID == "" {
		return errors.New("it has no id")
	}
	if len(event.Raw) == 0 {
		return errors.New("it has no raw bytes")
	}
	again, err := parse(channel, event.Raw)
	if err != nil {
		return fmt.Errorf("parsing its Raw %.300q: %w", event.Raw, err)
	}
	if len(again) != 1 {
		return fmt.Errorf("its Raw parses into %d events: %.300q", len(again), event.Raw)
	}
	if diff := cmp.Diff(event, again[0]); diff != "" {
		return fmt.Errorf("its Raw parses into another event (-first +again):\n%s", diff)
	}
	u, err := channel.Normalize(event)
	if err != nil {
		return nil
	}
	return checkUpdate(event, u)
}

func checkUpdate(event channels.Event, u channels.Update) error {
	set := map[channels.Kind]bool{
		channels.KindMessage:  u.Message != nil,
		channels.KindStatus:   u.Status != nil,
		channels.KindReaction: u.Reaction != nil,
		channels.KindEdit:     u.Edit != nil,
		channels.KindDelete:   u.Delete != nil,
		channels.KindRead:     u.Watermark != nil,
		channels.KindSystem:   u.System != nil,
	}
	for kind, isSet := range set {
		if isSet != (kind == event.Kind) {
			return fmt.Errorf("the update's %s part is set: %t", kind, isSet)
		}
	}
	if m := u.Message; m != nil && (m.Direction == "" || m.Type == "") {
		return errors.New("the message has no direction or no type")
	}
	if u.Edit != nil && u.Edit.Content == nil {
		return errors.New("the edit has no content")
	}
	if u.System != nil && u.System.Type == "" {
		return errors.New("the system event has no type")
	}
	if u.Person != nil && len(u.Person.Identities) == 0 {
		return errors.New("the person has no identity")
	}
	return nil
}

func parse(channel channels.Channel, body []byte) ([]channels.Event, error) {
	return channel.Parse(&channels.Request{Header: http.Header{}, Body: body})
}

// Fuzz seeds f with the bodies in testdata and with the classic troublemakers, and holds whatever the fuzzer makes of them to [Check].
func Fuzz(f *testing.F, channel channels.Channel) {
	for _, path := range Bodies(f) {
		body, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	for _, body := range Troublemakers {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := Check(channel, body); err != nil {
			t.Error(err)
		}
	})
}

// Troublemakers are bodies that have broken parsers: each must be refused or understood, never panic.
var Troublemakers = []string{
	``, `null`, `true`, `0`, `""`, `[]`, `{}`, `[null]`, `{"entry":null}`, `{"entry":{}}`, `{"entry":[null]}`, `{"entry":[[]]}`,
	`{"object":"page","entry":[{"id":1,"messaging":[{"message":"text"}]}]}`,
	`{"object":"instagram","entry":[{"id":"1","messaging":[null,1,"x",[],{}]}]}`,
	`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[null,{}],"statuses":[{}]}}]}]}`,
	`{"update_id":1}`, `{"update_id":"1","message":null}`, `{"update_id":1e3,"message":{"message_id":-1,"chat":{"id":1.5}}}`,
	`{"update_id":18446744073709551616,"message":{"text":"\u0000\ud800"}}`,
	"{\"update_id\":1,\"message\":{\"text\":\"\xff\xfe\"}}", "\ufeff{}",
}
