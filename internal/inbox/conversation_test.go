package inbox_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

func TestSomebodyWaitsFromTheirFirstMessageUntilOneOfOurs(t *testing.T) {
	t.Parallel()
	type step struct {
		direction channels.Direction
		minute    int
		history   bool
		waits     int // since this minute; -1: nobody does
	}
	for name, steps := range map[string][]step{
		"answered":                            {{channels.In, 1, false, 1}, {channels.In, 2, false, 1}, {channels.Out, 3, false, -1}, {channels.In, 4, false, 4}},
		"history":                             {{channels.In, 1, true, -1}, {channels.Out, 2, true, -1}},
		"what we said before does not answer": {{channels.In, 5, false, 5}, {channels.Out, 4, false, 5}},
		"our own word":                        {{channels.Out, 1, false, -1}},
	} {
		c := inbox.NewConversation(uuid.New(), uuid.New(), "1")
		for n, s := range steps {
			c.Add(s.direction, noon.Add(time.Duration(s.minute)*time.Minute), s.history, 0)
			want := noon.Add(time.Duration(s.waits) * time.Minute)
			if s.waits < 0 {
				want = time.Time{}
			}
			if !c.WaitingSince.Equal(want) {
				t.Errorf("%s, step %d: waits since %v, want %v", name, n, c.WaitingSince, want)
			}
		}
	}
}

func TestACustomersMessageWakesAConversation(t *testing.T) {
	t.Parallel()
	for _, status := range []inbox.ConversationStatus{inbox.Snoozed, inbox.Pending, inbox.Resolved} {
		c := inbox.Conversation{Status: status, SnoozedUntil: noon.Add(time.Hour)}
		if c.Add(channels.Out, noon, false, 0); c.Status != status {
			t.Errorf("our message makes it %s", c.Status)
		}
		if c.Add(channels.In, noon, true, 0); c.Status != status {
			t.Errorf("history makes it %s", c.Status)
		}
		if c.Add(channels.In, noon, false, 0); c.Status != inbox.Open || !c.SnoozedUntil.IsZero() {
			t.Errorf("a message makes it %s until %v", c.Status, c.SnoozedUntil)
		}
	}
}

func TestOfTwoConversationsThatAreOneTheMoreUrgentStands(t *testing.T) {
	t.Parallel()
	ada, ben := uuid.New(), uuid.New()
	for name, test := range map[string]struct{ one, other, want inbox.Conversation }{
		"open beats all": {
			inbox.Conversation{Status: inbox.Snoozed, SnoozedUntil: noon}, inbox.Conversation{Status: inbox.Open, WaitingSince: noon},
			inbox.Conversation{Status: inbox.Open, WaitingSince: noon},
		},
		"snoozed beats resolved": {
			inbox.Conversation{Status: inbox.Resolved}, inbox.Conversation{Status: inbox.Snoozed, SnoozedUntil: noon, Assignee: ben},
			inbox.Conversation{Status: inbox.Snoozed, SnoozedUntil: noon, Assignee: ben},
		},
		"resolved adds nothing": {
			inbox.Conversation{Status: inbox.Pending, Assignee: ada}, inbox.Conversation{Status: inbox.Resolved, Assignee: ben},
			inbox.Conversation{Status: inbox.Pending, Assignee: ada},
		},
		"the longest wait": {
			inbox.Conversation{Status: inbox.Open, WaitingSince: noon.Add(time.Hour)}, inbox.Conversation{Status: inbox.Open, WaitingSince: noon},
			inbox.Conversation{Status: inbox.Open, WaitingSince: noon},
		},
	} {
		if test.one.Absorb(test.other); test.one != test.want {
			t.Errorf("%s: %+v", name, test.one)
		}
	}
}

func TestAChangeOfLabelsIsWhatIsDifferent(t *testing.T) {
	t.Parallel()
	a, b, c := uuid.New(), uuid.New(), uuid.New()
	for name, test := range map[string]struct {
		change         inbox.ConversationChange
		added, removed int
	}{
		"nothing":    {inbox.ConversationChange{}, 0, 0},
		"all anew":   {inbox.ConversationChange{Labels: &[]uuid.UUID{b, c, c}}, 1, 1},
		"none":       {inbox.ConversationChange{Labels: &[]uuid.UUID{}}, 0, 2},
		"one more":   {inbox.ConversationChange{AddLabels: []uuid.UUID{a, c}}, 1, 0},
		"one less":   {inbox.ConversationChange{RemoveLabels: []uuid.UUID{a, c}}, 0, 1},
		"in and out": {inbox.ConversationChange{AddLabels: []uuid.UUID{c}, RemoveLabels: []uuid.UUID{c}}, 0, 0},
	} {
		added, removed := test.change.LabelChanges([]uuid.UUID{a, b})
		if len(added) != test.added || len(removed) != test.removed {
			t.Errorf("%s: %d added, %d removed", name, len(added), len(removed))
		}
	}
}

func TestWhatHelpsAgainstAFailure(t *testing.T) {
	t.Parallel()
	templates := channels.Spec{Sends: channels.Abilities{Templates: true}}
	tagged := channels.Spec{Tag: &channels.ReplyTag{Name: "HUMAN_AGENT", Window: time.Hour}}
	for _, test := range []struct {
		spec   channels.Spec
		status channels.DeliveryState
		code   string
		want   inbox.Fix
		again  bool
	}{
		{templates, channels.Failed, "131047", inbox.FixTemplate, false},
		{templates, channels.Failed, "window_closed", inbox.FixTemplate, false},
		{tagged, channels.Failed, "10-2018278", inbox.FixTag, false},
		{channels.Spec{}, channels.Failed, "10-2018278", inbox.FixNone, false},
		{templates, channels.Failed, "template_not_approved", inbox.FixTemplate, false},
		{templates, inbox.Unknown, "unknown", inbox.FixRetry, true},
		{templates, channels.Failed, "gave_up", inbox.FixRetry, true},
		{templates, channels.Failed, "credentials", inbox.FixReconnect, true},
		{templates, channels.Failed, "131026", inbox.FixNone, false},
	} {
		if fix, again := inbox.FixOf(test.spec, test.status, test.code); fix != test.want || again != test.again {
			t.Errorf("%s %s: %s, %v", test.status, test.code, fix, again)
		}
	}
}

func TestReactionsAreCountedBySide(t *testing.T) {
	t.Parallel()
	got := inbox.CountReactions(map[string][]string{"us": {"👍"}, "ada": {"👍", "❤"}, "ben": {"❤"}}, "us")
	want := []inbox.ReactionCount{{"❤", false, 2}, {"👍", false, 1}, {"👍", true, 1}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("%+v, want %+v", got[n], want[n])
		}
	}
}
