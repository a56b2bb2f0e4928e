package outside

import (
	"errors"
	"strings"
	"testing"

	"omni/channels"
)

func TestAnErrorDoesNotRepeatTheMessage(t *testing.T) {
	t.Parallel()
	o := channels.Outgoing{
		Thread: "biz:5100000001", To: []channels.Identity{{Kind: "phone", Value: "+4915112345678"}},
		Content: channels.Content{
			Text: "first line\nsecond line", File: &channels.File{Name: "invoice.pdf", Link: "https://files.example/1?sig=2"},
			Choices: &channels.Choices{Options: []channels.Option{{ID: "choice-1", Title: "Tomorrow", Description: "at nine"}}},
			Place:   &channels.Place{Name: "Town hall", Address: "High Street 1"},
			Card:    &channels.Card{Name: "Grace Hopper", Phones: []string{"+1555000"}, Emails: []string{"grace@example.com"}},
			Template: &channels.TemplateMessage{
				Header: []string{"header gap"}, Body: []string{"body gap", "no"}, Named: map[string]string{"x": "named gap"},
				Buttons: []channels.TemplateButton{{Value: "coupon"}},
			},
		},
	}
	private := []string{
		"first line\nsecond line", "second line", "biz:5100000001", "5100000001", "4915112345678", "invoice.pdf", "https://files.example/1?sig=2", "choice-1",
		"Tomorrow", "at nine", "Town hall", "High Street 1", "Grace Hopper", "+1555000", "grace@example.com", "header gap", "body gap", "named gap", "coupon",
	}
	got := unquoted(errors.New("nothing can be sent: "+strings.Join(private, ", ")), o)
	for _, word := range private {
		if strings.Contains(got, word) {
			t.Errorf("%q is in %s", word, got)
		}
	}
	if !strings.HasPrefix(got, "nothing can be sent: [hidden], ") {
		t.Errorf("what is wrong was taken out too: %s", got)
	}
}
