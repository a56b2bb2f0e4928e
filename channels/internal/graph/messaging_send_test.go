package graph

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/channels/channeltest"
)

// answersOf makes who sends to a server.
func answersOf(t *testing.T, handler http.HandlerFunc) Answers {
	t.Helper()
	secrets := channels.Secrets{AccessToken: {token}, AppSecret: {"app-secret"}}
	return Answers{Env: channels.Env{Secrets: secrets, HTTP: channeltest.Network(t, handler)}, Host: FacebookHost, Node: "me"}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	text := channels.Outgoing{Handle: "h1", Thread: "777", Content: channels.Content{Text: "Hi"}}
	with := func(change func(*channels.Outgoing)) channels.Outgoing {
		o := text
		change(&o)
		return o
	}
	psid, ref := channels.Identity{Kind: "psid", Value: "777"}, channels.Identity{Kind: "user_ref", Value: "777"}
	tests := []struct {
		name    string
		answers Answers
		message channels.Outgoing
		want    string
	}{
		{"text", Answers{}, text, `{"recipient":{"id":"777"},"messaging_type":"RESPONSE","message":{"text":"Hi","metadata":"h1"}}`},
		{"without a handle", Answers{NoHandle: true}, text, `{"recipient":{"id":"777"},"messaging_type":"RESPONSE","message":{"text":"Hi"}}`},
		{"tag", Answers{}, with(func(o *channels.Outgoing) { o.Tag = "HUMAN_AGENT" }),
			`{"recipient":{"id":"777"},"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT","message":{"text":"Hi","metadata":"h1"}}`},
		{"reply", Answers{}, with(func(o *channels.Outgoing) { o.ReplyTo = "m_1" }),
			`{"recipient":{"id":"777"},"messaging_type":"RESPONSE","message":{"text":"Hi","metadata":"h1"},"reply_to":{"mid":"m_1"}}`},
		{"a person known by id", Answers{}, with(func(o *channels.Outgoing) { o.To = []channels.Identity{psid} }),
			`{"recipient":{"id":"777"},"messaging_type":"RESPONSE","message":{"text":"Hi","metadata":"h1"}}`},
		{"a visitor", Answers{}, with(func(o *channels.Outgoing) { o.To = []channels.Identity{ref} }),
			`{"recipient":{"user_ref":"777"},"messaging_type":"RESPONSE","message":{"text":"Hi","metadata":"h1"}}`},
		{"a visitor who is known by now", Answers{}, with(func(o *channels.Outgoing) {
			o.To = []channels.Identity{{Kind: "psid", Value: "888"}, ref}
		}), `{"recipient":{"id":"888"},"messaging_type":"RESPONSE","message":{"text":"Hi","metadata":"h1"}}`},
		{"another person's id", Answers{}, with(func(o *channels.Outgoing) { o.To = []channels.Identity{{Kind: "psid", Value: "888"}} }),
			`{"recipient":{"id":"777"},"messaging_type":"RESPONSE","message":{"text":"Hi","metadata":"h1"}}`},
		{"a word for a reaction", Answers{Reactions: map[string]string{"❤": "love"}},
			channels.Outgoing{Thread: "777", Content: channels.Content{Reaction: &channels.SentReaction{Target: "m_1", Emoji: "❤️"}}},
			`{"recipient":{"id":"777"},"sender_action":"react","payload":{"message_id":"m_1","reaction":"love"}}`},
	}
	for _, test := range tests {
		got, err := json.Marshal(test.answers.request(test.message))
		if diff := cmp.Diff(test.want, string(got)); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", test.name, err, diff)
		}
	}
}

// sent are the ways in which sending ends.
type sent struct {
	rejected    string        // the code; empty: it is not
	throttled   time.Duration // 0: it is not
	uncertain   bool
	credentials bool
}

func outcome(err error) sent {
	var s sent
	var rejected *channels.RejectedError
	var throttled *channels.ThrottledError
	var uncertain *channels.UncertainError
	if errors.As(err, &rejected) {
		s.rejected = rejected.Code
	}
	if errors.As(err, &throttled) {
		s.throttled = throttled.After
	}
	s.uncertain = errors.As(err, &uncertain)
	s.credentials = errors.Is(err, channels.ErrCredentials)
	return s
}

// TestSendingFails: each way to fail has one decision, and tells no token.
func TestSendingFails(t *testing.T) {
	t.Parallel()
	const usage = `{"17":[{"type":"messenger","estimated_time_to_regain_access":5}]}`
	tests := map[string]struct {
		status int
		body   string
		want   sent
	}{
		"outside the window":             {400, `{"error":{"code":10,"error_subcode":2018278}}`, sent{rejected: "10-2018278"}},
		"outside the window, Instagram":  {400, `{"error":{"code":10,"error_subcode":2534022}}`, sent{rejected: "10-2534022"}},
		"person turned messages off":     {400, `{"error":{"code":200,"error_subcode":1545041}}`, sent{rejected: "200-1545041"}},
		"person not available":           {400, `{"error":{"code":551}}`, sent{rejected: "551"}},
		"unknown person":                 {400, `{"error":{"code":100,"error_subcode":2018001}}`, sent{rejected: "100-2018001"}},
		"another subcode of a bad form":  {400, `{"error":{"code":100,"error_subcode":33}}`, sent{rejected: "100-33"}},
		"Meta cannot fetch the file":     {400, `{"error":{"code":100,"error_subcode":2018008}}`, sent{}},
		"another application answers":    {403, `{"error":{"code":10,"error_subcode":2018300}}`, sent{}},
		"no permission":                  {403, `{"error":{"code":10}}`, sent{credentials: true}},
		"the owner took the permission":  {403, `{"error":{"code":200,"error_subcode":2534041}}`, sent{credentials: true}},
		"token":                          {401, `{"error":{"code":190,"message":"bad ` + token + `"}}`, sent{credentials: true}},
		"too many":                       {400, `{"error":{"code":613}}`, sent{throttled: 5 * time.Minute}},
		"too many, by status":            {429, `{"error":{"code":1}}`, sent{throttled: 5 * time.Minute}},
		"temporary":                      {500, `{"error":{"code":2}}`, sent{}},
		"temporary, the oldest code":     {400, `{"error":{"code":1200}}`, sent{}},
		"unknown":                        {500, `{"error":{"code":1,"error_subcode":1357046}}`, sent{uncertain: true}},
		"a proxy's error":                {502, `<html>`, sent{uncertain: true}},
		"a refusal that is not Graph's":  {404, `<html>`, sent{}},
		"a success that cannot be read":  {200, `<html>`, sent{uncertain: true}},
		"a success without a message id": {200, `{}`, sent{uncertain: true}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := answersOf(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Business-Use-Case-Usage", usage)
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			})
			_, err := a.Send(t.Context(), channels.Outgoing{Thread: "777", Content: channels.Content{Text: "Hi"}})
			if err == nil {
				t.Fatal("it succeeds")
			}
			if diff := cmp.Diff(test.want, outcome(err), cmp.AllowUnexported(sent{})); diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if strings.Contains(err.Error(), token) {
				t.Errorf("it tells the token: %v", err)
			}
		})
	}
}

// TestHangingUp: a connection that breaks after the request may have delivered it.
func TestHangingUp(t *testing.T) {
	t.Parallel()
	a := answersOf(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := a.Send(t.Context(), channels.Outgoing{Thread: "777", Content: channels.Content{Text: "Hi"}})
	if !outcome(err).uncertain {
		t.Errorf("%v, want an UncertainError", err)
	}
}

// TestNoTarget: a message that Meta gave no id is not referred to, and Meta is not asked.
func TestNoTarget(t *testing.T) {
	t.Parallel()
	a := Answers{Env: channels.Env{Secrets: channels.Secrets{AccessToken: {token}}}, Host: "nobody.invalid"}
	ours := channels.HashID("postback", "1")
	for _, o := range []channels.Outgoing{
		{ReplyTo: ours, Content: channels.Content{Text: "Hi"}},
		{Content: channels.Content{Reaction: &channels.SentReaction{Target: ours, Emoji: "👍"}}},
	} {
		if _, err := a.Send(t.Context(), o); outcome(err).rejected != "no_target" {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestThreadMoved: the answer names the person by the id that counts from now on.
func TestThreadMoved(t *testing.T) {
	t.Parallel()
	a := answersOf(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"recipient_id":"888","message_id":"m_7"}`)
	})
	for thread, want := range map[string]channels.Receipt{"888": {ID: "m_7"}, "visitor": {ID: "m_7", Thread: "888"}} {
		got, err := a.Send(t.Context(), channels.Outgoing{Thread: thread, Content: channels.Content{Text: "Hi"}})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", thread, err, diff)
		}
	}
}
