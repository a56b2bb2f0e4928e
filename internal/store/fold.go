package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// facts returns everything that was told about a message so far.
func (a *application) facts(externalID string) ([]inbox.Fact, error) {
	target := key(externalID)
	rows, err := a.q.MessageEventFacts(a.ctx, db.MessageEventFactsParams{ChannelAccountID: a.Row.ChannelAccount, Target: &target})
	if err != nil {
		return nil, err
	}
	facts := make([]inbox.Fact, len(rows))
	for i, row := range rows {
		facts[i] = inbox.Fact{ID: row.Kind + "/" + row.Key, At: row.HappenedAt}
		if err := json.Unmarshal(row.Content, &facts[i].Update); err != nil {
			return nil, fmt.Errorf("reading the stored event %s/%s: %w", row.Kind, row.Key, err)
		}
	}
	return facts, nil
}

// refold writes what the facts about a message add up to now, if the message is there already. Its completion will fold them otherwise.
// c is the conversation of the fact.
func (a *application) refold(externalID string, c inbox.Conversation) error {
	row, err := a.q.MessageByExternalID(a.ctx, db.MessageByExternalIDParams{
		ChannelAccountID: a.Row.ChannelAccount, ExternalID: key(externalID),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	facts, err := a.facts(externalID)
	if err != nil {
		return err
	}
	var m channels.Message
	if err := json.Unmarshal(row.Content, &m); err != nil {
		return fmt.Errorf("reading the stored message %s: %w", row.ID, err)
	}
	folded := inbox.Fold(m, facts)
	if m.Direction == channels.Out {
		folded.Status = inbox.Forward(folded.Status, a.reached(row, c))
	}
	columns, err := foldColumns(folded)
	if err != nil {
		return err
	}
	columns.ID = row.ID
	if err := a.q.MessageFold(a.ctx, columns); err != nil {
		return err
	}
	if err := a.attach(row.ID, m, folded); err != nil {
		return err
	}
	return a.q.FeedInsert(a.ctx, db.FeedInsertParams{
		Kind: "message.updated", ConversationID: row.ConversationID, MessageID: optionalID(row.ID), EventID: optionalID(a.Row.ID),
	})
}

// reached is how far a message got besides what facts about it say: through watermarks. A replayed fact may take back what the row holds, so
// there the watermarks themselves count.
func (a *application) reached(row db.Message, c inbox.Conversation) channels.DeliveryState {
	if a.replayed && c.ID == row.ConversationID.UUID {
		return c.Reached(timeValue(row.OccurredAt))
	}
	return channels.DeliveryState(value(row.Status))
}

// foldColumns renders a fold as the columns that hold it.
func foldColumns(f inbox.Folded) (db.MessageFoldParams, error) {
	p := db.MessageFoldParams{
		Text: optional(f.Text), Status: optional(string(f.Status)), EditedAt: optionalTime(f.EditedAt), DeletedAt: optionalTime(f.DeletedAt),
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
