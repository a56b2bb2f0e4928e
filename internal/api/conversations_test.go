package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/api"
	"omni/internal/inbox"
)

func TestAConversationShowsWhatAnAgentNeeds(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "Hello!")
	var c api.Conversation
	ada.Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
	if c.Channel != "whatsapp" || c.Account != ourNumber || c.Thread != "4915" || c.Status != inbox.Open || c.Unread != 1 || c.Failed {
		t.Errorf("%+v", c)
	}
	if c.Contact == nil || *c.Contact.Name != "Customer 4915" || *c.Contact.Phone != "+4915" || c.Title != nil || c.Assignee != nil {
		t.Errorf("%+v", c)
	}
	if c.WaitingSince == nil || c.WindowExpiresAt == nil || !time.Time(*c.WindowExpiresAt).After(time.Now()) || c.TagWindowExpiresAt != nil {
		t.Errorf("%+v", c)
	}
	if m := c.LastMessage; m == nil || m.Text != "Hello!" || m.Direction != channels.In || m.Status != nil {
		t.Errorf("%+v", m)
	}
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, path(uuid.New()), nil)
}

// A chat of which only an event is known can be looked at, and is answered only once the customer has written where that is the rule.
func TestTheWindowOfAChatInWhichNobodyHasWrittenIsClosed(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.happens("whatsapp", channels.Event{Kind: channels.KindSystem, Thread: "4915", At: time.Now()}, channels.Update{System: &channels.System{Type: "service"}})
	var c api.Conversation
	s.Agent("ada").Want(http.StatusOK, http.MethodGet, path(s.conversation("4915")), nil, &c)
	if c.WindowExpiresAt == nil || time.Time(*c.WindowExpiresAt).After(time.Now()) || c.LastMessage != nil || c.LastMessageAt != nil {
		t.Errorf("%+v", c)
	}
}

func TestListsAreFilteredAndOrdered(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada, boss := s.Agent("ada"), s.Admin("boss")
	base := time.Now().Add(-time.Hour).Truncate(time.Second)
	ids := map[string]uuid.UUID{}
	for n, customer := range []string{"1", "2", "3", "4", "5"} {
		ids[customer] = s.saysAt(customer, "hello", base.Add(time.Duration(n)*time.Minute))
	}
	s.happens("telegram", channels.Event{Kind: channels.KindMessage, Thread: "6", At: base}, message("6", "hi"))
	var vip api.Label
	boss.Want(http.StatusCreated, http.MethodPost, "/v1/labels", `{"name":"VIP","color":"#aabbcc"}`, &vip)
	me := ada.ID()
	ada.Want(http.StatusOK, http.MethodPatch, path(ids["2"]), map[string]any{"assignee_id": me, "label_ids": []uuid.UUID{vip.ID}}, nil)
	ada.Want(http.StatusOK, http.MethodPatch, path(ids["3"]), `{"status":"resolved"}`, nil)
	ada.Want(http.StatusOK, http.MethodPatch, path(ids["4"]), `{"status":"pending"}`, nil)
	ada.Want(http.StatusOK, http.MethodPost, path(ids["5"], "read"), nil, nil)
	s.answers(ada, ids["1"], "k1", "We are on it.") // now the latest, read, and nobody waits there
	account := inbox.AccountID("whatsapp", ourNumber)
	for query, want := range map[string][]string{
		"":                             {"1", "5", "2", "6"},
		"status=all":                   {"1", "5", "4", "3", "2", "6"},
		"status=resolved":              {"3"},
		"status=pending":               {"4"},
		"status=snoozed":               {},
		"sort=oldest":                  {"6", "2", "5", "1"},
		"sort=waiting":                 {"6", "2", "5", "1"},
		"assignee=me":                  {"2"},
		"assignee=none":                {"1", "5", "6"},
		"assignee=" + me.String():      {"2"},
		"assignee=" + uuid.NewString(): {},
		"label=" + vip.ID.String():     {"2"},
		"label=" + vip.ID.String() + "&unread=true":               {"2"},
		"label=" + vip.ID.String() + "&sort=oldest&assignee=none": {},
		"unread=true":                    {"2", "6"},
		"unread=true&assignee=me":        {"2"},
		"unread=true&assignee=none":      {"6"},
		"unread=true&sort=oldest":        {"6", "2"},
		"unread=true&channel=telegram":   {"6"},
		"channel=telegram":               {"6"},
		"channel=whatsapp":               {"1", "5", "2"},
		"channel=nochannel":              {},
		"channel=telegram&sort=waiting":  {"6"},
		"assignee=none&sort=waiting":     {"6", "5", "1"},
		"account_id=" + account.String(): {"1", "5", "2"},
		"status=all&account_id=" + account.String() + "&sort=oldest": {"2", "3", "4", "5", "1"},
	} {
		for _, limit := range []string{"100", "2", "1"} {
			if diff := cmp.Diff(want, list(t, ada, query+"&limit="+limit)); diff != "" {
				t.Errorf("%s, %s a page (-want +got):\n%s", query, limit, diff)
			}
		}
	}
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, "/v1/conversations?cursor=nonsense", nil)
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, "/v1/conversations?assignee=you", nil)
}

// Whatever happens while somebody pages, what nobody touches is seen once.
func TestPagingMissesAndDoublesNothingThatStays(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	random := rand.New(rand.NewPCG(1, 7))
	base := time.Now().Add(-time.Hour).Truncate(time.Second)
	ids := map[string]uuid.UUID{}
	for n := range 40 {
		customer := fmt.Sprint(100 + n)
		ids[customer] = s.saysAt(customer, "hello", base.Add(time.Duration(n/4)*time.Second)) // some at the same time
	}
	for _, order := range []string{"recent", "oldest", "waiting"} {
		seen, touched := map[string]int{}, map[string]bool{}
		for target := "/v1/conversations?limit=3&sort=" + order; ; {
			var page api.Page[api.Conversation]
			ada.Want(http.StatusOK, http.MethodGet, target, nil, &page)
			for _, c := range page.Items {
				seen[c.Thread]++
			}
			if page.Next == nil {
				break
			}
			target = "/v1/conversations?limit=3&sort=" + order + "&cursor=" + *page.Next
			busy := fmt.Sprint(100 + random.IntN(40))
			touched[busy] = true
			switch random.IntN(3) {
			case 0:
				s.says(busy, "more")
			case 1:
				s.answers(ada, ids[busy], uuid.NewString(), "an answer")
			default:
				s.says(fmt.Sprint(1000+random.IntN(1000)), "somebody new")
			}
		}
		for customer := range ids {
			if !touched[customer] && seen[customer] != 1 {
				t.Errorf("%s: %s was seen %d times", order, customer, seen[customer])
			}
		}
	}
}

func TestAChangeIsWrittenDownAndToldOnce(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada, boss := s.Agent("ada"), s.Admin("boss")
	id := s.says("4915", "hello")
	var vip api.Label
	boss.Want(http.StatusCreated, http.MethodPost, "/v1/labels", `{"name":"VIP","color":"#aabbcc"}`, &vip)
	before := s.count(`SELECT count(*) FROM feed`)
	change := map[string]any{"status": "pending", "assignee_id": ada.ID(), "label_ids": []uuid.UUID{vip.ID}}
	var c api.Conversation
	for range 2 { // the second time it changes nothing
		ada.Want(http.StatusOK, http.MethodPatch, path(id), change, &c)
	}
	if c.Status != inbox.Pending || c.Assignee == nil || c.Assignee.Name != "ada" || len(c.Labels) != 1 || c.Labels[0].Name != "VIP" || c.Unread != 1 {
		t.Errorf("%+v", c)
	}
	if n := s.count(`SELECT count(*) FROM feed WHERE kind = 'conversation.updated'`); n != 1 {
		t.Errorf("%d changes were told, before there were %d", n, before)
	}
	var page api.Timeline
	ada.Want(http.StatusOK, http.MethodGet, path(id, "timeline"), nil, &page)
	var actions []string
	for _, item := range page.Items {
		if item.Activity != nil {
			actions = append(actions, fmt.Sprint(item.Activity.Action, " ", item.Activity.Agent.Name, " ", string(item.Activity.Detail)))
		}
	}
	slices.Sort(actions)
	want := []string{
		fmt.Sprintf(`conversation.assigned ada {"was":null,"is":{"id":"%s","name":"ada"}}`, ada.ID()),
		fmt.Sprintf(`conversation.labeled ada {"added":[{"id":"%s","name":"VIP"}],"removed":[]}`, vip.ID),
		`conversation.status ada {"was":{"status":"open"},"is":{"status":"pending"}}`,
	}
	if diff := cmp.Diff(want, actions); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ada.Want(http.StatusOK, http.MethodPatch, path(id), `{"assignee_id":null,"label_ids":[]}`, &c)
	if c.Assignee != nil || len(c.Labels) != 0 || c.Status != inbox.Pending {
		t.Errorf("%+v", c)
	}
}

func TestAWrongChangeSaysWhere(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada, boss, former := s.Agent("ada"), s.Admin("boss"), s.Agent("former")
	id := s.says("4915", "hello")
	gone := former.ID()
	boss.Want(http.StatusOK, http.MethodPatch, "/v1/agents/"+gone.String(), `{"state":"disabled"}`, nil)
	past, future := time.Now().Add(-time.Minute).Format(time.RFC3339), time.Now().Add(time.Hour).Format(time.RFC3339)
	for name, test := range map[string]struct{ body, location string }{
		"no time":                 {`{"status":"snoozed"}`, "body.snoozed_until"},
		"a time that is over":     {`{"status":"snoozed","snoozed_until":"` + past + `"}`, "body.snoozed_until"},
		"a time for what is open": {`{"status":"open","snoozed_until":"` + future + `"}`, "body.snoozed_until"},
		"nobody's id":             {`{"assignee_id":"` + uuid.NewString() + `"}`, "body.assignee_id"},
		"a disabled agent":        {`{"assignee_id":"` + gone.String() + `"}`, "body.assignee_id"},
		"no such label":           {`{"label_ids":["` + uuid.NewString() + `"]}`, "body.label_ids"},
		"no such status":          {`{"status":"closed"}`, "body.status"},
	} {
		p := ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPatch, path(id), test.body)
		if len(p.Errors) != 1 || p.Errors[0].Location != test.location {
			t.Errorf("%s: %+v", name, p.Errors)
		}
	}
	if n := s.count(`SELECT count(*) FROM audit_log WHERE conversation_id IS NOT NULL`); n != 0 {
		t.Errorf("%d entries of what was refused", n)
	}
}

// Two agents who change different things at once both find theirs afterwards.
func TestAgentsDoNotUndoEachOthersChanges(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada, ben := s.Agent("ada"), s.Agent("ben")
	id, me := s.says("4915", "hello"), ada.ID()
	ben.ID()
	for round := range 10 {
		status := []string{"pending", "resolved"}[round%2]
		var all sync.WaitGroup
		all.Go(func() { ada.Do(http.MethodPatch, path(id), map[string]any{"assignee_id": []any{me, nil}[round%2]}) })
		all.Go(func() { ben.Do(http.MethodPatch, path(id), map[string]any{"status": status}) })
		all.Wait()
		var c api.Conversation
		ada.Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
		if string(c.Status) != status || (c.Assignee != nil) != (round%2 == 0) {
			t.Fatalf("round %d: %s, %+v", round, c.Status, c.Assignee)
		}
	}
}

func TestASnoozedConversationOpensAgain(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	byTime, byCustomer := s.says("1", "hello"), s.says("2", "hello")
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	for _, id := range []uuid.UUID{byTime, byCustomer} {
		var c api.Conversation
		ada.Want(http.StatusOK, http.MethodPatch, path(id), map[string]any{"status": "snoozed", "snoozed_until": until}, &c)
		if c.Status != inbox.Snoozed || !time.Time(*c.SnoozedUntil).Equal(until) {
			t.Errorf("%+v", c)
		}
	}
	if open := list(t, ada, ""); len(open) != 0 {
		t.Errorf("open are %v", open)
	}
	s.says("2", "it is urgent")
	if _, err := s.db.Exec(t.Context(), `UPDATE conversations SET snoozed_until = now() - interval '1 second' WHERE id = $1`, byTime); err != nil {
		t.Fatal(err)
	}
	var c api.Conversation
	ada.Want(http.StatusOK, http.MethodGet, path(byTime), nil, &c)
	if c.Status != inbox.Open || c.SnoozedUntil != nil { // before anybody has noticed
		t.Errorf("%+v", c)
	}
	if woken, _, err := s.Store.Wake(t.Context(), 10); err != nil || !slices.Equal(woken, []uuid.UUID{byTime}) {
		t.Errorf("%v, %v", woken, err)
	}
	if open := list(t, ada, ""); !slices.Equal(open, []string{"2", "1"}) {
		t.Errorf("open are %v", open)
	}
	if n := s.count(`SELECT count(*) FROM audit_log WHERE conversation_id = $1 AND agent_id IS NULL AND action = 'conversation.status'`, byTime); n != 1 {
		t.Errorf("%d entries say that it opened again", n)
	}
}

func TestAnAnswerLeavesUnreadWhatItsAuthorHadNotSeen(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "one")
	s.says("4915", "two")
	var part api.Timeline
	ada.Want(http.StatusOK, http.MethodGet, path(id, "timeline"), nil, &part)
	seen := part.Items[0].Message
	if seen.Text != "two" || part.Items[1].Message.Seq >= seen.Seq {
		t.Fatalf("%+v", seen)
	}
	s.saysAt("4915", "written first, and here last", time.Now().Add(-time.Hour))
	var c api.Conversation
	var sent api.Sent
	draft := map[string]any{"text": "hello", "read_up_to": seen.ID}
	ada.Want(http.StatusAccepted, http.MethodPost, path(id, "messages"), draft, &sent, "Idempotency-Key", "k1")
	ada.Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
	if c.Unread != 1 || len(s.errands) != 0 {
		t.Errorf("%d unread, %d told", c.Unread, len(s.errands))
	}
	ada.Want(http.StatusAccepted, http.MethodPost, path(id, "messages"), map[string]any{"text": "and"}, &sent, "Idempotency-Key", "k2")
	ada.Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
	if c.Unread != 0 || len(s.errands) != 1 {
		t.Errorf("%d unread, %d told", c.Unread, len(s.errands))
	}
}

func TestWhatWasReadIsNotUnreadButWhatCameAfterIs(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "one")
	s.says("4915", "two")
	var seen uuid.UUID
	if err := s.db.QueryRow(t.Context(), `SELECT id FROM messages WHERE text = 'two'`).Scan(&seen); err != nil {
		t.Fatal(err)
	}
	s.says("4915", "three")
	var c api.Conversation
	ada.Want(http.StatusOK, http.MethodPost, path(id, "read"), map[string]any{"up_to": seen}, &c)
	if c.Unread != 1 || len(s.errands) != 0 {
		t.Errorf("%d unread, %d told", c.Unread, len(s.errands))
	}
	for range 2 {
		ada.Want(http.StatusOK, http.MethodPost, path(id, "read"), nil, &c)
	}
	if c.Unread != 0 || len(s.errands) != 1 || s.errands[0].Kind != inbox.ErrandRead {
		t.Errorf("%d unread, told %+v", c.Unread, s.errands)
	}
	ada.Want(http.StatusOK, http.MethodPost, path(id, "unread"), nil, &c)
	if c.Unread != 1 {
		t.Errorf("%d unread", c.Unread)
	}
}

func TestBulkChangesEachByItself(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada, boss := s.Agent("ada"), s.Admin("boss")
	one, two, nobody := s.says("1", "hello"), s.says("2", "hello"), uuid.New()
	var vip, old api.Label
	boss.Want(http.StatusCreated, http.MethodPost, "/v1/labels", `{"name":"VIP","color":"#aabbcc"}`, &vip)
	boss.Want(http.StatusCreated, http.MethodPost, "/v1/labels", `{"name":"Old","color":"#aabbcc"}`, &old)
	ada.Want(http.StatusOK, http.MethodPatch, path(one), map[string]any{"label_ids": []uuid.UUID{old.ID}}, nil)
	var done api.BulkResults
	ada.Want(http.StatusOK, http.MethodPost, "/v1/conversations/bulk", map[string]any{
		"ids":     []uuid.UUID{one, nobody, two, one},
		"changes": map[string]any{"status": "resolved", "read": true, "add_label_ids": []uuid.UUID{vip.ID}, "remove_label_ids": []uuid.UUID{old.ID}},
	}, &done)
	if len(done.Results) != 3 || !done.Results[0].OK || done.Results[1].OK || done.Results[1].Problem.Code != "not_found" || !done.Results[2].OK {
		t.Errorf("%+v", done.Results)
	}
	for _, id := range []uuid.UUID{one, two} {
		var c api.Conversation
		ada.Want(http.StatusOK, http.MethodGet, path(id), nil, &c)
		if c.Status != inbox.Resolved || c.Unread != 0 || c.WaitingSince != nil || len(c.Labels) != 1 || c.Labels[0].Name != "VIP" {
			t.Errorf("%+v", c)
		}
	}
	p := ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, "/v1/conversations/bulk",
		map[string]any{"ids": []uuid.UUID{one}, "changes": map[string]any{"status": "snoozed"}})
	if p.Errors[0].Location != "body.changes.snoozed_until" {
		t.Errorf("%+v", p.Errors)
	}
}

func TestCountsAreThoseOfTheLists(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	mine, resolved, pending := s.says("1", "hello"), s.says("2", "hello"), s.says("3", "hello")
	s.says("4", "hello")
	ada.Want(http.StatusOK, http.MethodPatch, path(mine), map[string]any{"assignee_id": ada.ID()}, nil)
	ada.Want(http.StatusOK, http.MethodPatch, path(resolved), `{"status":"resolved"}`, nil)
	ada.Want(http.StatusOK, http.MethodPatch, path(pending), `{"status":"pending"}`, nil)
	var counts api.Counts
	ada.Want(http.StatusOK, http.MethodGet, "/v1/counts", nil, &counts)
	if want := (api.Counts{Mine: 1, Unassigned: 1, All: 2, MineUnread: 1, UnassignedUnread: 1, Pending: 1}); counts != want {
		t.Errorf("%+v, want %+v", counts, want)
	}
	_, err := s.db.Exec(t.Context(), `INSERT INTO conversations (id, channel_account_id, thread, status, last_message_at)
		SELECT gen_random_uuid(), $1, 'many ' || n, 'open', now() FROM generate_series(1, 1500) AS n`, inbox.AccountID("whatsapp", ourNumber))
	if err != nil {
		t.Fatal(err)
	}
	ada.Want(http.StatusOK, http.MethodGet, "/v1/counts", nil, &counts)
	if counts.All != 1000 || counts.Unassigned != 1000 || !counts.Capped || counts.Mine != 1 {
		t.Errorf("%+v", counts)
	}
}

func TestColleaguesAndCustomersSeeWhoIsThere(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "hello")
	for _, state := range []string{"viewing", "typing", "typing", "left"} {
		ada.Want(http.StatusNoContent, http.MethodPost, path(id, "presence"), map[string]any{"state": state}, nil)
	}
	if got := strings.Join(s.presence, ", "); got != "ada viewing, ada typing, ada typing, ada left" {
		t.Error(got)
	}
	if len(s.errands) != 1 || s.errands[0].Kind != inbox.ErrandTyping {
		t.Errorf("the customer is shown %+v", s.errands)
	}
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodPost, path(uuid.New(), "presence"), `{"state":"viewing"}`)
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, path(id, "presence"), `{"state":"asleep"}`)
}

// Two conversations that turn out to be one keep what agents did in both.
func TestAMergedConversationKeepsWhatAgentsDid(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada, boss := s.Agent("ada"), s.Admin("boss")
	old := s.says("4915", "by phone")
	unknownYet := message("DE.77", "by user id")
	unknownYet.Person.Identities = []channels.Identity{{Kind: "bsuid", Value: "DE.77"}}
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, Thread: "DE.77", At: time.Now()}, unknownYet)
	other := s.conversation("DE.77")
	var vip api.Label
	boss.Want(http.StatusCreated, http.MethodPost, "/v1/labels", `{"name":"VIP","color":"#aabbcc"}`, &vip)
	ada.Want(http.StatusOK, http.MethodPatch, path(other), map[string]any{"assignee_id": ada.ID(), "label_ids": []uuid.UUID{vip.ID}}, nil)
	ada.Want(http.StatusCreated, http.MethodPost, path(other, "notes"), `{"text":"a regular"}`, nil)
	both := message("DE.77", "it is me")
	both.Aliases = []string{"4915"}
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, Thread: "DE.77", At: time.Now()}, both)
	var c api.Conversation
	ada.Want(http.StatusOK, http.MethodGet, path(other), nil, &c)
	if c.ID != old || c.Assignee == nil || len(c.Labels) != 1 || c.Unread != 3 || c.WaitingSince == nil {
		t.Errorf("%+v", c)
	}
	if got := list(t, ada, "label="+vip.ID.String()); !slices.Equal(got, []string{"DE.77"}) {
		t.Errorf("with the label there are %v", got)
	}
	var page api.Timeline
	ada.Want(http.StatusOK, http.MethodGet, path(other, "timeline"), nil, &page)
	kinds := map[string]int{}
	for _, item := range page.Items {
		kinds[item.Type]++
	}
	if diff := cmp.Diff(map[string]int{"message": 3, "note": 1, "activity": 2}, kinds); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
