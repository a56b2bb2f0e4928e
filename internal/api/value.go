package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Time is a time as it is on the wire: RFC 3339, in UTC, to the millisecond.
type Time time.Time

const timeLayout = "2006-01-02T15:04:05.000Z"

// MarshalJSON renders a time.
func (t Time) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Time(t).UTC().Format(timeLayout))
}

// UnmarshalJSON reads any time of RFC 3339.
func (t *Time) UnmarshalJSON(raw []byte) error { return json.Unmarshal(raw, (*time.Time)(t)) }

// Schema is that of a time.
func (Time) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time"}
}

// maybeTime is null for the zero time.
func maybeTime(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	return (*Time)(&t)
}

// maybe is null for the zero value.
func maybe[T comparable](value T) *T {
	if value == *new(T) {
		return nil
	}
	return &value
}

// Object is a JSON object about which nothing more is said.
type Object json.RawMessage

// MarshalJSON renders it as it came.
func (o Object) MarshalJSON() ([]byte, error) {
	if len(o) == 0 {
		return []byte("{}"), nil
	}
	return o, nil
}

// UnmarshalJSON keeps it as it comes.
func (o *Object) UnmarshalJSON(raw []byte) error {
	*o = bytes.Clone(raw)
	return nil
}

// Schema is that of any object.
func (Object) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// Maybe is a member of a change: absent, null or a value. Its JSON tag ends in omitzero, which makes it optional.
type Maybe[T any] struct {
	Given bool // it was there, perhaps as null
	Value *T   // nil: null, or not there
}

// UnmarshalJSON notes that it is there.
func (m *Maybe[T]) UnmarshalJSON(raw []byte) error {
	m.Given = true
	return json.Unmarshal(raw, &m.Value)
}

// Schema is that of a value, or null.
func (Maybe[T]) Schema(r huma.Registry) *huma.Schema {
	schema := r.Schema(reflect.TypeFor[T](), true, "")
	if schema.Ref != "" {
		return orNull(schema)
	}
	schema.Nullable = true
	return schema
}
