package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// clean removes what PostgreSQL's text cannot hold: NUL characters and invalid UTF-8.
func clean(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\ufffd")
}

// key is a platform's id or thread name as it is stored, whoever mentions it.
func key(id string) string { return clean(inbox.Key(id)) }

// optional is the cleaned text, or null when nothing is left.
func optional(s string) *string {
	if s = clean(s); s == "" {
		return nil
	}
	return &s
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func timeValue(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func optionalID(id uuid.UUID) uuid.NullUUID {
	return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil}
}

// document renders a value of our own vocabulary as JSON.
func document(v any) ([]byte, error) {
	rendered, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", inbox.ErrUnstorable, err)
	}
	return rendered, nil
}
