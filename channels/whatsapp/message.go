package whatsapp

import (
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// content reads a message, or what an edit made of one.
func (it item) content(o wire.Object, u *channels.Update) *channels.Message {
	m := &channels.Message{Direction: it.direction(), Sender: it.actor(), Errors: readErrors(o)}
	word := o.String("type")
	if read, ok := types[word]; !ok || !read(m, o, u) {
		m.Type = channels.TypeUnsupported
		note(u, "raw_type", word)
		note(u, "unsupported_type", o.Object("unsupported").String("type"))
	}
	context := o.Object("context")
	m.ReplyTo = context.ID("id")
	m.Forwarded = context.Bool("forwarded") || context.Bool("frequently_forwarded")
	if context.Bool("frequently_forwarded") {
		note(u, "frequently_forwarded", "true")
	}
	m.Product = context.Object("referred_product").ID("product_retailer_id")
	note(u, "catalog_id", context.Object("referred_product").ID("catalog_id"))
	m.Referral = readReferral(o.Object("referral"), u)
	return m
}

// types are the message types that can be read. Each function is given the whole message; false means that the content is not there.
var types = map[string]func(m *channels.Message, o wire.Object, u *channels.Update) bool{
	"text":        readText,
	"image":       fileOf(channels.Image, "image"),
	"video":       fileOf(channels.Video, "video"),
	"audio":       readAudio,
	"voice":       fileOf(channels.Voice, "voice"),
	"document":    fileOf(channels.Document, "document"),
	"sticker":     fileOf(channels.Sticker, "sticker"),
	"location":    readLocation,
	"contacts":    readCards,
	"interactive": readInteractive,
	"button":      readButton,
	"order":       readOrder,
}

func readText(m *channels.Message, o wire.Object, _ *channels.Update) bool {
	m.Type, m.Text = channels.TypeText, o.Object("text").String("body")
	return o.Object("text") != nil
}

// readInteractive reads the answer to a button, list, flow or request. The answer may be missing when the platform could not read it.
func readInteractive(m *channels.Message, o wire.Object, u *channels.Update) bool {
	m.Type = channels.TypeInteractive
	interactive := o.Object("interactive")
	word := interactive.String("type")
	answer := interactive.Object(word)
	if answer == nil {
		return true
	}
	m.Choice = &channels.Choice{Kind: word, ID: answer.ID("id"), Title: answer.String("title"), Description: answer.String("description")}
	switch word {
	case "button_reply":
		m.Choice.Kind = "button"
	case "list_reply":
		m.Choice.Kind = "list"
	case "nfm_reply":
		*m.Choice = channels.Choice{Kind: "flow", ID: answer.String("name"), Title: answer.String("body"), Data: answer.String("response_json")}
	case "call_permission_reply":
		*m.Choice = channels.Choice{Kind: "call_permission", ID: answer.String("response")}
		note(u, "permission_expires", answer.ID("expiration_timestamp"))
		note(u, "response_source", answer.String("response_source"))
	}
	m.Text = m.Choice.Title
	return true
}

// readButton reads a quick reply of a template.
func readButton(m *channels.Message, o wire.Object, _ *channels.Update) bool {
	button := o.Object("button")
	if button == nil {
		return false
	}
	m.Type, m.Text = channels.TypeInteractive, button.String("text")
	m.Choice = &channels.Choice{Kind: "template_button", ID: button.ID("payload"), Title: m.Text}
	return true
}

func readOrder(m *channels.Message, o wire.Object, _ *channels.Update) bool {
	order := o.Object("order")
	if order == nil {
		return false
	}
	m.Type, m.Text = channels.MessageType(channels.Ordered), order.String("text")
	m.Attachments = []channels.Attachment{{Kind: channels.Ordered}}
	m.Order = &channels.Order{Catalog: order.ID("catalog_id"), Items: []channels.OrderItem{}}
	for _, line := range order.Objects("product_items") {
		m.Order.Items = append(m.Order.Items, channels.OrderItem{Product: line.ID("product_retailer_id"),
			Quantity: line.ID("quantity"), Price: line.ID("item_price"), Currency: line.String("currency")})
	}
	return true
}

// readReferral reads the advertisement that a first message answers.
func readReferral(o wire.Object, u *channels.Update) *channels.Referral {
	if o == nil {
		return nil
	}
	note(u, "referral_media_type", o.String("media_type"))
	note(u, "referral_image_url", wire.WebURL(o.String("image_url")))
	note(u, "referral_video_url", wire.WebURL(o.String("video_url")))
	note(u, "referral_thumbnail_url", wire.WebURL(o.String("thumbnail_url")))
	note(u, "referral_welcome", o.Object("welcome_message").String("text"))
	return &channels.Referral{Source: strings.ToLower(o.String("source_type")), SourceID: o.ID("source_id"),
		URL: wire.WebURL(o.String("source_url")), Headline: o.String("headline"), Body: o.String("body"), ClickID: o.String("ctwa_clid")}
}
