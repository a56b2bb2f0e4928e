package inbox

import (
	"fmt"
	"time"

	"omni/channels"
)

// MayAnswer reports whether a platform allows an answer in a chat now. A [channels.RejectedError] says what is allowed instead.
//
// A customer's message opens the window, and whatever else the platform counts as one ([channels.Update.Window]). Within it anything may be
// said. After it some platforms take templates, and some take a person's answer for longer, with a tag.
func (c Chat) MayAnswer(spec channels.Spec, d Draft, now time.Time) error {
	if d.Tag != "" && !d.Human {
		return channels.Reject("tag_needs_human", fmt.Sprintf("%s allows the tag %s for what a person wrote only.", spec.Title, d.Tag), nil)
	}
	if c.IsWindowOpen(spec, now) || d.Content.Template != nil && spec.Sends.Templates {
		return nil
	}
	if tag := spec.Tag; tag != nil && d.Tag == tag.Name && now.Before(c.TagUntil(spec)) {
		return nil
	}
	return channels.Reject("window_closed", c.closedReason(spec, d, now), nil)
}

// IsWindowOpen reports whether anything may be said in the chat now. A chat without an end of its window, on a channel that has windows, was
// never opened by the customer.
func (c Chat) IsWindowOpen(spec channels.Spec, now time.Time) bool {
	if c.WindowExpiresAt.IsZero() {
		return spec.Window == 0
	}
	return now.Before(c.WindowExpiresAt)
}

// TagUntil is until when the channel's tag allows a person to answer; zero: there is no tag, or the customer has never written.
func (c Chat) TagUntil(spec channels.Spec) time.Time {
	if spec.Tag == nil || c.LastInboundAt.IsZero() {
		return time.Time{}
	}
	return c.LastInboundAt.Add(spec.Tag.Window)
}

func (c Chat) closedReason(spec channels.Spec, d Draft, now time.Time) string {
	reason := fmt.Sprintf("%s allows no answer before the customer has written.", spec.Title)
	if !c.WindowExpiresAt.IsZero() {
		reason = fmt.Sprintf("The time in which %s allows answers ended %s ago.", spec.Title, spoken(now.Sub(c.WindowExpiresAt)))
	}
	switch until := c.TagUntil(spec); {
	case spec.Sends.Templates:
		reason += " Send a template."
	case now.Before(until) && d.Human:
		reason += fmt.Sprintf(" A person may still answer for %s, with the tag %s.", spoken(until.Sub(now)), spec.Tag.Name)
	case now.Before(until):
		reason += fmt.Sprintf(" Only a person may still answer, for %s.", spoken(until.Sub(now)))
	}
	return reason
}

// spoken renders a time span for people, in its largest unit.
func spoken(d time.Duration) string {
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if n := int(d / unit.size); n >= 2 || n == 1 && unit.size <= time.Hour {
			return plural(n, unit.name)
		}
	}
	return "less than a minute"
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
