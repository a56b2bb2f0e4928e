package crash

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"omni/channels"
	platforms "omni/channels/simulate"
)

// customers is how many there are: on WhatsApp one shows number and user id, one the user id, one the number.
const customers = 3

// move is how a happening was drawn.
type move struct {
	kind     string
	customer int
	seconds  int  // since the one before
	view     bool // by number alone, where the customer has both
	about    int  // picks what a status is about
}

// chatter are the kinds of which a conversation mostly consists, on whichever platform: without them, facts would rarely meet their messages.
var chatter = []string{
	"text", "image", "photo", "business_message", "echo", "echo_text", "echo_image", "business_message_of_the_owner",
	"reaction", "reaction_removed", "unreact", "message_reaction", "message_reaction_removed",
	"edit", "echo_edit", "edited_message", "edited_business_message", "delete", "revoke", "echo_revoke", "deleted_business_messages",
	"read", "delivery", "status_sent", "status_delivered", "status_read", "status_failed", "history",
}

func moves(platform platforms.Platform) *rapid.Generator[[]move] {
	all := platform.Kinds()
	common := slices.DeleteFunc(slices.Clone(chatter), func(kind string) bool { return !slices.Contains(all, kind) })
	kinds := rapid.OneOf(rapid.SampledFrom(common), rapid.SampledFrom(common), rapid.SampledFrom(all))
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) move {
		return move{
			kinds.Draw(t, "kind"), rapid.IntRange(0, customers-1).Draw(t, "customer"), rapid.SampledFrom([]int{0, 1, 90}).Draw(t, "seconds"),
			rapid.IntRange(0, 3).Draw(t, "view") == 3, rapid.IntRange(0, 9).Draw(t, "about"),
		}
	}), 1, 16)
}

// story keeps what later events can be about.
type story struct {
	platform platforms.Platform
	random   *rand.Rand
	at       time.Time
	serial   int
	earlier  map[int][]string // messages by customer
	echoes   map[int][]int    // serials of what the business said, by customer
	told     map[event]bool   // two tellings of one thing are not the same bytes, and the first counts
}

// happen makes up what happens between one account and a few customers. What the platform does not have is left out, and what is about an
// earlier message where there is none.
func happen(platform platforms.Platform, moves []move) []happening {
	s := &story{
		platform: platform, random: rand.New(rand.NewPCG(1, 1)), at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		earlier: map[int][]string{}, echoes: map[int][]int{}, told: map[event]bool{},
	}
	var all []happening
	for _, m := range moves {
		if h, ok := s.tell(m); ok {
			all = append(all, h)
		}
	}
	return all
}

func (s *story) tell(m move) (h happening, ok bool) {
	s.serial++
	s.at = s.at.Add(time.Duration(m.seconds) * time.Second)
	made, err := s.platform.Event(m.kind, platforms.Scene{
		Rand: s.random, At: s.at, Account: "100200300400500", Customer: platforms.Customer{Number: m.customer, Name: fmt.Sprint("Customer ", m.customer)},
		Serial: s.serialOf(m), Run: "run", Earlier: s.earlier[m.customer],
	})
	if err != nil {
		return happening{}, false
	}
	for _, e := range made.Expect {
		if s.told[event{kind: e.Kind, id: e.ID}] {
			return happening{}, false
		}
	}
	for _, e := range made.Expect {
		s.told[event{kind: e.Kind, id: e.ID}] = true
		if e.Kind == channels.KindMessage {
			s.earlier[m.customer] = append(s.earlier[m.customer], e.ID)
		}
	}
	h = happening{kind: m.kind, event: made, webhook: s.platform.Webhooks([]platforms.Event{made})[0]}
	if m.view {
		h.webhook.Body, h.viewed = hideUserID(h.webhook.Body)
	}
	return h, true
}

// serialOf makes the simulator's WhatsApp statuses, which are about a message of their own, statuses of what the business said before.
func (s *story) serialOf(m move) int {
	said := s.echoes[m.customer]
	switch {
	case m.kind == "echo_text" || m.kind == "echo_image":
		s.echoes[m.customer] = append(said, s.serial)
	case strings.HasPrefix(m.kind, "status_") && len(said) > 0:
		return said[m.about%len(said)]
	}
	return s.serial
}

// hideUserID makes of a WhatsApp body about a customer with a number and a user id one that shows the number alone, as older events do.
// It reports whether it changed anything.
func hideUserID(body []byte) ([]byte, bool) {
	var content any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&content) != nil || !hide(content) {
		return body, false
	}
	changed, err := json.Marshal(content)
	return changed, err == nil
}

// userIDs are the members that name a customer by user id, with those that name them by number beside it.
var userIDs = map[string]string{
	"user_id": "wa_id", "from_user_id": "from", "to_user_id": "to", "recipient_user_id": "recipient_id",
}

func hide(content any) (changed bool) {
	switch v := content.(type) {
	case []any:
		for _, element := range v {
			changed = hide(element) || changed
		}
	case map[string]any:
		for id, number := range userIDs {
			if v[id] != nil && v[number] != nil {
				delete(v, id)
				changed = true
			}
		}
		for _, member := range v {
			changed = hide(member) || changed
		}
	}
	return changed
}
