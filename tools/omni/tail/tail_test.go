package tail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

// list is a feed of changes whose place in the list is their sequence number.
type list struct {
	changes []inbox.FeedChange
	broken  error
	ended   func() // called when a reader has seen everything
}

func (l *list) FeedEnd(context.Context) (inbox.FeedCursor, error) {
	return inbox.FeedCursor{XID: "0", Seq: int64(len(l.changes))}, l.broken
}

func (l *list) FeedAfter(_ context.Context, c inbox.FeedCursor, most int) ([]inbox.FeedChange, error) {
	rest := l.changes[min(int(c.Seq), len(l.changes)):]
	if len(rest) == 0 && l.ended != nil {
		l.ended()
	}
	return rest[:min(most, len(rest))], l.broken
}

func messages(n int) *list {
	var l list
	for i := range n {
		l.changes = append(l.changes, inbox.FeedChange{
			Cursor: inbox.FeedCursor{XID: "0", Seq: int64(i + 1)}, Kind: "message.created", Channel: []string{"pigeon", "raven"}[i%2],
			Message: &inbox.FeedMessage{Direction: channels.In, Type: channels.TypeText, Text: "text " + strconv.Itoa(i)},
		})
	}
	return &l
}

func show(t *testing.T, ctx context.Context, feed Feed, o Options) (string, error) {
	t.Helper()
	var out strings.Builder
	err := Run(ctx, feed, &out, o)
	return out.String(), err
}

func TestAllPagesAreShownOnce(t *testing.T) {
	t.Parallel()
	got, err := show(t, t.Context(), messages(2*page+3), Options{All: true})
	if lines := strings.Count(got, "\n"); lines != 2*page+3 || err != nil {
		t.Errorf("%d lines, %v", lines, err)
	}
}

func TestFromNowOn(t *testing.T) {
	t.Parallel()
	feed := messages(3)
	ctx, cancel := context.WithCancel(t.Context())
	added := false
	feed.ended = func() {
		if added {
			cancel()
			return
		}
		added = true
		feed.changes = append(feed.changes, messages(4).changes[3])
	}
	got, err := show(t, ctx, feed, Options{Follow: true, Interval: time.Millisecond})
	if strings.Count(got, "\n") != 1 || !strings.Contains(got, "text 3") || err != nil {
		t.Errorf("got %q, %v, want what came later", got, err)
	}
}

func TestOneChannel(t *testing.T) {
	t.Parallel()
	got, err := show(t, t.Context(), messages(4), Options{All: true, Channel: "raven"})
	if strings.Count(got, "\n") != 2 || strings.Contains(got, "pigeon") || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	got, err := show(t, t.Context(), messages(2), Options{All: true, JSON: true, Color: true})
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(got) {
		var change inbox.FeedChange
		if err := json.Unmarshal([]byte(line), &change); err != nil || !strings.HasPrefix(change.Message.Text, "text ") {
			t.Errorf("%v in %q", err, line)
		}
	}
}

func TestBrokenFeed(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, all := range []bool{true, false} {
		if _, err := show(t, t.Context(), &list{broken: broken}, Options{All: all}); !errors.Is(err, broken) {
			t.Errorf("all %t: %v", all, err)
		}
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	in := &inbox.FeedMessage{Direction: channels.In, Type: channels.TypeText, Text: "hello"}
	out := &inbox.FeedMessage{Direction: channels.Out, Type: "image"}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local)
	created := func(m *inbox.FeedMessage) inbox.FeedChange {
		return inbox.FeedChange{Kind: "message.created", Message: m}
	}
	updated := func(by channels.Kind, m *inbox.FeedMessage) inbox.FeedChange {
		return inbox.FeedChange{Kind: "message.updated", Event: by, Message: m}
	}
	told := func(u channels.Update) inbox.FeedChange { return inbox.FeedChange{Kind: "event.created", Update: &u} }
	for name, c := range map[string]struct {
		change inbox.FeedChange
		want   string // fields
	}{
		"in":        {inbox.FeedChange{Kind: "message.created", Channel: "telegram", Contact: "Ada", Message: in}, "telegram ← Ada hello"},
		"out":       {inbox.FeedChange{Kind: "message.created", Channel: "telegram", Thread: "49", Message: out}, "telegram → 49 [image]"},
		"caption":   {created(&inbox.FeedMessage{Type: "image", Text: "me"}), "← - [image] me"},
		"edited":    {updated(channels.KindEdit, in), "· - edited: hello"},
		"delivered": {updated(channels.KindStatus, &inbox.FeedMessage{Type: channels.TypeText, Text: "x", Status: channels.Delivered}), "· - delivered: x"},
		"deleted":   {updated(channels.KindDelete, &inbox.FeedMessage{Deleted: true}), "· - deleted: (deleted)"},
		"reaction":  {updated(channels.KindReaction, in), "· - reaction: hello"},
		"system":    {told(channels.Update{System: &channels.System{Type: "service", Detail: "joined"}}), "· - service joined"},
		"read":      {told(channels.Update{Watermark: &channels.Watermark{State: channels.Read, Until: at}}), "· - read until 03:04:05"},
		"other":     {inbox.FeedChange{Kind: "conversation.merged"}, "· - conversation merged"},
		"control":   {created(&inbox.FeedMessage{Type: channels.TypeText, Text: "\x1b[31mtwo\nlines\u009b"}), "← - [31mtwo lines"},
	} {
		c.change.At = at
		got := line(c.change, false)
		if strings.Join(strings.Fields(got), " ") != "03:04:05 "+c.want {
			t.Errorf("%s: %q, want the fields %q", name, got, c.want)
		}
		if !strings.HasPrefix(got[len("03:04:05  "):], fmt.Sprintf("%-10s ", c.change.Channel)) {
			t.Errorf("%s: %q is not in columns", name, got)
		}
	}
	if got := line(inbox.FeedChange{Kind: "message.created", Message: in}, true); !strings.Contains(got, "\x1b[36m←\x1b[0m") {
		t.Errorf("in colour: %q", got)
	}
	long := line(inbox.FeedChange{Kind: "message.created", Message: &inbox.FeedMessage{Type: channels.TypeText, Text: strings.Repeat("ä", 500)}}, false)
	if strings.Count(long, "ä") != longestText || !strings.HasSuffix(long, "…") {
		t.Errorf("a long text: %q", long)
	}
}
