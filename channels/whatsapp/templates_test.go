package whatsapp

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/channels/channeltest"
)

// TestTemplates lists those that the simulator has, over several pages.
func TestTemplates(t *testing.T) {
	t.Parallel()
	all, err := calling(t, cloudAPI(t), accountOf("2001", "EAAG-one")).Templates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]channels.MessageTemplate{}
	for _, one := range all {
		found[one.Name+" "+one.Language] = one
	}
	if len(found) != 12 || len(all) != 12 {
		t.Errorf("%d templates, %d of them different", len(all), len(found))
	}
	for name, want := range map[string]channels.MessageTemplate{
		"order_delayed en_US": {
			Name: "order_delayed", Language: "en_US", Category: "utility", Status: "approved",
			Header: &channels.TemplateHeader{TemplateText: channels.TemplateText{Text: "Order {{1}}", Gaps: []string{"1"}}},
			Body:   channels.TemplateText{Text: "We are sorry: it takes until {{1}}, because of {{2}}.", Gaps: []string{"1", "2"}}, Footer: "The shop",
			Buttons: []channels.TemplateAction{
				{Kind: "quick_reply", Text: "Fine"}, {Kind: "url", Text: "Track it", URL: "https://shop.example/orders/{{1}}", Gap: true},
			},
		},
		"appointment en_US": {
			Name: "appointment", Language: "en_US", Category: "utility", Status: "approved", Named: true,
			Body: channels.TemplateText{Text: "{{name}}, we expect you on {{day}}.", Gaps: []string{"name", "day"}},
		},
		"autumn en_US": {
			Name: "autumn", Language: "en_US", Category: "marketing", Status: "approved",
			Header: &channels.TemplateHeader{File: channels.Image}, Body: channels.TemplateText{Text: "Our autumn has begun."},
		},
		"winter en_US": {
			Name: "winter", Language: "en_US", Category: "marketing", Status: "pending",
			Body: channels.TemplateText{Text: "Winter comes on {{1}}.", Gaps: []string{"1"}},
		},
	} {
		if diff := cmp.Diff(want, found[name]); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	if beyond := found["catalogue en_US"].Beyond; !cmp.Equal(beyond, []string{"carousel"}) {
		t.Errorf("a carousel: %v", beyond)
	}
}

func TestTemplatesNeedTheAccount(t *testing.T) {
	t.Parallel()
	lost := accountOf("2001", "EAAG-one")
	delete(lost, "waba_id")
	if _, err := calling(t, cloudAPI(t), lost).Templates(t.Context()); !errors.Is(err, channels.ErrMissingSecrets) {
		t.Errorf("without the account: %v", err)
	}
	if _, err := calling(t, cloudAPI(t), accountOf("2002", "EAAG-one")).Templates(t.Context()); err == nil {
		t.Error("another's templates are listed")
	}
}

// TestOddTemplates: what Meta may list besides, and what is made of it.
func TestOddTemplates(t *testing.T) {
	t.Parallel()
	for component, want := range map[string]channels.MessageTemplate{
		`{"type":"HEADER","format":"LOCATION"}`:                    {Header: &channels.TemplateHeader{}, Beyond: []string{"a header of format location"}},
		`{"type":"LIMITED_TIME_OFFER"}`:                            {Beyond: []string{"limited_time_offer"}},
		`{"type":"BODY","text":"{{2}}, {{ 1 }}, {{2}} {no} {{}}"}`: {Body: channels.TemplateText{Text: "{{2}}, {{ 1 }}, {{2}} {no} {{}}", Gaps: []string{"1", "2"}}},
		`{"type":"BUTTONS","buttons":[{"type":"OTP","text":"Copy"},{"type":"FLOW","text":"Open"},{"type":"COPY_CODE","text":"A"}]}`: {
			Buttons: []channels.TemplateAction{{Kind: "url", Text: "Copy", Gap: true}, {Kind: "flow", Text: "Open"}, {Kind: "copy_code", Text: "A", Gap: true}},
		},
	} {
		got, err := listing(t, `{"data":[{"name":"a","language":"de","status":"APPROVED","components":[`+component+`]}]}`)
		want.Name, want.Language, want.Status = "a", "de", "approved"
		if err != nil || len(got) != 1 || !cmp.Equal(got[0], want) {
			t.Errorf("%s: %v\n%s", component, err, cmp.Diff([]channels.MessageTemplate{want}, got))
		}
	}
	named := `{"data":[{"name":"a","language":"de","status":"APPROVED","parameter_format":"NAMED","components":[{"type":"HEADER","format":"TEXT","text":"{{who}}"}]}]}`
	if got, err := listing(t, named); err != nil || len(got[0].Beyond) != 1 {
		t.Errorf("a header with a name: %+v, %v", got, err)
	}
	if _, err := listing(t, `{"data":[],"paging":{"next":"https://graph.facebook.com/again","cursors":{"after":"x"}}}`); err == nil {
		t.Error("a list without an end is a list")
	}
}

// listing lists what an API answers, each time the same.
func listing(t *testing.T, body string) ([]channels.MessageTemplate, error) {
	t.Helper()
	client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.RequestURI(), "/v26.0/2001/message_templates?") || r.Header.Get("Authorization") != "Bearer EAAG-one" {
			t.Errorf("asks %s", r.URL)
		}
		_, _ = io.WriteString(w, body)
	}))
	return calling(t, client, accountOf("2001", "EAAG-one")).Templates(t.Context())
}
