package telegram

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"omni/channels"
	"omni/channels/internal/wire"
)

// Members of a body that say what happened and that more than one place treats in its own way.
const (
	callbackQuery   = "callback_query"
	deletedMessages = "deleted_business_messages"
	guestMessage    = "guest_message"
	messageReaction = "message_reaction"
)

// updateKeys are all such members, in the order of Telegram's documentation.
var updateKeys = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
	"edited_business_message", deletedMessages, guestMessage, messageReaction, "message_reaction_count", "inline_query",
	"chosen_inline_result", callbackQuery, "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer",
	"my_chat_member", "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot", "subscription",
}

// update is a webhook body that tells of one event.
type update struct {
	raw  []byte      // the body
	id   string      // update_id; empty in a body that lacks it
	key  string      // the member that says what happened; empty when we know none of them
	body wire.Object // that member; nil when it is not an object
}

func (c *channel) Parse(r *channels.Request) ([]channels.Event, error) {
	updates, err := split(r.Body)
	if err != nil {
		return nil, err
	}
	events := make([]channels.Event, len(updates))
	for i, u := range updates {
		events[i] = channels.Event{Kind: u.kind(), Thread: u.thread(), ID: u.eventID(), At: u.at(), Raw: u.raw}
	}
	return events, nil
}

// split cuts a body into the events it tells of. There is one in each, but for deleted_business_messages, which lists several messages,
// and for bodies with two members that say what happened, which Telegram promises not to send.
func split(body []byte) ([]update, error) {
	root, ok := wire.ParseObject(body)
	if !ok {
		return nil, errors.New("the body is not a JSON object")
	}
	keys := slices.DeleteFunc(slices.Clone(updateKeys), func(key string) bool { return !root.Has(key) })
	u := update{raw: body, id: root.ID("update_id")}
	switch {
	case len(keys) == 0 && u.id == "" && root.Has("object"):
		return nil, fmt.Errorf("the body is a webhook of %.60q, want an update of Telegram", root.String("object"))
	case len(keys) == 0:
		return []update{u}, nil
	case len(keys) > 1:
		return splitAll(perKey(root, keys))
	}
	u.key = keys[0]
	u.body = root.Object(u.key)
	if u.key == deletedMessages && len(u.body.List("message_ids")) > 1 {
		return splitAll(perMessage(root, u.body))
	}
	return []update{u}, nil
}

func splitAll(bodies [][]byte) ([]update, error) {
	var updates []update
	for _, body := range bodies {
		some, err := split(body)
		if err != nil {
			return nil, err
		}
		updates = append(updates, some...)
	}
	return updates, nil
}

// perKey narrows a body that says several things to bodies that say one each.
func perKey(root wire.Object, keys []string) [][]byte {
	bodies := make([][]byte, len(keys))
	for i, key := range keys {
		one := maps.Clone(root)
		for _, other := range keys {
			if other != key {
				delete(one, other)
			}
		}
		bodies[i] = write(one)
	}
	return bodies
}

// perMessage narrows a body that tells of several deleted messages to bodies that tell of one each.
func perMessage(root, deleted wire.Object) [][]byte {
	root, deleted = maps.Clone(root), maps.Clone(deleted)
	ids := deleted.List("message_ids")
	bodies := make([][]byte, len(ids))
	for i, id := range ids {
		deleted["message_ids"] = wire.Array(id)
		root[deletedMessages] = write(deleted)
		bodies[i] = write(root)
	}
	return bodies
}

// write renders an object with its members sorted, because maps are not and a Raw has to come out the same each time.
func write(o wire.Object) []byte {
	pairs := make([]wire.Pair, 0, len(o))
	for _, key := range slices.Sorted(maps.Keys(o)) {
		pairs = append(pairs, wire.Pair{Key: key, Value: o[key]})
	}
	return wire.Narrow(pairs...)
}

// kind is the kind of event. What is about another message and does not name it means nothing, so it is unknown.
func (u update) kind() channels.Kind {
	about := func(kind channels.Kind) channels.Kind {
		if u.target() == "" {
			return channels.KindUnknown
		}
		return kind
	}
	switch {
	case u.body == nil:
		return channels.KindUnknown
	case u.isMessage() && serviceField(u.body) != "":
		return channels.KindSystem
	case u.isMessage(), u.key == callbackQuery:
		return channels.KindMessage
	case u.isEdit():
		return about(channels.KindEdit)
	case u.key == messageReaction:
		return about(channels.KindReaction)
	case u.key == deletedMessages:
		return about(channels.KindDelete)
	}
	return channels.KindSystem
}

// isMessage reports whether the body is a new message, of a person or of the service.
func (u update) isMessage() bool {
	return slices.Contains([]string{"message", "channel_post", "business_message", guestMessage}, u.key)
}

func (u update) isEdit() bool {
	return slices.Contains([]string{"edited_message", "edited_channel_post", "edited_business_message"}, u.key)
}
