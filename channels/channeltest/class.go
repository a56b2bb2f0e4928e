package channeltest

import (
	"errors"

	"omni/channels"
)

// Class says in a word or two what whoever calls the platform decides by: "sent" without an error, "rejected" and the code, "throttled"
// and the wait, "uncertain", "credentials", "gone" of a file, or "again".
func Class(err error) string {
	var rejected *channels.RejectedError
	var throttled *channels.ThrottledError
	var uncertain *channels.UncertainError
	switch {
	case err == nil:
		return "sent"
	case errors.As(err, &rejected):
		return "rejected " + rejected.Code
	case errors.As(err, &throttled):
		return "throttled " + throttled.After.String()
	case errors.As(err, &uncertain):
		return "uncertain"
	case errors.Is(err, channels.ErrCredentials):
		return "credentials"
	case errors.Is(err, channels.ErrGone):
		return "gone"
	}
	return "again"
}
