package simulator

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// window is how long free-form answers are allowed after a customer's message.
const window = 24 * time.Hour

// check says which rule a message breaks; nil: none.
func (a *api) check(account string, r request) m {
	for _, rule := range []func(string, request) m{checkEnvelope, checkRecipient, a.checkWindow, a.checkFile, checkWords, checkReference} {
		if refused := rule(account, r); refused != nil {
			return refused
		}
	}
	switch {
	case r.Interactive != nil:
		return r.Interactive.check()
	case r.Template != nil:
		return a.checkTemplate(account, *r.Template)
	}
	return nil
}

func checkEnvelope(_ string, r request) m {
	present := r.present()
	switch {
	case r.Product != "whatsapp":
		return invalid("messaging_product must be whatsapp")
	case r.Type == "" || !slices.Equal(present, []string{r.Type}):
		return refuse(131008, "Required parameter is missing", fmt.Sprintf("type %q with the contents %v", r.Type, present))
	case r.MessageID != "" || r.Typing != nil:
		return invalid("a message has no message_id and no typing_indicator")
	case utf8.RuneCountInString(r.Handle) > 512:
		return invalid("biz_opaque_callback_data is longer than 512")
	}
	return nil
}

// checkRecipient takes every form of number, BSUID or group: any but those with the country code 999 is a customer.
func checkRecipient(account string, r request) m {
	switch {
	case r.RecipientType == "group" && r.To != groupOf(account):
		return refuse(131026, "Message Undeliverable", "The group does not exist")
	case r.RecipientType == "group" && r.Interactive != nil:
		return refuse(131051, "Unsupported message type", "Groups take no interactive messages")
	case r.RecipientType == "group":
		return nil
	case r.RecipientType != "individual":
		return invalid("recipient_type must be individual or group")
	case r.To == "" && !bsuidForm.MatchString(r.Recipient):
		return refuse(131008, "Required parameter is missing", "Neither to nor recipient names a customer")
	case r.To != "" && !numberForm.MatchString(r.To):
		return invalid("to is no phone number")
	case noCountry.MatchString(r.To):
		return refuse(131026, "Message Undeliverable", "Message Undeliverable.")
	}
	return nil
}

func (a *api) checkWindow(account string, r request) m {
	if r.Template == nil && !a.Open(account, r.person(account).name(), window) {
		return refuse(131047, "Re-engagement message",
			"Message failed to send because more than 24 hours have passed since the customer last replied to this number.")
	}
	return nil
}

// checkWords holds the texts of simple messages to their limits.
func checkWords(_ string, r request) m {
	switch {
	case r.Text != nil:
		return limit("text.body", r.Text.Body, 1, 4096)
	case r.Location != nil:
		if r.Location.Latitude == nil || r.Location.Longitude == nil {
			return refuse(131008, "Required parameter is missing", "location needs latitude and longitude")
		}
	case r.Contacts != nil:
		for _, card := range r.Contacts {
			if card.Name.Formatted == "" || card.Name.First == "" || len(card.Phones) == 0 {
				return refuse(131008, "Required parameter is missing", "contacts need formatted_name, a part of the name and phones")
			}
		}
	}
	return nil
}

// checkReference holds what refers to a message: a reply and a reaction, which cannot be both.
func checkReference(_ string, r request) m {
	switch {
	case r.Reaction != nil && r.Context != nil:
		return invalid("a reaction has no context")
	case r.Reaction != nil && r.Reaction.Emoji == nil:
		return refuse(131008, "Required parameter is missing", "reaction.emoji")
	case r.Reaction != nil:
		return wamidForm(r.Reaction.MessageID)
	case r.Context != nil:
		return wamidForm(r.Context.MessageID)
	}
	return nil
}

// checkRead holds the notice that a message was read, with or without a typing indicator.
func (r *request) checkRead() m {
	switch {
	case r.Product != "whatsapp" || r.Status != "read":
		return invalid("status must be read")
	case len(r.present()) > 0 || r.To != "" || r.Recipient != "" || r.Type != "":
		return invalid("a notice is no message")
	case r.Typing != nil && r.Typing.Type != "text":
		return invalid("typing_indicator.type must be text")
	}
	return wamidForm(r.MessageID)
}

// check holds buttons and lists to their limits.
// Source: .../whatsapp/messages/interactive-reply-buttons-messages, .../interactive-list-messages.
func (i interactivePart) check() m {
	switch i.Type {
	case "button":
		return i.checkButtons()
	case "list":
		return i.checkList()
	}
	return invalid("interactive.type")
}

func (i interactivePart) checkButtons() m {
	var buttons []rowPart
	for _, button := range i.Action.Buttons {
		if button.Type != "reply" || button.Reply.Description != "" {
			return invalid("a button is a reply without a description")
		}
		buttons = append(buttons, button.Reply)
	}
	if i.Action.Button != "" || i.Action.Sections != nil {
		return invalid("buttons have no sections")
	}
	return first(limit("interactive.body.text", i.Body.Text, 1, 1024), checkRows(buttons, 3, 20, 256))
}

func (i interactivePart) checkList() m {
	var rows []rowPart
	for _, section := range i.Action.Sections {
		if len(i.Action.Sections) > 1 && section.Title == "" {
			return refuse(131008, "Required parameter is missing", "sections need titles when there are several")
		}
		rows = append(rows, section.Rows...)
	}
	if i.Action.Buttons != nil {
		return invalid("a list has no buttons")
	}
	return first(limit("interactive.body.text", i.Body.Text, 1, 4096), limit("interactive.action.button", i.Action.Button, 1, 20),
		checkRows(rows, 10, 24, 200))
}

// checkRows holds what can be picked to the most of them, the longest title and the longest id.
func checkRows(rows []rowPart, most, title, id int) m {
	if len(rows) == 0 || len(rows) > most {
		return invalid(fmt.Sprintf("%d choices, of at most %d", len(rows), most))
	}
	seen := map[string]bool{}
	for _, row := range rows {
		refused := first(limit("title", row.Title, 1, title), limit("id", row.ID, 1, id), limit("description", row.Description, 0, 72))
		if refused != nil {
			return refused
		}
		if seen[row.ID] {
			return invalid("two choices have one id")
		}
		seen[row.ID] = true
	}
	return nil
}

func invalid(details string) m { return refuse(131009, "Parameter value is not valid", details) }

func limit(what, text string, shortest, longest int) m {
	if length := utf8.RuneCountInString(text); length < shortest || length > longest {
		return invalid(fmt.Sprintf("%s must have %d to %d characters, not %d", what, shortest, longest, length))
	}
	return nil
}

func wamidForm(id string) m {
	if !strings.HasPrefix(id, "wamid.") {
		return invalid("no message has the id " + id)
	}
	return nil
}

// first is the first refusal, if there is one.
func first(refusals ...m) m {
	for _, refused := range refusals {
		if refused != nil {
			return refused
		}
	}
	return nil
}
