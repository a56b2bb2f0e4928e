package channels_test

import (
	"errors"
	"strings"
	"testing"

	"omni/channels"
)

func TestATemplateTakesWhatFillsItsGaps(t *testing.T) {
	t.Parallel()
	file := &channels.File{Kind: channels.Image}
	plain := channels.MessageTemplate{Name: "welcome", Language: "en", Status: channels.TemplateApproved, Body: channels.TemplateText{Text: "Hello"}}
	full := plain
	full.Header = &channels.TemplateHeader{TemplateText: channels.TemplateText{Text: "Order {{1}}", Gaps: []string{"1"}}}
	full.Body = channels.TemplateText{Text: "It comes {{1}}, {{2}}", Gaps: []string{"1", "2"}}
	full.Buttons = []channels.TemplateAction{
		{Kind: "quick_reply", Text: "Fine"}, {Kind: "url", Text: "Track", URL: "https://shop.example/{{1}}", Gap: true}, {Kind: "phone_number", Text: "Call"},
	}
	pictured := plain
	pictured.Header = &channels.TemplateHeader{File: channels.Image}
	named := plain
	named.Named, named.Body.Gaps = true, []string{"when", "number"}
	paused, wide := plain, plain
	paused.Status, wide.Beyond = "paused", []string{"carousel"}
	track := channels.TemplateButton{Index: 1, Kind: "url", Value: "7"}
	filled := channels.TemplateMessage{Header: []string{"7"}, Body: []string{"today", "late"}, Buttons: []channels.TemplateButton{track}}
	with := func(change func(*channels.TemplateMessage)) channels.TemplateMessage {
		m := filled
		change(&m)
		return m
	}
	for name, test := range map[string]struct {
		template channels.MessageTemplate
		message  channels.TemplateMessage
		refusal  string // a part of it; empty: it is taken
	}{
		"nothing to fill":    {plain, channels.TemplateMessage{}, ""},
		"all filled":         {full, filled, ""},
		"a payload as well":  {full, with(func(m *channels.TemplateMessage) { m.Buttons = []channels.TemplateButton{track, {Kind: "quick_reply"}} }), ""},
		"a picture":          {pictured, channels.TemplateMessage{HeaderFile: file}, ""},
		"names":              {named, channels.TemplateMessage{Named: map[string]string{"number": "7", "when": "today"}}, ""},
		"too much":           {plain, channels.TemplateMessage{Body: []string{"x"}}, "has 0 gaps in its text"},
		"too little":         {full, with(func(m *channels.TemplateMessage) { m.Body = m.Body[:1] }), "has 2 gaps in its text, by number, and 1 are filled"},
		"names for numbers":  {full, with(func(m *channels.TemplateMessage) { m.Named = map[string]string{"1": "x"} }), "by number"},
		"numbers for names":  {named, channels.TemplateMessage{Body: []string{"a", "b"}}, "by name: number, when"},
		"a wrong name":       {named, channels.TemplateMessage{Named: map[string]string{"number": "7", "day": "today"}}, "by name: number, when"},
		"no header":          {full, with(func(m *channels.TemplateMessage) { m.Header = nil }), "has 1 gap in its header"},
		"no picture":         {pictured, channels.TemplateMessage{}, "needs a file of kind image"},
		"a video":            {pictured, channels.TemplateMessage{HeaderFile: &channels.File{Kind: channels.Video}}, "needs a file of kind image"},
		"a picture too much": {plain, channels.TemplateMessage{HeaderFile: file}, "has no file"},
		"no link":            {full, with(func(m *channels.TemplateMessage) { m.Buttons = nil }), `the button "Track"`},
		"two links":          {full, with(func(m *channels.TemplateMessage) { m.Buttons = []channels.TemplateButton{track, track} }), `the button "Track"`},
		"another kind": {full, with(func(m *channels.TemplateMessage) {
			m.Buttons = []channels.TemplateButton{{Index: 1, Kind: "copy_code"}}
		}), "copy_code"},
		"what takes nothing": {full, with(func(m *channels.TemplateMessage) {
			m.Buttons = []channels.TemplateButton{{Index: 2, Kind: "phone_number"}}
		}), `the button "Call"`},
		"no such button":      {full, with(func(m *channels.TemplateMessage) { m.Buttons = []channels.TemplateButton{{Index: 3, Kind: "url"}} }), "no button 3"},
		"a paused one":        {paused, channels.TemplateMessage{}, "it is paused"},
		"one with a carousel": {wide, channels.TemplateMessage{}, "carousel"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := test.template.Check(test.message)
			var rejected *channels.RejectedError
			switch {
			case test.refusal == "" && err != nil:
				t.Error(err)
			case test.refusal != "" && (!errors.As(err, &rejected) || !strings.Contains(rejected.Reason, test.refusal)):
				t.Errorf("%v, want %q", err, test.refusal)
			case test.template.Status == "paused" && rejected.Code != "template_not_approved":
				t.Errorf("code %s", rejected.Code)
			}
		})
	}
}

func TestATemplateReadsAsTheCustomerReadsIt(t *testing.T) {
	t.Parallel()
	numbered := channels.MessageTemplate{
		Header: &channels.TemplateHeader{TemplateText: channels.TemplateText{Text: "Order {{1}}", Gaps: []string{"1"}}},
		Body:   channels.TemplateText{Text: "{{2}} comes {{ 1 }}, {{2}}!", Gaps: []string{"1", "2"}}, Footer: "Your lamp shop",
	}
	named := channels.MessageTemplate{Named: true, Body: channels.TemplateText{Text: "Hello {{name}}", Gaps: []string{"name"}}}
	pictured := channels.MessageTemplate{Header: &channels.TemplateHeader{File: channels.Image}, Body: channels.TemplateText{Text: "Look"}}
	for want, test := range map[string]struct {
		template channels.MessageTemplate
		message  channels.TemplateMessage
	}{
		"Order 7\n\nIt comes today, It!\n\nYour lamp shop": {numbered, channels.TemplateMessage{Header: []string{"7"}, Body: []string{"today", "It"}}},
		"Hello {{name}}": {named, channels.TemplateMessage{Named: map[string]string{"name": "{{name}}"}}},
		"Look":           {pictured, channels.TemplateMessage{HeaderFile: &channels.File{Kind: channels.Image}}},
	} {
		if got := test.template.Words(test.message); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
