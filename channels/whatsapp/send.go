package whatsapp

import (
	"cmp"
	"context"
	"errors"
	"maps"

	"omni/channels"
	"omni/channels/internal/graph"
)

// object is a JSON object.
type dict = map[string]any

// Send posts one message. Meta takes no key that would make a repetition harmless; the handle comes back in every status.
// Source: .../whatsapp/messages/send-messages.
func (c channel) Send(ctx context.Context, o channels.Outgoing) (channels.Receipt, error) {
	if err := c.env.Secrets.Need(graph.AccessToken); err != nil {
		return channels.Receipt{}, err
	}
	message, err := c.outgoing(ctx, o)
	if err != nil {
		return channels.Receipt{}, decide(err)
	}
	var taken answer
	if err := c.client().Deliver(ctx, o.Account+"/messages", message, &taken); err != nil {
		return channels.Receipt{}, decide(err)
	}
	return taken.receipt(o)
}

func (c channel) client() graph.Client {
	return graph.NewClient(c.env, graph.FacebookHost, c.env.Secrets.First(graph.AccessToken))
}

// outgoing is the message in Meta's words. Its file is uploaded on the way.
func (c channel) outgoing(ctx context.Context, o channels.Outgoing) (dict, error) {
	kind, content, err := c.payload(ctx, o)
	if err != nil {
		return nil, err
	}
	message := dict{"messaging_product": "whatsapp", "type": kind, kind: content}
	maps.Copy(message, address(o))
	if o.Handle != "" {
		message["biz_opaque_callback_data"] = o.Handle
	}
	if o.ReplyTo != "" && o.Reaction == nil { // a reaction is refused with a context
		message["context"] = dict{"message_id": o.ReplyTo}
	}
	return message, nil
}

// address names the group or the customer. A phone number is preferred to a BSUID, which some templates cannot be sent to; without the +,
// Meta would put the country code of the business's own number before it.
// Source: .../whatsapp/messages/send-messages, "Phone number formats"; .../whatsapp/business-scoped-user-ids, "Sending messages".
func address(o channels.Outgoing) dict {
	if o.Group {
		return dict{"recipient_type": "group", "to": o.Thread}
	}
	number, bsuid := identity(o.To, "wa_id"), identity(o.To, "bsuid")
	if number == "" && bsuid == "" {
		number = o.Thread
	}
	if isBSUID(number) {
		number, bsuid = "", cmp.Or(bsuid, number)
	}
	if number == "" {
		return dict{"recipient_type": "individual", "recipient": bsuid}
	}
	if digits(number) == number {
		number = "+" + number
	}
	return dict{"recipient_type": "individual", "to": number}
}

func identity(of []channels.Identity, kind string) string {
	for _, id := range of {
		if id.Kind == kind {
			return id.Value
		}
	}
	return ""
}

// answer is what Meta says when it takes a message.
type answer struct {
	Contacts []struct {
		WaID   string `json:"wa_id"`
		UserID string `json:"user_id"`
	} `json:"contacts"`
	Messages []struct {
		ID string `json:"id"`
	} `json:"messages"`
}

// receipt reads the wamid, and under which ids Meta knows the customer: it rewrites some numbers, and the chat is named by the BSUID as
// soon as one is shown.
func (a answer) receipt(o channels.Outgoing) (channels.Receipt, error) {
	if len(a.Messages) != 1 || a.Messages[0].ID == "" {
		return channels.Receipt{}, channels.Uncertain(errors.New("the answer does not name the message"))
	}
	r := channels.Receipt{ID: a.Messages[0].ID}
	if o.Group || len(a.Contacts) != 1 {
		return r, nil
	}
	thread, number, bsuid := o.Thread, a.Contacts[0].WaID, a.Contacts[0].UserID
	if isBSUID(number) {
		number, bsuid = "", cmp.Or(bsuid, number)
	}
	if !isBSUID(thread) {
		thread = cmp.Or(number, thread)
	}
	if thread = cmp.Or(bsuid, thread); thread != o.Thread {
		r.Thread = thread
	}
	if number != "" && number != thread {
		r.Aliases = []string{number}
	}
	return r, nil
}

// Typing shows that we write, for 25 seconds or until the answer. Meta ties it to a message, which is marked as read by it.
// Source: .../whatsapp/typing-indicators.
func (c channel) Typing(ctx context.Context, chat channels.Chat) error {
	return c.seen(ctx, chat, dict{"typing_indicator": dict{"type": "text"}})
}

// MarkRead marks the message and those before it.
// Source: .../whatsapp/messages/mark-message-as-read.
func (c channel) MarkRead(ctx context.Context, chat channels.Chat) error {
	return c.seen(ctx, chat, nil)
}

func (c channel) seen(ctx context.Context, chat channels.Chat, more dict) error {
	if err := c.env.Secrets.Need(graph.AccessToken); err != nil {
		return err
	}
	if chat.Last == "" {
		return nil // there is nothing to be read, and nothing to tie an indicator to
	}
	notice := dict{"messaging_product": "whatsapp", "status": "read", "message_id": chat.Last}
	maps.Copy(notice, more)
	return decide(c.client().PostJSON(ctx, chat.Account+"/messages", notice, &struct{}{}))
}

var (
	_ channels.Typer      = channel{}
	_ channels.ReadMarker = channel{}
)
