package parse

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"omni/channels"
)

// fake is a channel whose body is a word for each event.
type fake struct{}

func init() {
	channels.Register(channels.Spec{
		Name: "parsetest", Title: "Parse test", Docs: "https://example.com", Account: channels.AccountOptional,
		Secrets: []channels.Secret{{Name: "secret", Meaning: "A secret.", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 1, Unit: channels.Bytes},
	}, func(channels.Env) (channels.Channel, error) { return fake{}, nil })
}

func (fake) Send(context.Context, channels.Outgoing) (channels.Receipt, error) {
	return channels.Receipt{}, errors.New("not asked")
}

func (fake) Verify(*channels.Request) error { return errors.New("not asked") }

func (fake) Parse(r *channels.Request) ([]channels.Event, error) {
	var events []channels.Event
	for word := range strings.FieldsSeq(string(r.Body)) {
		if word == "garbage" {
			return nil, errors.New("this is garbage")
		}
		events = append(events, channels.Event{
			Kind: channels.KindMessage, ID: "id-" + word, Thread: "49123", At: time.Unix(1700000000, 0).UTC(), Raw: []byte(`{"word":"` + word + `"}`),
		})
	}
	if len(events) == 1 && events[0].ID == "id-nothing" {
		return nil, nil
	}
	return events, nil
}

func (fake) Normalize(e channels.Event) (channels.Update, error) {
	word := strings.TrimPrefix(e.ID, "id-")
	if word == "broken" {
		return channels.Update{}, errors.New("no such type")
	}
	return channels.Update{
		Person: &channels.Person{Name: "Ada \x1b[31m", Identities: []channels.Identity{{Kind: "wa_id", Value: "49123"}}},
		Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Text: word + "\nsecond line",
			Attachments: []channels.Attachment{{Kind: channels.Location, Place: &channels.Place{Latitude: 52.5, Longitude: 13.4}}}},
	}, nil
}

func run(t *testing.T, body string, o Options) (string, error) {
	t.Helper()
	if o.Channel == "" {
		o.Channel = "parsetest"
	}
	var out strings.Builder
	err := Run(strings.NewReader(body), &out, o)
	return out.String(), err
}

func TestText(t *testing.T) {
	t.Parallel()
	got, err := run(t, "hello", Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = `parsetest: 1 event

1  message  id-hello
  kind message
  thread 49123
  id id-hello
  at 2023-11-14T22:13:20Z
  means
  person
    identities
      -
        kind wa_id
        value 49123
    name Ada \x1b[31m
  message
    direction in
    type text
    text hello
      second line
    attachments
      -
        kind location
        place
          latitude 52.5
          longitude 13.4
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestTextOfNothing(t *testing.T) {
	t.Parallel()
	if got, err := run(t, "nothing", Options{}); got != "parsetest: no events in this body\n" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestColorOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	for _, color := range []bool{false, true} {
		got, err := run(t, "hello", Options{Color: color})
		if strings.Contains(got, "\x1b[") != color || err != nil {
			t.Errorf("color %t: %q, %v", color, got, err)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	got, err := run(t, "hello broken", Options{JSON: true})
	if err == nil || !strings.Contains(err.Error(), "1 of 2") {
		t.Errorf("%v, want one about the event that cannot be normalized", err)
	}
	var results []Result
	if err := json.Unmarshal([]byte(got), &results); err != nil {
		t.Fatalf("%v in:\n%s", err, got)
	}
	if len(results) != 2 || results[0].Update.Message.Text != "hello\nsecond line" || results[1].Error != "no such type" {
		t.Errorf("got:\n%s", got)
	}
	if !strings.Contains(string(results[0].Raw), `"word"`) {
		t.Errorf("no raw body in:\n%s", got)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body, channel string
		want          []string
	}{
		"unknown channel": {"hello", "wahtsapp", []string{`no channel "wahtsapp"`, "parsetest"}},
		"empty":           {" \n", "", []string{"empty"}},
		"not understood":  {"garbage", "", []string{"parsetest does not understand", "this is garbage"}},
		"dead letter":     {"hello broken", "", []string{"1 of 2 events", "dead letter"}},
	} {
		_, err := run(t, c.body, Options{Channel: c.channel})
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want one that says %q", name, err, want)
			}
		}
	}
	broken := errors.New("disk is gone")
	if err := Run(iotest.ErrReader(broken), io.Discard, Options{Channel: "parsetest"}); !errors.Is(err, broken) {
		t.Errorf("a body that cannot be read: %v", err)
	}
}
