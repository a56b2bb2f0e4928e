package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"omni/channels"
)

// Error is an answer in which the Graph API refuses a call. Decide on Code and Subcode: Meta changes the words, and the HTTP status says
// little.
type Error struct {
	Status  int // of HTTP
	Code    int // 0: the answer has no error object, or Meta gives none
	Subcode int // 0: none
	Message string
	Details string // what was wrong with this call in particular, if Meta says so
	TraceID string // what Meta's support asks for
}

// envelopeError is the error object of an answer.
type envelopeError struct {
	Message   string `json:"message"`
	Code      int    `json:"code"`
	Subcode   int    `json:"error_subcode"`
	UserTitle string `json:"error_user_title"`
	UserText  string `json:"error_user_msg"`
	TraceID   string `json:"fbtrace_id"`
	Data      struct {
		Details string `json:"details"`
	} `json:"error_data"`
}

func (e *Error) Error() string {
	text := e.Message
	if prefix := fmt.Sprintf("(#%d) ", e.Code); e.Code != 0 && !strings.HasPrefix(text, prefix) {
		text = prefix + text
	}
	for _, more := range []string{e.Details, number("subcode ", e.Subcode), named("trace ", e.TraceID)} {
		if more != "" {
			text += ", " + more
		}
	}
	return fmt.Sprintf("the Graph API answers %d %s", e.Status, text)
}

func number(name string, n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(name, n)
}

func named(name, value string) string {
	if value == "" {
		return ""
	}
	return name + value
}

// refused and throttled are the codes that concern the account as a whole.
// Source: .../whatsapp/support/error-codes; graph-api/guides/error-handling; graph-api/overview/rate-limiting.
var (
	refused   = []int{3, 10, 102, 190, 458, 459, 460, 463, 467}
	throttled = []int{4, 17, 32, 613, 80006, 80007, 130429}
)

// Is makes an error of the token or of its permissions a [channels.ErrCredentials]. Meta uses the same codes for what one customer may not
// be sent; the subcode tells.
func (e *Error) Is(target error) bool {
	permission := e.Code >= 200 && e.Code <= 299 || slices.Contains(refused, e.Code)
	return target == channels.ErrCredentials && permission && !aboutMessage(e.Subcode)
}

// interpret makes the decision that an error answer asks for.
func (c Client) interpret(answer channels.Answer, e envelopeError) error {
	details := strings.TrimSpace(e.Data.Details)
	if details == "" {
		details = strings.TrimSpace(strings.Join([]string{e.UserTitle, e.UserText}, " "))
	}
	err := &Error{
		Status: answer.Status, Code: e.Code, Subcode: e.Subcode,
		Message: c.hide(e.Message), Details: c.hide(details), TraceID: e.TraceID,
	}
	if slices.Contains(throttled, e.Code) || answer.Status == http.StatusTooManyRequests {
		return channels.Throttled(regained(answer.Header), err)
	}
	return err
}

// regained is the longest time after which the usage header promises access again: minutes, in lists by business.
// Source: developers.facebook.com/docs/graph-api/overview/rate-limiting.
func regained(header http.Header) time.Duration {
	var usage map[string][]struct {
		Minutes int64 `json:"estimated_time_to_regain_access"`
	}
	if json.Unmarshal([]byte(header.Get("X-Business-Use-Case-Usage")), &usage) != nil {
		return 0
	}
	var longest int64
	for _, limits := range usage {
		for _, limit := range limits {
			longest = max(longest, limit.Minutes)
		}
	}
	return time.Duration(longest) * time.Minute
}
