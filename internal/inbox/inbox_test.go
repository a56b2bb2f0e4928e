package inbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"omni/channels"
	"omni/internal/inbox"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestKeysFitAnIndex(t *testing.T) {
	t.Parallel()
	if got := inbox.Key("wamid.1"); got != "wamid.1" {
		t.Errorf("a usual id became %q", got)
	}
	long := strings.Repeat("x", 513)
	if got := inbox.Key(long); len(got) > 512 || got != inbox.Key(long) || got == inbox.Key(long+"y") {
		t.Errorf("a long id became %q", got)
	}
}

func TestAccountIDsNeverChange(t *testing.T) {
	t.Parallel()
	if got := inbox.AccountID("whatsapp", "1"); got != uuid.MustParse("e81c6b33-f0d7-5405-b9ff-03efc8d5ff29") {
		t.Errorf("databases out there know this account by another id than %s", got)
	}
	if inbox.AccountID("a", "bc") == inbox.AccountID("ab", "c") {
		t.Error("two accounts share an id")
	}
}

func TestGroupsAreLanes(t *testing.T) {
	t.Parallel()
	one, other := inbox.Job{Lane: "a", UpTo: 1}, inbox.Job{Lane: "b", UpTo: 1}
	if one.Group() == other.Group() {
		t.Error("two lanes share a group")
	}
	if one.Group() != (inbox.Job{ID: uuid.Max, Lane: "a", UpTo: 2}).Group() {
		t.Error("two jobs of a lane have different groups")
	}
	if group := one.Group(); len(group) != 32 {
		t.Errorf("group %q", group)
	}
}

func fact(id string, at int, u channels.Update) inbox.Fact {
	return inbox.Fact{ID: id, At: noon.Add(time.Duration(at) * time.Second), Update: u}
}

func stateFact(id string, at int, state channels.DeliveryState) inbox.Fact {
	return fact(id, at, channels.Update{Status: &channels.Status{State: state}})
}

func reactionFact(id string, at int, actor string, emojis ...string) inbox.Fact {
	return fact(id, at, channels.Update{Reaction: &channels.Reaction{Actor: actor, Emojis: emojis}})
}

func editFact(id string, at, number int, text string) inbox.Fact {
	return fact(id, at, channels.Update{Edit: &channels.Edit{Number: number, Content: &channels.Message{Type: channels.TypeText, Text: text}}})
}

func TestFold(t *testing.T) {
	t.Parallel()
	sent := channels.Message{Direction: channels.Out, Type: channels.TypeText, Text: "hello"}
	photo := channels.Message{
		Direction: channels.In, Type: "image", Text: "caption", ReplyTo: "m0", Attachments: []channels.Attachment{{Kind: channels.Image, MediaID: "f"}},
	}
	recaptioned := photo
	recaptioned.Text = "better"
	for name, test := range map[string]struct {
		message channels.Message
		facts   []inbox.Fact
		want    inbox.Folded
	}{
		"nothing was told": {sent, nil, inbox.Folded{Text: "hello", Status: channels.Sent}},
		"received messages have no status": {
			photo, []inbox.Fact{stateFact("s", 1, channels.Read)}, inbox.Folded{Text: "caption"},
		},
		"the furthest status counts": {
			sent, []inbox.Fact{stateFact("s1", 1, channels.Read), stateFact("s2", 2, channels.Delivered)}, inbox.Folded{Text: "hello", Status: channels.Read},
		},
		"failed is final": {
			sent, []inbox.Fact{stateFact("s1", 1, channels.Failed), stateFact("s2", 2, channels.Delivered)}, inbox.Folded{Text: "hello", Status: channels.Failed},
		},
		"unknown words change nothing": {
			sent, []inbox.Fact{stateFact("s1", 1, "in_orbit")}, inbox.Folded{Text: "hello", Status: channels.Sent},
		},
		"the last reaction of each person": {
			photo,
			[]inbox.Fact{reactionFact("r1", 1, "a", "👍"), reactionFact("r2", 2, "a", "❤"), reactionFact("r3", 3, "b", "😂"), reactionFact("r4", 4, "b")},
			inbox.Folded{Text: "caption", Reactions: map[string][]string{"a": {"❤"}}},
		},
		"the last edit, by the platform's count": {
			sent,
			[]inbox.Fact{editFact("e2", 1, 2, "third"), editFact("e1", 5, 1, "second")},
			inbox.Folded{
				Text: "third", Status: channels.Sent, EditedAt: noon.Add(time.Second),
				Edited: &channels.Message{Direction: channels.Out, Type: channels.TypeText, Text: "third"},
			},
		},
		"an edited caption keeps its photo": {
			photo, []inbox.Fact{editFact("e", 1, 0, "better")},
			inbox.Folded{Text: "better", EditedAt: noon.Add(time.Second), Edited: &recaptioned},
		},
		"late content is no edit": {
			channels.Message{Direction: channels.In, Type: channels.TypeUnsupported},
			[]inbox.Fact{fact("e", 1, channels.Update{Edit: &channels.Edit{Late: true, Content: &photo}})},
			inbox.Folded{Text: "caption", Edited: &photo},
		},
		"a deletion is final": {
			photo,
			[]inbox.Fact{editFact("e", 3, 0, "late"), fact("d", 2, channels.Update{Delete: &channels.Delete{}})},
			inbox.Folded{
				DeletedAt: noon.Add(2 * time.Second), EditedAt: noon.Add(3 * time.Second),
				Edited: &channels.Message{Direction: channels.In, Type: "image", Text: "late", ReplyTo: "m0", Attachments: photo.Attachments},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, inbox.Fold(test.message, test.facts)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever the order in which facts come, and however often they are repeated, the message ends up the same.
func TestFoldDoesNotDependOnTheOrderOfFacts(t *testing.T) {
	t.Parallel()
	states := []channels.DeliveryState{channels.Sent, channels.Delivered, channels.Read, channels.Failed, "in_orbit"}
	facts := rapid.Custom(func(t *rapid.T) inbox.Fact {
		id, at := rapid.StringN(1, 3, -1).Draw(t, "id"), rapid.IntRange(0, 3).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return stateFact("status/"+id, at, rapid.SampledFrom(states).Draw(t, "state"))
		case 1:
			return reactionFact("reaction/"+id, at, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "actor"), rapid.SliceOfN(rapid.Just("👍"), 0, 1).Draw(t, "emojis")...)
		case 2:
			return editFact("edit/"+id, at, rapid.IntRange(0, 2).Draw(t, "number"), id)
		}
		return fact("delete/"+id, at, channels.Update{Delete: &channels.Delete{}})
	})
	message := channels.Message{Direction: channels.Out, Type: channels.TypeText, Text: "hello"}
	rapid.Check(t, func(t *rapid.T) {
		told := rapid.SliceOfNDistinct(facts, 0, 8, func(f inbox.Fact) string { return f.ID }).Draw(t, "facts")
		shuffled := rapid.Permutation(append(told, told...)).Draw(t, "shuffled")
		if diff := cmp.Diff(inbox.Fold(message, told), inbox.Fold(message, shuffled)); diff != "" {
			t.Fatalf("in another order and doubled (-first +second):\n%s", diff)
		}
	})
}

func TestConversationRules(t *testing.T) {
	t.Parallel()
	c := inbox.NewConversation(uuid.Max, uuid.Max, "t")
	c.Add(channels.Out, noon.Add(-2*time.Hour), false, 24*time.Hour)
	if c.Status != inbox.Resolved || c.Unread != 0 {
		t.Errorf("what the business wrote waits for nobody: %+v", c)
	}
	c.Add(channels.In, noon, false, 24*time.Hour)
	if c.Status != inbox.Open || c.Unread != 1 || !c.WindowExpiresAt.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("a customer's message opens the conversation and the window: %+v", c)
	}
	c.Add(channels.In, noon.Add(-time.Hour), false, 24*time.Hour)
	if !c.LastInboundAt.Equal(noon) || !c.WindowExpiresAt.Equal(noon.Add(24*time.Hour)) || c.Unread != 2 {
		t.Errorf("a late message closes no window: %+v", c)
	}
	before := c
	c.Add(channels.In, noon.Add(time.Hour), true, 24*time.Hour)
	before.LastMessageAt = noon.Add(time.Hour)
	if diff := cmp.Diff(before, c); diff != "" {
		t.Errorf("history only dates the conversation (-want +got):\n%s", diff)
	}
	if c.Mark(channels.Watermark{State: channels.Read, Until: noon}); c.Reached(noon) != channels.Read || c.Reached(noon.Add(1)) != "" || c.Reached(time.Time{}) != "" {
		t.Errorf("watermark: %+v", c)
	}
	if c.Mark(channels.Watermark{State: channels.Read, Until: noon.Add(-time.Hour)}) {
		t.Error("a lower watermark is no news")
	}
}
