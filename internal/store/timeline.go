package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// Where the entries of a history are kept.
const (
	sourceMessage = iota
	sourceNote
	sourceAudit
	sourceEvent
)

// beforeNow is the key before which the whole of a history lies.
var beforeNow = inbox.TimelineKey{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}

// Timeline returns a part of a conversation's history, or [inbox.ErrNotFound] if the message that it is to be around is not in it.
func (s *Store) Timeline(ctx context.Context, wanted inbox.TimelineQuery) (inbox.Timeline, error) {
	var part inbox.Timeline
	var keys []inbox.TimelineKey
	var err error
	switch {
	case wanted.Around != uuid.Nil:
		keys, part, err = s.around(ctx, wanted)
	case wanted.After != nil:
		keys, part.Newer, err = s.newer(ctx, wanted.Conversation, *wanted.After, wanted.Most)
		part.Older = true
	case wanted.Before != nil:
		keys, part.Older, err = s.older(ctx, wanted.Conversation, *wanted.Before, wanted.Most)
		part.Newer = true
	default:
		keys, part.Older, err = s.older(ctx, wanted.Conversation, beforeNow, wanted.Most)
	}
	if err != nil {
		return part, interpretError("reading a history", err)
	}
	part.Entries, err = s.entries(ctx, keys)
	return part, err
}

// around is a part of a history with a message in its middle.
func (s *Store) around(ctx context.Context, wanted inbox.TimelineQuery) ([]inbox.TimelineKey, inbox.Timeline, error) {
	var part inbox.Timeline
	row, err := s.q.TimelineMessageKey(ctx, db.TimelineMessageKeyParams{ID: wanted.Around, ConversationID: optionalID(wanted.Conversation)})
	if err != nil {
		return nil, part, notFound(err)
	}
	behind := inbox.TimelineKey{At: row.At, Source: sourceMessage, Seq: row.Seq, ID: uuid.Max}
	newer, more, err := s.newer(ctx, wanted.Conversation, behind, wanted.Most/2)
	if err != nil {
		return nil, part, err
	}
	part.Newer = more
	older, more, err := s.older(ctx, wanted.Conversation, behind, wanted.Most-len(newer))
	part.Older = more
	return append(newer, older...), part, err
}

// older returns the keys before one, the latest first, and whether there are more.
func (s *Store) older(ctx context.Context, conversation uuid.UUID, before inbox.TimelineKey, most int) ([]inbox.TimelineKey, bool, error) {
	rows, err := s.q.TimelineOlder(ctx, db.TimelineOlderParams{
		ConversationID: optionalID(conversation), At: before.At, Source: int32(before.Source), Seq: before.Seq, ID: before.ID, MaxRows: int32(most + 1),
	})
	more := len(rows) > most
	return timelineKeys(rows[:min(len(rows), most)]), more, err
}

// newer returns the keys after one, the latest first, and whether there are more.
func (s *Store) newer(ctx context.Context, conversation uuid.UUID, after inbox.TimelineKey, most int) ([]inbox.TimelineKey, bool, error) {
	rows, err := s.q.TimelineNewer(ctx, db.TimelineNewerParams{
		ConversationID: optionalID(conversation), At: after.At, Source: int32(after.Source), Seq: after.Seq, ID: after.ID, MaxRows: int32(most + 1),
	})
	more := len(rows) > most
	keys := timelineKeys(rows[:min(len(rows), most)])
	slices.Reverse(keys)
	return keys, more, err
}

func timelineKeys[Row db.TimelineOlderRow | db.TimelineNewerRow](rows []Row) []inbox.TimelineKey {
	keys := make([]inbox.TimelineKey, len(rows))
	for i, row := range rows {
		r := db.TimelineOlderRow(row)
		keys[i] = inbox.TimelineKey{At: r.At, Source: int(r.Source), Seq: r.Seq, ID: r.ID}
	}
	return keys
}

// entries reads what stands behind keys. What is gone since they were read is left out.
func (s *Store) entries(ctx context.Context, keys []inbox.TimelineKey) ([]inbox.TimelineEntry, error) {
	ids := map[int][]uuid.UUID{}
	for _, key := range keys {
		ids[key.Source] = append(ids[key.Source], key.ID)
	}
	messages, err := s.MessageViews(ctx, ids[sourceMessage])
	if err != nil {
		return nil, err
	}
	notes, err := s.NoteViews(ctx, ids[sourceNote])
	if err != nil {
		return nil, err
	}
	activities, err := s.activities(ctx, ids[sourceAudit], ids[sourceEvent])
	if err != nil {
		return nil, err
	}
	var entries []inbox.TimelineEntry
	for _, key := range keys {
		entry := inbox.TimelineEntry{Key: key}
		if message, ok := messages[key.ID]; ok {
			entry.Message = &message
		} else if note, ok := notes[key.ID]; ok {
			entry.Note = &note
		} else if activity, ok := activities[key.ID]; ok {
			entry.Activity = &activity
		} else {
			continue
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// activities reads entries of the audit log and events of the platform.
func (s *Store) activities(ctx context.Context, audited, told []uuid.UUID) (map[uuid.UUID]inbox.Activity, error) {
	all := map[uuid.UUID]inbox.Activity{}
	if len(audited) > 0 {
		rows, err := s.q.TimelineActivities(ctx, audited)
		if err != nil {
			return nil, interpretError("reading what agents did", err)
		}
		for _, r := range rows {
			all[r.ID] = inbox.Activity{ID: r.ID, At: r.At, Agent: agentRef(r.AgentID, r.AgentName), Action: r.Action, Detail: r.Detail}
		}
	}
	if len(told) > 0 {
		rows, err := s.q.TimelineEvents(ctx, told)
		if err != nil {
			return nil, interpretError("reading what a platform told", err)
		}
		for _, r := range rows {
			if all[r.ID], err = platformActivity(r); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func agentRef(id uuid.NullUUID, name *string) *inbox.AgentRef {
	if !id.Valid {
		return nil
	}
	return &inbox.AgentRef{ID: id.UUID, Name: value(name)}
}

// platformActivity is what a platform told, as far as it is of use to people.
func platformActivity(r db.TimelineEventsRow) (inbox.Activity, error) {
	var update channels.Update
	activity := inbox.Activity{ID: r.ID, At: r.At, Action: "platform.unknown"}
	if err := json.Unmarshal(r.Content, &update); err != nil {
		return activity, fmt.Errorf("reading the stored event %s: %w", r.ID, err)
	}
	var told struct {
		Detail   string             `json:"detail,omitempty"`
		Text     string             `json:"text,omitempty"`
		Person   string             `json:"person,omitempty"`
		Referral *channels.Referral `json:"referral,omitempty"`
	}
	if system := update.System; system != nil {
		activity.Action = "platform." + system.Type
		told.Detail, told.Text, told.Referral = system.Detail, system.Text, system.Referral
	}
	if update.Person != nil {
		told.Person = update.Person.Name
	}
	var err error
	activity.Detail, err = document(told)
	return activity, err
}
