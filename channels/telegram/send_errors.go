package telegram

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"omni/channels"
)

// delivered says what the answer to a call that delivers means, by the error that reading it gave.
func delivered(err error) error {
	var refused *apiError
	var throttled *channels.ThrottledError
	switch {
	case err == nil, errors.As(err, &throttled):
		return err
	case !errors.As(err, &refused): // it was taken, and the result cannot be read
		return channels.Uncertain(err)
	case refused.Code/100 == 2, refused.Code/100 == 5:
		return channels.Uncertain(err) // a server that stops answers 500 to what it may have sent already
	case refused.Code == http.StatusRequestEntityTooLarge:
		return channels.Reject("413", "Telegram says that the file is too large.", err)
	case errors.Is(err, channels.ErrCredentials):
		return err
	case refused.Code == http.StatusBadRequest, refused.Code == http.StatusForbidden:
		return channels.Reject(strconv.Itoa(refused.Code), reason(refused.Description), err)
	}
	return err
}

// reasons are what agents are told of a refusal, by a part of its description in lower case: Telegram's code is 400 or 403 for all.
// Source: the open server, github.com/tdlib/telegram-bot-api (Client.cpp), and core.telegram.org/method/messages.sendMessage, "Possible
// errors", whose upper-case names the Bot API passes on.
var reasons = []struct{ part, reason string }{
	{"bot was blocked by the user", "The customer has blocked the bot. Only they can undo that."},
	{"user is deactivated", "The customer has deleted their Telegram account."},
	{"can't initiate conversation", "The customer has not started the bot: a bot cannot write first."},
	{"bot was kicked", "The bot was removed from this group or channel."},
	{"bot is not a member", "The bot is no member of this group or channel."},
	{"group chat was deleted", "This group no longer exists."},
	{"chat not found", "Telegram knows no such chat, or the customer has not started the bot."},
	{"group chat was upgraded", "This group has become a supergroup: the message is no longer there."},
	{"business connection not found", "The business account has disconnected the bot."},
	{"business_connection", "The business account has disconnected the bot, or does not let it write."},
	{"business_peer_usage_missing", "The customer has not written to the business account within the last 24 hours: the bot cannot answer until they do."},
	{"business_peer_invalid", "The business account does not let the bot write in this chat."},
	{"not enough rights", "The administrators of this chat do not let the bot send that."},
	{"have no rights to send", "The administrators of this chat do not let the bot write."},
	{"chat_write_forbidden", "The administrators of this chat do not let the bot write."},
	{"chat_restricted", "Telegram has restricted this chat."},
	{"voice_messages_forbidden", "The customer takes no voice messages. Send a text instead."},
	{"user_is_bot", "The recipient is a bot: bots cannot write to each other."},
	{"bots can't send messages to bots", "The recipient is a bot: bots cannot write to each other."},
	{"topic_closed", "This topic of the forum is closed."},
	{"message thread not found", "This topic of the forum no longer exists."},
	{"reply markup is too long", "These are more choices than Telegram takes. Offer fewer, or with shorter titles."},
	{"too long", "The text is longer than Telegram takes. Send it in parts."},
	{"text must be non-empty", "The text is empty."},
	{"too big", "The file is larger than Telegram takes."},
	{"photo_invalid_dimensions", "The picture is too large or too narrow for a photo. Send it as a document."},
	{"image_process_failed", "Telegram cannot read the picture. Send it as a document."},
	{"photo_ext_invalid", "Telegram cannot read the picture. Send it as a document."},
	{"file must be non-empty", "The file is empty."},
	{"reaction_invalid", "Telegram does not take this reaction here."},
	{"message to react not found", "The message was deleted."},
	{"message to be replied not found", "The message that this one answers was deleted."},
	{"message_id_invalid", "The message was deleted."},
	{"button_data_invalid", "The id of a choice is longer than Telegram takes."},
	{"phone_number_invalid", "Telegram does not take the phone number of the contact."},
}

// reason is what an agent is told of a refusal.
func reason(description string) string {
	lower := strings.ToLower(description)
	for _, known := range reasons {
		if strings.Contains(lower, known.part) {
			return known.reason
		}
	}
	return "Telegram refuses the message: " + description + "."
}
