package outside_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/outside"
	"omni/internal/roster"
)

// puppet is a channel that does what a test says.
type puppet struct {
	channels.Env
}

// errOldToken is what the puppet answers when it is opened with a token that was replaced.
var errOldToken = errors.New("an old token")

var puppets struct {
	sync.Mutex
	sends map[string]func(channels.Outgoing) (channels.Receipt, error) // by thread
}

func init() {
	channels.Register(channels.Spec{
		Name: "puppet", Title: "Puppet", Docs: "https://example.com/", Account: channels.AccountOptional, Rate: 50,
		Secrets: []channels.Secret{
			{Name: "signature", Meaning: "signs", For: channels.ForVerify}, {Name: "token", Meaning: "sends", For: channels.ForSend},
		},
		Text: channels.TextLimit{Max: 100, Unit: channels.Characters},
	}, func(env channels.Env) (channels.Channel, error) { return puppet{env}, nil })
}

func (puppet) Verify(*channels.Request) error                    { return errors.New("not asked") }
func (puppet) Parse(*channels.Request) ([]channels.Event, error) { return nil, errors.New("not asked") }
func (puppet) Normalize(channels.Event) (channels.Update, error) {
	return channels.Update{}, errors.New("not asked")
}
func (p puppet) Send(ctx context.Context, o channels.Outgoing) (channels.Receipt, error) {
	if p.Secrets.First("token") == "old" {
		return channels.Receipt{}, errors.Join(channels.ErrCredentials, errOldToken)
	}
	puppets.Lock()
	send := puppets.sends[o.Thread]
	puppets.Unlock()
	if send == nil { // a platform that never answers
		<-ctx.Done()
		return channels.Receipt{}, channels.Uncertain(ctx.Err())
	}
	return send(o)
}

// accounts is a source of secrets in which a token is replaced when it is read for the second time.
type accounts struct {
	tokens []string
	reads  int
}

func (a *accounts) Secrets(context.Context, string) (map[string]channels.Secrets, error) {
	token := a.tokens[min(a.reads, len(a.tokens)-1)]
	a.reads++
	if token == "" {
		return map[string]channels.Secrets{"default": {}}, nil
	}
	return map[string]channels.Secrets{"default": {"token": {token}}}, nil
}

// post remembers the outcomes that are reported.
type post struct {
	mu       sync.Mutex
	outcomes []inbox.Outcome
	err      error
	back     int // from which report on there is no error any more; 0: never
}

func (p *post) Report(_ context.Context, _ inbox.Job, o inbox.Outcome) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outcomes = append(p.outcomes, o)
	if p.back > 0 && len(p.outcomes) >= p.back {
		return nil
	}
	return p.err
}

type links struct{}

func (links) Link(_ context.Context, key string) (string, error) {
	if key == "gone" {
		return "", errors.New("no such file")
	}
	return "https://files.example/" + key, nil
}

// sending is a sender with everything around it, and a puppet of its own.
type sending struct {
	*outside.Sender
	*post
	clock time.Time
	send  inbox.Send
}

func newSending(t *testing.T, tokens []string, send func(channels.Outgoing) (channels.Receipt, error)) *sending {
	t.Helper()
	puppets.Lock()
	defer puppets.Unlock()
	if puppets.sends == nil {
		puppets.sends = map[string]func(channels.Outgoing) (channels.Receipt, error){}
	}
	puppets.sends[t.Name()] = send
	var clock sync.Mutex
	s := &sending{post: &post{}, clock: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		s.clock = s.clock.Add(2 * time.Minute) // secrets may be read again each time
		return s.clock
	}
	s.Sender = outside.NewSender(outside.SenderOptions{
		Roster: roster.New(&accounts{tokens: tokens}, now, roster.Options{Purpose: channels.ForSend}),
		Links:  links{}, Report: s.post, Log: slog.New(slog.DiscardHandler), Now: now, Senders: 2,
	})
	s.send = inbox.Send{
		Job: inbox.Job{ID: uuid.Max, Attempt: 4}, Channel: "puppet", CredentialAccount: "default",
		Outgoing: channels.Outgoing{Thread: t.Name(), Account: "1", Content: channels.Content{Text: "hello"}},
	}
	return s
}

func TestEachErrorHasItsOutcome(t *testing.T) {
	t.Parallel()
	reject := channels.Reject("131047", "Send a template.", errors.New("the answer"))
	for name, test := range map[string]struct {
		receipt channels.Receipt
		err     error
		want    inbox.Outcome
	}{
		"sent":        {channels.Receipt{ID: "out1", Thread: "other"}, nil, inbox.Outcome{Result: inbox.ResultSent}},
		"without id":  {channels.Receipt{}, nil, inbox.Outcome{Result: inbox.ResultUnknown}},
		"rejected":    {channels.Receipt{}, reject, inbox.Outcome{Result: inbox.ResultRejected, Code: "131047", Reason: "Send a template."}},
		"throttled":   {channels.Receipt{}, channels.Throttled(time.Minute, io.EOF), inbox.Outcome{Result: inbox.ResultThrottled, After: time.Minute}},
		"uncertain":   {channels.Receipt{}, channels.Uncertain(io.EOF), inbox.Outcome{Result: inbox.ResultUnknown}},
		"credentials": {channels.Receipt{}, channels.ErrCredentials, inbox.Outcome{Result: inbox.ResultRefused}},
		"no secrets":  {channels.Receipt{}, channels.ErrMissingSecrets, inbox.Outcome{Result: inbox.ResultRefused}},
		"anything":    {channels.Receipt{}, io.EOF, inbox.Outcome{Result: inbox.ResultFailed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, []string{"token"}, func(channels.Outgoing) (channels.Receipt, error) { return test.receipt, test.err })
			if err := s.Send(t.Context(), s.send, 1); err != nil {
				t.Fatal(err)
			}
			got := s.outcomes[0]
			if got.Result != test.want.Result || got.Code != test.want.Code || got.Reason != test.want.Reason || got.After != test.want.After {
				t.Errorf("%+v", got)
			}
			if got.Message != s.send.Job.ID || got.Attempt != 4 || got.At.IsZero() || (got.Detail == "") != (got.Result == inbox.ResultSent) {
				t.Errorf("%+v", got)
			}
			if got.Result == inbox.ResultSent && got.Receipt.ID != "out1" {
				t.Errorf("%+v", got.Receipt)
			}
		})
	}
}

func TestAPanicMayHaveDelivered(t *testing.T) {
	t.Parallel()
	s := newSending(t, []string{"token"}, func(channels.Outgoing) (channels.Receipt, error) { panic("a mistake of the plugin") })
	if err := s.Send(t.Context(), s.send, 1); err != nil || s.outcomes[0].Result != inbox.ResultUnknown {
		t.Errorf("%v, %+v", err, s.outcomes)
	}
}

// The function would be ended before it could tell, and the message would wait for its visibility timeout.
func TestAPlatformThatNeverAnswersLeavesTimeToTell(t *testing.T) {
	t.Parallel()
	s := newSending(t, []string{"token"}, nil)
	ctx, cancel := context.WithTimeout(t.Context(), outside.SendMargin+2*time.Second)
	defer cancel()
	if err := s.Send(ctx, s.send, 1); err != nil || ctx.Err() != nil || s.outcomes[0].Result != inbox.ResultUnknown {
		t.Errorf("%v, %v, %+v", err, ctx.Err(), s.outcomes)
	}
}

func TestAJobThatComesAgainWasInterrupted(t *testing.T) {
	t.Parallel()
	s := newSending(t, []string{"token"}, func(channels.Outgoing) (channels.Receipt, error) {
		t.Error("another attempt was made")
		return channels.Receipt{}, nil
	})
	if err := s.Send(t.Context(), s.send, 2); err != nil || s.outcomes[0].Result != inbox.ResultUnknown || s.outcomes[0].Attempt != 4 {
		t.Errorf("%v, %+v", err, s.outcomes)
	}
}

func TestAnOutcomeThatCannotBeReportedKeepsTheJob(t *testing.T) {
	t.Parallel()
	s := newSending(t, []string{"token"}, func(channels.Outgoing) (channels.Receipt, error) { return channels.Receipt{ID: "out1"}, nil })
	s.err = errors.New("the queue is down")
	if err := s.Send(t.Context(), s.send, 1); !errors.Is(err, s.err) {
		t.Errorf("got %v", err)
	}
}

func TestAnOutcomeIsReportedAsSoonAsThatIsPossible(t *testing.T) {
	t.Parallel()
	s := newSending(t, []string{"token"}, func(channels.Outgoing) (channels.Receipt, error) { return channels.Receipt{ID: "out1"}, nil })
	s.err = errors.New("the queue is down")
	s.back = 3
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := s.Send(ctx, s.send, 1); err != nil || len(s.outcomes) != 3 || s.outcomes[2].Result != inbox.ResultSent {
		t.Errorf("%v, %+v", err, s.outcomes)
	}
}

func TestCredentialsThatWereReplacedAreReadAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		tokens []string
		want   inbox.Result
	}{
		"replaced":     {[]string{"old", "new"}, inbox.ResultSent},
		"not replaced": {[]string{"old"}, inbox.ResultRefused},
		"not there":    {[]string{""}, inbox.ResultRefused},
		"just entered": {[]string{"", "new"}, inbox.ResultSent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, test.tokens, func(channels.Outgoing) (channels.Receipt, error) { return channels.Receipt{ID: "out1"}, nil })
			if err := s.Send(t.Context(), s.send, 1); err != nil || s.outcomes[0].Result != test.want {
				t.Errorf("%v, %+v", err, s.outcomes)
			}
		})
	}
}

func TestFilesGetALinkOfToday(t *testing.T) {
	t.Parallel()
	var got channels.Content
	s := newSending(t, []string{"token"}, func(o channels.Outgoing) (channels.Receipt, error) {
		got = o.Content
		return channels.Receipt{ID: "out1"}, nil
	})
	s.send.Outgoing.File = &channels.File{Key: "a/b"}
	s.send.Outgoing.Template = &channels.TemplateMessage{HeaderFile: &channels.File{Key: "c"}}
	if err := s.Send(t.Context(), s.send, 1); err != nil {
		t.Fatal(err)
	}
	if got.File.Link != "https://files.example/a/b" || got.Template.HeaderFile.Link != "https://files.example/c" {
		t.Errorf("%+v, %+v", got.File, got.Template.HeaderFile)
	}
	s.send.Outgoing.File.Key = "gone"
	if err := s.Send(t.Context(), s.send, 1); err != nil || s.outcomes[1].Result != inbox.ResultFailed {
		t.Errorf("%v, %+v", err, s.outcomes[1])
	}
}

// The puppet takes 50 messages a second, of which one of two senders has half.
func TestASenderKeepsToItsShare(t *testing.T) {
	t.Parallel()
	const messages = 20
	s := newSending(t, []string{"token"}, func(channels.Outgoing) (channels.Receipt, error) { return channels.Receipt{ID: "out1"}, nil })
	began := time.Now()
	var wg sync.WaitGroup
	for range messages {
		wg.Go(func() {
			if err := s.Send(t.Context(), s.send, 1); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if took, least := time.Since(began), (messages-1)*time.Second/25; took < least {
		t.Errorf("%d messages in %s: at least %s wanted", messages, took, least)
	}
	hurry, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	for range 3 { // the first may go at once
		if err := s.Send(hurry, s.send, 1); err != nil {
			t.Fatal(err)
		}
	}
	if last := s.outcomes[len(s.outcomes)-1]; last.Result != inbox.ResultThrottled {
		t.Errorf("without the time to wait: %+v", last)
	}
}
