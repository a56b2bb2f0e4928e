package graphsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"omni/channels"
	"omni/channels/internal/graph"
	"omni/channels/simulate"
)

// answers takes what businesses send to customers.
type answers struct {
	simulate.Ledger
	rules sendRules
	mid   func(IDs) string
	run   string // distinguishes the ids of this API from those of all others
	count int
	whose sync.Map // the account of each chat that customers wrote in
}

// Wrote implements [simulate.Listener]. It also tells whose chat it is: on Instagram, who sends is called `me`.
func (a *answers) Wrote(account, thread string, at time.Time) {
	a.whose.Store(thread, account)
	a.Ledger.Wrote(account, thread, at)
}

// send is the edge on which a Page or an account sends. Ids that belong to no account here stand for more Pages of the same business.
// Source: .../messenger-platform/reference/send-api.
func (a *api) send(c call, sender string, h holder) (any, *refusal) {
	switch {
	case c.Method != http.MethodPost:
		return nil, refuse(100, "Unsupported request")
	case sender == "me": // whose the token is
	case !scoped.MatchString(sender):
		return nil, refuse(100, "Unsupported post request. Object with ID '%s' does not exist", sender)
	case a.nodes[sender] != nil && !slices.Contains(h.nodes, sender):
		return nil, refuse(210, "A %s access token is required to request this resource.", a.nodes[sender].kind)
	}
	request, refused := readSending(c)
	if refused == nil {
		refused = a.answers.rules.check(request, c.Host)
	}
	if refused != nil {
		return nil, refused
	}
	if sender == "me" {
		sender = a.answers.account(request.thread(), h)
	}
	return a.answers.take(sender, h.app, request)
}

// account is whose chat it is: as far as customers wrote there, what webhooks call it; else whose the token is.
func (a *answers) account(thread string, h holder) string {
	if account, known := a.whose.Load(thread); known {
		return account.(string)
	}
	return h.id
}

// readSending reads the request. A member that the Graph API does not know is refused.
func readSending(c call) (sending, *refusal) {
	var s sending
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, refuse(100, "Invalid parameter: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return s, nil
}

// take delivers what breaks no rule, unless it is too much or something goes wrong.
func (a *answers) take(sender, app string, s sending) (any, *refusal) {
	if s.isHint() {
		a.Hint(simulate.Hint{Thread: s.thread(), Typing: s.Action == "typing_on", Read: s.Action == "mark_seen"})
		return M{"recipient_id": s.Recipient.ID}, nil
	}
	if !a.Open(sender, s.thread(), s.window()) {
		return nil, refuse(10, "This message is sent outside of allowed window.").sub(a.rules.closed)
	}
	at, ok := a.admit(sender, s)
	if !ok {
		return nil, throttled(0)
	}
	mishap, wait := a.Mishap()
	switch mishap {
	case simulate.Throttled:
		return nil, throttled(wait)
	case simulate.Refused:
		refused := refuse(2, "An unexpected error has occurred. Please retry your request later.")
		refused.status = http.StatusInternalServerError
		return nil, refused
	}
	taken := a.deliver(simulate.Delivery{Account: sender, App: app, Thread: s.thread(), Content: s.content(), At: at}, s)
	if mishap == simulate.Lost {
		return nil, &refusal{message: "upstream connect error", status: http.StatusBadGateway}
	}
	return taken, nil
}

func throttled(wait time.Duration) *refusal {
	refused := refuse(613, "Calls to this api have exceeded the rate limit.")
	refused.wait = wait
	return refused
}

// admit holds the sender to the rates.
func (a *answers) admit(sender string, s sending) (at time.Time, ok bool) {
	if s.Message != nil && s.Message.Attachment != nil && slices.Contains([]string{"audio", "video"}, s.Message.Attachment.Type) {
		if at, ok = a.Admit(maxSlow, sender+" sound and video"); !ok {
			return at, false
		}
	}
	return a.Admit(a.rules.rate, sender)
}

// deliver records what the customer gets. A reaction has no id.
func (a *answers) deliver(one simulate.Delivery, s sending) M {
	taken := M{}
	if s.Recipient.ID != "" {
		taken["recipient_id"] = s.Recipient.ID
	}
	if s.Message != nil {
		one.ID, one.Handle = a.nextMid(one.Account, one.Thread), s.Message.Metadata
		taken["message_id"] = one.ID
	}
	a.Take(one)
	return taken
}

func (a *answers) nextMid(sender, thread string) string {
	a.count++
	return a.mid(IDs{Account: sender, Person: thread, Unique: fmt.Sprintf("%s/%d/answer", a.run, a.count)})
}

// scoped is the form of the ids of Pages, accounts and people.
var scoped = regexp.MustCompile(`^\d{3,20}$`)

// sendRules are what one product takes.
type sendRules struct {
	text      channels.TextLimit
	rate      int  // messages a second of one sender
	unknown   int  // the subcode for a recipient whom nobody knows
	closed    int  // the subcode for a message outside the window
	typed     bool // a message needs its messaging_type
	reactions []string
}

// maxSlow is how many messages a second of one sender may be sound or video.
// Source: .../messenger-platform/overview/rate-limiting.
const maxSlow = 10

// The rate of a Page is the one above which its inbox stops; what Meta refuses is only above 300.
// Source: .../messenger-platform/reference/send-api, .../overview/rate-limiting;
// .../instagram-platform/instagram-api-with-instagram-login/messaging-api, .../graph-api/overview/rate-limiting.
var rules = map[string]sendRules{
	"page": {text: channels.TextLimit{Max: 2000, Unit: channels.Characters}, rate: 40, unknown: 2018001, closed: 2018278, typed: true},
	"instagram": {
		text: channels.TextLimit{Max: 1000, Unit: channels.Bytes}, rate: 100, unknown: 2534014, closed: 2534022, reactions: []string{"love"},
	},
}

// check refuses what breaks a rule.
func (r sendRules) check(s sending, host string) *refusal {
	person := s.Recipient.ID
	switch {
	case (person == "") == (s.Recipient.UserRef == ""):
		return refuse(100, "The parameter recipient is required")
	case person != "" && !scoped.MatchString(person):
		return refuse(100, "No matching user found").sub(r.unknown)
	case (s.Message == nil) == (s.Action == ""):
		return refuse(100, "Cannot send both message and state at the same time.")
	case s.Action != "":
		return r.checkAction(s)
	case host == graph.InstagramHost && s.Message.Metadata != "":
		return refuse(100, `Invalid keys "metadata" were found in param "message".`)
	}
	if refused := r.checkType(s); refused != nil {
		return refused
	}
	return r.checkMessage(*s.Message)
}

func (r sendRules) checkType(s sending) *refusal {
	switch {
	case s.Type == "" && r.typed:
		return refuse(100, "The parameter messaging_type is required")
	case !slices.Contains([]string{"", "RESPONSE", "UPDATE", "MESSAGE_TAG"}, s.Type):
		return refuse(100, "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG} - got %q.", s.Type)
	case (s.Type == "MESSAGE_TAG") != (s.Tag != ""), s.Tag != "" && s.Tag != "HUMAN_AGENT":
		return refuse(100, "Invalid message tag %q", s.Tag)
	case s.ReplyTo != nil && (s.ReplyTo.MID == "" || strings.HasPrefix(s.ReplyTo.MID, "sha256:")):
		return refuse(100, "Invalid message id %q in reply_to", s.ReplyTo.MID)
	}
	return nil
}
