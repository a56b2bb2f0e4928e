package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/api"
	"omni/internal/api/apitest"
	"omni/internal/inbox"
)

// belt is a queue that remembers what it was given, unless it is broken.
type belt struct {
	jobs   []inbox.Job
	bodies []string
	broken error
}

func (b *belt) Send(_ context.Context, jobs []inbox.Job) error {
	if b.broken == nil {
		b.jobs = append(b.jobs, jobs...)
	}
	return b.broken
}

func (b *belt) Resend(_ context.Context, body string, _ uuid.UUID) error {
	if b.broken == nil {
		b.bodies = append(b.bodies, body)
	}
	return b.broken
}

// graveyard is an API with dead letters: three messages of telegram, of which today's code understands the first, and a job.
type graveyard struct {
	*apitest.Desk
	queue *belt
	rows  []uuid.UUID
	job   uuid.UUID
}

func bury(t *testing.T) graveyard {
	t.Helper()
	t.Parallel()
	queue := &belt{}
	g := graveyard{Desk: apitest.New(t, func(o *api.Options) { o.Queue = queue }), queue: queue, job: uuid.Must(uuid.NewV7())}
	hello := `{"update_id": 1, "message": {"message_id": 1, "date": 1700000000, "text": "hello", "from": {"id": 7, "is_bot": false, "first_name": "Ada"},
		"chat": {"id": 7, "type": "private", "first_name": "Ada"}}}`
	stored, err := g.Store.Ingest(t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: "telegram", CredentialAccount: "support", RequestID: "request-1", Body: []byte("the whole body"),
		Events: []channels.Event{
			{Kind: channels.KindMessage, Account: "support", Thread: "7", ID: "7/1", At: time.Unix(1700000000, 0), Raw: []byte(hello)},
			{Kind: channels.KindMessage, Account: "support", Thread: "7", ID: "7/2", Raw: []byte("no JSON")},
			{Kind: channels.KindMessage, Account: "support", Thread: "7", ID: "7/3", Raw: []byte("\xff\x00")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := g.Store.Pending(t.Context(), stored.Jobs[0], nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	for n, row := range rows {
		g.rows = append(g.rows, row.ID)
		if err := g.Store.Bury(t.Context(), row, fmt.Sprintf("normalizing: Mistake %d", n/2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Store.KeepDead(t.Context(), inbox.DeadJob{ID: g.job, Queue: "dead", Body: `{"kind":"odd"}`, Reason: "this is no job", Receives: 9}); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestDeadLettersAreListedAndCounted(t *testing.T) {
	g := bury(t)
	boss := g.Admin("boss")
	want(t, g.list(t, boss, ""), g.job.String(), g.rows[2].String(), g.rows[1].String(), g.rows[0].String())
	want(t, g.list(t, boss, "reason=mistake+0"), g.rows[1].String(), g.rows[0].String())
	want(t, g.list(t, boss, "kind=job"), g.job.String())
	want(t, g.list(t, boss, "channel=whatsapp"))

	var reasons api.List[api.DeadReason]
	boss.Want(http.StatusOK, http.MethodGet, "/v1/dead-letters/reasons?channel=telegram", nil, &reasons)
	if len(reasons.Items) != 2 || reasons.Items[0] != (api.DeadReason{Reason: "normalizing: Mistake 0", Count: 2}) {
		t.Errorf("%+v", reasons.Items)
	}
}

// list reads all dead letters that a query finds, one by one.
func (g graveyard) list(t *testing.T, client *apitest.Client, query string) (ids []string) {
	t.Helper()
	for cursor := ""; ; {
		var page api.Page[api.DeadLetter]
		client.Want(http.StatusOK, http.MethodGet, "/v1/dead-letters?limit=1&"+query+"&cursor="+cursor, nil, &page)
		for _, letter := range page.Items {
			ids = append(ids, letter.ID.String())
		}
		if page.Next == nil {
			return ids
		}
		cursor = *page.Next
	}
}

func TestADeadLetterIsShownWithAllThatIsKnown(t *testing.T) {
	g := bury(t)
	boss := g.Admin("boss")
	show := func(id uuid.UUID) (detail api.DeadLetterDetail) {
		boss.Want(http.StatusOK, http.MethodGet, "/v1/dead-letters/"+id.String(), nil, &detail)
		return detail
	}
	first := show(g.rows[0])
	if first.State != "dead" || *first.Channel != "telegram" || *first.Account != "support" || *first.Thread != "7" || *first.ExternalID != "7/1" ||
		!strings.Contains(*first.Raw, `"first_name": "Ada"`) || first.RawEncoding != nil || !*first.UnderstoodNow || first.ErrorNow != nil ||
		*first.Webhook.RequestID != "request-1" || *first.Webhook.Bytes != 14 || first.Body != nil {
		t.Errorf("%+v", first)
	}
	if second := show(g.rows[1]); *second.Raw != "no JSON" || *second.UnderstoodNow || !strings.Contains(*second.ErrorNow, "normalizing") {
		t.Errorf("%+v", second)
	}
	if third := show(g.rows[2]); *third.Raw != "/wA=" || *third.RawEncoding != "base64" {
		t.Errorf("%+v", third)
	}
	if job := show(g.job); job.Kind != "job" || *job.Body != `{"kind":"odd"}` || job.Channel != nil || job.Webhook != nil || job.UnderstoodNow != nil || job.State != "dead" {
		t.Errorf("%+v", job)
	}
	boss.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, "/v1/dead-letters/"+uuid.NewString(), nil)
}

func TestDeadLettersAreRedriven(t *testing.T) {
	g := bury(t)
	boss := g.Admin("boss")
	redrive := func(body string) (done api.Redriven) {
		boss.Want(http.StatusOK, http.MethodPost, "/v1/dead-letters/redrive", body, &done)
		return done
	}
	if would := redrive(`{"filter":{},"dry_run":true}`); would != (api.Redriven{Rows: 3, Jobs: 1}) || len(g.queue.jobs) != 0 {
		t.Errorf("would be %+v", would)
	}
	if done := redrive(fmt.Sprintf(`{"ids":[%q,%q,%q]}`, g.rows[0], g.job, g.rows[0])); done != (api.Redriven{Rows: 1, Jobs: 1}) {
		t.Errorf("by id: %+v", done)
	}
	if len(g.queue.jobs) != 1 || g.queue.jobs[0].Lane != "live/7" || len(g.queue.bodies) != 1 {
		t.Errorf("queued %+v", g.queue)
	}
	boss.WantProblem(http.StatusConflict, "not_dead", http.MethodPost, "/v1/dead-letters/redrive", fmt.Sprintf(`{"ids":[%q,%q]}`, g.rows[1], g.rows[0]))
	boss.WantProblem(http.StatusConflict, "not_dead", http.MethodPost, "/v1/dead-letters/redrive", fmt.Sprintf(`{"ids":[%q]}`, uuid.New()))
	boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, "/v1/dead-letters/redrive", `{}`)
	boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, "/v1/dead-letters/redrive", fmt.Sprintf(`{"ids":[%q],"filter":{}}`, g.rows[1]))
	if done := redrive(`{"filter":{"reason":"Mistake 0"}}`); done != (api.Redriven{Rows: 1}) {
		t.Errorf("by filter: %+v", done)
	}
	want(t, g.list(t, boss, ""), g.rows[2].String())
	want(t, column(t, g.Desk, `SELECT action || ' ' || detail || ' ' || (agent_id IS NOT NULL)::text FROM audit_log ORDER BY id`),
		`dead_letters.redriven {"rows":1} true`, `dead_letters.redriven {"jobs":1} true`, `dead_letters.redriven {"rows":1} true`)
}

// Rows are the truth: without a queue they are stored again and found as overdue. A job is only in the queue, and stays where it is.
func TestRedrivingWithABrokenQueue(t *testing.T) {
	g := bury(t)
	boss := g.Admin("boss")
	g.queue.broken = errors.New("connection refused")
	var done api.Redriven
	boss.Want(http.StatusOK, http.MethodPost, "/v1/dead-letters/redrive", `{"filter":{"kind":"message"}}`, &done)
	if done.Rows != 3 {
		t.Errorf("%+v", done)
	}
	boss.WantProblem(http.StatusServiceUnavailable, "unavailable", http.MethodPost, "/v1/dead-letters/redrive", `{"filter":{"kind":"job"}}`)
	want(t, g.list(t, boss, ""), g.job.String())
}
