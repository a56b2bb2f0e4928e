package simulate

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	platforms "omni/channels/simulate"
)

func TestAPatientPlatformOutlastsAnOutageAndTellsWhatWasAccepted(t *testing.T) {
	t.Parallel()
	s := &server{paths: map[string]int{}, misbehave: func(n int, _ *http.Request) int {
		if n <= 2 {
			return http.StatusInternalServerError
		}
		return 0
	}}
	web := httptest.NewServer(s)
	defer web.Close()
	var threads []string
	o := Options{URL: web.URL, Channels: []string{"raven"}, Count: 3, Customers: 1, First: 1007, Concurrency: 1, Attempts: 3}
	err := Run(t.Context(), o, Parts{
		Secrets: known, Client: web.Client(), Progress: NewProgress(io.Discard, false), Out: io.Discard,
		Accepted: func(channel, account string, w platforms.Webhook) {
			if channel != "raven" || account == "" {
				t.Errorf("accepted for account %q of %s", account, channel)
			}
			for _, e := range w.Events {
				threads = append(threads, e.Expect[0].Thread)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Customer(1007).Name
	if len(threads) != 3 || threads[0] != want || threads[2] != want {
		t.Errorf("accepted in the threads %q, want three of %s", threads, want)
	}
	o.Attempts, s.requests = 2, 0
	if err := Run(t.Context(), o, Parts{Secrets: known, Client: web.Client(), Progress: NewProgress(io.Discard, false), Out: io.Discard}); err == nil {
		t.Error("an outage of two requests was outlasted in two attempts")
	}
}
