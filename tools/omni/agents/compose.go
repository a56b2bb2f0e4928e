package agents

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// answer composes an answer to a question, however often it takes.
func (a *Agents) answer(ctx context.Context, q question) {
	one := a.think(q)
	for {
		composed, err := a.compose(ctx, one.draft)
		if refused := (*channels.RejectedError)(nil); errors.As(err, &refused) {
			a.refuse(one, refused)
			return
		}
		if err == nil {
			a.done(one, composed.Messages)
			break
		}
		select {
		case <-ctx.Done():
			a.complain("%s: an answer was never taken on: %v", q.channel, err)
			return
		case <-time.After(askAgain):
		}
	}
	if a.chance(a.o.Repeat) {
		a.repeat(ctx, one)
	}
}

func (a *Agents) done(one *answer, messages []uuid.UUID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	one.messages = messages
	a.composed[one.channel] += len(messages)
}

func (a *Agents) refuse(one *answer, why *channels.RejectedError) {
	a.mu.Lock()
	defer a.mu.Unlock()
	one.refused = why
}

// think decides what to say, and notes it in the order of the conversation.
func (a *Agents) think(q question) *answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := len(a.answers)
	one := &answer{channel: q.channel, draft: inbox.Draft{
		Conversation: q.conversation, Key: fmt.Sprintf("simulated/%s/%d", a.o.Run, n), Author: "agent", Human: true,
	}}
	a.say(one, q, n)
	a.answers = append(a.answers, one)
	return one
}

func (a *Agents) compose(ctx context.Context, d inbox.Draft) (inbox.Composed, error) {
	ctx, cancel := context.WithTimeout(ctx, noAnswer)
	defer cancel()
	opened, err := a.o.Desk(ctx)
	var composed inbox.Composed
	if err == nil {
		composed, err = opened.Compose(ctx, d)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counts.Asked++
	switch refused := (*channels.RejectedError)(nil); {
	case err == nil && composed.Repeated:
		a.counts.Repeated++
	case err != nil && !errors.As(err, &refused):
		a.counts.Unclear++
	}
	return composed, err
}

// repeat asks once more for what was taken on already.
func (a *Agents) repeat(ctx context.Context, one *answer) {
	composed, err := a.compose(ctx, one.draft)
	switch {
	case err != nil: // nobody can blame the product for an outage
	case !composed.Repeated:
		a.complain("%s: the idempotency key %s was used twice and composed twice", one.channel, one.draft.Key)
	case fmt.Sprint(composed.Messages) != fmt.Sprint(one.messages):
		a.complain("%s: the idempotency key %s gave the messages %v and then %v", one.channel, one.draft.Key, one.messages, composed.Messages)
	}
}
