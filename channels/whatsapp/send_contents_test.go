package whatsapp

import (
	"regexp"
	"testing"

	"omni/channels"
)

// uploadID is the id of a file that was uploaded: ID in the table.
var uploadID = regexp.MustCompile(`"id":"\d{16}"`)

// sent is everything that can be sent, and the JSON that says it.
var sent = []struct {
	name    string
	content channels.Content
	want    string // after messaging_product
}{
	{"text", channels.Content{Text: "Grüße & <b>"}, `"text":{"body":"Grüße \u0026 \u003cb\u003e"},"type":"text"`},
	{"link", channels.Content{Text: "See https://example.com/"}, `"text":{"body":"See https://example.com/","preview_url":true},"type":"text"`},
	{"image", channels.Content{Text: "my shelf", File: &channels.File{Kind: channels.Image, Key: "a", MIME: "image/png", Bytes: 70}},
		`"image":{"caption":"my shelf","id":"ID"},"type":"image"`},
	{"video", channels.Content{File: &channels.File{Kind: channels.Video, Key: "a", MIME: "video/mp4", Bytes: 70}},
		`"type":"video","video":{"id":"ID"}`},
	{"audio", channels.Content{File: &channels.File{Kind: channels.Audio, Key: "a", MIME: "audio/mpeg", Bytes: 70}},
		`"audio":{"id":"ID"},"type":"audio"`},
	{"voice note", channels.Content{File: &channels.File{Kind: channels.Voice, Key: "a", MIME: "audio/ogg; codecs=opus", Bytes: 70}},
		`"audio":{"id":"ID","voice":true},"type":"audio"`},
	{"document", channels.Content{Text: "the bill", File: &channels.File{Kind: channels.Document, Key: "a", Name: "März \"1\".pdf",
		MIME: "application/pdf", Bytes: 70}}, `"document":{"caption":"the bill","filename":"März \"1\".pdf","id":"ID"},"type":"document"`},
	{"document that cannot be uploaded", channels.Content{File: &channels.File{Kind: channels.Document, Key: "a", Name: "all.zip",
		MIME: "application/zip", Bytes: 70, Link: "https://files.example/all.zip"}},
		`"document":{"filename":"all.zip","link":"https://files.example/all.zip"},"type":"document"`},
	{"photo as a document", channels.Content{File: &channels.File{Kind: channels.Document, Key: "a", Name: "shelf.jpg",
		MIME: "image/jpeg", Bytes: 5<<20 + 1, Link: "https://files.example/shelf.jpg"}},
		`"document":{"filename":"shelf.jpg","link":"https://files.example/shelf.jpg"},"type":"document"`},
	{"sticker", channels.Content{File: &channels.File{Kind: channels.Sticker, Key: "a", MIME: "image/webp", Bytes: 70}},
		`"sticker":{"id":"ID"},"type":"sticker"`},
	{"place", channels.Content{Place: &channels.Place{Latitude: 52.5, Longitude: 0, Name: "Gate"}},
		`"location":{"latitude":52.5,"longitude":0,"name":"Gate"},"type":"location"`},
	{"card", channels.Content{Card: &channels.Card{Name: "Ana Ruiz", Phones: []string{"+49 30 1", "+34 600 1"}, UserID: "346001",
		Emails: []string{"ana@example.com"}, Organization: "Ruiz SL"}},
		`"contacts":[{"emails":[{"email":"ana@example.com"}],"name":{"first_name":"Ana Ruiz","formatted_name":"Ana Ruiz"},` +
			`"org":{"company":"Ruiz SL"},"phones":[{"phone":"+49 30 1"},{"phone":"+34 600 1","wa_id":"346001"}]}],"type":"contacts"`},
	{"buttons", channels.Content{Text: "Which?", Choices: &channels.Choices{Menu: "Pick", Options: options("a", "b", "c")}},
		`"interactive":{"action":{"buttons":[{"reply":{"id":"1","title":"a"},"type":"reply"},{"reply":{"id":"2","title":"b"},"type":"reply"},` +
			`{"reply":{"id":"3","title":"c"},"type":"reply"}]},"body":{"text":"Which?"},"type":"button"},"type":"interactive"`},
	{"list of four", channels.Content{Text: "Which?", Choices: &channels.Choices{Menu: "Pick", Options: options("a", "b", "c", "d")}},
		`"interactive":{"action":{"button":"Pick","sections":[{"rows":[{"id":"1","title":"a"},{"id":"2","title":"b"},{"id":"3","title":"c"},` +
			`{"id":"4","title":"d"}]}]},"body":{"text":"Which?"},"type":"list"},"type":"interactive"`},
	{"list with a description", channels.Content{Text: "Which?", Choices: &channels.Choices{
		Options: []channels.Option{{ID: "1", Title: "a", Description: "the first"}}}},
		`"interactive":{"action":{"button":"☰","sections":[{"rows":[{"description":"the first","id":"1","title":"a"}]}]},` +
			`"body":{"text":"Which?"},"type":"list"},"type":"interactive"`},
	{"list with a long title", channels.Content{Text: "Which?", Choices: &channels.Choices{Options: options("twenty-one characters")}},
		`"interactive":{"action":{"button":"☰","sections":[{"rows":[{"id":"1","title":"twenty-one characters"}]}]},` +
			`"body":{"text":"Which?"},"type":"list"},"type":"interactive"`},
	{"plain template", channels.Content{Template: &channels.TemplateMessage{Name: "hello", Language: "en_US"}},
		`"template":{"language":{"code":"en_US"},"name":"hello"},"type":"template"`},
	{"template", channels.Content{Template: &channels.TemplateMessage{Name: "order", Language: "de", Header: []string{"7"},
		Body: []string{"Ana", "Friday"}, Buttons: []channels.TemplateButton{{Index: 0, Kind: "quick_reply", Value: "yes"},
			{Index: 1, Kind: "url", Value: "o/7"}, {Index: 2, Kind: "copy_code", Value: "SPRING"}}}},
		`"template":{"components":[{"parameters":[{"text":"7","type":"text"}],"type":"header"},` +
			`{"parameters":[{"text":"Ana","type":"text"},{"text":"Friday","type":"text"}],"type":"body"},` +
			`{"index":"0","parameters":[{"payload":"yes","type":"payload"}],"sub_type":"quick_reply","type":"button"},` +
			`{"index":"1","parameters":[{"text":"o/7","type":"text"}],"sub_type":"url","type":"button"},` +
			`{"index":"2","parameters":[{"coupon_code":"SPRING","type":"coupon_code"}],"sub_type":"copy_code","type":"button"}],` +
			`"language":{"code":"de"},"name":"order"},"type":"template"`},
	{"template with names and a file", channels.Content{Template: &channels.TemplateMessage{Name: "bill", Language: "de",
		HeaderFile: &channels.File{Kind: channels.Document, Key: "a", Name: "bill.pdf", MIME: "application/pdf", Bytes: 70},
		Named:      map[string]string{"name": "Ana", "day": "Friday"}}},
		`"template":{"components":[{"parameters":[{"document":{"filename":"bill.pdf","id":"ID"},"type":"document"}],"type":"header"},` +
			`{"parameters":[{"parameter_name":"day","text":"Friday","type":"text"},{"parameter_name":"name","text":"Ana","type":"text"}],` +
			`"type":"body"}],"language":{"code":"de"},"name":"bill"},"type":"template"`},
	{"reaction", channels.Content{Reaction: &channels.SentReaction{Target: "wamid.x", Emoji: "👍"}},
		`"reaction":{"emoji":"👍","message_id":"wamid.x"},"recipient_type":"individual","to":"+4915120000000","type":"reaction"`},
	{"reaction removed", channels.Content{Reaction: &channels.SentReaction{Target: "wamid.x"}},
		`"reaction":{"emoji":"","message_id":"wamid.x"},"recipient_type":"individual","to":"+4915120000000","type":"reaction"`},
}

func options(titles ...string) []channels.Option {
	var all []channels.Option
	for i, title := range titles {
		all = append(all, channels.Option{ID: string(rune('1' + i)), Title: title})
	}
	return all
}

// TestSendKinds: every kind of file that the spec lists is in the table.
func TestSendKinds(t *testing.T) {
	t.Parallel()
	tested := map[channels.AttachmentKind]bool{}
	for _, test := range sent {
		if test.content.File != nil {
			tested[test.content.File.Kind] = true
		}
	}
	for _, limit := range spec.Media {
		if !tested[limit.Kind] {
			t.Errorf("no test sends %s", limit.Kind)
		}
	}
}
