package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/api"
	"omni/internal/inbox"
)

// story fills a conversation with everything that a history has, some of it at the same moment, and returns the texts in their order.
func (s *shop) story(id uuid.UUID) {
	ada := s.Agent("ada")
	base := time.Now().Add(-time.Hour).Truncate(time.Second)
	for n := range 12 {
		s.saysAt("4915", fmt.Sprint("message ", n), base.Add(time.Duration(n/3)*time.Second))
	}
	s.happens("whatsapp", channels.Event{Kind: channels.KindSystem, Thread: "4915", At: base.Add(2 * time.Second)}, channels.Update{
		System: &channels.System{Type: "number_changed", Text: "Ada has another number"},
	})
	for n := range 3 {
		ada.Want(http.StatusCreated, http.MethodPost, path(id, "notes"), map[string]any{"text": fmt.Sprint("note ", n)}, nil)
		s.answers(ada, id, fmt.Sprint("story ", n), fmt.Sprint("answer ", n))
		ada.Want(http.StatusOK, http.MethodPatch, path(id), map[string]any{"status": []string{"pending", "open", "resolved"}[n], "assignee_id": []any{ada.ID(), nil, ada.ID()}[n]}, nil)
	}
}

// entry names an entry of a history.
func entry(item api.TimelineItem) string {
	switch {
	case item.Message != nil:
		return item.Message.Text
	case item.Note != nil:
		return item.Note.Text
	}
	return item.Activity.Action
}

func TestAHistoryIsTheSameInPartsOfAnySizeAndDirection(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.saysAt("4915", "first", time.Now().Add(-2*time.Hour))
	s.story(id)
	read := func(query string) api.Timeline {
		var part api.Timeline
		ada.Want(http.StatusOK, http.MethodGet, path(id, "timeline")+"?"+query, nil, &part)
		return part
	}
	ids := func(items []api.TimelineItem) (all []string) {
		for _, item := range items {
			all = append(all, entry(item))
		}
		return all
	}
	whole := read("limit=100")
	if len(whole.Items) != 1+12+1+3+3+6 || whole.Older != nil || whole.Newer != nil {
		t.Fatalf("%d entries, %v, %v", len(whole.Items), whole.Older, whole.Newer)
	}
	want := ids(whole.Items)
	for n, item := range whole.Items[:len(whole.Items)-1] {
		if at(item).Before(at(whole.Items[n+1])) {
			t.Errorf("%s is before %s", want[n], want[n+1])
		}
	}
	if got := strings.Join(want, ", "); !strings.HasSuffix(got, "message 3, message 2, message 1, message 0, first") {
		t.Errorf("what was written in one second is out of order: %s", got)
	}
	for _, size := range []int{1, 2, 3, 7, 25} {
		limit := fmt.Sprint("limit=", size)
		var down []string
		part := read(limit)
		for down = ids(part.Items); part.Older != nil; down = append(down, ids(part.Items)...) {
			part = read(limit + "&cursor=" + *part.Older)
		}
		if !slices.Equal(down, want) {
			t.Errorf("%d at once, to older ones: %v", size, down)
		}
		up := ids(part.Items)
		for part.Newer != nil {
			part = read(limit + "&cursor=" + *part.Newer)
			up = append(ids(part.Items), up...)
		}
		if !slices.Equal(up, want) {
			t.Errorf("%d at once, to newer ones: %v", size, up)
		}
	}
	for n, item := range whole.Items {
		if item.Message == nil {
			continue
		}
		part := read("limit=5&around=" + item.Message.ID.String())
		from := max(0, min(n-2, len(want)-1))
		if got := ids(part.Items); !slices.Contains(got, want[n]) || got[0] != want[max(0, n-len(got[:slices.Index(got, want[n])]))] || len(got) > 5 {
			t.Errorf("around %s: %v (from %d)", want[n], got, from)
		}
		if hasNewer := part.Newer != nil; hasNewer != (n > 2) {
			t.Errorf("around %s: newer is %v", want[n], hasNewer)
		}
	}
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, path(id, "timeline")+"?around="+uuid.NewString(), nil)
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, path(uuid.New(), "timeline"), nil)
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, path(id, "timeline")+"?cursor=x", nil)
}

func at(item api.TimelineItem) time.Time {
	switch {
	case item.Message != nil:
		return time.Time(item.Message.At)
	case item.Note != nil:
		return time.Time(item.Note.At)
	}
	return time.Time(item.Activity.At)
}

// Whatever comes in while somebody goes back, each older entry is seen once.
func TestGoingBackMissesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	random := rand.New(rand.NewPCG(3, 9))
	var id uuid.UUID
	for n := range 30 {
		id = s.saysAt("4915", fmt.Sprint("old ", n), time.Now().Add(-time.Hour).Truncate(time.Minute))
	}
	seen := map[string]int{}
	for target := path(id, "timeline") + "?limit=4"; ; {
		var part api.Timeline
		ada.Want(http.StatusOK, http.MethodGet, target, nil, &part)
		for _, item := range part.Items {
			seen[entry(item)]++
		}
		if part.Older == nil {
			break
		}
		target = path(id, "timeline") + "?limit=4&cursor=" + *part.Older
		for range random.IntN(3) {
			s.says("4915", uuid.NewString())
		}
	}
	for n := range 30 {
		if seen[fmt.Sprint("old ", n)] != 1 {
			t.Errorf("old %d was seen %d times", n, seen[fmt.Sprint("old ", n)])
		}
	}
}

func TestAMessageShowsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	written := message("4915", "mistake")
	written.Message.Attachments = []channels.Attachment{
		{Kind: channels.Image, MediaID: "secret-handle", MIME: "image/png", Name: "cat.png", Bytes: 7, Width: 3, Height: 4},
		{Kind: channels.Fallback, URL: "https://example.com/page", Title: "A page"},
	}
	now := time.Now()
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, ID: "m1", Thread: "4915", At: now}, written)
	id := s.conversation("4915")
	first := func() api.Message {
		var page api.Timeline
		ada.Want(http.StatusOK, http.MethodGet, path(id, "timeline"), nil, &page)
		return *page.Items[len(page.Items)-1].Message
	}
	m := first()
	if m.Type != "text" || m.Status != nil || m.Author != nil || m.OriginalText != nil || m.Content.Attachments != nil || len(m.Attachments) != 2 {
		t.Errorf("%+v", m)
	}
	if a := m.Attachments[0]; *a.Name != "cat.png" || *a.Width != 3 || a.File == nil || a.File.State != inbox.FileWaiting || a.File.URL != nil || a.Link != nil {
		t.Errorf("%+v", a)
	}
	if a := m.Attachments[1]; a.File != nil || *a.Link != "https://example.com/page" || *a.Title != "A page" {
		t.Errorf("%+v", a)
	}
	s.happens("whatsapp", channels.Event{Kind: channels.KindEdit, Thread: "4915", At: now.Add(time.Second)}, channels.Update{
		Edit: &channels.Edit{Target: "m1", Content: &channels.Message{Direction: channels.In, Type: channels.TypeText, Text: "corrected"}},
	})
	s.happens("whatsapp", channels.Event{Kind: channels.KindReaction, Thread: "4915", At: now.Add(time.Second)}, channels.Update{
		Reaction: &channels.Reaction{Target: "m1", Actor: "4915", Emojis: []string{"❤"}},
	})
	if m = first(); m.Text != "corrected" || *m.OriginalText != "mistake" || m.EditedAt == nil || len(m.Reactions) != 1 || m.Reactions[0] != (api.Reaction{Emoji: "❤", By: "customer", Count: 1}) {
		t.Errorf("%+v", m)
	}
	answer := message("4915", "what I meant")
	answer.Message.ReplyTo = "m1"
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, ID: "m2", Thread: "4915", At: now.Add(2 * time.Second)}, answer)
	var page api.Timeline
	ada.Want(http.StatusOK, http.MethodGet, path(id, "timeline")+"?limit=1", nil, &page)
	if r := page.Items[0].Message.ReplyTo; r == nil || *r.ID != m.ID || r.Text != "corrected" || r.ExternalID != "m1" || *r.Direction != "in" {
		t.Errorf("%+v", r)
	}
	s.happens("whatsapp", channels.Event{Kind: channels.KindDelete, Thread: "4915", At: now.Add(3 * time.Second)}, channels.Update{
		Delete: &channels.Delete{Target: "m1", Direction: channels.In},
	})
	if m = first(); m.DeletedAt == nil || m.Text != "" || m.OriginalText != nil || len(m.Attachments) != 0 || len(m.Reactions) != 0 || m.Content.Text != "" {
		t.Errorf("%+v", m)
	}
	raw := string(ada.Do(http.MethodGet, path(id, "timeline"), nil).Body)
	if strings.Contains(raw, "secret-handle") {
		t.Error("the platform's handle of a file is shown")
	}
}

func TestWhoOfAGroupWroteIsShown(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	said := message("4915", "hello all")
	said.Group = &channels.Group{Kind: "group", Title: "Gardeners"}
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, Thread: "group-1", At: time.Now()}, said)
	var page api.Timeline
	s.Agent("ada").Want(http.StatusOK, http.MethodGet, path(s.conversation("group-1"), "timeline"), nil, &page)
	if sender := page.Items[0].Message.GroupSender; sender == nil || *sender != "Customer 4915" {
		t.Errorf("%v", sender)
	}
}

func TestNotesBelongToTheirAuthors(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada, ben, boss := s.Agent("ada"), s.Agent("ben"), s.Admin("boss")
	id := s.says("4915", "hello")
	var n api.Note
	ada.Want(http.StatusCreated, http.MethodPost, path(id, "notes"),
		map[string]any{"text": " ask Ben \n", "mentions": []uuid.UUID{ben.ID(), uuid.New()}}, &n)
	if n.Text != "ask Ben" || n.Author.Name != "ada" || !slices.Equal(n.Mentions, []uuid.UUID{ben.ID()}) || n.Conversation != id || n.EditedAt != nil {
		t.Errorf("%+v", n)
	}
	note := "/v1/notes/" + n.ID.String()
	ben.WantProblem(http.StatusForbidden, "forbidden", http.MethodPatch, note, `{"text":"mine now"}`)
	ben.WantProblem(http.StatusForbidden, "forbidden", http.MethodDelete, note, nil)
	ada.Want(http.StatusOK, http.MethodPatch, note, `{"text":"ask Chiara"}`, &n)
	if n.Text != "ask Chiara" || n.EditedAt == nil {
		t.Errorf("%+v", n)
	}
	boss.Want(http.StatusNoContent, http.MethodDelete, note, nil, nil)
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodPatch, note, `{"text":"again"}`)
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodPost, path(uuid.New(), "notes"), `{"text":"for nobody"}`)
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, path(id, "notes"), `{"text":"   "}`)
	var page api.Timeline
	ada.Want(http.StatusOK, http.MethodGet, path(id, "timeline"), nil, &page)
	var entries []string
	for _, item := range page.Items {
		entries = append(entries, item.Type+" "+entry(item))
	}
	slices.Sort(entries)
	want(t, entries, "activity note.deleted", "activity note.edited", "message hello", "note ")
	if n := s.count(`SELECT count(*) FROM audit_log WHERE detail::text LIKE '%Chiara%'`); n != 0 {
		t.Error("the audit log has the text of a note")
	}
}
