package simulator

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"omni/channels"
)

// senders are the methods that send something, with the limits of each. Source: core.telegram.org/bots/api, section of the same name.
var senders = map[string]*sender{
	"sendMessage":        {[]string{"text", "reply_markup"}, textContent},
	"sendPhoto":          {[]string{"caption"}, fileContent(channels.Image, "photo", 10<<20)},
	"sendVideo":          {[]string{"caption", "supports_streaming"}, fileContent(channels.Video, "video", 50<<20, "video/mp4")},
	"sendAnimation":      {[]string{"caption"}, fileContent(channels.Animation, "animation", 50<<20, "video/mp4", "image/gif")},
	"sendAudio":          {[]string{"caption"}, fileContent(channels.Audio, "audio", 50<<20, "audio/mpeg", "audio/mp4", "audio/x-m4a")},
	"sendVoice":          {[]string{"caption"}, fileContent(channels.Voice, "voice", 50<<20, "audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a")},
	"sendVideoNote":      {nil, fileContent(channels.VideoNote, "video_note", 50<<20, "video/mp4")},
	"sendDocument":       {[]string{"caption", "disable_content_type_detection"}, fileContent(channels.Document, "document", 50<<20)},
	"sendSticker":        {nil, fileContent(channels.Sticker, "sticker", 512<<10, "image/webp")},
	"sendLocation":       {[]string{"latitude", "longitude"}, placeContent},
	"sendVenue":          {[]string{"latitude", "longitude", "title", "address"}, venueContent},
	"sendContact":        {[]string{"phone_number", "first_name", "last_name", "vcard"}, cardContent},
	"setMessageReaction": {[]string{"message_id", "reaction"}, reactionContent},
}

func textContent(g given) (channels.Content, *refusal) {
	text := g.text("text")
	switch length := utf8.RuneCountInString(text); {
	case length == 0:
		return channels.Content{}, badRequest("message text is empty")
	case length > 4096:
		return channels.Content{}, badRequest("message is too long")
	}
	choices, refused := keyboard(g)
	return channels.Content{Text: text, Choices: choices}, refused
}

// keyboard reads an inline keyboard. Telegram does not say how large one may be: this is what the channel allows itself.
func keyboard(g given) (*channels.Choices, *refusal) {
	var markup struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	}
	if !g.object("reply_markup", &markup) {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	var options []channels.Option
	for _, button := range slices.Concat(markup.Rows...) {
		switch {
		case button.Text == "":
			return nil, badRequest("can't parse inline keyboard button: Text buttons must be non-empty")
		case button.Data == "" || len(button.Data) > 64:
			return nil, badRequest("BUTTON_DATA_INVALID")
		case utf8.RuneCountInString(button.Text) > 64:
			return nil, badRequest("reply markup is too long")
		}
		options = append(options, channels.Option{ID: button.Data, Title: button.Text})
	}
	if len(options) > 30 {
		return nil, badRequest("reply markup is too long")
	}
	if options == nil {
		return nil, nil
	}
	return &channels.Choices{Options: options}, nil
}

// fileContent reads a file, which has to come with the request. No types: any.
func fileContent(kind channels.AttachmentKind, field string, most int64, types ...string) func(given) (channels.Content, *refusal) {
	return func(g given) (channels.Content, *refusal) {
		caption := g.text("caption")
		switch file := g.file; {
		case file == nil || file.field != field:
			return channels.Content{}, badRequest("there is no " + field + " in the request")
		case file.bytes == 0:
			return channels.Content{}, badRequest("file must be non-empty")
		case file.bytes > most:
			return channels.Content{}, badRequest("file is too big")
		case types != nil && !slices.Contains(types, file.mime):
			return channels.Content{}, badRequest("wrong type of the file: " + file.mime)
		case utf8.RuneCountInString(caption) > 1024:
			return channels.Content{}, badRequest("message caption is too long")
		}
		file := &channels.File{Kind: kind, Name: g.file.name, MIME: g.file.mime, Bytes: g.file.bytes}
		return channels.Content{Text: caption, File: file}, nil
	}
}

func placeContent(g given) (channels.Content, *refusal) {
	latitude, ok1 := g.degrees("latitude", 90)
	longitude, ok2 := g.degrees("longitude", 180)
	if !ok1 || !ok2 {
		return channels.Content{}, badRequest("invalid latitude or longitude specified")
	}
	return channels.Content{Place: &channels.Place{Latitude: latitude, Longitude: longitude}}, nil
}

func venueContent(g given) (channels.Content, *refusal) {
	content, refused := placeContent(g)
	if refused != nil {
		return content, refused
	}
	content.Place.Name, content.Place.Address = g.text("title"), g.text("address")
	if content.Place.Name == "" || content.Place.Address == "" {
		return channels.Content{}, badRequest("title and address of a venue must be non-empty")
	}
	return content, nil
}

func cardContent(g given) (channels.Content, *refusal) {
	phone, name, vcard := g.text("phone_number"), g.text("first_name"), g.values["vcard"]
	switch {
	case phone == "":
		return channels.Content{}, badRequest("PHONE_NUMBER_INVALID")
	case name == "":
		return channels.Content{}, badRequest("first name must be non-empty")
	case len(vcard) > 2048 || vcard != "" && !strings.HasPrefix(vcard, "BEGIN:VCARD\r\n"):
		return channels.Content{}, badRequest("VCARD_INVALID")
	}
	return channels.Content{Card: &channels.Card{Name: name, Phones: []string{phone}, VCard: vcard}}, nil
}

// emojiForm: the emojis of the documentation are without U+FE0F, and with it they are none of those.
var emojiForm = regexp.MustCompile(`^[^\x{FE0F}]+$`)

func reactionContent(g given) (channels.Content, *refusal) {
	var reaction []struct {
		Type  string `json:"type"`
		Emoji string `json:"emoji"`
	}
	ok := g.object("reaction", &reaction)
	switch {
	case g.values["business_connection_id"] != "" || g.values["reply_parameters"] != "":
		return channels.Content{}, badRequest("there is no such parameter")
	case g.int("message_id") <= 0:
		return channels.Content{}, badRequest("message to react not found")
	case !ok || len(reaction) > 1 || len(reaction) == 1 && (reaction[0].Type != "emoji" || !emojiForm.MatchString(reaction[0].Emoji)):
		return channels.Content{}, badRequest("REACTION_INVALID")
	}
	content := channels.Content{Reaction: &channels.SentReaction{Target: thread(g) + "/" + g.values["message_id"]}}
	if len(reaction) == 1 {
		content.Reaction.Emoji = reaction[0].Emoji
	}
	return content, nil
}
