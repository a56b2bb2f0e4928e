package pipeline

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// Typing shows a customer that somebody is writing an answer, where the platform can. It is a hint: nil means that it is on its way, or that there is
// nothing to be shown. The error is [inbox.ErrNotFound] for no conversation.
func (a *Answers) Typing(ctx context.Context, conversation uuid.UUID) error {
	p, channel, err := a.presence(ctx, conversation)
	if _, can := channel.(channels.Typer); err != nil || !can {
		return err
	}
	return a.Errands.Errands(ctx, []inbox.Errand{p.Hint(newID(), inbox.ErrandTyping, p.Message, a.Now())})
}

// MarkRead shows a customer that what they wrote was read, where the platform can. It is a hint as Typing is. A pressed button is no message there:
// it is marked besides the latest one, so that the customer sees that we know of it.
func (a *Answers) MarkRead(ctx context.Context, conversation uuid.UUID) error {
	p, channel, err := a.presence(ctx, conversation)
	if _, can := channel.(channels.ReadMarker); err != nil || !can {
		return err
	}
	var errands []inbox.Errand
	for _, last := range []string{p.Pressed, p.Message} {
		if last != "" {
			errands = append(errands, p.Hint(newID(), inbox.ErrandRead, last, a.Now()))
		}
	}
	return a.Errands.Errands(ctx, errands)
}

// presence is what has to be known to show something to a customer, with the channel as far as it takes no secrets; no channel: nobody can.
func (a *Answers) presence(ctx context.Context, conversation uuid.UUID) (inbox.Presence, channels.Channel, error) {
	if a.Errands == nil {
		return inbox.Presence{}, nil, nil
	}
	p, err := a.Store.Presence(ctx, conversation)
	if err != nil {
		return p, nil, err
	}
	channel, err := channels.Open(p.Channel, channels.Env{Account: p.CredentialAccount})
	if err != nil {
		return p, nil, fmt.Errorf("showing something in conversation %s: %w", conversation, err)
	}
	return p, channel, nil
}
