package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// DeadStore has the dead letters.
type DeadStore interface {
	pipeline.RedriveStore
	DeadLetters(ctx context.Context, f inbox.DeadFilter, most int) ([]inbox.DeadLetter, error)
	DeadReasons(context.Context, inbox.DeadFilter) ([]inbox.DeadReason, error)
}

// DeadLetter is something that nobody could process: an event that a platform sent, or a job.
type DeadLetter struct {
	ID         uuid.UUID `json:"id"`
	Kind       string    `json:"kind" doc:"Of the event: message, status, ...; or job."`
	Channel    *string   `json:"channel" doc:"null: it is a job."`
	Reason     string    `json:"reason"`
	DiedAt     Time      `json:"died_at"`
	RedrivenAt *Time     `json:"redriven_at" doc:"When it was last sent on its way again, and died once more; of a job, when it was sent again."`
}

// DeadLetterDetail is everything that is known of a dead letter. Of a job only body is known, of an event all but that.
type DeadLetterDetail struct {
	DeadLetter
	State             string         `json:"state" enum:"dead,waiting,processed" doc:"Whether it still is dead; waiting: to be processed again."`
	Account           *string        `json:"account" doc:"The business's side, as the platform names it."`
	CredentialAccount *string        `json:"credential_account"`
	Thread            *string        `json:"thread" doc:"The platform's name of the chat."`
	ExternalID        *string        `json:"external_id" doc:"The platform's id of the event."`
	ReceivedAt        *Time          `json:"received_at"`
	Webhook           *WebhookSource `json:"webhook" doc:"That brought it."`
	Raw               *string        `json:"raw" doc:"What the platform sent; null: its bytes are only in the webhook."`
	RawEncoding       *string        `json:"raw_encoding" enum:"base64" doc:"base64: they are no text; null: raw is a text."`
	UnderstoodNow     *bool          `json:"understood_now" doc:"Whether today's code understands what the platform sent; null: there is nothing to try it with."`
	ErrorNow          *string        `json:"error_now" doc:"Why it does not."`
	Body              *string        `json:"body" doc:"Of a job: what its queue had."`
}

// WebhookSource is where an event came from.
type WebhookSource struct {
	ID         uuid.UUID `json:"id"`
	RequestID  *string   `json:"request_id" doc:"null, as are the others: the log of it is past its retention."`
	ReceivedAt *Time     `json:"received_at"`
	Bytes      *int      `json:"bytes"`
}

// DeadReason is how many dead letters have a reason.
type DeadReason struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// DeadFilter is the parameters that say which dead letters are meant.
type DeadFilter struct {
	Channel string `json:"channel,omitempty" query:"channel" maxLength:"20"`
	Kind    string `json:"kind,omitempty" query:"kind" maxLength:"20" doc:"message, status, reaction, edit, delete, read, system, unknown or job."`
	Reason  string `json:"reason,omitempty" query:"reason" maxLength:"1000" doc:"Part of the reason, in any case."`
}

func (f DeadFilter) filter() inbox.DeadFilter {
	return inbox.DeadFilter{Channel: f.Channel, Kind: f.Kind, Reason: f.Reason}
}

type listDead struct {
	Paging
	DeadFilter
}

type listReasons struct{ DeadFilter }

type redrive struct {
	Body struct {
		IDs    []uuid.UUID `json:"ids,omitempty" minItems:"1" maxItems:"500" doc:"These; all of them have to be dead. Either ids or filter."`
		Filter *DeadFilter `json:"filter,omitempty" doc:"Everything that it finds; an empty one finds all."`
		DryRun bool        `json:"dry_run,omitempty" doc:"Only count them."`
	} `nameHint:"Redrive"`
}

// Redriven is what was, or would be, sent on its way again.
type Redriven struct {
	Rows int  `json:"rows" doc:"Events that wait to be processed again."`
	Jobs int  `json:"jobs" doc:"Jobs that were sent to their queue again."`
	More bool `json:"more" doc:"The filter finds more than can be done at once: ask again for them."`
}

// mostRedriven is how many dead letters one request sends on their way again: they have to be in time for its answer.
const mostRedriven = 5000

func (a *API) deadLetters() {
	register(a, admins, huma.Operation{
		OperationID: "listDeadLetters", Method: http.MethodGet, Path: "/v1/dead-letters", Tags: []string{"Dead letters"},
		Summary: "What could not be processed, what died last first",
	}, a.listDead)
	register(a, admins, huma.Operation{
		OperationID: "listDeadLetterReasons", Method: http.MethodGet, Path: "/v1/dead-letters/reasons", Tags: []string{"Dead letters"},
		Summary: "How often each reason killed something, the most frequent first",
	}, a.listDeadReasons)
	register(a, admins, huma.Operation{
		OperationID: "getDeadLetter", Method: http.MethodGet, Path: "/v1/dead-letters/{id}", Tags: []string{"Dead letters"},
		Summary: "Everything that is known of a dead letter, with what the platform sent",
	}, a.getDead)
	register(a, admins, huma.Operation{
		OperationID: "redriveDeadLetters", Method: http.MethodPost, Path: "/v1/dead-letters/redrive", Tags: []string{"Dead letters"},
		Summary: "Send dead letters on their way again", Description: "409 `not_dead`: one of the ids is not dead any more, and nothing was done.",
	}, a.redrive)
}

func (a *API) listDead(ctx context.Context, in *listDead) (*answer[Page[DeadLetter]], error) {
	f := in.filter()
	var err error
	if f.After, err = readPlace(in.Cursor); err != nil {
		return nil, err
	}
	found, err := a.Store.DeadLetters(ctx, f, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(found, in.Limit, deadOf, func(l inbox.DeadLetter) timePlace { return timePlace{l.DiedAt, l.ID} })
	return reply(page), err
}

func (a *API) listDeadReasons(ctx context.Context, in *listReasons) (*answer[List[DeadReason]], error) {
	all, err := a.Store.DeadReasons(ctx, in.filter())
	return reply(listOf(all, func(r inbox.DeadReason) DeadReason { return DeadReason{Reason: r.Reason, Count: r.Number} })), err
}

func (a *API) getDead(ctx context.Context, in *byID) (*answer[DeadLetterDetail], error) {
	row, err := a.Store.DeadRow(ctx, in.ID)
	if err == nil {
		return reply(deadRowOf(row)), nil
	}
	if !errors.Is(err, inbox.ErrNotFound) {
		return nil, err
	}
	job, err := a.Store.DeadJob(ctx, in.ID)
	return reply(deadJobOf(job)), err
}

func (a *API) redrive(ctx context.Context, in *redrive) (*answer[Redriven], error) {
	if (len(in.Body.IDs) == 0) == (in.Body.Filter == nil) {
		return nil, invalid("body", "Say either ids or filter.")
	}
	redriver := pipeline.Redriver{Store: a.Store, Queue: a.Queue}
	letters, more, err := a.meant(ctx, redriver, in)
	if err != nil {
		return nil, err
	}
	if in.Body.DryRun {
		return reply(counted(letters, more)), nil
	}
	done, err := redriver.Redrive(ctx, actor(ctx), letters)
	if err != nil {
		return nil, err
	}
	if done.Unqueued != nil {
		a.Log.Warn("redriven rows are not queued: they will be found as overdue", "rows", done.Rows, "error", done.Unqueued.Error())
	}
	if done.Unsent != nil {
		return nil, errors.Join(inbox.ErrUnavailable, done.Unsent)
	}
	return reply(Redriven{Rows: done.Rows, Jobs: done.Jobs, More: more}), nil
}

// meant finds the dead letters that are to be redriven.
func (a *API) meant(ctx context.Context, redriver pipeline.Redriver, in *redrive) (letters []inbox.DeadLetter, more bool, err error) {
	if in.Body.Filter == nil {
		letters, err = redriver.Find(ctx, in.Body.IDs)
		var alive *pipeline.NotDeadError
		if errors.As(err, &alive) {
			err = conflict("not_dead", "This is not dead (any more), and nothing was done: "+alive.ID.String()+".")
		}
		return letters, false, err
	}
	letters, err = a.Store.DeadLetters(ctx, in.Body.Filter.filter(), mostRedriven+1)
	if len(letters) > mostRedriven {
		return letters[:mostRedriven], true, err
	}
	return letters, false, err
}

func counted(letters []inbox.DeadLetter, more bool) Redriven {
	n := Redriven{More: more}
	for _, l := range letters {
		if l.Kind == inbox.KindJob {
			n.Jobs++
		} else {
			n.Rows++
		}
	}
	return n
}

func deadOf(of inbox.DeadLetter) DeadLetter {
	return DeadLetter{
		ID: of.ID, Kind: of.Kind, Channel: maybe(of.Channel), Reason: of.Reason, DiedAt: Time(of.DiedAt), RedrivenAt: maybeTime(of.RedrivenAt),
	}
}

// deadStates are the states of rows in the words of the API.
var deadStates = map[inbox.State]string{inbox.StateDead: "dead", inbox.StateStored: "waiting", inbox.StateProcessed: "processed"}

func deadRowOf(row inbox.DeadRow) DeadLetterDetail {
	e := row.Event
	detail := DeadLetterDetail{
		DeadLetter: deadOf(inbox.DeadLetter{
			ID: row.ID, Kind: string(e.Kind), Channel: row.Channel, Reason: row.Reason, DiedAt: row.ProcessedAt, RedrivenAt: row.RedrivenAt,
		}),
		State: deadStates[row.State], Account: maybe(e.Account), CredentialAccount: maybe(row.CredentialAccount), Thread: maybe(e.Thread),
		ExternalID: maybe(e.ID), ReceivedAt: maybeTime(row.ReceivedAt), Webhook: webhookOf(row.Webhook),
	}
	if len(e.Raw) == 0 {
		return detail
	}
	detail.Raw, detail.RawEncoding = rawOf(e.Raw)
	err := pipeline.Understands(row.Row)
	understood := err == nil
	detail.UnderstoodNow = &understood
	if err != nil {
		detail.ErrorNow = maybe(err.Error())
	}
	return detail
}

func rawOf(raw []byte) (text, encoding *string) {
	if utf8.Valid(raw) {
		return maybe(string(raw)), nil
	}
	return maybe(base64.StdEncoding.EncodeToString(raw)), maybe("base64")
}

func webhookOf(of inbox.WebhookSource) *WebhookSource {
	if of.ID == uuid.Nil {
		return nil
	}
	return &WebhookSource{ID: of.ID, RequestID: maybe(of.RequestID), ReceivedAt: maybeTime(of.ReceivedAt), Bytes: maybe(of.Bytes)}
}

func deadJobOf(job inbox.KeptJob) DeadLetterDetail {
	detail := DeadLetterDetail{
		DeadLetter: deadOf(inbox.DeadLetter{ID: job.ID, Kind: inbox.KindJob, Reason: job.Reason, DiedAt: job.DiedAt, RedrivenAt: job.RedrivenAt}),
		State:      "dead", Body: &job.Body,
	}
	if !job.RedrivenAt.IsZero() {
		detail.State = "waiting"
	}
	return detail
}
