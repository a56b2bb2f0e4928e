package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"omni/channels"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

// messages are the kinds of what a customer can say.
func messages() map[string]maker {
	return map[string]maker{
		"text":                  says("text", func(s *stage) any { return m{"body": s.sentence()} }),
		"text_emoji":            says("text", func(*stage) any { return m{"body": "Grüße aus Köln 👋🏽 <b>5 €</b> / 50 %"} }),
		"text_forwarded":        withContext(m{"forwarded": true}),
		"text_often_forwarded":  withContext(m{"frequently_forwarded": true}),
		"text_reply":            reply,
		"text_product":          productEnquiry,
		"text_referral":         referral,
		"text_group":            inGroup,
		"image":                 says("image", func(s *stage) any { return s.file("image/jpeg", m{"caption": s.Worded("my shelf")}) }),
		"video":                 says("video", func(s *stage) any { return s.file("video/mp4", nil) }),
		"audio":                 says("audio", func(s *stage) any { return s.file("audio/mpeg", m{"voice": false}) }),
		"voice":                 says("audio", func(s *stage) any { return s.file("audio/ogg; codecs=opus", m{"voice": true}) }),
		"document":              says("document", func(s *stage) any { return s.file("application/pdf", m{"filename": "Rechnung März.pdf"}) }),
		"sticker":               says("sticker", func(s *stage) any { return s.file("image/webp", m{"animated": true}) }),
		"location":              says("location", location),
		"contacts":              says("contacts", cards),
		"button":                says("button", func(*stage) any { return m{"payload": "STOP", "text": "Stop messages"} }),
		"button_reply":          answers("button_reply", m{"id": "yes", "title": "Yes, please"}),
		"list_reply":            answers("list_reply", m{"id": "slot-3", "title": "Friday", "description": "9 to 11"}),
		"nfm_reply":             answers("nfm_reply", m{"name": "flow", "body": "Sent", "response_json": `{"size":"M","flow_token":"f-1"}`}),
		"call_permission_reply": answers("call_permission_reply", m{"response": "accept", "response_source": "user_action"}),
		"order":                 says("order", order),
		"request_welcome":       says("request_welcome", nil),
		"unsupported":           unsupported,
		"made_up_type":          says("hologram", func(*stage) any { return m{"depth": 3} }),
	}
}

func says(typ string, content func(*stage) any) maker {
	return func(s *stage) (simulate.Event, error) {
		if content == nil {
			return s.says(channels.KindMessage, s.message(typ, nil)), nil
		}
		return s.says(channels.KindMessage, s.message(typ, content(s))), nil
	}
}

// answers is the answer to something interactive that the business sent.
func answers(typ string, answer m) maker {
	return func(s *stage) (simulate.Event, error) {
		said, question := answer, s.wamid("question")
		if s.Pressed != nil && answer["title"] != nil {
			said = m{"id": s.Pressed.ID, "title": s.Pressed.Title}
			if s.Pressed.Description != "" {
				said["description"] = s.Pressed.Description
			}
			question = s.Earlier[len(s.Earlier)-1]
		}
		message := s.message("interactive", m{"type": typ, typ: said})
		message["context"] = m{"from": businessNumber(s.Account), "id": question}
		return s.says(channels.KindMessage, message), nil
	}
}

func withContext(context m) maker {
	return func(s *stage) (simulate.Event, error) {
		message := s.message("text", m{"body": s.sentence()})
		message["context"] = context
		return s.says(channels.KindMessage, message), nil
	}
}

func reply(s *stage) (simulate.Event, error) {
	target, err := s.earlierID()
	if err != nil {
		return simulate.Event{}, err
	}
	return withContext(m{"from": businessNumber(s.Account), "id": target})(s)
}

func productEnquiry(s *stage) (simulate.Event, error) {
	product := m{"catalog_id": graphsim.Digits(15, "catalogue", s.Account), "product_retailer_id": "mug-blue"}
	return withContext(m{"from": businessNumber(s.Account), "id": s.wamid("product"), "referred_product": product})(s)
}

// referral is the first message after a click on an advertisement.
func referral(s *stage) (simulate.Event, error) {
	message := s.message("text", m{"body": s.Worded("Hello! Can I get more info on this?")})
	message["referral"] = m{"source_url": "https://fb.me/simulated", "source_id": graphsim.Digits(17, "ad", s.Account), "source_type": "ad",
		"headline": "Mugs", "body": "Now 20 % off", "media_type": "image", "image_url": "https://example.com/mug.jpg",
		"ctwa_clid": "ARA" + s.checksum()[:20]}
	return s.says(channels.KindMessage, message), nil
}

func inGroup(s *stage) (simulate.Event, error) {
	message := s.message("text", m{"body": s.sentence()})
	message["group_id"] = groupOf(s.Account)
	event := s.says(channels.KindMessage, message)
	event.Expect[0].Thread = groupOf(s.Account)
	return event, nil
}

// groupOf is the one group of an account.
func groupOf(account string) string { return "1203" + graphsim.Digits(14, "group", account) + "@g.us" }

func unsupported(s *stage) (simulate.Event, error) {
	message := s.message("unsupported", m{"type": "poll_creation"})
	message["errors"] = []any{complaint(131051, "Message type unknown", "Message type is currently not supported.")}
	return s.says(channels.KindMessage, message), nil
}

func complaint(code int, title, details string) m {
	return m{"code": code, "title": title, "message": title, "error_data": m{"details": details}}
}

func (s *stage) sentence() string {
	sentences := []string{"Is the blue one back?", "Thanks, that helps.", "When do you open on Saturday?", "I'd like to return my order.",
		"¿Envían a España?"}
	return s.Worded(sentences[s.Rand.IntN(len(sentences))])
}

// file describes an uploaded file.
func (s *stage) file(mime string, more m) m {
	id := graphsim.Digits(16, "media", s.id)
	url := "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=" + id
	file := m{"id": id, "mime_type": mime, "sha256": s.checksum(), "url": url}
	for key, value := range more {
		file[key] = value
	}
	return file
}

func (s *stage) checksum() string {
	sum := sha256.Sum256([]byte(s.id))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func location(*stage) any {
	return m{"latitude": 52.5163, "longitude": 13.3777, "name": "Brandenburger Tor", "address": "Pariser Platz, Berlin",
		"url": "https://example.com/gate"}
}

func cards(s *stage) any {
	phone := fmt.Sprintf("+49 30 %07d", s.Serial)
	return []any{m{"name": m{"formatted_name": "Ana Ruiz", "first_name": "Ana"}, "org": m{"company": "Ruiz SL"},
		"phones": []any{m{"phone": phone, "type": "CELL"}}}}
}

func order(s *stage) any {
	item := m{"product_retailer_id": "mug-blue", "quantity": 1 + s.Rand.IntN(4), "item_price": 9.5, "currency": "EUR"}
	return m{"catalog_id": graphsim.Digits(15, "catalogue", s.Account), "text": "", "product_items": []any{item}}
}
