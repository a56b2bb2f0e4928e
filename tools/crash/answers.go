package crash

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"omni/channels"
)

// answers is a transport that writes down how every request was answered.
type answers struct {
	next http.RoundTripper

	mu    sync.Mutex
	all   []answer
	plain []answer // to requests for which the server does next to nothing: how slow the machine is
}

// answer is one attempt to deliver a webhook.
type answer struct {
	path   string
	begun  time.Time
	took   time.Duration
	status int // 0: none
	err    error
}

// RoundTrip implements [http.RoundTripper].
func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	one := answer{path: r.URL.Path, begun: time.Now()}
	response, err := a.next.RoundTrip(r)
	one.took, one.err = time.Since(one.begun), err
	if err == nil {
		one.status = response.StatusCode
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.Method == http.MethodGet {
		a.plain = append(a.plain, one)
	} else {
		a.all = append(a.all, one)
	}
	return response, err
}

// measureEvery is how often the machine is measured.
const measureEvery = 100 * time.Millisecond

// measure asks the server for what takes no database and no queue, until the context ends.
func (a *answers) measure(ctx context.Context, server string) {
	client := &http.Client{Transport: a, Timeout: requestTimeout}
	for pause(ctx, measureEvery) == nil {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/", http.NoBody)
		if err != nil {
			return
		}
		if response, err := client.Do(request); err == nil { // otherwise the server is dead at the moment
			response.Body.Close()
		}
	}
}

// slowness is how long the machine took at most, between two moments, for what takes no time.
func (a *answers) slowness(from, to time.Time) (slowest time.Duration) {
	for _, one := range a.plain {
		if one.begun.Add(one.took).After(from) && one.begun.Before(to) && one.err == nil {
			slowest = max(slowest, one.took)
		}
	}
	return slowest
}

// broken describes the requests begun between two moments that were not answered as they have to be: in time and properly. A machine that is slow at
// the time may take as much longer, twice: for the customer's side and for the server's. It sees those that have ended.
func (a *answers) broken(from, to time.Time, limit time.Duration) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	limit += 2 * a.slowness(from, to)
	var wrong []string
	for _, one := range a.all {
		if one.begun.After(from) && one.begun.Before(to) && (one.took > limit || !one.proper()) {
			wrong = append(wrong, fmt.Sprintf("%s was answered after %.1fs with %s", one.path, one.took.Seconds(), one.outcome()))
		}
	}
	return wrong
}

// proper reports whether a genuine request was answered with 200, or a forged one with 401. A visitor's page that reports too much, as it does again
// after a fault, gets 429; platforms never do.
func (a answer) proper() bool {
	switch a.status {
	case http.StatusOK, http.StatusUnauthorized:
		return true
	case http.StatusTooManyRequests:
		channel, _, _ := strings.Cut(strings.TrimPrefix(a.path, "/webhooks/"), "/")
		return channels.IsHosted(channel)
	}
	return false
}

func (a answer) outcome() string {
	if a.err != nil {
		return a.err.Error()
	}
	return fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))
}

// answerSummary counts answers.
type answerSummary struct {
	accepted, forged, refused, none int
	slowest                         time.Duration // of those that were accepted
}

func (a *answers) summary() answerSummary {
	a.mu.Lock()
	defer a.mu.Unlock()
	var s answerSummary
	for _, one := range a.all {
		switch one.status {
		case http.StatusOK:
			s.accepted++
			s.slowest = max(s.slowest, one.took)
		case http.StatusUnauthorized:
			s.forged++
		case 0:
			s.none++
		default:
			s.refused++
		}
	}
	return s
}
