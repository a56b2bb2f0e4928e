package inbox

import (
	"slices"
	"strings"

	"omni/channels"
)

// Fix is what helps against the failure of a message of ours.
type Fix string

// The fixes.
const (
	FixTemplate  Fix = "template"  // send a template instead
	FixTag       Fix = "tag"       // send it with the channel's tag
	FixReconnect Fix = "reconnect" // an administrator has to enter new credentials; then send it again
	FixRetry     Fix = "retry"     // send it again
	FixNone      Fix = "none"      // nobody can send this as it is
)

// windowCodes are the words of ours and of platforms for an answer that came too late.
// Source: developers.facebook.com/documentation/business-messaging (WhatsApp's and Messenger's error codes).
var windowCodes = []string{"window_closed", "131047"}

// windowSubcodes are the same where Meta tells them with another code before.
var windowSubcodes = []string{"-2018278", "-2534022"}

// FixOf says what helps against the failure of a message on a channel, and whether it may be sent again as it is.
func FixOf(spec channels.Spec, status channels.DeliveryState, code string) (fix Fix, retryable bool) {
	late := slices.Contains(windowCodes, code) || slices.ContainsFunc(windowSubcodes, func(end string) bool { return strings.HasSuffix(code, end) })
	switch {
	case status == Unknown, code == "gave_up", code == "earlier_part":
		return FixRetry, true
	case code == codeCredentials:
		return FixReconnect, true
	case late && spec.Sends.Templates, strings.HasPrefix(code, "template"):
		return FixTemplate, false
	case late && spec.Tag != nil:
		return FixTag, false
	}
	return FixNone, false
}
