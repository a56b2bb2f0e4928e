package simulator

import (
	"cmp"
	"strings"

	"omni/channels"
	"omni/tools/omni/platforms"
)

// look brings every chat up to what the platforms took and were told.
func (s *Simulator) look() {
	taken, hints := s.o.Platforms.Taken(), s.o.Platforms.Hints()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.follow(taken, hints, s.chats) {
		s.announce()
	}
}

// follow does it for some chats, and reports whether anything is new. The caller holds the lock.
func (s *Simulator) follow(taken []platforms.Taken, hints []platforms.Hint, chats map[string]*chat) (news bool) {
	place := map[[3]string]*chat{}
	for _, c := range chats {
		for thread := range c.threads {
			place[[3]string{c.channel.Name, c.account.Account, thread}] = c
		}
	}
	for _, t := range taken {
		if c := place[[3]string{t.Channel, t.CredentialAccount, t.Thread}]; c != nil {
			news = s.show(c, t) || news
		}
	}
	for _, hint := range hints {
		if c := place[[3]string{hint.Channel, hint.CredentialAccount, hint.Thread}]; c != nil {
			news = s.hint(c, hint) || news
			continue
		}
		for _, c := range chats { // it names a message only
			if hint.Thread == "" && c.channel.Name == hint.Channel && c.account.Account == hint.CredentialAccount && c.message(hint.Message) != nil {
				news = s.hint(c, hint) || news
			}
		}
	}
	return news
}

// show brings one answer into its chat.
func (s *Simulator) show(c *chat, t platforms.Taken) (news bool) {
	state := stateOf(t.State)
	e := c.find(func(e *entry) bool { return e.From == fromUs && e.Message == t.ID && e.At.Equal(t.At) })
	if e == nil {
		c.add(s.answer(c, t), s.next())
		return true
	}
	if e.State == state {
		return false
	}
	e.State, e.Seq = state, s.next()
	return true
}

// answer makes an entry of what a customer got.
func (s *Simulator) answer(c *chat, t platforms.Taken) *entry {
	content := t.Content
	e := &entry{handle: t.Handle, Entry: Entry{
		At: t.At, From: fromUs, Kind: cmp.Or(string(content.Type()), "reaction"), Text: textOf(content), Content: &content, Message: t.ID,
		State: stateOf(t.State), Times: 1,
	}}
	if content.Reaction != nil {
		e.Target = c.target(content.Reaction.Target)
	}
	for _, other := range c.entries {
		if e.handle != "" && other.handle == e.handle {
			e.Times++
		}
	}
	return e
}

// stateOf is how far an answer got, in the page's words.
func stateOf(state channels.DeliveryState) string {
	switch state {
	case channels.Delivered:
		return stateDelivered
	case channels.Read, channels.Played:
		return stateRead
	}
	return stateTaken
}

// textOf is what can be read of an answer.
func textOf(content channels.Content) string {
	switch {
	case content.Text != "":
		return content.Text
	case content.Reaction != nil:
		return content.Reaction.Emoji
	case content.Template != nil:
		return strings.Join(append([]string{content.Template.Name}, content.Template.Body...), " · ")
	case content.Card != nil:
		return content.Card.Name
	case content.Place != nil && content.Place.Name != "":
		return content.Place.Name
	case content.File != nil && content.File.Name != "":
		return content.File.Name
	}
	return "[" + string(content.Type()) + "]"
}

// hint shows in its chat that somebody types, or what was read, and reports whether that is new.
func (s *Simulator) hint(c *chat, h platforms.Hint) (news bool) {
	if news = c.hint(h); news {
		c.hinted = s.next()
	}
	return news
}

// hint reports whether a hint is new.
func (c *chat) hint(h platforms.Hint) (news bool) {
	if h.Typing && h.At.After(c.typed) {
		c.typed, news = h.At, true
	}
	if !h.Read {
		return news
	}
	read := c.find(func(e *entry) bool {
		return e.From == fromCustomer && e.Message != "" && (e.Message == h.Message || h.Message == "" && !e.At.After(h.At))
	})
	if before := c.entry(c.read); read == nil || before != nil && before.Position >= read.Position {
		return news
	}
	c.read = read.ID
	return true
}
