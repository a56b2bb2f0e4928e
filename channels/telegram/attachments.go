package telegram

import (
	"math"
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// contents are the members of a message that hold its one content, and how to read each. The order matters where Telegram sets a second
// member for old clients: document beside animation, photo beside live_photo, location beside venue.
var contents = []struct {
	key  string
	kind channels.AttachmentKind
	fill func(a *channels.Attachment, o wire.Object)
}{
	{"animation", channels.Animation, fillFile},
	{"live_photo", channels.LivePhoto, fillFile},
	{"video", channels.Video, fillFile},
	{"audio", channels.Audio, fillAudio},
	{"voice", channels.Voice, fillFile},
	{"voice_note", channels.Voice, fillFile},
	{"video_note", channels.VideoNote, fillVideoNote},
	{"document", channels.Document, fillFile},
	{"sticker", channels.Sticker, fillSticker},
	{"story", channels.StoryShare, fillStory},
	{"contact", channels.ContactCard, fillContact},
	{"venue", channels.Location, fillVenue},
	{"location", channels.Location, fillLocation},
	{"poll", channels.Poll, fillPoll},
	{"dice", channels.Dice, fillDice},
	{"game", channels.Game, fillTitle},
	{"checklist", channels.Checklist, fillChecklist},
	{"invoice", channels.Invoice, fillTitle},
}

// attachments reads the content of a message that is not text.
func attachments(m wire.Object) []channels.Attachment {
	if m.Has("paid_media") {
		return paidMedia(m.Object("paid_media"))
	}
	a, ok := attachment(m)
	if !ok {
		return nil
	}
	list := []channels.Attachment{a}
	if picture, ok := attachment(m.Object("poll").Object("media")); ok && a.Kind == channels.Poll {
		list = append(list, picture)
	}
	return list
}

// attachment reads the one content of a message, of a block of a rich message or of a paid medium.
func attachment(o wire.Object) (a channels.Attachment, ok bool) {
	for _, content := range contents {
		if inner := o.Object(content.key); inner != nil {
			a.Kind = content.kind
			content.fill(&a, inner)
			return a, true
		}
	}
	return largest(o.Objects("photo"))
}

// fillFile reads what all kinds of file have in common.
func fillFile(a *channels.Attachment, o wire.Object) {
	a.MediaID = o.ID("file_id")
	a.MIME = o.String("mime_type")
	a.Name = o.String("file_name")
	a.Bytes, _ = o.Int("file_size")
	a.Bytes = max(a.Bytes, 0)
	a.Seconds = max(o.Float("duration"), 0)
	a.Width, a.Height = pixels(o, "width"), pixels(o, "height")
}

func pixels(o wire.Object, key string) int {
	n, _ := o.Int(key)
	return int(min(max(n, 0), math.MaxInt32))
}

// largest reads the largest of the sizes in which Telegram keeps one photo.
func largest(sizes []wire.Object) (photo channels.Attachment, ok bool) {
	for _, size := range sizes {
		a := channels.Attachment{Kind: channels.Image}
		fillFile(&a, size)
		if !ok || a.Width*a.Height >= photo.Width*photo.Height {
			photo, ok = a, true
		}
	}
	return photo, ok
}

func fillAudio(a *channels.Attachment, o wire.Object) {
	fillFile(a, o)
	a.Title = o.String("title")
	if performer := o.String("performer"); performer != "" {
		a.Title = strings.TrimSuffix(performer+" - "+a.Title, " - ")
	}
}

func fillVideoNote(a *channels.Attachment, o wire.Object) {
	fillFile(a, o)
	a.Width = pixels(o, "length") // the diameter
	a.Height = a.Width
}

func fillSticker(a *channels.Attachment, o wire.Object) {
	fillFile(a, o)
	a.Emoji = o.String("emoji")
	a.Animated = o.Bool("is_animated") || o.Bool("is_video")
	a.SharedID = o.ID("file_unique_id")
}

func fillStory(a *channels.Attachment, o wire.Object) {
	a.SharedID = storyID(o)
	if chat := o.Object("chat"); chat.Has("title") {
		a.Title = chat.String("title")
	} else {
		a.Title = fullName(chat)
	}
}

func fillContact(a *channels.Attachment, o wire.Object) {
	a.Card = &channels.Card{Name: fullName(o), UserID: o.ID("user_id"), VCard: o.String("vcard")}
	if phone := o.ID("phone_number"); phone != "" {
		a.Card.Phones = []string{phone}
	}
}

func fillLocation(a *channels.Attachment, o wire.Object) {
	if !o.Has("latitude") || !o.Has("longitude") {
		return
	}
	period, _ := o.Int("live_period")
	a.Place = &channels.Place{Latitude: o.Float("latitude"), Longitude: o.Float("longitude"), Live: period > 0}
}

func fillVenue(a *channels.Attachment, o wire.Object) {
	fillLocation(a, o.Object("location"))
	if a.Place != nil {
		a.Place.Name, a.Place.Address = o.String("title"), o.String("address")
		return
	}
	a.Title = o.String("title")
}

func fillPoll(a *channels.Attachment, o wire.Object) {
	a.Title = o.String("question")
	a.SharedID = o.ID("id")
	a.Options = texts(o.Objects("options"))
}

func fillChecklist(a *channels.Attachment, o wire.Object) {
	a.Title = o.String("title")
	a.Options = texts(o.Objects("tasks"))
}

func texts(list []wire.Object) []string {
	var texts []string
	for _, o := range list {
		texts = append(texts, o.String("text"))
	}
	return texts
}

func fillDice(a *channels.Attachment, o wire.Object) {
	a.Emoji, a.Value = o.String("emoji"), o.ID("value")
}

func fillTitle(a *channels.Attachment, o wire.Object) { a.Title = o.String("title") }

// paidMedia reads media that cost money to look at. Before they are paid there is only a preview, which has a size and no file.
func paidMedia(info wire.Object) []channels.Attachment {
	var list []channels.Attachment
	for _, item := range info.Objects("paid_media") {
		a, ok := attachment(item)
		if !ok {
			fillFile(&a, item)
		}
		a.Kind = channels.PaidMedia
		list = append(list, a)
	}
	if len(list) == 0 {
		return []channels.Attachment{{Kind: channels.PaidMedia}}
	}
	return list
}
