package tail

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/channels"
	"omni/gen/db"
)

// Database is the [Feed] of a database that is at hand.
type Database struct{ q *db.Queries }

// NewDatabase reads the feed of a database.
func NewDatabase(pool *pgxpool.Pool) Database { return Database{db.New(pool)} }

// End implements [Feed].
func (d Database) End(ctx context.Context) (Cursor, error) {
	end, err := d.q.FeedEnd(ctx)
	return Cursor{XID: fmt.Sprint(end.Xid), Seq: end.Seq}, err
}

// After implements [Feed].
func (d Database) After(ctx context.Context, cursor Cursor, most int) ([]Change, error) {
	rows, err := d.q.FeedAfter(ctx, db.FeedAfterParams{AfterXid: cursor.XID, AfterSeq: cursor.Seq, MaxRows: int32(most)})
	if err != nil {
		return nil, err
	}
	changes := make([]Change, len(rows))
	for i, row := range rows {
		if changes[i], err = change(row); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

func change(row db.FeedAfterRow) (Change, error) {
	c := Change{
		Cursor: Cursor{XID: row.Xid, Seq: row.Seq}, At: row.CreatedAt, Kind: row.Kind, Channel: text(row.Channel),
		Conversation: id(row.ConversationID), Contact: text(row.ContactName), Thread: text(row.Thread), Event: channels.Kind(text(row.EventKind)),
	}
	if row.MessageID.Valid {
		c.Message = &Message{
			ID: id(row.MessageID), Direction: channels.Direction(text(row.Direction)), Type: channels.MessageType(text(row.Type)),
			Text: text(row.Text), Status: channels.DeliveryState(text(row.Status)), Deleted: row.DeletedAt != nil,
		}
	}
	if row.EventContent != nil {
		c.Update = &channels.Update{}
		if err := json.Unmarshal(row.EventContent, c.Update); err != nil {
			return Change{}, fmt.Errorf("reading the stored event %s: %w", id(row.EventID), err)
		}
	}
	return c, nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func id(id uuid.NullUUID) string {
	if !id.Valid {
		return ""
	}
	return id.UUID.String()
}
