package simulator

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/simulate"
)

const number = "201188844455501"

// post sends a request to the edge of an account and returns the code of the error in the answer; 0: none.
func post(t *testing.T, api http.Handler, edge, contentType, body string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "https://graph.facebook.com/v26.0/"+number+"/"+edge, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer right")
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	var answer struct{ Error struct{ Code int } }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	if (answer.Error.Code == 0) != (w.Code == http.StatusOK) {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	return answer.Error.Code
}

func newAPI() http.Handler {
	return platform{}.API(map[string]channels.Secrets{"shop": {"access_token": {"right"}}}, nil)
}

// TestRules: a message that breaks a rule of the platform's is refused with the code that the platform has for it.
func TestRules(t *testing.T) {
	t.Parallel()
	const envelope = `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+491511234567",`
	for name, test := range map[string]struct {
		body string
		want int
	}{
		"a text":                     {envelope + `"type":"text","text":{"body":"Hi"}}`, 0},
		"no JSON":                    {`to=1`, 100},
		"an unknown member":          {envelope + `"type":"text","text":{"body":"Hi","colour":"red"}}`, 100},
		"no product":                 {`{"recipient_type":"individual","to":"+491511234567","type":"text","text":{"body":"Hi"}}`, 131009},
		"no type":                    {envelope + `"text":{"body":"Hi"}}`, 131008},
		"two contents":               {envelope + `"type":"text","text":{"body":"Hi"},"location":{"latitude":1,"longitude":1}}`, 131008},
		"an empty text":              {envelope + `"type":"text","text":{"body":""}}`, 131009},
		"a long text":                {envelope + `"type":"text","text":{"body":"` + strings.Repeat("ü", 4097) + `"}}`, 131009},
		"the longest text":           {envelope + `"type":"text","text":{"body":"` + strings.Repeat("ü", 4096) + `"}}`, 0},
		"a long handle":              {envelope + `"biz_opaque_callback_data":"` + strings.Repeat("x", 513) + `","type":"text","text":{"body":"Hi"}}`, 131009},
		"nobody":                     {`{"messaging_product":"whatsapp","recipient_type":"individual","type":"text","text":{"body":"Hi"}}`, 131008},
		"no number":                  {strings.Replace(envelope, "+491511234567", "Ana", 1) + `"type":"text","text":{"body":"Hi"}}`, 131009},
		"a number of nobody's":       {strings.Replace(envelope, "+49", "+999", 1) + `"type":"text","text":{"body":"Hi"}}`, 131026},
		"a foreign group":            {strings.NewReplacer("individual", "group").Replace(envelope) + `"type":"text","text":{"body":"Hi"}}`, 131026},
		"no recipient type":          {strings.Replace(envelope, "individual", "all", 1) + `"type":"text","text":{"body":"Hi"}}`, 131009},
		"an unknown file":            {envelope + `"type":"image","image":{"id":"7"}}`, 131009},
		"no file":                    {envelope + `"type":"image","image":{}}`, 131008},
		"a file without TLS":         {envelope + `"type":"image","image":{"link":"http://files.example/a"}}`, 131009},
		"a caption of audio":         {envelope + `"type":"audio","audio":{"link":"https://files.example/a","caption":"a"}}`, 100},
		"a place without a width":    {envelope + `"type":"location","location":{"longitude":1}}`, 131008},
		"a card without a phone":     {envelope + `"type":"contacts","contacts":[{"name":{"formatted_name":"A","first_name":"A"}}]}`, 131008},
		"a reply to nothing":         {envelope + `"context":{"message_id":"7"},"type":"text","text":{"body":"Hi"}}`, 131009},
		"a reaction with a context":  {envelope + `"context":{"message_id":"wamid.a"},"type":"reaction","reaction":{"message_id":"wamid.a","emoji":""}}`, 131009},
		"a reaction without emoji":   {envelope + `"type":"reaction","reaction":{"message_id":"wamid.a"}}`, 131008},
		"four buttons":               {envelope + interactive(`"type":"button"`, `"buttons":[`+strings.Repeat(button("b"), 3)+strings.TrimSuffix(button("c"), ",")+`]`), 131009},
		"a button twice":             {envelope + interactive(`"type":"button"`, `"buttons":[`+button("b")+strings.TrimSuffix(button("b"), ",")+`]`), 131009},
		"a button with a long title": {envelope + interactive(`"type":"button"`, `"buttons":[`+strings.TrimSuffix(button(strings.Repeat("b", 21)), ",")+`]`), 131009},
		"a button":                   {envelope + interactive(`"type":"button"`, `"buttons":[`+strings.TrimSuffix(button("b"), ",")+`]`), 0},
		"a list without a label":     {envelope + interactive(`"type":"list"`, `"sections":[{"rows":[{"id":"1","title":"a"}]}]`), 131009},
		"a list":                     {envelope + interactive(`"type":"list"`, `"button":"Pick","sections":[{"rows":[{"id":"1","title":"a"}]}]`), 0},
		"a missing template":         {envelope + `"type":"template","template":{"name":"missing","language":{"code":"de"}}}`, 132001},
		"a template without words":   {envelope + `"type":"template","template":{"name":"a"}}`, 131008},
		"a template filled wrongly": {envelope + `"type":"template","template":{"name":"a","language":{"code":"de"},` +
			`"components":[{"type":"body","parameters":[{"type":"payload","payload":"a"}]}]}}`, 132012},
		"a reading":               {`{"messaging_product":"whatsapp","status":"read","message_id":"wamid.a"}`, 0},
		"a reading of nothing":    {`{"messaging_product":"whatsapp","status":"read"}`, 131009},
		"a reading and a message": {envelope + `"status":"read","message_id":"wamid.a","type":"text","text":{"body":"Hi"}}`, 131009},
	} {
		api := newAPI()
		if got := post(t, api, "messages", "application/json", test.body); got != test.want {
			t.Errorf("%s: code %d, want %d", name, got, test.want)
		}
		taken := test.want == 0 && !strings.Contains(test.body, `"status"`)
		if delivered := api.(simulate.Inspector).Deliveries(); (len(delivered) == 1) != taken {
			t.Errorf("%s: delivered %+v", name, delivered)
		}
	}
}

func interactive(typ, action string) string {
	return `"type":"interactive","interactive":{` + typ + `,"body":{"text":"Which?"},"action":{` + action + `}}}`
}

func button(title string) string {
	return `{"type":"reply","reply":{"id":"` + title + `","title":"` + title + `"}},`
}

// TestUploadRules holds uploads to what the platform takes.
func TestUploadRules(t *testing.T) {
	t.Parallel()
	const form = "multipart/form-data; boundary=b"
	field := func(name, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	file := func(mime string, size int) string {
		return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: " + mime + "\r\n\r\n" +
			strings.Repeat("x", size) + "\r\n--b--\r\n"
	}
	product := field("messaging_product", "whatsapp")
	for name, test := range map[string]struct {
		contentType, body string
		want              int
	}{
		"a picture":       {form, product + field("type", "image/png") + file("image/png", 5<<20), 0},
		"too large":       {form, product + field("type", "image/png") + file("image/png", 5<<20+1), 131053},
		"of another type": {form, product + field("type", "application/zip") + file("application/zip", 9), 100},
		"of two types":    {form, product + field("type", "image/png") + file("image/jpeg", 9), 100},
		"empty":           {form, product + field("type", "image/png") + file("image/png", 0), 100},
		"no product":      {form, field("type", "image/png") + file("image/png", 9), 100},
		"cut off":         {form, product + field("type", "image/png") + strings.TrimSuffix(file("image/png", 9), "--\r\n"), 131053},
		"no form":         {"application/json", "{}", 100},
	} {
		if got := post(t, newAPI(), "media", test.contentType, test.body); got != test.want {
			t.Errorf("%s: code %d, want %d", name, got, test.want)
		}
	}
}

// TestAPICustomers: the API knows the same customers as the webhooks, by either of their ids.
func TestAPICustomers(t *testing.T) {
	t.Parallel()
	for n := range 300 {
		at := scene(n * 333_331)
		at.Customer.Number = at.Serial
		s := newStage(at)
		for _, r := range []request{{To: "+" + s.waID}, {Recipient: s.bsuid}} {
			if r.To == "+" || r.To+r.Recipient == "" {
				continue
			}
			if got := r.person(s.Account).name(); got != s.thread() {
				t.Fatalf("customer %d, %+v: %s, want %s", at.Serial, r, got, s.thread())
			}
		}
	}
}

// TestTokens: nothing is to be had without the right one.
func TestTokens(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"https://graph.facebook.com/v26.0/7", "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=7"} {
		for token, want := range map[string]int{"Bearer right": 200, "Bearer wrong": 401, "": 401} {
			r := httptest.NewRequest(http.MethodGet, target, nil)
			r.Header.Set("Authorization", token)
			w := httptest.NewRecorder()
			newAPI().ServeHTTP(w, r)
			if body, _ := io.ReadAll(w.Body); w.Code != want {
				t.Errorf("%s with %q: %d %s", target, token, w.Code, body)
			}
		}
	}
}
