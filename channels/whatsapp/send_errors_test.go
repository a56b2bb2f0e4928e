package whatsapp

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
)

// answered is a channel whose platform answers everything alike.
func answered(t *testing.T, status int, header http.Header, body string) channel {
	t.Helper()
	client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name := range header {
			w.Header().Set(name, header.Get(name))
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	return calling(t, client, accountOf("2001", "EAAG-one"))
}

func TestSendErrors(t *testing.T) {
	t.Parallel()
	usage := http.Header{"X-Business-Use-Case-Usage": {`{"1":[{"type":"whatsapp","estimated_time_to_regain_access":3}]}`}}
	for _, test := range []struct {
		status  int
		code    int
		subcode int
		header  http.Header
		want    string
	}{
		{status: 400, code: 131047, want: "rejected 131047"},
		{status: 400, code: 131026, want: "rejected 131026"},
		{status: 404, code: 132001, want: "rejected 132001"},
		{status: 400, code: 100, want: "rejected 100"},
		{status: 403, code: 130497, want: "rejected 130497"},
		{status: 400, code: 100, subcode: 33, want: "credentials"},
		{status: 401, code: 190, want: "credentials"},
		{status: 401, code: 0, want: "credentials"},
		{status: 403, code: 10, want: "credentials"},
		{status: 403, code: 131031, want: "credentials"},
		{status: 400, code: 131042, want: "credentials"},
		{status: 400, code: 4, want: "throttled 0s"},
		{status: 400, code: 80007, header: usage, want: "throttled 3m0s"},
		{status: 400, code: 130429, want: "throttled 0s"},
		{status: 400, code: 131056, want: "throttled 6s"},
		{status: 400, code: 131048, want: "throttled 1h0m0s"},
		{status: 500, code: 131057, want: "throttled 1m0s"},
		{status: 503, code: 2, want: "again"},
		{status: 500, code: 131000, want: "again"},
		{status: 500, code: 131016, want: "again"},
		{status: 400, code: 999999, want: "again"},
		{status: 400, code: 1, want: "uncertain"},
	} {
		body := fmt.Sprintf(`{"error":{"message":"(#%d) title","code":%d,"error_subcode":%d,"error_data":{"details":"more"}}}`,
			test.code, test.code, test.subcode)
		_, err := answered(t, test.status, test.header, body).Send(t.Context(), to(channels.Content{Text: "Hi"}))
		if channeltest.Class(err) != test.want {
			t.Errorf("code %d: %s, want %s: %v", test.code, channeltest.Class(err), test.want, err)
		}
		if !strings.Contains(err.Error(), "more") {
			t.Errorf("code %d: the platform's details are lost: %v", test.code, err)
		}
	}
}

// TestSendAnswers: what is no answer of Meta's leaves open what happened, unless it says that the request was refused.
func TestSendAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"a gateway's error":   {502, "<html>Bad Gateway</html>", "uncertain"},
		"an empty error":      {500, "", "uncertain"},
		"no JSON":             {200, "OK", "uncertain"},
		"no id":               {200, `{"messaging_product":"whatsapp"}`, "uncertain"},
		"an empty id":         {200, `{"messages":[{"id":""}]}`, "uncertain"},
		"a redirect":          {302, "", "uncertain"},
		"a refusal of HTTP's": {404, "not found", "again"},
		"no access":           {401, "", "credentials"},
		"too many":            {429, "slow down", "again"},
		"success":             {200, `{"messages":[{"id":"wamid.x"}]}`, "sent"},
	} {
		_, err := answered(t, test.status, nil, test.body).Send(t.Context(), to(channels.Content{Text: "Hi"}))
		if channeltest.Class(err) != test.want {
			t.Errorf("%s: %s, want %s: %v", name, channeltest.Class(err), test.want, err)
		}
	}
}

// TestSendMishaps: what the platform took and did not say so is uncertain, and never what it did not take.
func TestSendMishaps(t *testing.T) {
	t.Parallel()
	m := newMeta(t)
	c := m.channel(t, nil)
	m.Misbehave(simulate.Fault{Throttle: 2, After: 90 * time.Second, Refuse: 1, Lose: 2})
	for i, want := range []string{"throttled 2m0s", "throttled 2m0s", "again", "uncertain", "uncertain", "sent"} {
		if _, err := c.Send(t.Context(), to(channels.Content{Text: strconv.Itoa(i)})); channeltest.Class(err) != want {
			t.Errorf("request %d: %s, want %s: %v", i, channeltest.Class(err), want, err)
		}
	}
	var got []string
	for _, delivery := range m.Deliveries() {
		got = append(got, delivery.Content.Text)
	}
	if strings.Join(got, " ") != "3 4 5" {
		t.Errorf("delivered %q", got)
	}
}

// TestSendHides: Meta repeats a token that it refuses; no error does.
func TestSendHides(t *testing.T) {
	t.Parallel()
	const body = `{"error":{"message":"Malformed access token EAAG-one","code":190,"error_user_msg":"EAAG-one"}}`
	c := answered(t, http.StatusUnauthorized, nil, body)
	c.env.Files = disk{"a": 70}
	image := channels.Content{File: &channels.File{Kind: channels.Image, Key: "a", MIME: "image/png", Bytes: 70}}
	_, text := c.Send(t.Context(), to(channels.Content{Text: "Hi"}))
	_, file := c.Send(t.Context(), to(image))
	_, media := c.OpenMedia(t.Context(), channels.Attachment{MediaID: "1"})
	for _, err := range []error{text, file, media, c.MarkRead(t.Context(), channels.Chat{Account: sender, Last: "wamid.a"})} {
		if !errors.Is(err, channels.ErrCredentials) || strings.Contains(err.Error(), "EAAG-one") {
			t.Errorf("%v", err)
		}
	}
}

func TestSendWithoutSecrets(t *testing.T) {
	t.Parallel()
	if _, err := (channel{}).Send(t.Context(), to(channels.Content{Text: "Hi"})); !errors.Is(err, channels.ErrMissingSecrets) {
		t.Errorf("Send: %v", err)
	}
	if _, err := (channel{}).OpenMedia(t.Context(), channels.Attachment{MediaID: "1"}); !errors.Is(err, channels.ErrMissingSecrets) {
		t.Errorf("OpenMedia: %v", err)
	}
}

// TestRejectedHere: what the spec cannot say is refused before anything is asked.
func TestRejectedHere(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]channels.Content{
		"a header of sound": {Template: &channels.TemplateMessage{Name: "a", Language: "de",
			HeaderFile: &channels.File{Kind: channels.Audio, MIME: "audio/mpeg"}}},
		"a button of another kind": {Template: &channels.TemplateMessage{Name: "a", Language: "de",
			Buttons: []channels.TemplateButton{{Kind: "flow"}}}},
		"a file of another type without a link": {File: &channels.File{Kind: channels.Document, MIME: "application/zip"}},
	} {
		m := newMeta(t)
		var rejected *channels.RejectedError
		if _, err := m.channel(t, nil).Send(t.Context(), to(content)); !errors.As(err, &rejected) || len(m.posts) > 0 {
			t.Errorf("%s: %v, posted %q", name, err, m.posts)
		}
	}
}
