package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// fileLookAfter is how long after an attempt to fetch a file was to be made somebody has to look whether anything was heard of it. An attempt takes
// minutes at the most; the rest is for a queue that is full.
const fileLookAfter = 10 * time.Minute

// retryLookAfter is the same after a person asked for an attempt.
const retryLookAfter = time.Minute

// wantFiles makes the files behind a message's attachments wanted. No query: none is, or the channel fetches none.
func (a *application) wantFiles(message uuid.UUID, attachments []channels.Attachment) []query {
	if !a.Files {
		return nil
	}
	now, history := time.Now(), a.Row.Event.History
	p := db.FileWantParams{MessageID: message, Positions: []int16{}, DueAt: now} // no positions are not null: what has none of them goes
	if !a.replayed {                                                             // then nobody queues them: they are overdue at once
		p.DueAt = now.Add(fileLookAfter)
	}
	if history {
		p.DueAt = p.DueAt.Add(inbox.HistoryFetch)
	}
	for i, attachment := range attachments {
		if source := clean(inbox.FileSource(attachment)); source != "" {
			p.Ids, p.Positions, p.Sources = append(p.Ids, newID()), append(p.Positions, int16(i)), append(p.Sources, source)
		}
	}
	return []query{func(q *db.Queries) error {
		rows, err := q.FileWant(a.ctx, p)
		a.fetches = nil
		for _, row := range rows {
			fetch := a.fetch(row.ID, attachments[row.Position])
			fetch.NotBefore = inbox.FetchTime(history, row.ID, now)
			a.fetches = append(a.fetches, fetch)
		}
		return err
	}}
}

// fetch is the first attempt to fetch a file that came with the row.
func (a *application) fetch(file uuid.UUID, attachment channels.Attachment) inbox.Fetch {
	_, lane := inbox.Lane(a.Row.Event)
	return inbox.Fetch{
		Job:     inbox.Job{ID: file, Queue: inbox.MediaQueue, Account: a.Row.ChannelAccount, Lane: clean(lane), Attempt: 1},
		Channel: a.Row.Channel, CredentialAccount: a.Row.CredentialAccount, Attachment: attachment,
	}
}

// RecordFile records what is known after an attempt to fetch a file, and what is decided about it. That it is stored always counts; else what is known
// of an earlier attempt changes nothing, as does what is known of a file that its message does not have any more.
func (s *Store) RecordFile(ctx context.Context, o inbox.FetchOutcome, decide func(wanted time.Time) inbox.FileDecision) (inbox.Recorded, error) {
	var done inbox.Recorded
	told, err := s.telling(ctx, "recording what became of a file", func(tx *transaction) error {
		done = inbox.Recorded{}
		row, err := tx.q.FileOpen(ctx, o.File)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		done.Channel = row.Channel
		if err != nil || isOldFile(row, o) {
			return err
		}
		decision := decide(row.WantedAt)
		done.News = decision.State
		if decision.State == inbox.FileWaiting {
			done.Next, err = fetchAgain(ctx, tx.q, row, decision.Reason, decision.At)
			return err
		}
		p := settled(o, decision)
		p.ConversationID = row.ConversationID
		return tx.conclude(ctx, func(q *db.Queries) error { return q.FileSettle(ctx, p) })
	})
	done.Told = told
	return done, err
}

// isOldFile reports whether an outcome tells nothing that counts any more.
func isOldFile(row db.FileOpenRow, o inbox.FetchOutcome) bool {
	if o.Result == inbox.FetchStored {
		return row.State == string(inbox.FileStored)
	}
	return row.State != string(inbox.FileWaiting) || o.Attempt != int(row.Attempt)
}

func settled(o inbox.FetchOutcome, d inbox.FileDecision) db.FileSettleParams {
	p := db.FileSettleParams{ID: o.File, State: string(d.State), Reason: optional(d.Reason)}
	if d.State == inbox.FileStored {
		p.Key, p.Bytes, p.Mime, p.Sha256 = optional(inbox.FileKey(o.File)), &o.Bytes, optional(o.MIME), optional(o.SHA256)
	}
	return p
}

// fetchAgain makes another attempt to fetch a file, at a time.
func fetchAgain(ctx context.Context, q *db.Queries, row db.FileOpenRow, reason string, at time.Time) (*inbox.Fetch, error) {
	fetch, err := nextFetch(row)
	if err != nil {
		return nil, err
	}
	fetch.NotBefore = at
	return &fetch, q.FileAgain(ctx, db.FileAgainParams{ID: row.ID, DueAt: at.Add(fileLookAfter), Reason: optional(reason)})
}

// nextFetch is the attempt after the last one at a file.
func nextFetch(row db.FileOpenRow) (inbox.Fetch, error) {
	return renderFetch(db.FileOverdueRow{
		ID: row.ID, Attempt: row.Attempt + 1, ChannelAccountID: row.ChannelAccountID, Lane: row.Lane, Channel: row.Channel,
		CredentialAccount: row.CredentialAccount, Detail: row.Detail,
	})
}

func renderFetch(row db.FileOverdueRow) (inbox.Fetch, error) {
	fetch := inbox.Fetch{
		Job:     inbox.Job{ID: row.ID, Queue: inbox.MediaQueue, Account: row.ChannelAccountID, Lane: row.Lane, Attempt: int(row.Attempt)},
		Channel: row.Channel, CredentialAccount: row.CredentialAccount,
	}
	if err := json.Unmarshal(row.Detail, &fetch.Attachment); err != nil {
		return fetch, fmt.Errorf("reading the stored attachment of file %s: %w", row.ID, err)
	}
	return fetch, nil
}

// OverdueFiles takes files of which nothing was heard in time, at most so many, with a new attempt at each.
func (s *Store) OverdueFiles(ctx context.Context, most int) ([]inbox.OverdueFile, error) {
	rows, err := s.q.FileOverdue(ctx, int32(most))
	if err != nil {
		return nil, interpretError("looking for overdue files", err)
	}
	files := make([]inbox.OverdueFile, len(rows))
	for i, row := range rows {
		fetch, err := renderFetch(row)
		if err != nil {
			return nil, err
		}
		files[i] = inbox.OverdueFile{Fetch: fetch, Wanted: row.WantedAt}
	}
	return files, nil
}

// RetryFile makes a file that we do not have wanted from now on, with a new attempt at it. It returns [inbox.ErrNotFound] if there is no such file, and
// no attempt if we have it.
func (s *Store) RetryFile(ctx context.Context, id uuid.UUID) (fetch *inbox.Fetch, err error) {
	err = s.inTransaction(ctx, "wanting a file again", func(tx *transaction) error {
		fetch = nil
		row, err := tx.q.FileOpen(ctx, id)
		if err != nil || row.State == string(inbox.FileStored) {
			return notFound(err)
		}
		again, err := nextFetch(row)
		fetch = &again
		if err != nil {
			return err
		}
		return tx.q.FileRetry(ctx, db.FileRetryParams{ID: id, DueAt: time.Now().Add(retryLookAfter)})
	})
	return fetch, err
}

// MissingFiles returns the attachments whose file we do not have, what was wanted last first, at most so many; 0: all.
func (s *Store) MissingFiles(ctx context.Context, f inbox.FileFilter, most int) ([]inbox.MissingFile, error) {
	if most == 0 {
		most = math.MaxInt32
	}
	rows, err := s.q.FileMissing(ctx, db.FileMissingParams{
		Channel: f.Channel, State: string(f.State), Since: f.Since, Reason: clean(f.Reason), MaxRows: int32(most),
	})
	if err != nil {
		return nil, interpretError("looking for missing files", err)
	}
	files := make([]inbox.MissingFile, len(rows))
	for i, r := range rows {
		files[i] = inbox.MissingFile{
			ID: r.ID, Message: r.MessageID, Channel: r.Channel, Kind: channels.AttachmentKind(r.Kind), Name: value(r.Name),
			State: inbox.FileState(r.State), Reason: value(r.Reason), Attempt: int(r.Attempt), Wanted: r.WantedAt, Due: r.DueAt,
		}
	}
	return files, nil
}

// ownAttachments write what messages of ours carry besides their words. Their files are known by their keys.
func (s *sending) ownAttachments(messages []uuid.UUID, parts []channels.Outgoing) ([]query, error) {
	var queries []query
	for i, part := range parts {
		for _, attached := range inbox.Shown(part).Attachments {
			detail, err := document(attached)
			if err != nil {
				return nil, err
			}
			queries = append(queries, s.ownAttachment(messages[i], clean(string(attached.Kind)), detail, part.File))
		}
	}
	return queries, nil
}

// ownAttachment writes one of them. file is nil for what is none.
func (s *sending) ownAttachment(message uuid.UUID, kind string, detail []byte, file *channels.File) query {
	if file == nil || file.Key == "" {
		p := db.AttachmentOwnParams{MessageID: message, Kind: kind, Detail: detail}
		return func(q *db.Queries) error { return q.AttachmentOwn(s.ctx, p) }
	}
	p := db.FileOwnParams{
		ID: newID(), MessageID: message, Key: clean(file.Key), Kind: kind, Mime: clean(file.MIME), Name: clean(file.Name), Bytes: file.Bytes, Detail: detail,
	}
	return func(q *db.Queries) error { return q.FileOwn(s.ctx, p) }
}
