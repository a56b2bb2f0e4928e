package outside

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/patience"
	"omni/internal/roster"
)

// Reporter carries back what is known after an attempt.
type Reporter interface {
	Report(context.Context, inbox.Job, inbox.Outcome) error
}

// Linker makes links from which a platform can fetch a file.
type Linker interface {
	// Link returns an https URL that works for an hour at least.
	Link(ctx context.Context, key string) (string, error)
}

// How long an attempt may take, and what it leaves of the function's time. A platform that answers nothing until then may have taken the message.
const (
	sendTime   = time.Minute // more than the function has; a caller without a deadline gets one
	sendMargin = 5 * time.Second
)

// pace is how much of what a platform takes is used: at all of it, requests that overtake each other are too many now and then.
const pace = 0.95

// Sender delivers messages to platforms. Make it with [NewSender]; it is safe for concurrent use.
type Sender struct {
	roster *roster.Roster
	links  Linker
	report Reporter
	log    *slog.Logger
	now    func() time.Time
	share  float64

	mu       sync.Mutex
	limiters map[string]*rate.Limiter // by channel and account
}

// SenderOptions are what a sender is made of.
type SenderOptions struct {
	Roster  *roster.Roster // opens channels for sending
	Links   Linker
	Report  Reporter
	Log     *slog.Logger
	Now     func() time.Time
	Senders int // how many there are at once, by which a platform's limits are divided; below 1: 1
}

// NewSender makes a sender.
func NewSender(o SenderOptions) *Sender {
	return &Sender{
		roster: o.Roster, links: o.Links, report: o.Report, log: o.Log, now: o.Now, share: 1 / float64(max(o.Senders, 1)),
		limiters: map[string]*rate.Limiter{},
	}
}

// Send makes one attempt at a message and reports what is known of it then. receives is how often the job was received: at the second time the
// attempt was interrupted, and may have delivered. An error means that the outcome could not be reported, and that the job has to come
// again.
func (s *Sender) Send(ctx context.Context, send inbox.Send, receives int) error {
	outcome := inbox.Outcome{Message: send.Job.ID, Account: send.Job.Account, Attempt: send.Job.Attempt, At: s.now()}
	if receives > 1 {
		outcome = inbox.Interrupted(send.Job, s.now())
	} else {
		s.attempt(ctx, send, &outcome)
	}
	s.log.Info("attempt at a message", "message_id", send.Job.ID, "channel", send.Channel, "account", send.CredentialAccount,
		"attempt", send.Job.Attempt, "result", outcome.Result, "detail", outcome.Detail, "took_ms", s.now().Sub(outcome.At).Milliseconds())
	return s.tell(ctx, send.Job, outcome)
}

// tell reports an outcome, and tries that for as long as there is time: what cannot be reported comes again, and is uncertain then.
func (s *Sender) tell(ctx context.Context, job inbox.Job, outcome inbox.Outcome) error {
	err := patience.Retry(ctx, func() error { return s.report.Report(ctx, job, outcome) })
	if err != nil {
		return fmt.Errorf("reporting an attempt at message %s: %w", job.ID, err)
	}
	return nil
}

// attempt delivers a message if it can, and writes into the outcome what is known then.
func (s *Sender) attempt(ctx context.Context, send inbox.Send, outcome *inbox.Outcome) {
	ctx, cancel := leaving(ctx, sendMargin, sendTime)
	defer cancel()
	receipt, err := s.deliver(ctx, send, outcome)
	var rejected *channels.RejectedError
	var throttled *channels.ThrottledError
	var uncertain *channels.UncertainError
	switch {
	case err == nil:
		outcome.Result, outcome.Receipt = inbox.ResultSent, receipt
		return
	case errors.As(err, &rejected):
		outcome.Result, outcome.Code, outcome.Reason = inbox.ResultRejected, rejected.Code, rejected.Reason
	case errors.As(err, &throttled):
		outcome.Result, outcome.After = inbox.ResultThrottled, throttled.After
	case errors.As(err, &uncertain):
		outcome.Result = inbox.ResultUnknown
	case roster.NeedsOperator(err):
		outcome.Result = inbox.ResultRefused
	default:
		outcome.Result = inbox.ResultFailed
	}
	outcome.Detail = unquoted(err, send.Outgoing)
}

func (s *Sender) deliver(ctx context.Context, send inbox.Send, outcome *inbox.Outcome) (receipt channels.Receipt, err error) {
	spec, err := channels.Find(send.Channel)
	if err != nil {
		return receipt, err
	}
	if err := s.link(ctx, &send.Outgoing.Content); err != nil {
		return receipt, err
	}
	if err := s.wait(ctx, spec, send.Outgoing.Account); err != nil {
		return receipt, err
	}
	outcome.At = s.now()
	err = s.roster.With(ctx, spec, send.CredentialAccount, func(channel channels.Channel) error {
		receipt, err = call(ctx, channel, send.Outgoing)
		return err
	})
	return receipt, err
}

// call lets a channel deliver. Its panic may come before or after the platform took the message.
func call(ctx context.Context, channel channels.Channel, o channels.Outgoing) (receipt channels.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = channels.Uncertain(fmt.Errorf("the channel panicked: %v", p))
		}
	}()
	receipt, err = channel.Send(ctx, o)
	if err == nil && receipt.ID == "" && o.Reaction == nil {
		err = channels.Uncertain(errors.New("the platform took the message and gave it no id"))
	}
	return receipt, err
}

// link gives the files of a message links of today.
func (s *Sender) link(ctx context.Context, c *channels.Content) error {
	files := []*channels.File{c.File}
	if c.Template != nil {
		files = append(files, c.Template.HeaderFile)
	}
	for _, file := range files {
		if file == nil || file.Key == "" {
			continue
		}
		link, err := s.links.Link(ctx, file.Key)
		if err != nil {
			return fmt.Errorf("making a link to a file: %w", err)
		}
		file.Link = link
	}
	return nil
}

// wait keeps to this sender's share of what the platform takes from an account. What would have to wait for longer than there is time is
// throttled.
func (s *Sender) wait(ctx context.Context, spec channels.Spec, account string) error {
	if spec.Rate == 0 {
		return nil
	}
	if err := s.limiter(spec, account).Wait(ctx); err != nil {
		return channels.Throttled(0, fmt.Errorf("keeping to %g messages a second: %w", spec.Rate, err))
	}
	return nil
}

func (s *Sender) limiter(spec channels.Spec, account string) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := spec.Name + "/" + account
	limiter, ok := s.limiters[name]
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(spec.Rate*s.share*pace), 1)
		s.limiters[name] = limiter
	}
	return limiter
}
