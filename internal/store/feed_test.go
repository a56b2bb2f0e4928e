package store_test

import (
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

// changes reads the feed until there is something new. A change is shown when every transaction that was open before it has ended, those of
// other tests on the same server included.
func (f *fixture) changes(after inbox.FeedCursor, most int) []inbox.FeedChange {
	f.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		changes, err := f.FeedAfter(f.t.Context(), after, most)
		if err != nil {
			f.t.Fatal(err)
		}
		if len(changes) > 0 {
			return changes
		}
	}
	f.t.Fatal("no change was shown within a minute")
	return nil
}

func TestTheFeedShowsWhatHappenedInPages(t *testing.T) {
	f := setup(t)
	start, err := f.FeedEnd(t.Context())
	if err != nil || start != inbox.FeedStart {
		t.Fatalf("the end of an empty feed is %+v, %v", start, err)
	}
	f.take(received("m1", "4912", "hello", noon))
	f.take(told(channels.KindSystem, "e1", "4912", noon, channels.Update{System: &channels.System{Type: "service", Detail: "joined"}}))
	var all []inbox.FeedChange
	for cursor := start; !strings.HasPrefix(last(all).Kind, "event."); cursor = last(all).Cursor {
		page := f.changes(cursor, 1)
		if len(page) > 1 {
			t.Fatalf("a page of %d changes", len(page))
		}
		all = append(all, page...)
	}
	kinds := map[string]inbox.FeedChange{}
	for _, change := range all {
		kinds[change.Kind] = change
	}
	message := kinds["message.created"]
	if message.Message == nil || message.Message.Text != "hello" || message.Channel != channel || message.Contact != "Ada" || message.Thread != "4912" {
		t.Errorf("the message is shown as %+v", message)
	}
	if event := last(all); event.Update == nil || event.Update.System.Detail != "joined" || event.Conversation != message.Conversation || event.Message != nil {
		t.Errorf("the event is shown as %+v", event)
	}
	end, err := f.FeedEnd(t.Context())
	if err != nil || end != last(all).Cursor {
		t.Errorf("end %+v, %v, want that of the last change %+v", end, err, last(all).Cursor)
	}
	if rest, err := f.FeedAfter(t.Context(), end, 10); len(rest) != 0 || err != nil {
		t.Errorf("%d changes behind the end, %v", len(rest), err)
	}
}

func last(changes []inbox.FeedChange) inbox.FeedChange {
	if len(changes) == 0 {
		return inbox.FeedChange{}
	}
	return changes[len(changes)-1]
}
