package webchat

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"omni/channels"
)

// Normalize reads the one report in the event's Raw.
func (c *channel) Normalize(e channels.Event) (channels.Update, error) {
	reports, _, err := split(e.Raw)
	if err != nil {
		return channels.Update{}, err
	}
	if len(reports) != 1 {
		return channels.Update{}, fmt.Errorf("the event's bytes hold %d reports, want 1", len(reports))
	}
	r := reports[0]
	if kind := r.kind(); kind != e.Kind {
		return channels.Update{}, fmt.Errorf("the event's bytes are of kind %q, want %q", kind, e.Kind)
	}
	return r.update(e.Kind), nil
}

func (r report) update(kind channels.Kind) channels.Update {
	u := channels.Update{Extra: map[string]string{}}
	switch kind {
	case channels.KindMessage:
		u.Person, u.Message = r.person(), r.message()
		if at := r.fields.ID("at"); at != "" && len(at) <= 40 {
			u.Extra["page_time"] = at
		}
	case channels.KindSystem:
		u.Person = r.person()
		u.Person.Email = r.email()
		u.System = &channels.System{Type: typeEmail, Actor: r.visitor, Text: r.email()}
	case channels.KindStatus:
		u.Status = &channels.Status{Target: r.named(r.target), State: channels.Delivered, Recipient: r.visitor}
	case channels.KindRead:
		u.Watermark = &channels.Watermark{State: channels.Read, Until: r.upTo(), Actor: r.visitor}
	default:
		u.Extra["raw_type"] = r.fields.String("type")
	}
	return u
}

// person is the visitor. The name is the page's word, as it is a person's own on other platforms.
func (r report) person() *channels.Person {
	return &channels.Person{
		Identities: []channels.Identity{{Kind: "visitor", Value: r.visitor}},
		Name:       cut(r.name, maxName), Language: cut(r.language, maxLanguage),
	}
}

// The longest of what a page may say of a visitor, in characters.
const (
	maxName     = 120
	maxLanguage = 35 // RFC 5646, section 4.4.1
	maxEmail    = 254
)

// message reads what the visitor says; nil: nothing, or too much. Verify has seen that a file is theirs.
func (r report) message() *channels.Message {
	m := &channels.Message{Direction: channels.In, Type: channels.TypeText, Sender: r.visitor, Text: r.fields.String("text")}
	if answered := r.fields.String("reply_to"); idForm.MatchString(answered) {
		m.ReplyTo = r.named(answered)
	}
	if choice := r.fields.Object("choice"); choice != nil {
		m.Type = channels.TypeInteractive
		m.Choice = &channels.Choice{Kind: "quick_reply", ID: choice.String("id"), Title: choice.String("title")}
		if m.Text == "" {
			m.Text = m.Choice.Title
		}
	}
	var file grant
	if read(fileToken, r.fields.String("file"), &file) && file.Kind != "" {
		m.Attachments = []channels.Attachment{{Kind: file.Kind, MediaID: file.Key, MIME: file.MIME, Name: file.Name, Bytes: file.Bytes}}
		if m.Text == "" {
			m.Type = channels.MessageType(file.Kind)
		}
	}
	if !spec.Text.Fits(m.Text) || strings.TrimSpace(m.Text) == "" && m.Attachments == nil {
		return nil
	}
	return m
}

// emailForm takes what may be an address; only a mail that arrives proves one.
var emailForm = regexp.MustCompile(`^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$`)

// email is the address that the visitor gives; empty: it is none.
func (r report) email() string {
	address := strings.TrimSpace(r.fields.String("email"))
	if len(address) > maxEmail || !emailForm.MatchString(address) {
		return ""
	}
	return address
}

func cut(text string, most int) string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}
