package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// factsOf reads what was told about a message.
func factsOf(rows []db.MessageEventFactsRow) ([]inbox.Fact, error) {
	facts := make([]inbox.Fact, len(rows))
	for i, row := range rows {
		facts[i] = inbox.Fact{ID: row.Kind + "/" + row.Key, At: row.HappenedAt}
		if err := json.Unmarshal(row.Content, &facts[i].Update); err != nil {
			return nil, fmt.Errorf("reading the stored event %s/%s: %w", row.Kind, row.Key, err)
		}
	}
	return facts, nil
}

// askMessage asks for a processed message.
func (a *application) askMessage(externalID string) query {
	p := db.MessageByExternalIDParams{ChannelAccountID: a.Row.ChannelAccount, ExternalID: optional(inbox.Key(externalID))}
	return func(q *db.Queries) error {
		a.target = nil
		row, err := q.MessageByExternalID(a.ctx, p)
		if err == nil {
			a.target = &row
		}
		return unlessNone(err)
	}
}

// askFacts asks for everything that was told about a message so far.
func (a *application) askFacts(externalID string) query {
	target := key(externalID)
	return func(q *db.Queries) (err error) {
		a.facts, err = q.MessageEventFacts(a.ctx, db.MessageEventFactsParams{ChannelAccountID: a.Row.ChannelAccount, Target: &target})
		return err
	}
}

// fold is a message after everything that was told about it, as far as that was asked for. reached is how far it got besides.
func (a *application) fold(m channels.Message, reached channels.DeliveryState) (inbox.Folded, error) {
	facts, err := factsOf(a.facts)
	if err != nil {
		return inbox.Folded{}, err
	}
	folded := inbox.Fold(m, facts)
	if m.Direction == channels.Out {
		folded.Status = inbox.Forward(folded.Status, reached)
	}
	return folded, nil
}

// refold writes what the facts about a message, which were asked for, add up to now, if the message is there already. Its completion will
// fold them otherwise.
func (a *application) refold() error {
	row := a.target
	if row == nil {
		return nil
	}
	var m channels.Message
	if err := json.Unmarshal(row.Content, &m); err != nil {
		return fmt.Errorf("reading the stored message %s: %w", row.ID, err)
	}
	folded, err := a.fold(m, a.reached(*row))
	if err != nil {
		return err
	}
	columns, err := foldColumns(folded)
	if err != nil {
		return err
	}
	columns.ID = row.ID
	attachments, err := a.attach(row.ID, m, folded)
	if err != nil {
		return err
	}
	return a.together(a.ctx, append(attachments,
		func(q *db.Queries) error { return q.MessageFold(a.ctx, columns) },
		a.tell(db.FeedInsertParams{
			Kind: "message.updated", ConversationID: row.ConversationID, MessageID: optionalID(row.ID), EventID: optionalID(a.Row.ID),
		}))...)
}

// reached is how far a message got besides what facts about it say: through watermarks. A replayed fact may take back what the row holds, so
// there the watermarks themselves count.
func (a *application) reached(row db.Message) channels.DeliveryState {
	if a.replayed && a.chat.ID == row.ConversationID.UUID {
		return a.chat.Reached(timeValue(row.OccurredAt))
	}
	return channels.DeliveryState(value(row.Status))
}

// foldColumns renders a fold as the columns that hold it.
func foldColumns(f inbox.Folded) (db.MessageFoldParams, error) {
	p := db.MessageFoldParams{
		Text: optional(f.Text), Status: optional(string(f.Status)), EditedAt: optionalTime(f.EditedAt), DeletedAt: optionalTime(f.DeletedAt),
	}
	if f.Failure != nil {
		p.ErrorCode, p.ErrorReason = optional(strconv.Itoa(f.Failure.Code)), optional(cmp.Or(f.Failure.Reason, f.Failure.Title, f.Failure.Detail))
	}
	var err error
	if f.Edited != nil {
		if p.Edited, err = document(f.Edited); err != nil {
			return p, err
		}
	}
	if len(f.Reactions) > 0 {
		if p.Reactions, err = document(f.Reactions); err != nil {
			return p, err
		}
	}
	return p, nil
}
