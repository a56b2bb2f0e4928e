package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/simulate"
)

// ask calls a method of the simulated Bot API and returns what it answers.
func ask(t *testing.T, api http.Handler, method, contentType, body string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.telegram.org/bot1:token/"+method, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	return strings.TrimSpace(w.Body.String())
}

func newAPI() http.Handler {
	return platform{}.API(map[string]channels.Secrets{"shop": {"bot_token": {"1:token"}}}, nil)
}

// TestAPIRefuses what Telegram refuses, and what it would pass over. Nothing of it is delivered.
func TestAPIRefuses(t *testing.T) {
	t.Parallel()
	const button = `{"text":"Yes","callback_data":"%s"}`
	keyboard := func(buttons string) string {
		return `{"chat_id":5100000007,"text":"Shall we?","reply_markup":{"inline_keyboard":[[` + buttons + `]]}}`
	}
	for name, test := range map[string]struct{ method, body, want string }{
		"no JSON":              {"sendMessage", `{`, "can't parse the parameters"},
		"an unknown parameter": {"sendMessage", `{"chat_id":5100000007,"text":"Hi","handle":"1"}`, "there is no parameter handle"},
		"nobody":               {"sendMessage", `{"text":"Hi"}`, "chat not found"},
		"a stranger":           {"sendMessage", `{"chat_id":77,"text":"Hi"}`, "chat not found"},
		"another connection":   {"sendMessage", `{"chat_id":5100000007,"text":"Hi","business_connection_id":"x"}`, "business connection not found"},
		"a business's group": {"sendMessage", `{"chat_id":-1002100000000,"text":"Hi","business_connection_id":"` + connection + `"}`,
			"BUSINESS_PEER_INVALID"},
		"a reply to nothing":       {"sendMessage", `{"chat_id":5100000007,"text":"Hi","reply_parameters":{}}`, "message to be replied not found"},
		"no text":                  {"sendMessage", `{"chat_id":5100000007,"text":" "}`, "message text is empty"},
		"a button without data":    {"sendMessage", keyboard(`{"text":"Yes"}`), "BUTTON_DATA_INVALID"},
		"a button of two kinds":    {"sendMessage", keyboard(`{"text":"Yes","callback_data":"y","url":"https://a.example"}`), "can't parse reply keyboard"},
		"a button without text":    {"sendMessage", keyboard(`{"callback_data":"y"}`), "must be non-empty"},
		"long data":                {"sendMessage", keyboard(fmt.Sprintf(button, strings.Repeat("é", 33))), "BUTTON_DATA_INVALID"},
		"a file that is missing":   {"sendPhoto", `{"chat_id":5100000007}`, "there is no photo in the request"},
		"a place beyond the earth": {"sendLocation", `{"chat_id":5100000007,"latitude":91,"longitude":0}`, "invalid latitude"},
		"a venue without address":  {"sendVenue", `{"chat_id":5100000007,"latitude":9,"longitude":0,"title":"A"}`, "title and address"},
		"a contact without number": {"sendContact", `{"chat_id":5100000007,"first_name":"Ada"}`, "PHONE_NUMBER_INVALID"},
		"a contact without name":   {"sendContact", `{"chat_id":5100000007,"phone_number":"1"}`, "first name"},
		"two reactions": {"setMessageReaction", `{"chat_id":5100000007,"message_id":1,"reaction":[{"type":"emoji","emoji":"👍"},{"type":"emoji","emoji":"👎"}]}`,
			"REACTION_INVALID"},
		"an emoji with more":      {"setMessageReaction", `{"chat_id":5100000007,"message_id":1,"reaction":[{"type":"emoji","emoji":"❤️"}]}`, "REACTION_INVALID"},
		"another topic":           {"sendMessage", `{"chat_id":5100000007,"text":"Hi","message_thread_id":"repairs"}`, "message thread not found"},
		"a reaction to nothing":   {"setMessageReaction", `{"chat_id":5100000007,"reaction":[]}`, "message to react not found"},
		"another action":          {"sendChatAction", `{"chat_id":5100000007,"action":"sleeping"}`, "wrong parameter action"},
		"reading without account": {"readBusinessMessage", `{"chat_id":5100000007,"message_id":1}`, "business connection not found"},
		"a file of somewhere":     {"getFile", `{"file_id":"x"}`, "invalid file_id"},
		"a method of tomorrow":    {"sendHologram", `{}`, "Not Found"},
	} {
		api := newAPI()
		got := ask(t, api, test.method, "application/json", test.body)
		if !strings.Contains(got, `"ok":false`) || !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		if delivered := api.(simulate.Inspector).Deliveries(); len(delivered) > 0 {
			t.Errorf("%s: %+v", name, delivered)
		}
	}
}

// TestAPIChecksFiles for what they are said to be and how large they are.
func TestAPIChecksFiles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, field, mime string
		bytes               int
		want                string
	}{
		"photo":              {"sendPhoto", "photo", "image/png", 10, `"ok":true`},
		"another field":      {"sendPhoto", "document", "image/png", 10, "there is no photo"},
		"an empty one":       {"sendDocument", "document", "text/plain", 0, "must be non-empty"},
		"a large photo":      {"sendPhoto", "photo", "image/png", 10<<20 + 1, "too big"},
		"a large sticker":    {"sendSticker", "sticker", "image/webp", 512<<10 + 1, "too big"},
		"a video of a photo": {"sendVideo", "video", "image/png", 10, "wrong type"},
	} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField("chat_id", "5100000007")
		part, _ := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {multipart.FileContentDisposition(test.field, "a.bin")}, "Content-Type": {test.mime},
		})
		_, _ = part.Write(make([]byte, test.bytes))
		open := body.String()
		_ = form.Close()
		if got := ask(t, newAPI(), test.method, form.FormDataContentType(), body.String()); !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		if got := ask(t, newAPI(), test.method, form.FormDataContentType(), open); !strings.Contains(got, "can't parse the parameters") {
			t.Errorf("%s, cut off: %s", name, got)
		}
	}
}

// TestAPIKeepsTheWindow of business accounts: a bot may answer there for a day.
func TestAPIKeepsTheWindow(t *testing.T) {
	t.Parallel()
	api := newAPI()
	const thread = connection + ":5100000007"
	const hello = `{"chat_id":5100000007,"text":"Hi","business_connection_id":"` + connection + `"}`
	for _, step := range []struct {
		wrote time.Duration // ago
		want  string
	}{{25 * time.Hour, "BUSINESS_PEER_USAGE_MISSING"}, {23 * time.Hour, `"ok":true`}} {
		api.(simulate.Listener).Wrote("shop", thread, time.Now().Add(-step.wrote))
		if got := ask(t, api, "sendMessage", "application/json", hello); !strings.Contains(got, step.want) {
			t.Errorf("%s after a message: %s, want %s", step.wrote, got, step.want)
		}
	}
}

// TestAPILoses: what is lost is delivered, and its sender is told of a server that stops or nothing at all.
func TestAPILoses(t *testing.T) {
	t.Parallel()
	api := newAPI()
	api.(simulate.Inspector).Misbehave(simulate.Fault{Refuse: 1, Lose: 2})
	const hello = `{"chat_id":5100000007,"text":"Hello"}`
	if got := ask(t, api, "sendMessage", "application/json", hello); !strings.Contains(got, "Bad Gateway") {
		t.Errorf("refused: %s", got)
	}
	if got := ask(t, api, "sendMessage", "application/json", hello); !strings.Contains(got, "Internal Server Error: restart") {
		t.Errorf("lost: %s", got)
	}
	func() {
		defer func() {
			if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
				t.Error("it does not hang up")
			}
		}()
		ask(t, api, "sendMessage", "application/json", hello)
	}()
	delivered := api.(simulate.Inspector).Deliveries()
	if len(delivered) != 2 || delivered[0].ID == delivered[1].ID || delivered[0].Thread != "5100000007" || delivered[0].Content.Text != "Hello" {
		t.Errorf("%+v", delivered)
	}
}
