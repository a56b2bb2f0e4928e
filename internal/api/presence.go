package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/patience"
)

// Colleagues are told what an agent does. It is a hint, and never fails.
type Colleagues interface {
	Presence(ctx context.Context, conversation, agent uuid.UUID, name string, state inbox.PresenceState)
}

type setPresence struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		State inbox.PresenceState `json:"state" enum:"viewing,typing,left"`
	} `nameHint:"Presence"`
}

func (a *API) presence() {
	register(a, everybody, huma.Operation{
		OperationID: "setPresence", Method: http.MethodPost, Path: "/v1/conversations/{id}/presence", Tags: conversationTags,
		Summary:     "Say what I do in a conversation",
		Description: "Colleagues hear of it at once. Who types is shown to the customer too, where the platform can, at most every five seconds.",
	}, a.setPresence)
}

func (a *API) setPresence(ctx context.Context, in *setPresence) (*struct{}, error) {
	conversation, err := a.Store.Winner(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if a.Colleagues != nil {
		a.Colleagues.Presence(ctx, conversation, caller(ctx).ID, caller(ctx).Name, in.Body.State)
	}
	if in.Body.State == inbox.PresenceTyping && a.Answers != nil && a.typing.isDue(conversation, a.Now()) {
		if err := a.Answers.Typing(ctx, conversation); err != nil {
			a.Log.Warn("the customer is not shown that somebody types", "conversation_id", conversation, "error", err.Error())
		}
	}
	return nil, nil
}

// typingEvery is how often a customer is shown at most that somebody types. Platforms show it for longer.
const typingEvery = 5 * time.Second

// typing knows where customers were shown lately that somebody types.
type typing struct {
	mu    sync.Mutex
	shown map[uuid.UUID]time.Time
}

// isDue reports whether it is time to show it, which is noted then.
func (t *typing) isDue(conversation uuid.UUID, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if patience.Lately(now, t.shown[conversation], typingEvery) {
		return false
	}
	for other, at := range t.shown {
		if !patience.Lately(now, at, typingEvery) {
			delete(t.shown, other)
		}
	}
	if t.shown == nil {
		t.shown = map[uuid.UUID]time.Time{}
	}
	t.shown[conversation] = now
	return true
}
