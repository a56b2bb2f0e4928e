package graph

import (
	"context"
	"errors"
	"strings"

	"omni/channels"
)

// Answers delivers answers on Messenger and Instagram: both take them on the edge `messages` of who sends.
// Source: .../messenger-platform/reference/send-api, .../instagram-platform/instagram-api-with-instagram-login/messaging-api.
type Answers struct {
	Env       channels.Env
	Host      string
	Node      string            // who sends: a Page's id, or `me` for whose the access token is
	NoHandle  bool              // a message takes no metadata there
	Reactions map[string]string // the platform's words for the emojis that it takes, by [channels.PlainEmoji]; nil: it takes emojis
}

// Send delivers one message.
func (a Answers) Send(ctx context.Context, o channels.Outgoing) (channels.Receipt, error) {
	if err := a.Env.Secrets.Need(AccessToken); err != nil {
		return channels.Receipt{}, err
	}
	if err := checkTargets(o); err != nil {
		return channels.Receipt{}, err
	}
	var taken struct {
		Recipient string `json:"recipient_id"`
		Message   string `json:"message_id"`
	}
	if err := a.client().Deliver(ctx, a.edge(), a.request(o), &taken); err != nil {
		return channels.Receipt{}, judge(err)
	}
	if taken.Message == "" && o.Reaction == nil {
		return channels.Receipt{}, channels.Uncertain(errors.New("the Graph API answers a message without its id"))
	}
	receipt := channels.Receipt{ID: taken.Message}
	if taken.Recipient != o.Thread {
		receipt.Thread = taken.Recipient
	}
	return receipt, nil
}

// Typing shows the customer that an answer is being written.
func (a Answers) Typing(ctx context.Context, chat channels.Chat) error {
	return a.act(ctx, chat, "typing_on")
}

// MarkRead shows the customer that we read all they wrote.
func (a Answers) MarkRead(ctx context.Context, chat channels.Chat) error {
	return a.act(ctx, chat, "mark_seen")
}

// act does what leaves no message behind.
// Source: .../messenger-platform/send-messages/sender-actions.
func (a Answers) act(ctx context.Context, chat channels.Chat, action string) error {
	if err := a.Env.Secrets.Need(AccessToken); err != nil {
		return err
	}
	request := sendRequest{Recipient: recipientOf(chat.Thread, chat.To), Action: action}
	return judge(a.client().PostJSON(ctx, a.edge(), request, &struct{}{}))
}

func (a Answers) client() Client { return NewClient(a.Env, a.Host, a.Env.Secrets.First(AccessToken)) }

func (a Answers) edge() string { return a.Node + "/messages" }

// checkTargets refuses to refer to a message to which Meta gave no id: its Event.ID is a hash of ours.
func checkTargets(o channels.Outgoing) error {
	target := o.ReplyTo
	if o.Reaction != nil {
		target = o.Reaction.Target
	}
	if strings.HasPrefix(target, "sha256:") {
		return channels.Reject("no_target", "Meta gave that message no id, so nothing can refer to it: answer without the reference.", nil)
	}
	return nil
}
