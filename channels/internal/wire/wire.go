// Package wire reads the loosely typed JSON of messaging platforms: ids that are strings or numbers, times in seconds or milliseconds,
// objects that are sometimes something else. A field that does not have the expected type is as good as absent; it never fails the
// event around it.
package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Object is a JSON object with its values still raw. They are parts of the text that it was read from, and not to be changed.
type Object map[string]json.RawMessage

// ParseObject reads a JSON object; ok is false for anything else.
func ParseObject(raw []byte) (o Object, ok bool) {
	if firstByte(raw) != '{' {
		return nil, false
	}
	s := scanner{raw: raw}
	o = Object{}
	if !s.object(func(key, value []byte) { o[unquote(key)] = value }) || !s.end() {
		return nil, false
	}
	return o, true
}

// ParseArray reads a JSON array, its elements still raw parts of the text; ok is false for anything else.
func ParseArray(raw []byte) (list []json.RawMessage, ok bool) {
	if firstByte(raw) != '[' {
		return nil, false
	}
	s := scanner{raw: raw}
	list = []json.RawMessage{}
	if !s.array(func(value []byte) { list = append(list, value) }) || !s.end() {
		return nil, false
	}
	return list, true
}

// IsScalar reports whether raw is neither an object nor an array.
func IsScalar(raw []byte) bool {
	c := firstByte(raw)
	return c != '{' && c != '['
}

// Has reports whether the key is present with a value other than null.
func (o Object) Has(key string) bool {
	raw, ok := o[key]
	return ok && !bytes.Equal(bytes.TrimSpace(raw), []byte("null"))
}

// Object returns the object under key, or nil; reading from nil is fine.
func (o Object) Object(key string) Object {
	inner, _ := ParseObject(o[key])
	return inner
}

// List returns the elements of the array under key, or nil.
func (o Object) List(key string) []json.RawMessage {
	list, _ := ParseArray(o[key])
	return list
}

// Objects returns those elements of the array under key that are objects.
func (o Object) Objects(key string) []Object {
	var objects []Object
	for _, raw := range o.List(key) {
		if inner, ok := ParseObject(raw); ok {
			objects = append(objects, inner)
		}
	}
	return objects
}

// String returns the string under key, or "".
func (o Object) String(key string) string {
	raw := bytes.TrimSpace(o[key])
	if s := (scanner{raw: raw}); !s.text() || !s.end() {
		return ""
	}
	return unquote(raw)
}

// ID returns the string or number under key as a string, or "". Numbers keep all their digits.
func (o Object) ID(key string) string {
	raw := bytes.TrimSpace(o[key])
	switch c := firstByte(raw); {
	case c == '"':
		return o.String(key)
	case c == '-' || c >= '0' && c <= '9':
		return string(raw)
	}
	return ""
}

// FirstID returns the first [Object.ID] under the keys that is not empty, or "".
func (o Object) FirstID(keys ...string) string {
	for _, key := range keys {
		if id := o.ID(key); id != "" {
			return id
		}
	}
	return ""
}

// Plain returns the members that are a non-empty string, a number or a boolean as strings, without those under the keys.
func (o Object) Plain(without ...string) map[string]string {
	plain := map[string]string{}
	for key, raw := range o {
		value := o.ID(key)
		if b := string(bytes.TrimSpace(raw)); b == "true" || b == "false" {
			value = b
		}
		if value != "" && !slices.Contains(without, key) {
			plain[key] = value
		}
	}
	return plain
}

// Int returns the whole number under key, given as a number or as a string of digits; ok is false for anything else.
func (o Object) Int(key string) (n int64, ok bool) {
	id := o.ID(key)
	if n, err := strconv.ParseInt(id, 10, 64); err == nil {
		return n, true
	}
	// A number like 1.5e9 or 1500000000.0 is whole too.
	f, err := strconv.ParseFloat(id, 64)
	if err != nil || f != float64(int64(f)) || f > 1<<53 || f < -(1<<53) {
		return 0, false
	}
	return int64(f), true
}

// Float returns the number under key, or 0.
func (o Object) Float(key string) float64 {
	f, err := strconv.ParseFloat(o.ID(key), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) { // neither can be written as JSON again
		return 0
	}
	return f
}

// Bool returns the boolean under key; the number 1 counts as true.
func (o Object) Bool(key string) bool {
	raw := string(bytes.TrimSpace(o[key]))
	return raw == "true" || raw == "1"
}

// Time returns the time under key: seconds or milliseconds since 1970, as a number or a string, or an ISO 8601 string. Zero when it
// is absent or unreadable.
func (o Object) Time(key string) time.Time {
	if n, ok := o.Int(key); ok {
		return Unix(n)
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, o.String(key)); err == nil && plausible(t) {
			return t.UTC()
		}
	}
	return time.Time{}
}

// Unix reads seconds or milliseconds since 1970: from 10^12 on it is milliseconds (as seconds that would be the year 33658). Zero for
// what is not positive or beyond the year 9999.
func Unix(n int64) time.Time {
	if n <= 0 {
		return time.Time{}
	}
	t := time.Unix(n, 0).UTC()
	if n >= 1e12 {
		t = time.UnixMilli(n).UTC()
	}
	if !plausible(t) {
		return time.Time{}
	}
	return t
}

// plausible keeps out what is no date of an event, and the years that JSON cannot hold.
func plausible(t time.Time) bool { return t.UTC().Year() >= 1970 && t.UTC().Year() <= 9999 }

// WebURL returns s if it is an absolute http or https link, or "".
func WebURL(s string) string {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}

// Narrow writes a JSON object of the given keys and raw values, in that order and byte for byte, leaving out those without a value.
func Narrow(pairs ...Pair) json.RawMessage {
	size := len("{}")
	for _, p := range pairs {
		size += len(`"":,`) + len(p.Key) + len(p.Value)
	}
	written := append(make([]byte, 0, size), '{')
	for _, p := range pairs {
		if len(p.Value) == 0 {
			continue
		}
		if len(written) > 1 {
			written = append(written, ',')
		}
		written = append(quote(written, p.Key), ':')
		written = append(written, bytes.TrimSpace(p.Value)...)
	}
	return append(written, '}')
}

// Pair is one member of an object that [Narrow] writes.
type Pair struct {
	Key   string
	Value json.RawMessage
}

// Array writes a JSON array of raw values, byte for byte.
func Array(values ...json.RawMessage) json.RawMessage {
	size := len("[]")
	for _, value := range values {
		size += len(",") + len(value)
	}
	written := append(make([]byte, 0, size), '[')
	for i, value := range values {
		if i > 0 {
			written = append(written, ',')
		}
		written = append(written, bytes.TrimSpace(value)...)
	}
	return append(written, ']')
}

func firstByte(raw []byte) byte {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return 0
	}
	return raw[0]
}
