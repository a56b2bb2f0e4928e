package simulator

import (
	"regexp"
	"strconv"

	"omni/channels/internal/graph/graphsim"
)

// person is whom a message goes to: a customer under the ids that webhooks show of them, or a group.
type person struct {
	group, waID, bsuid string
}

// numberForm is a phone number with its country code. Customers are known by theirs; no country has 999.
var (
	numberForm = regexp.MustCompile(`^\+?([1-9][0-9]{6,14})$`)
	noCountry  = regexp.MustCompile(`^\+?999`)
	bsuidForm  = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)
	ours       = regexp.MustCompile(`^49151([0-9]{8})$`)
)

// person finds out who it is. `to` counts if there are both.
func (r request) person(account string) person {
	switch {
	case r.RecipientType == "group":
		return person{group: r.To}
	case r.To == "":
		return person{bsuid: r.Recipient}
	}
	p := person{waID: numberForm.FindStringSubmatch(r.To)[1]}
	if customer, ok := customerOf(p.waID); ok && customer%3 != 2 { // who shows a BSUID: see newStage
		p.bsuid = "DE." + graphsim.Digits(17, "bsuid", account, strconv.Itoa(customer))
	}
	return p
}

// customerOf undoes the making of a customer's number.
func customerOf(waID string) (int, bool) {
	digits := ours.FindStringSubmatch(waID)
	if digits == nil {
		return 0, false
	}
	n, err := strconv.Atoi(digits[1])
	return (n + 80_000_000) % 100_000_000 * inverse % 100_000_000, err == nil
}

// inverse times 7919 is 1, modulo 100,000,000.
const inverse = 40_017_679

// name is what webhooks call the chat.
func (p person) name() string {
	switch {
	case p.group != "":
		return p.group
	case p.bsuid != "":
		return p.bsuid
	}
	return p.waID
}

// contact tells the sender who it was, as far as they may know.
func (p person) contact(sent request) m {
	if p.group != "" {
		return m{"input": p.group, "wa_id": p.group}
	}
	contact := m{"input": sent.To}
	if sent.To == "" {
		contact["input"] = sent.Recipient
	}
	if p.waID != "" {
		contact["wa_id"] = p.waID
	}
	if p.bsuid != "" {
		contact["user_id"] = p.bsuid
	}
	return contact
}
