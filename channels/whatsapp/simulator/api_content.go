package simulator

import (
	"strconv"

	"omni/channels"
)

// content is what the customer sees, in our words.
func (a *api) content(r request) channels.Content {
	switch {
	case r.file() != nil:
		kind := channels.AttachmentKind(r.Type)
		if r.Audio != nil && r.Audio.Voice {
			kind = channels.Voice
		}
		file := a.seen(kind, *r.file())
		return channels.Content{Text: r.file().Caption, File: &file}
	case r.Location != nil:
		return channels.Content{Place: &channels.Place{Latitude: *r.Location.Latitude, Longitude: *r.Location.Longitude,
			Name: r.Location.Name, Address: r.Location.Address}}
	case len(r.Contacts) > 0:
		return channels.Content{Card: r.Contacts[0].seen()}
	case r.Interactive != nil:
		return channels.Content{Text: r.Interactive.Body.Text, Choices: r.Interactive.seen()}
	case r.Reaction != nil:
		return channels.Content{Reaction: &channels.SentReaction{Target: r.Reaction.MessageID, Emoji: *r.Reaction.Emoji}}
	case r.Template != nil:
		return channels.Content{Template: a.seenTemplate(*r.Template)}
	}
	return channels.Content{Text: r.Text.Body}
}

func (a *api) seen(kind channels.AttachmentKind, file filePart) channels.File {
	a.mu.Lock()
	defer a.mu.Unlock()
	given := a.uploads[file.ID] // none: it is a link
	return channels.File{Kind: kind, Link: file.Link, MIME: given.mime, Name: file.Filename, Bytes: given.bytes}
}

func (c cardPart) seen() *channels.Card {
	card := &channels.Card{Name: c.Name.Formatted, Organization: c.Org.Company}
	for _, phone := range c.Phones {
		card.Phones = append(card.Phones, phone.Phone)
		if phone.WaID != "" {
			card.UserID = phone.WaID
		}
	}
	for _, email := range c.Emails {
		card.Emails = append(card.Emails, email.Email)
	}
	return card
}

func (i interactivePart) seen() *channels.Choices {
	choices := &channels.Choices{Menu: i.Action.Button}
	for _, button := range i.Action.Buttons {
		choices.Options = append(choices.Options, channels.Option(button.Reply))
	}
	for _, section := range i.Action.Sections {
		for _, row := range section.Rows {
			choices.Options = append(choices.Options, channels.Option(row))
		}
	}
	return choices
}

func (a *api) seenTemplate(t templatePart) *channels.TemplateMessage {
	seen := &channels.TemplateMessage{Name: t.Name, Language: t.Language.Code}
	for _, component := range t.Components {
		for _, p := range component.Parameters {
			switch {
			case component.Type == "button":
				index, _ := strconv.Atoi(component.Index) // a wrong one is shown as the first
				seen.Buttons = append(seen.Buttons, channels.TemplateButton{Index: index, Kind: component.SubType, Value: p.Text + p.Payload + p.Code})
			case p.file() != nil:
				file := a.seen(channels.AttachmentKind(p.Type), *p.file())
				seen.HeaderFile = &file
			case component.Type == "header":
				seen.Header = append(seen.Header, p.Text)
			case p.Name != "":
				if seen.Named == nil {
					seen.Named = map[string]string{}
				}
				seen.Named[p.Name] = p.Text
			default:
				seen.Body = append(seen.Body, p.Text)
			}
		}
	}
	return seen
}
