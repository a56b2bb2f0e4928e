package whatsapp

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"omni/channels"
	"omni/channels/internal/graph"
)

// reasons are the codes with which Meta refuses one message for good, and what an agent should know of each.
// Source: .../whatsapp/support/error-codes; .../whatsapp/business-scoped-user-ids for 131062.
var reasons = map[int]string{
	100:    "WhatsApp does not take the message in this form.",
	130472: "WhatsApp did not send this marketing message: the customer is part of an experiment of Meta's.",
	130497: "This business may not write to customers in that country on WhatsApp.",
	131008: "WhatsApp misses something in the message.",
	131009: "WhatsApp does not take a part of the message.",
	131021: "The customer's number is the business's own.",
	131026: "WhatsApp cannot deliver to this customer: the number may not be on WhatsApp, or the app is too old. Reach them another way.",
	131047: "The customer wrote more than 24 hours ago: send a template instead.",
	131049: "WhatsApp did not deliver this marketing message, to spare the customer. Try it tomorrow at the earliest.",
	131050: "The customer does not want marketing messages of this business.",
	131051: "WhatsApp does not know this type of message.",
	131052: "WhatsApp could not fetch the file.",
	131053: "WhatsApp does not take the file: its type may not be what it seems.",
	131062: "This template can only be sent to a phone number, and the customer's is not known.",
	132000: "The template has more or fewer gaps than were filled.",
	132001: "There is no approved template of this name in this language.",
	132005: "The template is too long with what fills its gaps.",
	132007: "The template breaks a rule of WhatsApp's.",
	132012: "What fills the template's gaps has the wrong form.",
	132015: "The template is paused, because customers did not like it.",
	132016: "The template is disabled, because customers did not like it.",
	132068: "The form of this template is blocked.",
	132069: "The form of this template is throttled.",
	135000: "WhatsApp does not take the message: something in it is wrong.",
}

// waits are the codes of limits that graph does not know, with the wait that Meta's pages name. It stands in no answer.
// Source: .../whatsapp/support/error-codes; .../whatsapp/throughput, "Pair rate limits" (one message in 6 seconds).
var waits = map[int]time.Duration{
	131048:  time.Hour, // too many messages were blocked or reported
	131056:  6 * time.Second,
	131057:  time.Minute, // maintenance, such as an upgrade of the throughput
	2494100: time.Minute,
}

// operators are the codes of what only an operator can mend: the account is locked, unpaid or not registered, the number is deleted.
// Source: .../whatsapp/support/error-codes.
var operators = []int{33, 368, 131005, 131031, 131037, 131042, 131045, 133010}

// decide makes the decision that an error of Meta's asks for. What graph has decided stays.
func decide(err error) error {
	var refused *graph.Error
	var uncertain *channels.UncertainError
	var throttled *channels.ThrottledError
	if !errors.As(err, &refused) || errors.As(err, &uncertain) || errors.As(err, &throttled) || errors.Is(err, channels.ErrCredentials) {
		return err
	}
	if wait, ok := waits[refused.Code]; ok {
		return channels.Throttled(wait, err)
	}
	if reason, ok := reasons[refused.Code]; ok && !missing(refused) {
		return channels.Reject(strconv.Itoa(refused.Code), reason, err)
	}
	switch {
	case slices.Contains(operators, refused.Code), missing(refused), refused.Status == http.StatusUnauthorized:
		return fmt.Errorf("%w: %w", channels.ErrCredentials, err)
	case refused.Status == http.StatusRequestEntityTooLarge:
		return channels.Reject("too_large", "The file is too large for WhatsApp.", err)
	}
	return err
}

// missing is Meta's word for a phone number that the token cannot see, if it exists at all.
func missing(e *graph.Error) bool { return e.Code == 100 && e.Subcode == 33 }
