package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"omni/internal/api"
)

// broom notes which erasures are to be done.
type broom struct{ started []uuid.UUID }

func (b *broom) Start(_ context.Context, erasure uuid.UUID) { b.started = append(b.started, erasure) }

func TestAContactIsErasedOnce(t *testing.T) {
	t.Parallel()
	b := &broom{}
	s := openShop(t, func(o *api.Options) { o.Erasures = b })
	boss, ada := s.Admin("boss"), s.Agent("ada")
	chat := s.says("491512345678", "hello")
	contact := who(t, ada, chat).ID.String()
	target := "/v1/contacts/" + contact + "/erasure"

	ada.WantProblem(http.StatusForbidden, "forbidden", http.MethodPost, target, `{"reason":"Ticket 4711"}`)
	boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, target, `{}`)
	boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, target, `{"reason":""}`)
	boss.WantProblem(http.StatusNotFound, "not_found", http.MethodPost, "/v1/contacts/"+uuid.NewString()+"/erasure", `{"reason":"Ticket 4711"}`)
	if len(b.started) != 0 {
		t.Fatalf("%v are to be done", b.started)
	}

	var first, again api.Erasure
	boss.Want(http.StatusAccepted, http.MethodPost, target, `{"reason":"Ticket 4711"}`, &first)
	if first.ContactID.String() != contact || first.State != "running" || first.Step != "messages" || first.Reason != "Ticket 4711" || first.Agent == nil ||
		first.Agent.ID != boss.ID() || first.FinishedAt != nil || len(first.Remains) != 4 {
		t.Errorf("%+v", first)
	}
	boss.Want(http.StatusAccepted, http.MethodPost, target, `{"reason":"Ticket 4712"}`, &again)
	if again.ID != first.ID || again.Reason != "Ticket 4711" || !slices.Contains(b.started, first.ID) {
		t.Errorf("asked again: %+v; %v are to be done", again, b.started)
	}
	for _, place := range []string{"/v1/conversations?q=491512345678", "/v1/contacts?q=491512345678", "/v1/conversations"} {
		if answer := ada.Do(http.MethodGet, place, nil); strings.Contains(string(answer.Body), contact) || strings.Contains(string(answer.Body), chat.String()) {
			t.Errorf("%s finds %s", place, answer.Body)
		}
	}
	if n := s.count(`SELECT count(*) FROM audit_log WHERE action = 'contact.erased' AND object = $1`, contact); n != 1 {
		t.Errorf("%d entries in the audit log", n)
	}
	if n := s.count(`SELECT count(*) FROM feed WHERE kind = 'contact.erased' AND event_id = $1`, contact); n != 1 {
		t.Errorf("dashboards are told %d times", n)
	}
}

func TestReceiptsOfErasuresNameNobody(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	boss, ada := s.Admin("boss"), s.Agent("ada")
	var ordered []string
	for _, number := range []string{"491512345671", "491512345672", "491512345673"} {
		var e api.Erasure
		target := "/v1/contacts/" + who(t, ada, s.says(number, "hello")).ID.String() + "/erasure"
		boss.Want(http.StatusAccepted, http.MethodPost, target, `{"reason":"Ticket 4711"}`, &e)
		ordered = append(ordered, e.ID.String())
		answer := boss.Do(http.MethodGet, "/v1/erasures/"+e.ID.String(), nil)
		if answer.Status != http.StatusOK || strings.Contains(string(answer.Body), number) || strings.Contains(string(answer.Body), "Customer") {
			t.Errorf("%d %s", answer.Status, answer.Body)
		}
	}
	var listed []string
	for target := "/v1/erasures?limit=2"; target != ""; {
		var page api.Page[api.Erasure]
		boss.Want(http.StatusOK, http.MethodGet, target, nil, &page)
		for _, e := range page.Items {
			listed = append(listed, e.ID.String())
		}
		if target = ""; page.Next != nil {
			target = "/v1/erasures?limit=2&cursor=" + *page.Next
		}
	}
	slices.Reverse(ordered)
	want(t, listed, ordered...)
	boss.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, "/v1/erasures/"+uuid.NewString(), nil)
	ada.WantProblem(http.StatusForbidden, "forbidden", http.MethodGet, "/v1/erasures", nil)
	ada.WantProblem(http.StatusForbidden, "forbidden", http.MethodGet, "/v1/erasures/"+ordered[0], nil)
}
