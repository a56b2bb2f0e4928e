package graph

import (
	"errors"
	"slices"
	"strconv"

	"omni/channels"
)

// What Meta's refusals of one message mean, for the agent who wrote it.
// Source: developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes.
const (
	windowClosed = "The customer wrote too long ago: answers are allowed within 24 hours, and within 7 days where a human writes them " +
		"with the tag HUMAN_AGENT. Wait until the customer writes again."
	unreachable = "The customer cannot get messages at the moment: they may have turned yours off, or left."
	unknownUser = "Meta knows no such customer of this account: they may have left, or never wrote to it."
	badFile     = "Meta cannot use the file: it may be damaged, or of another kind than its name says."
	largeFile   = "The file is too large for Meta."
	blocked     = "Meta does not let this account write to the customer."
	badForm     = "Meta does not take the message as it is."
)

var (
	reasonsBySubcode = map[int]string{
		2018278: windowClosed, 2534022: windowClosed,
		1545041: unreachable, 2018108: unreachable,
		2018001: unknownUser, 2534014: unknownUser,
		2018047: badFile, 2018109: largeFile, 2534029: blocked,
	}
	reasonsByCode = map[int]string{100: badForm, 105: badForm, 194: badForm, 551: unreachable}
)

// passing are refusals that end by themselves: Meta could not fetch the file (2018008); another application holds the chat (2018300), or
// the Page's own automation does (2018321).
var passing = []int{2018008, 2018300, 2018321}

// aboutMessage reports whether a refusal concerns one message, whatever its code says of permissions.
func aboutMessage(subcode int) bool {
	_, known := reasonsBySubcode[subcode]
	return known || slices.Contains(passing, subcode)
}

// judge makes a refusal for good of an error that is one. The others have their decision: throttled, uncertain, the account's
// credentials; or trying again may help.
func judge(err error) error {
	var throttled *channels.ThrottledError
	var uncertain *channels.UncertainError
	var refused *Error
	if errors.As(err, &throttled) || errors.As(err, &uncertain) || errors.Is(err, channels.ErrCredentials) || !errors.As(err, &refused) {
		return err
	}
	reason := reasonsBySubcode[refused.Subcode]
	if reason == "" && !slices.Contains(passing, refused.Subcode) {
		reason = reasonsByCode[refused.Code]
	}
	if reason == "" {
		return err
	}
	return channels.Reject(refused.number(), reason, err)
}

// number is how Meta's documentation names an error: 551, or 10-2018278.
func (e *Error) number() string {
	if e.Subcode == 0 {
		return strconv.Itoa(e.Code)
	}
	return strconv.Itoa(e.Code) + "-" + strconv.Itoa(e.Subcode)
}
