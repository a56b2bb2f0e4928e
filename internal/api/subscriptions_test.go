package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/internal/api"
	"omni/internal/api/apitest"
	"omni/internal/inbox"
)

// bell remembers whose deliveries were to be looked after.
type bell struct {
	mu   sync.Mutex
	rung []uuid.UUID
}

func (b *bell) Notify(_ context.Context, subscriptions []uuid.UUID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung = append(b.rung, subscriptions...)
}

func (b *bell) take() (rung []uuid.UUID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	rung, b.rung = b.rung, nil
	return rung
}

// subscribed is an API with one subscription.
type subscribed struct {
	*apitest.Desk
	boss *apitest.Client
	bell *bell
	made api.SubscriptionSecret
	path string
}

func subscribe(t *testing.T) subscribed {
	t.Helper()
	t.Parallel()
	s := subscribed{bell: &bell{}}
	s.Desk = apitest.New(t, func(o *api.Options) { o.Subscribers = s.bell })
	s.boss = s.Admin("boss")
	s.boss.Want(http.StatusCreated, http.MethodPost, "/v1/subscriptions", `{"url":"https://shop.example/omni","types":["message.*"],"description":"orders"}`, &s.made)
	s.path = "/v1/subscriptions/" + s.made.ID.String()
	return s
}

func TestASubscriptionIsMadeAndChanged(t *testing.T) {
	s := subscribe(t)
	if !strings.HasPrefix(s.made.Secret, "whsec_") || s.made.State != inbox.SubscriptionActive || len(s.made.Channels) != 0 || s.made.Types[0] != "message.*" {
		t.Errorf("made %+v", s.made)
	}
	var changed api.Subscription
	s.boss.Want(http.StatusOK, http.MethodPatch, s.path, `{"types":[],"channels":["telegram"]}`, &changed)
	if changed.URL != s.made.URL || changed.Description != "orders" || len(changed.Types) != 0 || changed.Channels[0] != "telegram" {
		t.Errorf("changed to %+v", changed)
	}
	answer := s.boss.Do(http.MethodGet, "/v1/subscriptions", nil)
	if strings.Contains(string(answer.Body), "whsec_") || !strings.Contains(string(answer.Body), s.made.ID.String()) {
		t.Errorf("the list has a secret, or not the subscription: %s", answer.Body)
	}
	for body, field := range map[string]string{
		`{"url":"http://shop.example"}`: "body.url", `{"url":"http://127.0.0.1:1/"}`: "body.url", `{"types":["message.lost"]}`: "body.types",
		`{"channels":["pigeon"]}`: "body.channels",
	} {
		p := s.boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPatch, s.path, body)
		if len(p.Errors) != 1 || p.Errors[0].Location != field {
			t.Errorf("%s: %+v, want something wrong with %s", body, p, field)
		}
	}
	s.boss.Want(http.StatusNoContent, http.MethodDelete, s.path, nil, nil)
	for method, path := range map[string]string{
		http.MethodGet: s.path, http.MethodDelete: s.path, http.MethodPost: s.path + "/enable",
	} {
		s.boss.WantProblem(http.StatusNotFound, "not_found", method, path, nil)
	}
	var log api.Page[api.AuditEntry]
	s.boss.Want(http.StatusOK, http.MethodGet, "/v1/audit?action=subscription.*", nil, &log)
	var actions []string
	for _, entry := range log.Items {
		actions = append(actions, entry.Action)
		if strings.Contains(string(entry.Detail), "whsec_") {
			t.Errorf("the log has a secret: %s", entry.Detail)
		}
	}
	want(t, actions, "subscription.deleted", "subscription.changed", "subscription.created")
}

func TestEndpointsOnThisMachineAreForLaptops(t *testing.T) {
	t.Parallel()
	boss := apitest.New(t, func(o *api.Options) { o.Local = true }).Admin("boss")
	boss.Want(http.StatusCreated, http.MethodPost, "/v1/subscriptions", `{"url":"http://127.0.0.1:8080/"}`, nil)
}

func TestASecretIsRotated(t *testing.T) {
	s := subscribe(t)
	for body, besides := range map[string]time.Duration{"": 24 * time.Hour, `{"overlap_seconds":60}`: time.Minute, `{"overlap_seconds":0}`: 0} {
		var sent any
		if body != "" {
			sent = body
		}
		var rotated api.SubscriptionSecret
		s.boss.Want(http.StatusOK, http.MethodPost, s.path+"/rotate", sent, &rotated)
		left := time.Until(time.Time(*rotated.OldSecretUntil))
		if rotated.Secret == s.made.Secret || left > besides || left < besides-time.Minute {
			t.Errorf("%q: the old secret signs for %s", body, left)
		}
		stored, err := s.Store.Subscription(t.Context(), s.made.ID)
		if err != nil || stored.Secret != rotated.Secret || stored.OldSecret != s.made.Secret {
			t.Errorf("%v: %+v is stored", err, stored)
		}
		s.made = rotated
	}
	s.boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, s.path+"/rotate", `{"overlap_seconds":-1}`)
}

func TestDeliveriesAreDisabledAndMadeAgain(t *testing.T) {
	s := subscribe(t)
	var tested api.Tested
	s.boss.Want(http.StatusAccepted, http.MethodPost, s.path+"/test", nil, &tested)
	if rung := s.bell.take(); !slices.Equal(rung, []uuid.UUID{s.made.ID}) {
		t.Errorf("woken: %v", rung)
	}
	one := "/v1/deliveries/" + tested.Delivery.String()
	s.boss.WantProblem(http.StatusConflict, "on_its_way", http.MethodPost, one+"/redeliver", nil)

	var disabled api.Subscription
	s.boss.Want(http.StatusOK, http.MethodPost, s.path+"/disable", nil, &disabled)
	if disabled.State != inbox.SubscriptionOff || *disabled.Reason != "boss disabled it." || disabled.Held != 1 || disabled.Open != 0 {
		t.Errorf("disabled: %+v", disabled)
	}
	s.boss.WantProblem(http.StatusConflict, "disabled", http.MethodPost, s.path+"/test", nil)
	s.boss.WantProblem(http.StatusConflict, "disabled", http.MethodPost, one+"/redeliver", nil)
	s.boss.WantProblem(http.StatusConflict, "disabled", http.MethodPost, s.path+"/redeliver", `{"states":["held"]}`)
	s.bell.take()

	var enabled api.Subscription
	s.boss.Want(http.StatusOK, http.MethodPost, s.path+"/enable", nil, &enabled)
	if enabled.State != inbox.SubscriptionActive || enabled.Reason != nil || enabled.Held != 1 || len(s.bell.take()) != 1 {
		t.Errorf("enabled: %+v", enabled)
	}
	var again api.Redelivered
	s.boss.Want(http.StatusAccepted, http.MethodPost, s.path+"/redeliver", `{"states":["failed"]}`, &again)
	if again.Deliveries != 0 || len(s.bell.take()) != 0 {
		t.Errorf("%+v of none", again)
	}
	var delivery api.Delivery
	s.boss.Want(http.StatusAccepted, http.MethodPost, one+"/redeliver", nil, &delivery)
	if delivery.State != inbox.DeliveryWaiting || delivery.DueAt == nil || len(s.bell.take()) != 1 {
		t.Errorf("again: %+v", delivery)
	}
	s.boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, s.path+"/redeliver", `{"states":["waiting"]}`)
	s.boss.WantProblem(http.StatusNotFound, "not_found", http.MethodPost, "/v1/deliveries/"+uuid.NewString()+"/redeliver", nil)
}

func TestDeliveriesAreListedAndShown(t *testing.T) {
	s := subscribe(t)
	var ids []string
	for range 5 {
		var tested api.Tested
		s.boss.Want(http.StatusAccepted, http.MethodPost, s.path+"/test", nil, &tested)
		ids = append(ids, tested.Delivery.String())
	}
	released, err := s.Store.Release(t.Context(), s.made.ID)
	if err != nil || len(released) == 0 {
		t.Fatal(released, err)
	}
	_, err = s.Store.ConcludeDelivery(t.Context(), inbox.Reply{
		Delivery: released[0].ID, Subscription: s.made.ID, Attempt: released[0].Attempt, At: time.Now(), Took: 20 * time.Millisecond, Status: 500,
		Error: "HTTP 500", Response: "oops",
	}, func(inbox.Subscription, int) inbox.DeliveryDecision {
		return inbox.DeliveryDecision{State: inbox.DeliveryFailed}
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(ids)
	want(t, s.list(t, ""), ids...)
	want(t, s.list(t, "state=failed"), released[0].ID.String())
	want(t, s.list(t, "state=delivered,held"))

	var detail api.DeliveryDetail
	s.boss.Want(http.StatusOK, http.MethodGet, "/v1/deliveries/"+released[0].ID.String(), nil, &detail)
	if detail.State != inbox.DeliveryFailed || len(detail.Attempts) != 1 || *detail.Attempts[0].Status != 500 || detail.Attempts[0].TookMS != 20 ||
		detail.Attempts[0].Response != "oops" || detail.DueAt != nil || detail.Event.Type != inbox.SubscriptionTest ||
		!strings.Contains(string(detail.Body), `"type":"subscription.test"`) {
		t.Errorf("%+v: %s", detail, detail.Body)
	}
	s.boss.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, "/v1/deliveries/"+uuid.NewString(), nil)
	s.boss.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, "/v1/subscriptions/"+uuid.NewString()+"/deliveries", nil)
	s.boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, s.path+"/deliveries?state=lost", nil)
}

// list reads all deliveries that a query finds, two by two.
func (s subscribed) list(t *testing.T, query string) (ids []string) {
	t.Helper()
	for cursor := ""; ; {
		var page api.Page[api.Delivery]
		s.boss.Want(http.StatusOK, http.MethodGet, s.path+"/deliveries?limit=2&"+query+"&cursor="+cursor, nil, &page)
		for _, delivery := range page.Items {
			ids = append(ids, delivery.ID.String())
		}
		if page.Next == nil {
			return ids
		}
		cursor = *page.Next
	}
}
