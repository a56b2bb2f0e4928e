package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
)

// The phone number that sends, and a customer who shows a number and a BSUID: the simulator's first.
const (
	sender   = "201188844455501"
	customer = "4915120000000"
)

// meta plays Meta for one account, and keeps what messages were posted.
type meta struct {
	simulate.Inspector
	simulate.Listener
	client *http.Client

	mu    sync.Mutex
	posts []string
}

func newMeta(t *testing.T) *meta {
	t.Helper()
	platform, _ := simulate.Lookup("whatsapp")
	api := platform.(simulate.API).API(map[string]channels.Secrets{"shop": accountOf("2001", "EAAG-one")}, nil)
	m := &meta{Inspector: api.(simulate.Inspector), Listener: api.(simulate.Listener)}
	m.client = channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/messages") {
			body, _ := io.ReadAll(r.Body)
			m.mu.Lock()
			m.posts = append(m.posts, string(body))
			m.mu.Unlock()
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		api.ServeHTTP(w, r)
	}))
	return m
}

func (m *meta) post(t *testing.T) string {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.posts) != 1 {
		t.Fatalf("posts %q, want one", m.posts)
	}
	return m.posts[0]
}

// disk holds files of zeros, by key.
type disk map[string]int64

func (d disk) Open(_ context.Context, key string) (io.ReadCloser, error) {
	size, ok := d[key]
	if !ok {
		return nil, errors.New("no such file")
	}
	return io.NopCloser(io.LimitReader(zeros{}, size)), nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func (m *meta) channel(t *testing.T, files disk) channel {
	t.Helper()
	opened, err := open(channels.Env{Secrets: accountOf("2001", "EAAG-one"), HTTP: m.client, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return opened.(channel)
}

// to is a message to the customer.
func to(c channels.Content) channels.Outgoing {
	bsuid := customerBSUID()
	return channels.Outgoing{Handle: "row-7", Account: sender, Thread: bsuid, Content: c,
		To: []channels.Identity{{Kind: "bsuid", Value: bsuid}, {Kind: "wa_id", Value: customer}}}
}

// customerBSUID is as the simulator makes it.
var customerBSUID = sync.OnceValue(func() string {
	platform, _ := simulate.Lookup("whatsapp")
	event, err := platform.Event("image", simulate.Scene{Account: sender})
	if err != nil {
		panic(err)
	}
	return event.Expect[0].Thread
})

// uploadID is the id of a file that was uploaded: ID in the table.
var uploadID = regexp.MustCompile(`"id":"\d{16}"`)

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

// TestSend: what is posted, what the customer gets, and what comes back.
func TestSend(t *testing.T) {
	t.Parallel()
	for _, test := range sent {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := to(test.content)
			if err := spec.Check(o); err != nil {
				t.Fatalf("the spec refuses it: %v", err)
			}
			m := newMeta(t)
			receipt, err := m.channel(t, disk{"a": 70}).Send(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			delivered := m.Deliveries()
			if len(delivered) != 1 || delivered[0].Account != sender || delivered[0].Thread != o.Thread || delivered[0].Handle != o.Handle {
				t.Fatalf("delivered %+v", delivered)
			}
			if want := (channels.Receipt{ID: delivered[0].ID, Aliases: []string{customer}}); !reflect.DeepEqual(receipt, want) {
				t.Errorf("receipt %+v, want %+v", receipt, want)
			}
			checkPost(t, m.post(t), test.want)
			checkSeen(t, delivered[0].Content, test.content)
		})
	}
}

// checkPost compares a request with what the table says of it.
func checkPost(t *testing.T, got, want string) {
	t.Helper()
	got = uploadID.ReplaceAllString(got, `"id":"ID"`)
	for _, members := range []string{`"biz_opaque_callback_data":"row-7",`, `"messaging_product":"whatsapp",`,
		`"recipient_type":"individual",`, `"to":"+4915120000000",`} {
		if !strings.Contains(got, members) {
			t.Errorf("%s is missing in %s", members, got)
		}
		got, want = strings.Replace(got, members, "", 1), strings.Replace(want, members, "", 1)
	}
	if want = "{" + want + "}"; got != want {
		t.Errorf("posted\n%s, want\n%s", got, want)
	}
}

// checkSeen compares what the customer sees with what was said, as far as a platform shows it.
func checkSeen(t *testing.T, got, want channels.Content) {
	t.Helper()
	for _, c := range []*channels.Content{&got, &want} {
		if c.Choices != nil {
			c.Choices = &channels.Choices{Options: c.Choices.Options}
		}
		files := []**channels.File{&c.File}
		if c.Template != nil {
			template := *c.Template
			c.Template, files = &template, append(files, &template.HeaderFile)
		}
		for _, file := range files {
			if *file != nil && (*file).Link != "" {
				*file = &channels.File{Kind: (*file).Kind, Link: (*file).Link, Name: (*file).Name}
			} else if *file != nil {
				*file = &channels.File{Kind: (*file).Kind, MIME: (*file).MIME, Name: (*file).Name, Bytes: (*file).Bytes}
			}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the customer sees %+v, want %+v", got, want)
	}
}

// TestReply: an answer to a message names it, a reaction to one does not twice.
func TestReply(t *testing.T) {
	t.Parallel()
	for _, content := range []channels.Content{{Text: "Yes"}, {Reaction: &channels.SentReaction{Target: "wamid.b", Emoji: "👍"}}} {
		m := newMeta(t)
		o := to(content)
		o.ReplyTo = "wamid.a"
		if _, err := m.channel(t, nil).Send(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(m.post(t), `"context":{"message_id":"wamid.a"}`); got != (content.Reaction == nil) {
			t.Errorf("posted %s", m.post(t))
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	bsuid, waID := channels.Identity{Kind: "bsuid", Value: "DE.1"}, channels.Identity{Kind: "wa_id", Value: "4915"}
	for name, test := range map[string]struct {
		outgoing channels.Outgoing
		want     dict
	}{
		"both ids":           {channels.Outgoing{Thread: "DE.1", To: []channels.Identity{bsuid, waID}}, dict{"to": "+4915"}},
		"a BSUID":            {channels.Outgoing{Thread: "DE.1", To: []channels.Identity{bsuid}}, dict{"recipient": "DE.1"}},
		"a number":           {channels.Outgoing{Thread: "4915", To: []channels.Identity{waID}}, dict{"to": "+4915"}},
		"a thread of BSUID":  {channels.Outgoing{Thread: "DE.1"}, dict{"recipient": "DE.1"}},
		"a thread of number": {channels.Outgoing{Thread: "4915"}, dict{"to": "+4915"}},
		"a BSUID as a number": {channels.Outgoing{Thread: "DE.1", To: []channels.Identity{{Kind: "wa_id", Value: "DE.1"}}},
			dict{"recipient": "DE.1"}},
		"a group": {channels.Outgoing{Thread: "1203@g.us", Group: true}, dict{"recipient_type": "group", "to": "1203@g.us"}},
	} {
		if test.want["recipient_type"] == nil {
			test.want["recipient_type"] = "individual"
		}
		if got := address(test.outgoing); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// TestReceipt: under which names the platform knows the chat after a message to it.
func TestReceipt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		thread string
		answer string
		want   channels.Receipt
	}{
		"the same number":          {"4915", `{"messages":[{"id":"w"}],"contacts":[{"input":"+4915","wa_id":"4915"}]}`, channels.Receipt{ID: "w"}},
		"a number that is written": {"554199", `{"messages":[{"id":"w"}],"contacts":[{"wa_id":"55419"}]}`, channels.Receipt{ID: "w", Thread: "55419"}},
		"a BSUID for a number": {"4915", `{"messages":[{"id":"w"}],"contacts":[{"wa_id":"4915","user_id":"DE.1"}]}`,
			channels.Receipt{ID: "w", Thread: "DE.1", Aliases: []string{"4915"}}},
		"a number for a BSUID": {"DE.1", `{"messages":[{"id":"w"}],"contacts":[{"wa_id":"4915"}]}`,
			channels.Receipt{ID: "w", Aliases: []string{"4915"}}},
		"the same BSUID": {"DE.1", `{"messages":[{"id":"w"}],"contacts":[{"user_id":"DE.1"}]}`, channels.Receipt{ID: "w"}},
		"nothing":        {"DE.1", `{"messages":[{"id":"w","message_status":"accepted"}]}`, channels.Receipt{ID: "w"}},
	} {
		c := answered(t, http.StatusOK, nil, test.answer)
		receipt, err := c.Send(t.Context(), channels.Outgoing{Account: sender, Thread: test.thread, Content: channels.Content{Text: "Hi"}})
		if err != nil || !reflect.DeepEqual(receipt, test.want) {
			t.Errorf("%s: %+v, %v, want %+v", name, receipt, err, test.want)
		}
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	platform, _ := simulate.Lookup("whatsapp")
	event, err := platform.Event("status_group", simulate.Scene{Account: sender})
	if err != nil {
		t.Fatal(err)
	}
	m := newMeta(t)
	o := channels.Outgoing{Account: sender, Thread: event.Expect[0].Thread, Group: true, Content: channels.Content{Text: "Hi all"}}
	receipt, err := m.channel(t, nil).Send(t.Context(), o)
	if delivered := m.Deliveries(); err != nil || len(delivered) != 1 || delivered[0].Thread != o.Thread || receipt.Thread != "" || receipt.Aliases != nil {
		t.Errorf("%+v, %v, delivered %+v", receipt, err, delivered)
	}
	o.Content = channels.Content{Text: "Which?", Choices: &channels.Choices{Options: options("a")}}
	var rejected *channels.RejectedError
	if _, err := m.channel(t, nil).Send(t.Context(), o); !errors.As(err, &rejected) || rejected.Code != "unsupported_choices" {
		t.Errorf("choices in a group: %v", err)
	}
}

// TestWindow: the platform has the last word on whether the window is open; templates need none.
func TestWindow(t *testing.T) {
	t.Parallel()
	m := newMeta(t)
	c := m.channel(t, nil)
	m.Wrote(sender, customerBSUID(), time.Now().Add(-25*time.Hour))
	var rejected *channels.RejectedError
	if _, err := c.Send(t.Context(), to(channels.Content{Text: "Hi"})); !errors.As(err, &rejected) || rejected.Code != "131047" ||
		!strings.Contains(rejected.Reason, "template") {
		t.Errorf("after 25 hours: %v", err)
	}
	template := channels.Content{Template: &channels.TemplateMessage{Name: "hello", Language: "en_US"}}
	if _, err := c.Send(t.Context(), to(template)); err != nil {
		t.Errorf("a template: %v", err)
	}
	m.Wrote(sender, customerBSUID(), time.Now())
	if _, err := c.Send(t.Context(), to(channels.Content{Text: "Hi"})); err != nil {
		t.Errorf("after a new message: %v", err)
	}
}

func TestTypingAndRead(t *testing.T) {
	t.Parallel()
	for want, call := range map[string]func(channel, channels.Chat) error{
		`{"message_id":"wamid.a","messaging_product":"whatsapp","status":"read","typing_indicator":{"type":"text"}}`: func(c channel, chat channels.Chat) error {
			return c.Typing(t.Context(), chat)
		},
		`{"message_id":"wamid.a","messaging_product":"whatsapp","status":"read"}`: func(c channel, chat channels.Chat) error {
			return c.MarkRead(t.Context(), chat)
		},
	} {
		m := newMeta(t)
		if err := call(m.channel(t, nil), channels.Chat{Account: sender, Thread: customer, Last: "wamid.a"}); err != nil || m.post(t) != want {
			t.Errorf("%v, posted %s", err, m.post(t))
		}
		if err := call(m.channel(t, nil), channels.Chat{Account: sender, Thread: customer}); err != nil || len(m.posts) != 1 {
			t.Errorf("in a chat without a message: %v, posted %q", err, m.posts)
		}
		if err := call(channel{}, channels.Chat{Account: sender, Last: "wamid.a"}); !errors.Is(err, channels.ErrMissingSecrets) {
			t.Errorf("without secrets: %v", err)
		}
		if len(m.Deliveries()) > 0 {
			t.Errorf("delivered %+v", m.Deliveries())
		}
	}
}

// TestSendKinds: everything that the spec lists is in the table.
func TestSendKinds(t *testing.T) {
	t.Parallel()
	for _, limit := range spec.Media {
		if !slices.ContainsFunc(sent, func(s struct {
			name    string
			content channels.Content
			want    string
		}) bool {
			return s.content.File != nil && s.content.File.Kind == limit.Kind
		}) {
			t.Errorf("no test sends %s", limit.Kind)
		}
	}
}
