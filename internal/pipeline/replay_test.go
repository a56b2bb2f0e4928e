package pipeline_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// archive is a replay store in memory.
type archive struct {
	webhooks []inbox.LoggedWebhook
	rows     map[string]*inbox.KeptRow // by external id
	written  []inbox.Correction
	readable []uuid.UUID
	replay   func(inbox.Correction) (bool, error) // nil: written
}

// webhookID numbers webhooks from 1.
func webhookID(n int) uuid.UUID { return uuid.UUID{15: byte(n)} }

func (a *archive) log(body, parseError string) {
	id := webhookID(len(a.webhooks) + 1)
	a.webhooks = append(a.webhooks, inbox.LoggedWebhook{ReceivedAt: time.Unix(int64(len(a.webhooks)), 0), Webhook: inbox.Webhook{
		ID: id, Channel: "plainchat", CredentialAccount: "shop", Body: []byte(body), ParseError: parseError,
	}})
}

// keep makes a row of a webhook, by default a processed one, with the text.
func (a *archive) keep(webhook int, id, text string, change func(*inbox.KeptRow)) {
	row := &inbox.KeptRow{
		ID: uuid.NewSHA1(uuid.Nil, []byte(id)), Webhook: webhookID(webhook), Kind: "message", Key: id, State: inbox.StateProcessed,
		Reading: inbox.Reading{Thread: "a", Type: "text", Text: text, Content: fmt.Appendf(nil, ` {"text": %q, "direction": "in", "type": "text"}`, text)},
	}
	if change != nil {
		change(row)
	}
	a.rows[id] = row
}

func (a *archive) Webhooks(_ context.Context, _ inbox.WebhookSelection, after uuid.UUID, most int) ([]inbox.LoggedWebhook, error) {
	first, _ := slices.BinarySearchFunc(a.webhooks, after, func(w inbox.LoggedWebhook, id uuid.UUID) int {
		return cmp.Or(cmp.Compare(w.ID.String(), id.String()), -1)
	})
	return a.webhooks[first:min(first+most, len(a.webhooks))], nil
}

func (a *archive) Kept(_ context.Context, webhooks []inbox.Webhook) ([]inbox.Kept, error) {
	kept := make([]inbox.Kept, len(webhooks))
	for i, w := range webhooks {
		named := map[string]bool{}
		for _, e := range w.Events {
			named[e.ID] = true
			kept[i].Events, kept[i].Rows = append(kept[i].Events, e), append(kept[i].Rows, a.rows[e.ID])
		}
		for id, row := range a.rows {
			if row.Webhook == w.ID && !named[id] {
				kept[i].Others = append(kept[i].Others, *row)
			}
		}
	}
	return kept, nil
}

func (*archive) Reading(c inbox.Change) (r inbox.Reading, err error) {
	r = inbox.Reading{Thread: c.Row.Event.Thread}
	if m := c.Update.Message; m != nil {
		r.Type, r.Text = string(m.Type), m.Text
		r.Content, err = json.Marshal(m)
		return r, err
	}
	r.Content, err = json.Marshal(c.Update)
	return r, err
}

func (a *archive) Replay(_ context.Context, c inbox.Correction) (bool, error) {
	if a.replay != nil {
		return a.replay(c)
	}
	a.written = append(a.written, c)
	return true, nil
}

func (a *archive) Readable(_ context.Context, webhook uuid.UUID, events int) error {
	if events != 1 {
		return fmt.Errorf("%d events", events)
	}
	a.readable = append(a.readable, webhook)
	return nil
}

// run replays the archive and returns what it reported, a line for each difference, and the tally.
func (a *archive) run(t *testing.T, apply bool, limit int) ([]string, pipeline.Tally) {
	t.Helper()
	var reported []string
	shown := 0
	r := pipeline.Replayer{
		Store: a, Apply: apply, Limit: limit,
		Report: func(d pipeline.Difference) {
			line := strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Verdict, d.Event.ID, d.Reason))
			if d.Written {
				line += " (written)"
			}
			if d.Refused != "" {
				line += " (refused)"
			}
			reported = append(reported, line)
		},
		Progress: func(p pipeline.Progress) { shown = p.Webhooks },
	}
	progress, err := r.Run(t.Context(), inbox.WebhookSelection{})
	if err != nil {
		t.Fatal(err)
	}
	if shown != progress.Webhooks {
		t.Errorf("progress ended at %d of %d", shown, progress.Webhooks)
	}
	var total pipeline.Tally
	for _, tally := range progress.Tallies {
		total = total.Plus(*tally)
	}
	return reported, total
}

func dead(reason string) func(*inbox.KeptRow) {
	return func(row *inbox.KeptRow) {
		row.State, row.Reason, row.Reading = inbox.StateDead, reason, inbox.Reading{}
	}
}

// everything has one event for each verdict.
func everything() *archive {
	a := &archive{rows: map[string]*inbox.KeptRow{}}
	a.log("a same hello\na new hello\na changed hello\na dead incomprehensible\na lost incomprehensible\na understood hello\na waiting hello\n"+
		"a stillborn incomprehensible\na folded hello\na same again\n", "")
	a.log("a same something else\na new hello\n", "")
	a.log("nonsense", "")
	a.log("nonsense too", "it never could be read")
	a.log("a late hello\n", "it never could be read")
	a.keep(1, "same", "hello", nil)
	a.keep(1, "changed", "helo", nil)
	a.keep(1, "dead", "", dead("no such type"))
	a.keep(1, "lost", "hello", nil)
	a.keep(1, "understood", "", dead("no such type"))
	a.keep(1, "waiting", "", func(row *inbox.KeptRow) { row.State = inbox.StateStored })
	a.keep(1, "folded", "hello", func(row *inbox.KeptRow) { row.Folded, row.Reading.Text = true, "" })
	a.keep(2, "gone", "hello", nil)
	a.keep(3, "of the unreadable", "hello", nil)
	return a
}

func TestReplayFindsEveryDifference(t *testing.T) {
	t.Parallel()
	a := everything()
	reported, tally := a.run(t, false, 0)
	want := []string{
		"new new", "changed changed", "lost lost normalizing: nobody understands this", "understood understood no such type",
		"new stillborn normalizing: nobody understands this", "gone gone", `unreadable  "nonsense" has no three fields`, "new late",
	}
	if diff := gocmp.Diff(want, reported); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantTally := pipeline.Tally{
		Webhooks: 5, Unreadable: 2, Events: 13, Same: 2, New: 3, Changed: 1, Understood: 1, Dead: 1, Lost: 1, Gone: 1, Repeated: 3, Waiting: 1,
	}
	if diff := gocmp.Diff(wantTally, tally); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(a.written)+len(a.readable) != 0 {
		t.Errorf("written: %v, %v", a.written, a.readable)
	}
}

func TestReplayWritesWhatTodaysCodeSays(t *testing.T) {
	t.Parallel()
	a := everything()
	reported, tally := a.run(t, true, 0)
	if tally.Written != 5 || tally.Refused != 0 || !slices.Contains(reported, "changed changed (written)") {
		t.Errorf("%+v, %q", tally, reported)
	}
	var written []string
	for _, c := range a.written {
		line := fmt.Sprintf("%s of %s, row %t", c.Row.Event.ID, c.Webhook, c.Row.ID != uuid.Nil)
		if c.Update.Message != nil {
			line += ": " + c.Update.Message.Text
		}
		if c.Dead != "" {
			line += " dead: " + c.Dead
		}
		written = append(written, line)
		if c.Row.ChannelAccount != inbox.AccountID("plainchat", "shop") || c.Row.Channel != "plainchat" || c.Row.CredentialAccount != "shop" ||
			c.Row.Event.Account != "shop" {
			t.Errorf("%s: row %+v", line, c.Row)
		}
	}
	first, last := webhookID(1), webhookID(5)
	want := []string{
		fmt.Sprintf("new of %s, row false: hello", first), fmt.Sprintf("changed of %s, row true: hello", first),
		fmt.Sprintf("understood of %s, row true: hello", first),
		fmt.Sprintf("stillborn of %s, row false dead: normalizing: nobody understands this", first), fmt.Sprintf("late of %s, row false: hello", last),
	}
	if diff := gocmp.Diff(want, written); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff([]uuid.UUID{last}, a.readable); diff != "" {
		t.Errorf("readable now (-want +got):\n%s", diff)
	}
}

func TestWhatTheStoreRefusesDoesNotEndTheReplay(t *testing.T) {
	t.Parallel()
	a := everything()
	a.replay = func(c inbox.Correction) (bool, error) {
		switch c.Row.Event.ID {
		case "new":
			return false, fmt.Errorf("replaying an event: %w", inbox.ErrUnstorable)
		case "changed":
			return false, nil // another took it meanwhile
		}
		return true, nil
	}
	reported, tally := a.run(t, true, 0)
	if tally.Refused != 1 || tally.Written != 3 || !slices.Contains(reported, "new new (refused)") || !slices.Contains(reported, "changed changed") {
		t.Errorf("%+v, %q", tally, reported)
	}
	a.replay = func(inbox.Correction) (bool, error) { return false, errors.New("connection lost") }
	r := pipeline.Replayer{Store: a, Apply: true, Report: func(pipeline.Difference) {}, Progress: func(pipeline.Progress) {}}
	if _, err := r.Run(t.Context(), inbox.WebhookSelection{}); err == nil || !strings.Contains(err.Error(), "connection lost") {
		t.Errorf("the store's error wanted, got %v", err)
	}
}

func TestReplayReadsPagesUpToItsLimit(t *testing.T) {
	t.Parallel()
	a := &archive{rows: map[string]*inbox.KeptRow{}}
	for n := range 120 {
		a.log(fmt.Sprintf("a %d hello\n", n), "")
	}
	for limit, want := range map[int]int{0: 120, 1: 1, 25: 25, 60: 60, 500: 120} {
		if _, tally := a.run(t, false, limit); tally.Webhooks != want || tally.New != want {
			t.Errorf("limit %d: %+v, want %d webhooks", limit, tally, want)
		}
	}
}

func TestWebhooksOfAChannelThatIsGoneAreUnreadable(t *testing.T) {
	t.Parallel()
	a := &archive{rows: map[string]*inbox.KeptRow{}}
	a.log("a 1 hello\n", "")
	a.webhooks[0].Channel = "pigeon"
	reported, tally := a.run(t, true, 0)
	if tally.Unreadable != 1 || len(reported) != 1 || !strings.Contains(reported[0], "no such channel") {
		t.Errorf("%+v, %q", tally, reported)
	}
}

func TestUnderstands(t *testing.T) {
	t.Parallel()
	for text, understood := range map[string]bool{"hello": true, "incomprehensible": false, "panic": false} {
		err := pipeline.Understands(inbox.Row{Channel: "plainchat", Event: channels.Event{
			Kind: channels.KindMessage, Thread: "a", ID: "1", Raw: []byte("a 1 " + text),
		}})
		if (err == nil) != understood {
			t.Errorf("%s: %v", text, err)
		}
	}
}
