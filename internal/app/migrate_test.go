package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// answered is an error that a database server gave.
type answered string

func (a answered) Error() string    { return "SQLSTATE " + string(a) }
func (a answered) SQLState() string { return string(a) }

func TestAwaitDatabase(t *testing.T) {
	t.Parallel()
	asleep, starting, rotated, unknown := errors.New("connection timed out"), answered("57P03"), answered("28P01"), answered("3D000")
	for name, test := range map[string]struct {
		pings []error // the last one goes on for good
		want  error
		asked int
		took  time.Duration
	}{
		"awake":                 {[]error{nil}, nil, 1, 0},
		"asleep for a while":    {[]error{asleep, asleep, starting, nil}, nil, 4, 3 * awaitPause},
		"a rotated password":    {[]error{asleep, rotated, nil}, nil, 3, 2 * awaitPause},
		"a wrong password":      {[]error{rotated}, rotated, 2, awaitPause},
		"no such database":      {[]error{unknown}, unknown, 2, awaitPause},
		"away until the end":    {[]error{asleep}, asleep, 57, time.Minute - awaitReserve},
		"not ready for so long": {[]error{starting}, starting, 57, time.Minute - awaitReserve},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // what Lambda gives the function
				defer cancel()
				begun, asked := time.Now(), 0
				var log bytes.Buffer
				err := awaitDatabase(ctx, func(context.Context) error {
					asked++
					return test.pings[min(asked, len(test.pings))-1]
				}, slog.New(slog.NewTextHandler(&log, nil)))
				if !errors.Is(err, test.want) || asked < test.asked || asked > test.asked+1 || time.Since(begun) != test.took {
					t.Errorf("%v after %d attempts and %v", err, asked, time.Since(begun))
				}
				if waited := strings.Contains(log.String(), "waiting for the database"); waited != (asked > 1) {
					t.Errorf("logged: %s", &log)
				}
			})
		})
	}
}
