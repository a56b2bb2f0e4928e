package whatsapp

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"omni/channels"
)

// sends are what can be sent besides texts and files. Those of choices are a list's; a message that fits buttons gets buttons.
// Source: .../whatsapp/messages/interactive-list-messages, .../image-messages, .../reaction-messages.
var sends = channels.Abilities{
	Caption:   channels.TextLimit{Max: 1024, Unit: channels.Characters},
	Captioned: []channels.AttachmentKind{channels.Image, channels.Video, channels.Document},
	Places:    true, Cards: true, Replies: true, Templates: true,
	Choices: &channels.ChoiceLimit{
		Options: 10, Text: channels.TextLimit{Max: 4096, Unit: channels.Characters}, Title: 24, Description: 72, ID: 200, Menu: 20,
	},
	Reactions: &channels.ReactionLimit{},
}

// What fits buttons.
// Source: .../whatsapp/messages/interactive-reply-buttons-messages.
const (
	maxButtons    = 3
	maxButton     = 20   // characters of the title
	maxButtonText = 1024 // characters above the buttons
)

// payload is the type of the message and its content under that name.
func (c channel) payload(ctx context.Context, o channels.Outgoing) (kind string, content any, err error) {
	switch {
	case o.File != nil:
		return c.file(ctx, o.Account, *o.File, o.Text)
	case o.Choices != nil:
		content, err := interactive(*o.Choices, o.Text, o.Group)
		return "interactive", content, err
	case o.Place != nil:
		return "location", location(*o.Place), nil
	case o.Card != nil:
		return "contacts", []dict{contactCard(*o.Card)}, nil
	case o.Template != nil:
		content, err := c.template(ctx, o.Account, *o.Template)
		return "template", content, err
	case o.Reaction != nil:
		return "reaction", dict{"message_id": o.Reaction.Target, "emoji": o.Reaction.Emoji}, nil
	}
	return "text", text(o.Text), nil
}

// text shows a preview of its first link, as the app does when a person writes one.
func text(body string) dict {
	content := dict{"body": body}
	if strings.Contains(body, "https://") || strings.Contains(body, "http://") {
		content["preview_url"] = true
	}
	return content
}

// interactive offers the choices as buttons if they fit, else as a list behind a button.
// Source of what groups take: .../whatsapp/groups, "Limits".
func interactive(choices channels.Choices, text string, group bool) (dict, error) {
	if group {
		return nil, channels.Reject("unsupported_choices", "WhatsApp shows no choices in groups: ask with a text.", nil)
	}
	if fitButtons(choices.Options, text) {
		return dict{"type": "button", "body": dict{"text": text}, "action": dict{"buttons": buttons(choices.Options)}}, nil
	}
	action := dict{"button": cmp.Or(choices.Menu, "☰"), "sections": []dict{{"rows": rows(choices.Options)}}}
	return dict{"type": "list", "body": dict{"text": text}, "action": action}, nil
}

func fitButtons(options []channels.Option, text string) bool {
	return len(options) <= maxButtons && utf8.RuneCountInString(text) <= maxButtonText &&
		!slices.ContainsFunc(options, func(o channels.Option) bool {
			return o.Description != "" || utf8.RuneCountInString(o.Title) > maxButton
		})
}

func buttons(options []channels.Option) []dict {
	all := make([]dict, len(options))
	for i, option := range options {
		all[i] = dict{"type": "reply", "reply": dict{"id": option.ID, "title": option.Title}}
	}
	return all
}

func rows(options []channels.Option) []dict {
	all := make([]dict, len(options))
	for i, option := range options {
		all[i] = filled(dict{"id": option.ID, "title": option.Title, "description": option.Description})
	}
	return all
}

func location(p channels.Place) dict {
	place := filled(dict{"name": p.Name, "address": p.Address})
	place["latitude"], place["longitude"] = p.Latitude, p.Longitude
	return place
}

// contactCard needs a part of the name besides the whole. A number with a wa_id can be written to from the card.
// Source: .../whatsapp/messages/contacts-messages.
func contactCard(c channels.Card) dict {
	card := dict{"name": dict{"formatted_name": c.Name, "first_name": c.Name}}
	phones := make([]dict, len(c.Phones))
	for i, phone := range c.Phones {
		phones[i] = dict{"phone": phone}
		if c.UserID != "" && digits(phone) == c.UserID {
			phones[i]["wa_id"] = c.UserID
		}
	}
	card["phones"] = phones
	var emails []dict
	for _, email := range c.Emails {
		emails = append(emails, dict{"email": email})
	}
	if emails != nil {
		card["emails"] = emails
	}
	if c.Organization != "" {
		card["org"] = dict{"company": c.Organization}
	}
	return card
}

// filled drops the members that are empty texts: Meta refuses some of them.
func filled(o dict) dict {
	for key, value := range o {
		if value == "" {
			delete(o, key)
		}
	}
	return o
}
