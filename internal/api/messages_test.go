package api_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/api"
	"omni/internal/api/apitest"
	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// answers sends a text, and returns the message.
func (s *shop) answers(c *apitest.Client, conversation uuid.UUID, key, text string) api.Message {
	s.t.Helper()
	var sent api.Sent
	c.Want(http.StatusAccepted, http.MethodPost, path(conversation, "messages"), map[string]any{"text": text}, &sent, "Idempotency-Key", key)
	if len(sent.Messages) != 1 {
		s.t.Fatalf("%+v", sent)
	}
	return sent.Messages[0]
}

func TestAnAnswerIsKeptWithItsAuthorAndGoesOnItsWay(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "hello")
	m := s.answers(ada, id, "k1", "Good morning")
	if m.Text != "Good morning" || m.Direction != channels.Out || *m.Status != "queued" || m.Author.Name != "ada" || *m.Author.ID != ada.ID() || m.Conversation != id {
		t.Errorf("%+v", m)
	}
	if len(s.sends) != 1 || s.sends[0].Outgoing.Text != "Good morning" || s.sends[0].Job.ID != m.ID {
		t.Errorf("%+v", s.sends)
	}
	var c api.Conversation
	ada.Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
	if c.WaitingSince != nil || c.LastMessage.ID != m.ID || *c.LastMessage.Author != "ada" {
		t.Errorf("%+v", c)
	}
	again := s.says("4915", "thanks")
	ada.Want(http.StatusOK, http.MethodGet, path(again), nil, &c)
	if c.WaitingSince == nil || c.Unread != 1 {
		t.Errorf("nobody waits, or %d are unread", c.Unread)
	}
}

func TestWhoeverAnswersHasReadAndTheCustomerSeesThat(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	s.says("4915", "hello")
	id := s.says("4915", "anybody there?")
	for _, key := range []string{"k1", "k1", "k2"} {
		s.answers(ada, id, key, "Good morning")
		var c api.Conversation
		ada.Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
		if c.Unread != 0 || len(s.errands) != 1 || s.errands[0].Kind != inbox.ErrandRead {
			t.Errorf("%d unread, told %+v", c.Unread, s.errands)
		}
	}
}

func TestAProgramThatAnswersHasReadNothing(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.says("4915", "hello")
	answers := &pipeline.Answers{Store: s.Store, Queue: s, Errands: s, Meter: silent{}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	if _, err := answers.Compose(t.Context(), inbox.Draft{
		Conversation: id, Key: "k", Author: "a program", Content: channels.Content{Text: "We are closed"},
	}); err != nil {
		t.Fatal(err)
	}
	var c api.Conversation
	s.Agent("ada").Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
	if c.Unread != 1 || len(s.errands) != 0 {
		t.Errorf("%d unread, told %+v", c.Unread, s.errands)
	}
}

func TestAskingTenTimesAtOnceSendsOnce(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "hello")
	ada.ID()
	var all sync.WaitGroup
	answers := make([]apitest.Answer, 10)
	for n := range answers {
		all.Go(func() {
			answers[n] = ada.Do(http.MethodPost, path(id, "messages"), `{"text":"once"}`, "Idempotency-Key", "the same")
		})
	}
	all.Wait()
	for _, answer := range answers {
		if answer.Status != http.StatusAccepted || string(answer.Body) != string(answers[0].Body) {
			t.Errorf("%d %s, then %s", answer.Status, answers[0].Body, answer.Body)
		}
	}
	if n := s.count(`SELECT count(*) FROM messages WHERE direction = 'out'`); n != 1 || len(s.sends) != 1 {
		t.Errorf("%d messages, %d sends", n, len(s.sends))
	}
	ada.WantProblem(http.StatusConflict, "idempotency_key_reused", http.MethodPost, path(id, "messages"), `{"text":"another"}`, "Idempotency-Key", "the same")
	if s.answers(s.Agent("ben"), id, "the same", "another agent's"); len(s.sends) != 1 || s.count(`SELECT count(*) FROM sends`) != 2 {
		t.Error("another agent's key is the same")
	}
}

func TestWhatAChannelDoesNotTakeIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "hello")
	late := s.saysAt("4916", "hello", time.Now().Add(-25*time.Hour))
	elsewhere := s.says("4917", "hello")
	var foreign uuid.UUID
	if err := s.db.QueryRow(t.Context(), `SELECT id FROM messages WHERE conversation_id = $1`, elsewhere).Scan(&foreign); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		conversation uuid.UUID
		body         string
		status       int
		code         string
	}{
		"nothing":                   {id, `{}`, 422, "empty"},
		"two things":                {id, `{"place":{"latitude":1,"longitude":2},"card":{"name":"Ada","phones":["1"]}}`, 422, "mixed"},
		"a closed window":           {late, `{"text":"hello"}`, 422, "window_closed"},
		"an unknown member":         {id, `{"txt":"hello"}`, 422, "validation"},
		"a reaction to nothing":     {id, `{"reaction":{"emoji":"👍"}}`, 422, "validation"},
		"an answer to elsewhere":    {id, fmt.Sprintf(`{"text":"hello","reply_to":"%s"}`, foreign), 422, "validation"},
		"no conversation":           {uuid.New(), `{"text":"hello"}`, 404, "not_found"},
		"no upload":                 {id, fmt.Sprintf(`{"file":{"key":"outgoing/%s","mime":"image/png","bytes":3}}`, uuid.New()), 422, "validation"},
		"somebody's file":           {id, fmt.Sprintf(`{"file":{"key":"incoming/%s","mime":"image/png","bytes":3}}`, uuid.New()), 422, "validation"},
		"a file outside of ours":    {id, `{"file":{"key":"outgoing/../secrets","mime":"image/png","bytes":3}}`, 422, "validation"},
		"a place that is nowhere":   {id, `{"place":{"latitude":91,"longitude":2}}`, 422, "place"},
		"a template without a name": {id, `{"template":{"name":"","language":"de"}}`, 422, "validation"},
	} {
		p := ada.WantProblem(test.status, test.code, http.MethodPost, path(test.conversation, "messages"), test.body, "Idempotency-Key", name)
		if p.Detail == "" {
			t.Errorf("%s: no sentence", name)
		}
	}
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, path(id, "messages"), `{"text":"no key"}`)
	if n := s.count(`SELECT count(*) FROM sends`); n != 0 {
		t.Errorf("%d are sent", n)
	}
}

func TestAFileIsUploadedAndThenSent(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "hello")
	var upload api.Upload
	ada.Want(http.StatusCreated, http.MethodPost, "/v1/uploads", `{"name":"cat.png","mime":"image/png","bytes":1234}`, &upload)
	if upload.Method != http.MethodPut || upload.Headers["Content-Type"] != "image/png" || !strings.HasPrefix(upload.Key, "outgoing/") {
		t.Errorf("%+v", upload)
	}
	file := map[string]any{"key": upload.Key, "name": "cat.png", "mime": "image/png", "bytes": 1235}
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, path(id, "messages"), map[string]any{"file": file}, "Idempotency-Key", "k1")
	file["bytes"] = 1234
	var sent api.Sent
	ada.Want(http.StatusAccepted, http.MethodPost, path(id, "messages"), map[string]any{"file": file, "text": "a cat"}, &sent, "Idempotency-Key", "k1")
	m := sent.Messages[0]
	if m.Type != "image" || m.Text != "a cat" || len(m.Attachments) != 1 {
		t.Fatalf("%+v", m)
	}
	attached := m.Attachments[0]
	if attached.Kind != "image" || *attached.Name != "cat.png" || attached.File.State != inbox.FileStored || *attached.File.URL != "https://files.example.com/"+upload.Key {
		t.Errorf("%+v, %+v", attached, attached.File)
	}
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, "/v1/uploads", `{"name":"cat.png","mime":"png","bytes":1}`)
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, "/v1/uploads", `{"name":"cat.png","mime":"image/png","bytes":0}`)
}

func TestAReactionIsNoMessageOfItsOwn(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "hello")
	var page api.Timeline
	ada.Want(http.StatusOK, http.MethodGet, path(id, "timeline"), nil, &page)
	var sent api.Sent
	ada.Want(http.StatusAccepted, http.MethodPost, path(id, "messages"),
		map[string]any{"reaction": map[string]any{"emoji": "👍"}, "reply_to": page.Items[0].Message.ID}, &sent, "Idempotency-Key", "k1")
	if len(sent.Messages) != 0 || len(s.sends) != 1 || s.sends[0].Outgoing.Reaction == nil {
		t.Errorf("%+v, %+v", sent, s.sends)
	}
	send := s.sends[0]
	if _, err := s.Store.Conclude(t.Context(), inbox.Outcome{
		Message: send.Job.ID, Account: send.Job.Account, Attempt: 1, Result: inbox.ResultSent, At: time.Now(), Receipt: channels.Receipt{ID: send.Outgoing.Reaction.Target},
	}, func(inbox.Attempted) inbox.Decision { return inbox.Decision{Verdict: inbox.VerdictSent} }); err != nil {
		t.Fatal(err)
	}
	ada.Want(http.StatusOK, http.MethodGet, path(id, "timeline"), nil, &page)
	if len(page.Items) != 1 || len(page.Items[0].Message.Reactions) != 1 || page.Items[0].Message.Reactions[0] != (api.Reaction{Emoji: "👍", By: "us", Count: 1}) {
		t.Errorf("%+v", page.Items)
	}
}

func TestAFailedMessageSaysWhatHelpsAndIsTriedAgainOnce(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada, ben := s.Agent("ada"), s.Agent("ben")
	id := s.says("4915", "hello")
	old := s.answers(ada, id, "k1", "a try")
	ada.WantProblem(http.StatusConflict, "not_failed", http.MethodPost, "/v1/messages/"+old.ID.String()+"/retry", nil, "Idempotency-Key", "r0")
	s.fails(old.ID, "131047", "The customer wrote more than 24 hours ago.")
	var c api.Conversation
	ada.Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
	if !c.Failed || *c.LastMessage.Status != "failed" {
		t.Errorf("%+v", c)
	}
	retry := func(who *apitest.Client, key string) (sent api.Sent) {
		who.Want(http.StatusAccepted, http.MethodPost, "/v1/messages/"+old.ID.String()+"/retry", nil, &sent, "Idempotency-Key", key)
		return sent
	}
	first, again := retry(ada, "r1"), retry(ada, "r1")
	if len(first.Messages) != 1 || first.Messages[0].ID == old.ID || first.Messages[0].ID != again.Messages[0].ID || first.Messages[0].Text != "a try" {
		t.Errorf("%+v, then %+v", first, again)
	}
	ben.WantProblem(http.StatusConflict, "not_failed", http.MethodPost, "/v1/messages/"+old.ID.String()+"/retry", nil, "Idempotency-Key", "r1")
	var page api.Timeline
	ada.Want(http.StatusOK, http.MethodGet, path(id, "timeline"), nil, &page)
	was := page.Items[1].Message
	if was.ID != old.ID || *was.Status != "failed" || was.Error.Fix != inbox.FixTemplate || was.Error.Retryable || *was.RetriedAs != first.Messages[0].ID {
		t.Errorf("%+v, %+v", was, was.Error)
	}
	ada.Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
	if c.Failed {
		t.Error("it still counts as failed")
	}
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodPost, "/v1/messages/"+uuid.NewString()+"/retry", nil, "Idempotency-Key", "r2")
}
