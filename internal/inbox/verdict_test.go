package inbox_test

import (
	"testing"
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	written := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tells := channels.Spec{Title: "Tells", Confirms: 2 * time.Minute}
	silent := channels.Spec{Title: "Silent"}
	for name, test := range map[string]struct {
		spec     channels.Spec
		policy   inbox.SendPolicy
		outcome  inbox.Outcome
		later    time.Duration // after it was written
		want     inbox.Verdict
		wait     time.Duration
		reaction bool
		listened time.Duration
		doubtful bool
		code     string
	}{
		"sent":                    {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultSent}, want: inbox.VerdictSent},
		"rejected":                {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultRejected, Code: "131047"}, want: inbox.VerdictFailed, code: "131047"},
		"first failure":           {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultFailed, Attempt: 1}, want: inbox.VerdictRetry, wait: 2 * time.Second},
		"third failure":           {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultFailed, Attempt: 3}, want: inbox.VerdictRetry, wait: 8 * time.Second},
		"hundredth failure":       {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultFailed, Attempt: 100}, want: inbox.VerdictRetry, wait: 10 * time.Minute},
		"a failure after a day":   {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultFailed, Attempt: 100}, later: 24 * time.Hour, want: inbox.VerdictFailed, code: "gave_up"},
		"throttled, for so long":  {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultThrottled, Attempt: 1, After: time.Hour}, want: inbox.VerdictRetry, wait: time.Hour},
		"throttled, nobody says":  {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultThrottled, Attempt: 2}, want: inbox.VerdictRetry, wait: 4 * time.Second},
		"throttled for too long":  {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultThrottled, Attempt: 1, After: 25 * time.Hour}, want: inbox.VerdictFailed, code: "gave_up"},
		"credentials":             {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultRefused, Attempt: 1}, want: inbox.VerdictRetry, wait: time.Minute},
		"uncertain, it will tell": {spec: tells, outcome: inbox.Outcome{Result: inbox.ResultUnknown, Attempt: 1}, want: inbox.VerdictListen, wait: 2 * time.Minute},
		"an uncertain reaction":   {spec: tells, reaction: true, outcome: inbox.Outcome{Result: inbox.ResultUnknown, Attempt: 1}, want: inbox.VerdictRetry, wait: 2 * time.Second},
		"it told nothing":         {spec: tells, listened: 2 * time.Minute, outcome: inbox.Outcome{Result: inbox.ResultSilent, Attempt: 1}, want: inbox.VerdictRetry},
		"it has time yet to tell": {spec: tells, listened: time.Minute, outcome: inbox.Outcome{Result: inbox.ResultSilent, Attempt: 1}, want: inbox.VerdictListen, wait: time.Minute},
		"it told nothing for a day": {spec: tells, listened: 2 * time.Minute, later: 25 * time.Hour, outcome: inbox.Outcome{Result: inbox.ResultSilent, Attempt: 1},
			want: inbox.VerdictUnknown, code: "gave_up"},
		"rejected, but perhaps delivered before": {spec: tells, doubtful: true, outcome: inbox.Outcome{Result: inbox.ResultRejected, Code: "131047"},
			want: inbox.VerdictUnknown, code: "131047"},
		"overdue, but fresh": {spec: silent, outcome: inbox.Outcome{Result: inbox.ResultOverdue, Attempt: 1, At: written, After: time.Minute},
			later: 2 * time.Minute, want: inbox.VerdictRequeue},
		"overdue for long": {spec: silent, outcome: inbox.Outcome{Result: inbox.ResultOverdue, Attempt: 1, At: written, After: time.Minute},
			later: 2*time.Minute + 1, want: inbox.VerdictUnknown, code: "unknown"},
		"uncertain, nobody will tell": {spec: silent, outcome: inbox.Outcome{Result: inbox.ResultUnknown, Attempt: 1}, want: inbox.VerdictUnknown, code: "unknown"},
		"uncertain, rather twice": {spec: silent, policy: inbox.SendPolicy{RetryUnknown: true},
			outcome: inbox.Outcome{Result: inbox.ResultUnknown, Attempt: 1}, want: inbox.VerdictRetry, wait: 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := written.Add(test.later)
			d := test.policy.Decide(test.spec, inbox.Attempted{Age: test.later, Listened: test.listened, Doubtful: test.doubtful, Repeatable: test.reaction}, test.outcome, now)
			if d.Verdict != test.want || d.Code != test.code {
				t.Errorf("%+v", d)
			}
			if waits := d.Verdict == inbox.VerdictRetry || d.Verdict == inbox.VerdictListen; waits && !d.At.Equal(now.Add(test.wait)) {
				t.Errorf("in %s, want in %s", d.At.Sub(now), test.wait)
			}
			if d.Code != "" && d.Code != test.outcome.Code && d.Reason == "" {
				t.Error("people are not told why")
			}
		})
	}
}
