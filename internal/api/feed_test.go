package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/internal/api"
	"omni/internal/api/apitest"
)

// changes follows the feed from a place until a change of a kind was shown, and returns what was, and where it goes on. Transactions of other tests on
// the same server can hold changes back for a while.
func changes(t *testing.T, c *apitest.Client, after string, until string) ([]api.FeedChange, string) {
	t.Helper()
	var all []api.FeedChange
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		var feed api.Feed
		c.Want(http.StatusOK, http.MethodGet, "/v1/feed?limit=2&after="+after, nil, &feed)
		all, after = append(all, feed.Changes...), feed.Next
		if len(all) > 0 && all[len(all)-1].Kind == until && !feed.More {
			return all, after
		}
		if !feed.More {
			time.Sleep(10 * time.Millisecond) // as the contract asks of clients
		}
	}
	t.Fatalf("no %s was shown within a minute: %+v", until, all)
	return nil, ""
}

func TestTheFeedShowsEveryChangeOnceWithWhatItIsAbout(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	ada.ID()
	var feed api.Feed
	ada.Want(http.StatusOK, http.MethodGet, "/v1/feed", nil, &feed)
	if len(feed.Changes) != 0 || feed.More || feed.Next == "" {
		t.Fatalf("%+v", feed)
	}
	start := feed.Next
	id := s.says("4915", "hello")
	var n api.Note
	ada.Want(http.StatusCreated, http.MethodPost, path(id, "notes"), `{"text":"a note"}`, &n)
	ada.Want(http.StatusOK, http.MethodPatch, path(id), `{"status":"pending"}`, nil)
	all, end := changes(t, ada, start, "conversation.updated")
	var kinds []string
	seen := map[string]bool{}
	for _, change := range all {
		if seen[change.Cursor] {
			t.Errorf("%s comes twice", change.Kind)
		}
		seen[change.Cursor] = true
		if change.Kind != "agents.updated" {
			kinds = append(kinds, change.Kind)
		}
	}
	want(t, kinds, "conversation.created", "message.created", "note.created", "conversation.updated")
	byKind := map[string]api.FeedChange{}
	for _, change := range all {
		byKind[change.Kind] = change
	}
	if c := byKind["conversation.created"]; c.Conversation == nil || c.Conversation.ID != id || c.Conversation.Status != "pending" || *c.ConversationID != id {
		t.Errorf("%+v", c)
	}
	if c := byKind["message.created"]; c.Message == nil || c.Message.Text != "hello" || c.Message.ID != *c.MessageID || c.Conversation == nil {
		t.Errorf("%+v", c)
	}
	if c := byKind["note.created"]; c.Note == nil || c.Note.ID != n.ID || c.Note.Text != "a note" || *c.ConversationID != id {
		t.Errorf("%+v", c)
	}
	ada.Want(http.StatusOK, http.MethodGet, "/v1/feed?after="+end, nil, &feed)
	if len(feed.Changes) != 0 || feed.Next != end {
		t.Errorf("behind the end: %+v", feed)
	}
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, "/v1/feed?after=x", nil)
}

// A change whose transaction was over first waits for the one that began first, and clients are told so.
func TestAChangeWaitsForThoseThatCanStillComeBeforeIt(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	ada.ID()
	var feed api.Feed
	ada.Want(http.StatusOK, http.MethodGet, "/v1/feed", nil, &feed)
	slow, err := pgx.Connect(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close(context.Background())
	tx, err := slow.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `INSERT INTO feed (kind) VALUES ('labels.updated')`); err != nil {
		t.Fatal(err)
	}
	s.says("4915", "hello")
	start := feed.Next
	ada.Want(http.StatusOK, http.MethodGet, "/v1/feed?after="+start, nil, &feed)
	for _, change := range feed.Changes {
		if change.Kind == "message.created" {
			t.Errorf("a change was shown that another can come before")
		}
	}
	if !feed.Pending || feed.More {
		t.Errorf("%+v", feed)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, _ := changes(t, ada, feed.Next, "message.created")
	var kinds []string
	for _, change := range all {
		if change.Kind != "agents.updated" {
			kinds = append(kinds, change.Kind)
		}
	}
	want(t, kinds, "labels.updated", "conversation.created", "message.created")
}

func TestAMergedMessageOrConversationSaysWhatItIsNow(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	one := s.says("4915", "by phone")
	unknownYet := message("DE.77", "by user id")
	unknownYet.Person.Identities = []channels.Identity{{Kind: "bsuid", Value: "DE.77"}}
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, Thread: "DE.77", At: time.Now()}, unknownYet)
	two := s.conversation("DE.77")
	var feed api.Feed
	ada.Want(http.StatusOK, http.MethodGet, "/v1/feed", nil, &feed)
	both := message("DE.77", "it is me")
	both.Aliases = []string{"4915"}
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, Thread: "DE.77", At: time.Now()}, both)
	all, _ := changes(t, ada, feed.Next, "message.created")
	merged := false
	for _, change := range all {
		if change.Kind == "conversation.merged" {
			merged = *change.ConversationID == two && change.MergedInto != nil && *change.MergedInto == one
		}
	}
	if !merged {
		t.Errorf("%+v", all)
	}
}

func TestAFeedThatDoesNotGoBackThatFarSaysSo(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	ada.ID()
	for n := range 5 {
		s.says(fmt.Sprint(n), "hello")
	}
	all, end := changes(t, ada, start(t), "message.created")
	if _, err := s.db.Exec(t.Context(), `UPDATE feed SET created_at = now() - interval '100 days'`); err != nil {
		t.Fatal(err)
	}
	s.says("9", "today")
	deleted, err := s.Store.ExpireFeed(t.Context(), time.Now().AddDate(0, 0, -90))
	if err != nil || deleted == 0 {
		t.Fatal(deleted, err)
	}
	if again, err := s.Store.ExpireFeed(t.Context(), time.Now().AddDate(0, 0, -90)); again != 0 || err != nil {
		t.Errorf("%d were deleted again, %v", again, err)
	}
	ada.WantProblem(http.StatusGone, "feed_expired", http.MethodGet, "/v1/feed?after="+all[0].Cursor, nil)
	ada.WantProblem(http.StatusGone, "feed_expired", http.MethodGet, "/v1/feed?after="+start(t), nil)
	rest, _ := changes(t, ada, end, "message.created")
	if len(rest) != 2 {
		t.Errorf("%+v", rest)
	}
}

// start is the place before the first change.
func start(t *testing.T) string {
	t.Helper()
	return url.QueryEscape("eyJ4aWQiOiIwIiwic2VxIjowfQ")
}

// An answer stays below what a function may answer with, however large the changes are.
func TestALargeFeedComesInSmallerParts(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	long := strings.Repeat("word ", 10_000)
	for n := range 60 {
		s.says(fmt.Sprint(n), long)
	}
	count := 0
	for after, deadline := start(t), time.Now().Add(time.Minute); count < 60 && time.Now().Before(deadline); {
		answer := ada.Do(http.MethodGet, "/v1/feed?limit=500&after="+after, nil)
		if len(answer.Body) > 4<<20 {
			t.Fatalf("an answer of %d bytes", len(answer.Body))
		}
		var feed api.Feed
		ada.Want(http.StatusOK, http.MethodGet, "/v1/feed?limit=500&after="+after, nil, &feed)
		for _, change := range feed.Changes {
			if change.Kind == "message.created" {
				count++
			}
		}
		after = feed.Next
	}
	if count != 60 {
		t.Errorf("%d messages were shown", count)
	}
}
