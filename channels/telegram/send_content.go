package telegram

import (
	"cmp"
	"encoding/json"

	"omni/channels"
)

// params are the parameters of a method.
type params map[string]any

// draft is a message as one call of the Bot API sends it.
type draft struct {
	method string
	params params
	file   *channels.File // uploaded along with it; nil: none
	field  string         // the parameter that is the file
}

// compose puts a message into the method that sends it.
func compose(to chat, o channels.Outgoing) (draft, error) {
	d, err := content(o.Content)
	if err != nil {
		return draft{}, err
	}
	for name, value := range to.params() {
		d.params[name] = value
	}
	if parameter, id, ok := openTopic(o.Topic); ok {
		d.params[parameter] = id
	}
	if o.ReplyTo == "" {
		return d, nil
	}
	id, ok := to.message(o.ReplyTo)
	if !ok {
		return draft{}, noMessage("reply_target")
	}
	// An answer is worth more than what it refers to, which may have been deleted.
	d.params["reply_parameters"] = params{"message_id": id, "allow_sending_without_reply": true}
	return d, nil
}

func content(c channels.Content) (draft, error) {
	switch {
	case c.File != nil:
		return fileDraft(*c.File, c.Text)
	case c.Choices != nil:
		keyboard := params{"inline_keyboard": buttons(c.Choices.Options)}
		return draft{method: "sendMessage", params: params{"text": c.Text, "reply_markup": keyboard}}, nil
	case c.Place != nil:
		return placeDraft(*c.Place), nil
	case c.Card != nil:
		return cardDraft(*c.Card)
	case c.Template != nil:
		return draft{}, channels.Reject("unsupported_template", "Telegram cannot send templates.", nil)
	}
	return draft{method: "sendMessage", params: params{"text": c.Text}}, nil
}

// buttons are the options one below the other, so that each has the whole width.
func buttons(options []channels.Option) [][]params {
	rows := make([][]params, len(options))
	for i, option := range options {
		rows[i] = []params{{"text": option.Title, "callback_data": option.ID}}
	}
	return rows
}

// fileMethods are the methods that send files, and the parameters that take them.
var fileMethods = map[channels.AttachmentKind]struct{ method, field string }{
	channels.Image:     {"sendPhoto", "photo"},
	channels.Video:     {"sendVideo", "video"},
	channels.Audio:     {"sendAudio", "audio"},
	channels.Voice:     {"sendVoice", "voice"},
	channels.Animation: {"sendAnimation", "animation"},
	channels.VideoNote: {"sendVideoNote", "video_note"},
	channels.Document:  {"sendDocument", "document"},
	channels.Sticker:   {"sendSticker", "sticker"},
}

func fileDraft(f channels.File, caption string) (draft, error) {
	method, ok := fileMethods[f.Kind]
	if !ok {
		return draft{}, channels.Reject("unsupported_media", "Telegram cannot send a file as "+string(f.Kind)+".", nil)
	}
	p := params{}
	if caption != "" {
		p["caption"] = caption
	}
	switch f.Kind {
	case channels.Video:
		p["supports_streaming"] = true
	case channels.Document:
		p["disable_content_type_detection"] = true // or Telegram may make a photo, a video or a song of it
	}
	return draft{method: method.method, params: p, file: &f, field: method.field}, nil
}

// placeDraft sends a place with a name as a venue, which needs both a title and an address.
func placeDraft(place channels.Place) draft {
	p := params{"latitude": place.Latitude, "longitude": place.Longitude}
	if place.Name == "" && place.Address == "" {
		return draft{method: "sendLocation", params: p}
	}
	p["title"], p["address"] = cmp.Or(place.Name, place.Address), cmp.Or(place.Address, place.Name)
	return draft{method: "sendVenue", params: p}
}

// maxVCard is the length of the longest vcard, in bytes. Source: core.telegram.org/bots/api#sendcontact.
const maxVCard = 2048

// cardDraft sends a contact. Telegram shows one number; the others, and whatever else a card has, are in its vCard.
func cardDraft(card channels.Card) (draft, error) {
	p := params{"phone_number": card.Phones[0], "first_name": card.Name}
	vcard := card.VCard
	if vcard == "" && (len(card.Phones) > 1 || len(card.Emails) > 0 || card.Organization != "") {
		vcard = writeVCard(card)
	}
	if len(vcard) > maxVCard {
		return draft{}, channels.Reject("too_long", "The contact card has more than Telegram takes, which is 2048 bytes as a vCard.", nil)
	}
	if vcard != "" {
		p["vcard"] = vcard
	}
	return draft{method: "sendContact", params: p}, nil
}

// text is a parameter as a form has it: texts as they are, and everything else as JSON.
func text(value any) (string, error) {
	if s, ok := value.(string); ok {
		return s, nil
	}
	written, err := json.Marshal(value)
	return string(written), err
}
