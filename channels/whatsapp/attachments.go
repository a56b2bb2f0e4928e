package whatsapp

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// fileOf reads a message that is a file of one kind, described under key.
func fileOf(kind channels.AttachmentKind, key string) func(*channels.Message, wire.Object, *channels.Update) bool {
	return func(m *channels.Message, o wire.Object, _ *channels.Update) bool {
		return readFile(m, kind, o.Object(key))
	}
}

func readAudio(m *channels.Message, o wire.Object, _ *channels.Update) bool {
	audio := o.Object("audio")
	if audio.Bool("voice") {
		return readFile(m, channels.Voice, audio)
	}
	return readFile(m, channels.Audio, audio)
}

func readFile(m *channels.Message, kind channels.AttachmentKind, file wire.Object) bool {
	if file == nil {
		return false
	}
	m.Type, m.Text = channels.MessageType(kind), file.String("caption")
	a := channels.Attachment{
		Kind:     kind,
		MediaID:  file.ID("id"),
		MIME:     file.String("mime_type"),
		Name:     file.String("filename"),
		SHA256:   checksum(file.String("sha256")),
		Animated: file.Bool("animated"),
	}
	if a.MediaID == "" { // with an id, the link is not needed: it is valid for minutes, the id for days
		a.URL = wire.WebURL(file.String("url"))
	}
	m.Attachments = []channels.Attachment{a}
	return true
}

// checksum reads a SHA-256 that is in base64 or in hexadecimal, depending on the sample; "" for neither.
func checksum(s string) string {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != 32 {
		raw, err = base64.StdEncoding.DecodeString(s)
	}
	if err != nil || len(raw) != 32 {
		return ""
	}
	return hex.EncodeToString(raw)
}

func readLocation(m *channels.Message, o wire.Object, u *channels.Update) bool {
	location := o.Object("location")
	if !location.Has("latitude") || !location.Has("longitude") {
		return false
	}
	place := channels.Place{Latitude: location.Float("latitude"), Longitude: location.Float("longitude"),
		Name: location.String("name"), Address: location.String("address")}
	m.Type = channels.MessageType(channels.Location)
	m.Attachments = []channels.Attachment{{Kind: channels.Location, Title: place.Name, Place: &place}}
	note(u, "location_url", wire.WebURL(location.String("url"))) // the place's website, not a file: it must not be fetched
	return true
}

func readCards(m *channels.Message, o wire.Object, u *channels.Update) bool {
	m.Type = channels.MessageType(channels.ContactCard)
	for _, card := range o.Objects("contacts") {
		m.Attachments = append(m.Attachments, channels.Attachment{Kind: channels.ContactCard, Card: readCard(card)})
		note(u, "origin", card.String("origin")) // who shared it and why; it moved between versions
	}
	note(u, "origin", o.String("origin"))
	return len(m.Attachments) > 0
}

func readCard(o wire.Object) *channels.Card {
	name := o.Object("name")
	card := &channels.Card{
		Name:         cmp.Or(name.String("formatted_name"), strings.TrimSpace(name.String("first_name")+" "+name.String("last_name"))),
		Organization: o.Object("org").String("company"),
		UserID:       o.ID("user_id"),
		VCard:        o.String("vcard"),
	}
	for _, phone := range o.Objects("phones") {
		if number := phone.FirstID("phone", "wa_id"); number != "" {
			card.Phones = append(card.Phones, number)
		}
		card.UserID = cmp.Or(card.UserID, phone.ID("wa_id"))
	}
	for _, email := range o.Objects("emails") {
		if address := email.String("email"); address != "" {
			card.Emails = append(card.Emails, address)
		}
	}
	return card
}
