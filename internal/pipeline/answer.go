package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// AnswerStore keeps the messages that we send.
type AnswerStore interface {
	// Chat returns what has to be known of a conversation to answer in it, or [inbox.ErrNotFound].
	Chat(ctx context.Context, conversation, replyTo uuid.UUID) (inbox.Chat, error)
	// Compose writes a draft as messages; the first may go if nothing else of the conversation is under way.
	Compose(context.Context, inbox.Chat, inbox.Draft, []channels.Outgoing) (inbox.Composed, error)
	// Composed returns the messages that a draft became; none: it was not composed. The error is [inbox.ErrKeyReused] as that of Compose.
	Composed(context.Context, inbox.Draft) ([]uuid.UUID, error)
	// Failed returns what was to be sent with a message of ours, or [inbox.ErrNotFound].
	Failed(ctx context.Context, message uuid.UUID) (inbox.FailedMessage, error)
	// Conclude records what is known after an attempt, and what is decided about it.
	Conclude(ctx context.Context, o inbox.Outcome, decide func(inbox.Attempted) inbox.Decision) (inbox.Concluded, error)
	// Queued notes that the queue has an attempt.
	Queued(context.Context, inbox.Send) error
	// OverdueSends takes messages that nobody is known to look after.
	OverdueSends(ctx context.Context, most int) ([]inbox.Overdue, error)
	// Templates returns the templates of a name that an account has, and whether any template of the account is known at all.
	Templates(ctx context.Context, a inbox.CredentialAccount, name string) (named []channels.MessageTemplate, known bool, err error)
	// Presence returns what has to be known of a conversation to show the customer something, or [inbox.ErrNotFound].
	Presence(ctx context.Context, conversation uuid.UUID) (inbox.Presence, error)
}

// SendQueue takes attempts durably, for when they are to be made.
type SendQueue interface {
	Send(context.Context, inbox.Send) error
	// Remind brings back what is to be concluded about an attempt if nothing else is known until then.
	Remind(ctx context.Context, job inbox.Job, o inbox.Outcome, at time.Time) error
}

// Answers is the way of our messages through the inside zone: from the draft to what became of it. What has to be queued is queued after it was
// written; what is not queued then is found as overdue.
type Answers struct {
	Store       AnswerStore
	Queue       SendQueue
	Policy      inbox.SendPolicy
	Errands     ErrandQueue  // nil: customers are not shown what is no message
	Subscribers *Subscribers // nil: nobody is told of changes
	Meter       Meter
	Log         *slog.Logger
	Now         func() time.Time
}

// Compose takes an answer on: checked by everything that is known beforehand, written, and on its way. The error is a [channels.RejectedError] for
// what may not be sent, with a sentence for whoever wrote it, [inbox.ErrNotFound] or [inbox.ErrKeyReused]. Asking again with the same
// key returns the same messages.
func (a *Answers) Compose(ctx context.Context, d inbox.Draft) (inbox.Composed, error) {
	if err := d.Check(); err != nil {
		return inbox.Composed{}, err
	}
	chat, err := a.Store.Chat(ctx, d.Conversation, d.ReplyTo)
	if err != nil {
		return inbox.Composed{}, err
	}
	spec, err := channels.Find(chat.Channel)
	if err != nil {
		return inbox.Composed{}, err
	}
	if file := d.Content.File; file != nil && file.Kind == "" {
		named := *file
		named.Kind = spec.KindOf(file.MIME, file.Bytes)
		d.Content.File = &named
	}
	parts, err := outgoing(spec, chat, d)
	if err != nil {
		return inbox.Composed{}, err
	}
	err = chat.MayAnswer(spec, d, a.Now())
	if err == nil {
		d.TemplateWords, err = a.templateWords(ctx, spec, chat, d.Content.Template)
	}
	if err != nil {
		return a.repeated(ctx, d, err)
	}
	composed, err := a.Store.Compose(ctx, chat, d, parts)
	if err != nil {
		return inbox.Composed{}, err
	}
	a.Dispatch(ctx, composed.Sends)
	a.Subscribers.Notify(ctx, composed.Told)
	if !composed.Repeated {
		a.Meter.Count(chat.Channel, map[string]int{CountComposed: len(composed.Messages)})
	}
	return composed, nil
}

// repeated is what became of a draft that is not allowed now, if it was taken on when it was: whoever asks again did not hear of it.
func (a *Answers) repeated(ctx context.Context, d inbox.Draft, refusal error) (inbox.Composed, error) {
	messages, err := a.Store.Composed(ctx, d)
	if err != nil || len(messages) == 0 {
		return inbox.Composed{}, errors.Join(refusal, err)
	}
	return inbox.Composed{Messages: messages, Repeated: true}, nil
}

// Retry takes a message of ours on once more that failed, or of which nobody knows whether it was delivered. The new one has its content, and is
// another message; the old one stays as it is. The draft says who wants it, and has the key; the rest is filled in. The error is
// [inbox.ErrNotFailed] if there is nothing to try again, or one of Compose's.
func (a *Answers) Retry(ctx context.Context, message uuid.UUID, d inbox.Draft) (inbox.Composed, error) {
	failed, err := a.Store.Failed(ctx, message)
	if err != nil {
		return inbox.Composed{}, err
	}
	if failed.Status != channels.Failed && failed.Status != inbox.Unknown {
		return inbox.Composed{}, inbox.ErrNotFailed
	}
	d.Conversation, d.RetryOf, d.ReplyTo, d.Tag, d.Content = failed.Conversation, message, failed.ReplyTo, failed.Tag, failed.Content
	if d.Content.Reaction != nil {
		reaction := *d.Content.Reaction
		reaction.Target = "" // ReplyTo says it
		d.Content.Reaction = &reaction
	}
	return a.Compose(ctx, d)
}

// outgoing makes of a draft the messages that the channel can deliver.
func outgoing(spec channels.Spec, chat inbox.Chat, d inbox.Draft) ([]channels.Outgoing, error) {
	if d.ReplyTo != uuid.Nil && chat.ReplyTo == "" {
		return nil, channels.Reject("reply_to", "The message that this one answers has not reached "+spec.Title+" yet.", nil)
	}
	var parts []channels.Outgoing
	for n, content := range spec.Split(d.Content) {
		part := channels.Outgoing{Tag: d.Tag, Topic: chat.Topic, Content: content}
		switch {
		case content.Reaction != nil:
			reaction := *content.Reaction
			reaction.Target = chat.ReplyTo
			part.Reaction = &reaction
		case n == 0:
			part.ReplyTo = chat.ReplyTo
		}
		if err := spec.Check(part); err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// Dispatch queues attempts. Its errors are logged: what is not queued is found as overdue.
func (a *Answers) Dispatch(ctx context.Context, sends []inbox.Send) {
	for _, send := range sends {
		if err := a.dispatch(ctx, send); err != nil {
			a.Log.Error("message not queued: it will be found as overdue", "message_id", send.Job.ID, "channel", send.Channel, "error", err.Error())
		}
	}
}

func (a *Answers) dispatch(ctx context.Context, send inbox.Send) error {
	if err := a.Queue.Send(ctx, send); err != nil {
		return err
	}
	return a.Store.Queued(ctx, send)
}

// Conclude records what is known after an attempt, and does what follows from it.
func (a *Answers) Conclude(ctx context.Context, o inbox.Outcome) error {
	var decision inbox.Decision
	done, err := a.Store.Conclude(ctx, o, func(about inbox.Attempted) inbox.Decision {
		spec, _ := channels.Lookup(about.Channel) // of a channel that was taken out of the build nothing is expected
		decision = a.Policy.Decide(spec, about, o, a.Now())
		return decision
	})
	if err != nil {
		return err
	}
	a.report(o, done, decision)
	a.Dispatch(ctx, done.Sends)
	a.Subscribers.Notify(ctx, done.Told)
	if done.Listen.IsZero() {
		return nil
	}
	silent := inbox.Outcome{Message: o.Message, Account: o.Account, Attempt: o.Attempt, Result: inbox.ResultSilent, At: done.Listen}
	if err := a.Queue.Remind(ctx, done.Job, silent, done.Listen); err != nil {
		a.Log.Warn("nothing will remind of an uncertain message: it will be found as overdue", "message_id", o.Message, "error", err.Error())
	}
	return nil
}

// counters are what the verdicts are counted as.
var counters = map[inbox.Verdict]string{
	inbox.VerdictSent: CountSent, inbox.VerdictFailed: CountSendFailed, inbox.VerdictRetry: CountSendRetried,
	inbox.VerdictRequeue: CountSendRetried, inbox.VerdictListen: CountSendListened, inbox.VerdictUnknown: CountSendUnknown,
}

func (a *Answers) report(o inbox.Outcome, done inbox.Concluded, d inbox.Decision) {
	log := a.Log.With("message_id", o.Message, "channel", done.Channel, "attempt", o.Attempt, "result", o.Result)
	if done.News == "" {
		log.Info("outcome told nothing new")
		return
	}
	a.Meter.Count(done.Channel, map[string]int{counters[done.News]: 1})
	if done.News == inbox.VerdictSent {
		log.Info("message sent")
		return
	}
	log.Warn("message not sent", "verdict", d.Verdict, "at", d.At, "code", d.Code, "detail", o.Detail)
}

// Rescue looks after messages of ours that nobody is known to look after: their attempt may never have reached the queue. It hands them to the
// processor, where they take their turn, and returns how many there were.
func (a *Answers) Rescue(ctx context.Context) (int, error) {
	return inBatches(ctx, a.Store.OverdueSends, func(overdue []inbox.Overdue) error {
		for _, one := range overdue {
			if err := a.Queue.Remind(ctx, one.Job, overdueOutcome(one, a.Now()), time.Time{}); err != nil {
				return err
			}
		}
		a.Log.Warn("messages found that nobody looked after", "messages", len(overdue))
		a.Meter.Count(AllChannels, map[string]int{CountOverdueSend: len(overdue)})
		return nil
	})
}

func overdueOutcome(one inbox.Overdue, now time.Time) inbox.Outcome {
	o := inbox.Outcome{
		Message: one.Job.ID, Account: one.Job.Account, Attempt: one.Job.Attempt, Result: inbox.ResultOverdue, At: now, After: one.Late,
		Detail: "it is not known whether the attempt reached its queue",
	}
	if one.Unconfirmed {
		o.Result, o.Detail = inbox.ResultSilent, ""
	}
	return o
}
