package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moment is a time on the command line: a time, a day, or how long ago.
type moment struct{ time.Time }

// layouts are the forms of a time, in the local zone unless they name one.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04", time.DateOnly}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (m *moment) UnmarshalText(text []byte) error {
	given := strings.TrimSpace(string(text))
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, given, time.Local); err == nil {
			m.Time = t
			return nil
		}
	}
	ago, err := duration(given)
	if err != nil || ago < 0 {
		return fmt.Errorf("%q is neither a time such as 2026-11-22T15:04 or 2026-11-22, nor a duration such as 90m, 36h or 7d", given)
	}
	m.Time = time.Now().Add(-ago)
	return nil
}

// duration is Go's form, or a number of days.
func duration(given string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(given, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(given)
}
