package graph

import (
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// readMessage reads the body of a message or postback.
func readMessage(key string, body wire.Object, who people, notes notes) *channels.Message {
	m := &channels.Message{Direction: who.direction(), Sender: who.sender.name()}
	if key == "postback" {
		readPostback(m, body)
	} else {
		readContent(m, body, notes)
	}
	m.Referral = referral(body.Object("referral"), notes)
	if m.Product == "" {
		m.Product = referredProduct(body.Object("referral"))
	}
	return m
}

func readPostback(m *channels.Message, body wire.Object) {
	m.Type = channels.TypeInteractive
	m.Text = body.String("title")
	m.Choice = &channels.Choice{Kind: "postback", ID: body.ID("payload"), Title: m.Text}
}

func readContent(m *channels.Message, body wire.Object, notes notes) {
	m.Text = body.String("text")
	m.Attachments = readAttachments(body, notes)
	m.Product = productOf(body.Objects("attachments"))
	if reply := body.Object("quick_reply"); reply != nil {
		m.Choice = &channels.Choice{Kind: "quick_reply", ID: reply.ID("payload"), Title: m.Text}
	}
	readReply(m, body.Object("reply_to"))
	m.Type = messageType(m, body.Bool("is_unsupported"))
	notes.add("app_id", body.ID("app_id"))
	if body.Bool("is_echo") {
		m.Handle = body.ID("metadata")
	} else {
		notes.add("metadata", body.ID("metadata"))
	}
	if body.Bool("is_self") {
		notes.add("is_self", "true")
	}
	notes.add("tags", joined(body.Objects("tags"), "source"))
	notes.add("commands", joined(body.Objects("commands"), "name"))
}

func readReply(m *channels.Message, to wire.Object) {
	m.ReplyTo = to.ID("mid")
	if story := to.Object("story"); story != nil {
		m.Story = &channels.Story{ID: story.ID("id"), URL: wire.WebURL(story.String("url"))}
	}
}

// messageType tells what a message mainly is. Beside a text a link preview is an addition, anything else is what the text is about.
func messageType(m *channels.Message, unsupported bool) channels.MessageType {
	switch {
	case unsupported:
		return channels.TypeUnsupported
	case m.Choice != nil:
		return channels.TypeInteractive
	}
	for _, a := range m.Attachments {
		if m.Text == "" || a.Kind != channels.Fallback {
			return channels.MessageType(a.Kind)
		}
	}
	if m.Text == "" {
		return channels.TypeUnsupported
	}
	return channels.TypeText
}

// referredProduct is the catalogue item that a referral led to the chat from.
func referredProduct(o wire.Object) string {
	if id := o.Object("product").ID("id"); id != "" {
		return id
	}
	return o.Object("ads_context_data").ID("product_id")
}

// referral reads how a customer came to the chat; nil when o tells nothing about it.
func referral(o wire.Object, notes notes) *channels.Referral {
	ad := o.Object("ads_context_data")
	r := channels.Referral{
		Source:   referralSource(o.String("source")),
		SourceID: o.ID("ad_id"),
		Ref:      o.ID("ref"),
		URL:      wire.WebURL(o.String("referer_uri")),
		Headline: ad.String("ad_title"),
	}
	notes.add("referral_type", o.String("type"))
	for _, key := range []string{"photo_url", "video_url", "post_id", "flow_id"} {
		notes.add("ad_"+key, ad.ID(key))
	}
	if r == (channels.Referral{}) {
		return nil
	}
	return &r
}

func referralSource(word string) string {
	word = strings.ToLower(word)
	if word == "ads" {
		return "ad" // as every channel calls it
	}
	return word
}

func joined(list []wire.Object, key string) string {
	var words []string
	for _, o := range list {
		if word := o.String(key); word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, ",")
}
