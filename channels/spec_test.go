package channels_test

import (
	"strings"
	"testing"
	"time"

	"omni/channels"
)

func TestValidateLimits(t *testing.T) {
	t.Parallel()
	valid := channels.Spec{
		Name: "pigeon", Title: "Pigeon", Docs: "https://pigeon.example/docs", Account: channels.AccountOptional,
		Secrets: []channels.Secret{{Name: "key", Meaning: "The key.", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 1, Unit: channels.Characters},
		Window:  time.Hour, Tag: &channels.ReplyTag{Name: "HUMAN", Window: 2 * time.Hour}, Rate: 0.5, Confirms: time.Minute,
	}
	if err := valid.Validate(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*channels.Spec){
		"text limit 0: want more than 0":              func(s *channels.Spec) { s.Text.Max = 0 },
		"window -1s: want 0 or more":                  func(s *channels.Spec) { s.Window = -time.Second },
		"tag: want a name and a window longer than 2": func(s *channels.Spec) { s.Window = 2 * time.Hour },
		"rate -1: want 0 or more":                     func(s *channels.Spec) { s.Rate = -1 },
		"confirms -1s: want 0 or more":                func(s *channels.Spec) { s.Confirms = -time.Second },
	} {
		spec := valid
		change(&spec)
		if err := spec.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
