package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/api"
	"omni/internal/api/apitest"
)

// who is the contact of a conversation.
func who(t *testing.T, c *apitest.Client, conversation uuid.UUID) (contact api.ContactDetail) {
	t.Helper()
	var found api.Conversation
	c.Want(http.StatusOK, http.MethodGet, path(conversation), nil, &found)
	c.Want(http.StatusOK, http.MethodGet, "/v1/contacts/"+found.Contact.ID.String(), nil, &contact)
	return contact
}

func TestWhatAgentsWriteOfAContactCounts(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("491512345678", "hello")
	c := who(t, ada, id)
	if *c.Name != "Customer 491512345678" || len(c.Edited) != 0 || len(c.Identities) != 1 || c.Identities[0].Kind != "wa_id" || len(c.Conversations) != 1 {
		t.Errorf("%+v", c)
	}
	target := "/v1/contacts/" + c.ID.String()
	var edited api.Contact
	ada.Want(http.StatusOK, http.MethodPatch, target, `{"name":" Ada Lovelace ","email":"ada@example.com"}`, &edited)
	if *edited.Name != "Ada Lovelace" || *edited.Email != "ada@example.com" || *edited.Phone != "+491512345678" {
		t.Errorf("%+v", edited)
	}
	want(t, edited.Edited, "name", "email")
	renamed := message("491512345678", "I have another name")
	renamed.Person.Name = "Countess"
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, Thread: "491512345678", At: time.Now()}, renamed)
	if c = who(t, ada, id); *c.Name != "Ada Lovelace" || *c.Conversations[0].Contact.Name != "Ada Lovelace" {
		t.Errorf("%+v", c)
	}
	ada.Want(http.StatusOK, http.MethodPatch, target, `{"name":null}`, &edited)
	if *edited.Name != "Countess" || *edited.Email != "ada@example.com" {
		t.Errorf("%+v", edited)
	}
	for body, location := range map[string]string{
		`{"phone":"0151 234"}`: "body.phone", `{"email":"ada"}`: "body.email", `{"language":"German!"}`: "body.language", `{"nick":"x"}`: "body.nick",
	} {
		p := ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPatch, target, body)
		if p.Errors[0].Location != location {
			t.Errorf("%s: %+v", body, p.Errors)
		}
	}
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodPatch, "/v1/contacts/"+uuid.NewString(), `{"name":"x"}`)
	if n := s.count(`SELECT count(*) FROM feed WHERE kind = 'contact.updated' AND event_id = $1`, c.ID); n != 2 {
		t.Errorf("%d changes were told", n)
	}
	if n := s.count(`SELECT count(*) FROM audit_log WHERE action = 'contact.edited' AND object = $1`, c.ID.String()); n != 2 {
		t.Errorf("%d entries", n)
	}
}

func TestContactsAreListedAndFound(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	for n := range 7 {
		s.says(fmt.Sprint("49151000000", n), "hello")
	}
	find := func(query string) (phones []string) {
		for target := "/v1/contacts?limit=2&q=" + query; ; {
			var page api.Page[api.Contact]
			ada.Want(http.StatusOK, http.MethodGet, target, nil, &page)
			for _, c := range page.Items {
				phones = append(phones, *c.Phone)
			}
			if page.Next == nil {
				return phones
			}
			target = "/v1/contacts?limit=2&q=" + query + "&cursor=" + *page.Next
		}
	}
	if all := find(""); len(all) != 7 || all[0] != "+491510000006" {
		t.Errorf("%v", all)
	}
	for query, found := range map[string]int{
		"customer": 7, "cust": 7, "CUSTOMER+491510000003": 1, "%2B49151": 7, "0151+000000+4": 1, "00005": 1, "nobody": 0, "%25": 0, "'": 0, "a:*%26b": 0,
	} {
		if got := find(query); len(got) != found {
			t.Errorf("%s finds %v", query, got)
		}
	}
}

func TestTwoContactsBecomeOne(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	phone := s.says("4915", "by phone")
	s.happens("telegram", channels.Event{Kind: channels.KindMessage, Thread: "77", At: time.Now()}, channels.Update{
		Person:  &channels.Person{Name: "Ada", Username: "ada", Identities: []channels.Identity{{Kind: "telegram_user", Value: "77"}}},
		Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Text: "by Telegram"},
	})
	chat := s.conversation("77")
	one, two := who(t, ada, phone), who(t, ada, chat)
	ada.Want(http.StatusOK, http.MethodPatch, "/v1/contacts/"+two.ID.String(), `{"about":"a regular"}`, nil)
	var merged api.Contact
	ada.Want(http.StatusOK, http.MethodPost, "/v1/contacts/"+one.ID.String()+"/merge", map[string]any{"other": two.ID}, &merged)
	if merged.ID != one.ID || *merged.Phone != "+4915" || *merged.Username != "ada" || *merged.About != "a regular" {
		t.Errorf("%+v", merged)
	}
	both := who(t, ada, chat)
	if both.ID != one.ID || len(both.Identities) != 2 || len(both.Conversations) != 2 {
		t.Errorf("%+v", both)
	}
	var followed api.ContactDetail
	ada.Want(http.StatusOK, http.MethodGet, "/v1/contacts/"+two.ID.String(), nil, &followed)
	if followed.ID != one.ID {
		t.Errorf("%+v", followed)
	}
	ada.WantProblem(http.StatusConflict, "same", http.MethodPost, "/v1/contacts/"+one.ID.String()+"/merge", map[string]any{"other": two.ID})
	ada.WantProblem(http.StatusConflict, "same", http.MethodPost, "/v1/contacts/"+one.ID.String()+"/merge", map[string]any{"other": one.ID})
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodPost, "/v1/contacts/"+one.ID.String()+"/merge", map[string]any{"other": uuid.New()})
	if n := s.count(`SELECT count(*) FROM audit_log WHERE action = 'contact.merged' AND object = $1 AND detail ->> 'name' IS NOT NULL`, one.ID.String()); n != 1 {
		t.Errorf("%d entries", n)
	}
	if n := s.count(`SELECT count(*) FROM messages WHERE contact_id = $1`, one.ID); n != 2 {
		t.Errorf("%d messages are theirs", n)
	}
	s.happens("telegram", channels.Event{Kind: channels.KindMessage, Thread: "77", At: time.Now()}, channels.Update{
		Person:  &channels.Person{Name: "Ada", Identities: []channels.Identity{{Kind: "telegram_user", Value: "77"}}},
		Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Text: "still me"},
	})
	if n := s.count(`SELECT count(*) FROM contacts WHERE merged_into IS NULL`); n != 1 {
		t.Errorf("%d contacts", n)
	}
}

// Agents merge while the processor writes, and merges as well: neither fails.
func TestMergesOfAgentsAndOfThePlatformDoNotHinderEachOther(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	var contacts []uuid.UUID
	for n := range 8 {
		contacts = append(contacts, who(t, ada, s.says(fmt.Sprint("49", n), "hello")).ID)
	}
	var all sync.WaitGroup
	statuses := make([]int, 7)
	for n := range 7 {
		all.Go(func() {
			statuses[n] = ada.Do(http.MethodPost, "/v1/contacts/"+contacts[0].String()+"/merge", map[string]any{"other": contacts[n+1]}).Status
		})
	}
	for n := range 4 {
		all.Go(func() {
			both := message(fmt.Sprint("49", n), "also me")
			both.Person.Identities = append(both.Person.Identities, channels.Identity{Kind: "wa_id", Value: fmt.Sprint("49", n+4)})
			s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, Thread: fmt.Sprint("49", n), At: time.Now()}, both)
		})
	}
	all.Wait()
	for _, status := range statuses {
		if status != http.StatusOK && status != http.StatusConflict {
			t.Errorf("a merge answers %d", status)
		}
	}
	if n := s.count(`SELECT count(*) FROM contacts WHERE merged_into IS NULL`); n != 1 {
		t.Errorf("%d contacts are left", n)
	}
	if n := s.count(`SELECT count(DISTINCT contact_id) FROM conversations`); n != 1 {
		t.Errorf("conversations of %d contacts", n)
	}
}

func TestSearchFindsWordsWhereverTheyAre(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ada := s.Agent("ada")
	id := s.says("4915", "The parcel with the number 4711 has not arrived, and it was to be here on Monday: what can we do about this?")
	s.says("4916", "Where is my PARCEL?")
	s.answers(ada, id, "k1", "We ask the parcel service.")
	group := message("4917", "hello")
	group.Group = &channels.Group{Title: "Parcel people"}
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, Thread: "group-1", At: time.Now()}, group)
	find := func(query string) (results []api.SearchResult) {
		for target := "/v1/search?limit=1&" + query; ; {
			var page api.Page[api.SearchResult]
			ada.Want(http.StatusOK, http.MethodGet, target, nil, &page)
			results = append(results, page.Items...)
			if page.Next == nil {
				return results
			}
			target = "/v1/search?limit=1&" + query + "&cursor=" + *page.Next
		}
	}
	var texts []string
	for _, result := range find("q=parcel") {
		texts = append(texts, result.Message.Text[:5])
		if result.Conversation.ID != result.Message.Conversation || result.Contact != nil {
			t.Errorf("%+v", result)
		}
	}
	want(t, texts, "We as", "Where", "The p")
	for query, found := range map[string]int{
		"q=par": 3, "q=parcel+4711": 1, "q=arrived+parc": 1, "q=nothing": 0, "q=%27%3B--": 0, "q=4711": 1, "q=parcel+%26+%21here": 1,
		"in=conversations&q=parcel": 1, "in=conversations&q=customer": 2, "in=conversations&q=4915": 1, "in=contacts&q=customer": 3, "in=contacts&q=4916": 1,
	} {
		if got := find(query); len(got) != found {
			t.Errorf("%s finds %d: %+v", query, len(got), got)
		}
	}
	if result := find("in=conversations&q=parcel")[0]; result.Conversation.Title == nil || result.Snippet[0] != (api.SnippetPart{Text: "Parcel", Match: true}) {
		t.Errorf("%+v", result)
	}
	parts := find("q=4711")[0].Snippet
	matches := slices.DeleteFunc(slices.Clone(parts), func(p api.SnippetPart) bool { return !p.Match })
	if len(matches) != 1 || matches[0].Text != "4711" {
		t.Errorf("%+v", parts)
	}
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, "/v1/search?q=x", nil)
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, "/v1/search?q=+x+", nil)
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, "/v1/search?q="+strings.Repeat("x", 201), nil)
}
