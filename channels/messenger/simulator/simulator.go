// Package simulator plays Messenger: customers of Facebook Pages and the webhooks that Meta sends about them.
package simulator

import (
	"crypto/sha512"
	"encoding/base64"
	"maps"
	"strconv"

	"omni/channels"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

func init() {
	simulate.Register("messenger", graphsim.Platform{
		Object: "page", Mid: messageID, Makers: makers(),
		Receipts: []graphsim.Maker{delivered, readAll},
	})
}

type (
	m     = graphsim.M
	stage = *graphsim.Stage
)

func makers() map[string]graphsim.Maker {
	all := graphsim.Common()
	maps.Copy(all, map[string]graphsim.Maker{
		"file":                   attached("file", func(s stage) m { return m{"url": s.URL("pdf")} }),
		"location":               attached("location", func(stage) m { return m{"coordinates": m{"lat": 50.0755, "long": 14.4378}} }),
		"fallback":               attached("fallback", func(s stage) m { return m{"url": "https://example.com/", "title": s.Text()} }),
		"post":                   attached("post", func(s stage) m { return m{"id": bigID(s, "post"), "url": s.URL("jpg")} }),
		"reel":                   attached("reel", func(s stage) m { return m{"reel_video_id": bigID(s, "reel"), "url": "/reel/1/"} }),
		"appointment":            attached("appointment_booking", appointment),
		"product":                product,
		"sticker":                sticker,
		"delivery":               delivery,
		"read":                   read,
		"optin":                  notice("optin", m{"type": "notification_messages", "payload": "NEWS", "title": "News"}),
		"pass_thread_control":    notice("pass_thread_control", m{"new_owner_app_id": "263902037430900", "metadata": "to the inbox"}),
		"take_thread_control":    notice("take_thread_control", m{"previous_owner_app_id": "263902037430900", "metadata": "back"}),
		"request_thread_control": notice("request_thread_control", m{"requested_owner_app_id": 123456789, "metadata": "please"}),
		"app_roles":              notice("app_roles", m{"123456789": []string{"primary_receiver"}}),
		"account_linking":        notice("account_linking", m{"status": "linked", "authorization_code": "AQDx"}),
		"game_play":              notice("game_play", m{"game_id": "1120563141", "player_id": "77", "context_type": "SOLO", "score": 99}),
		"messaging_feedback":     notice("messaging_feedback", m{"feedback_screens": []m{{"screen_id": 0, "questions": m{}}}}),
		"response_feedback":      notice("response_feedback", m{"feedback": "Good response", "mid": "m_simulated"}),
		"policy_enforcement":     policyEnforcement,
		"feed_comment":           feedComment,
	})
	return all
}

// messageID looks like the ids of Graph 5.0 and later: "m_" and URL-safe base64.
func messageID(ids graphsim.IDs) string {
	sum := sha512.Sum512([]byte(ids.Account + "/" + ids.Person + "/" + ids.Unique))
	return "m_" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// bigID is an id beyond 2^53, which a float would change.
func bigID(s stage, of string) string { return graphsim.Digits(18, of, s.Mid) }

func attached(typ string, payload func(stage) m) graphsim.Maker {
	return func(s stage) (simulate.Event, error) { return s.Attached(typ, payload(s)) }
}

func notice(key string, value m) graphsim.Maker {
	return func(s stage) (simulate.Event, error) { return s.Notice(key, value) }
}

func appointment(s stage) m {
	start := s.At.Unix() + 86400
	return m{
		"booking_id": bigID(s, "booking"), "status": "requested",
		"start_time": start, "end_time": start + 3600, "timezone": "Europe/Prague",
	}
}

func product(s stage) (simulate.Event, error) {
	item := m{"id": bigID(s, "product"), "retailer_id": "SKU-7", "image_url": s.URL("png"), "title": "Oak table", "subtitle": "€240.00"}
	template := graphsim.Attachment("template", m{"product": m{"elements": []m{item}}})
	return s.Message(m{"text": "Is this one still there?", "attachments": []any{template}})
}

// sticker comes twice, as from June to August 2026.
func sticker(s stage) (simulate.Event, error) {
	const thumb = 369239263222822
	return s.Message(m{"attachments": []any{
		graphsim.Attachment("sticker", m{"sticker_id": thumb}),
		graphsim.Attachment("image", m{"url": s.URL("png"), "sticker_id": thumb}),
	}})
}

// delivery names one message and says that everything up to a time has arrived. Before anything was said, it names a message that was
// sent from elsewhere.
func delivery(s stage) (simulate.Event, error) {
	mid, err := s.EarlierMid()
	if err != nil {
		mid = s.NewMid("sent")
	}
	return deliveredUntil(s, mid, s.Millis()-210)
}

// delivered says that the message of the stage has arrived, and with it all before.
func delivered(s stage) (simulate.Event, error) { return deliveredUntil(s, s.Mid, s.Millis()) }

func deliveredUntil(s stage, mid string, until int64) (simulate.Event, error) {
	return s.Reports(m{"delivery": m{"mids": []string{mid}, "watermark": until}},
		s.Expect(channels.KindStatus, mid+"/delivered"),
		s.Expect(channels.KindRead, channels.HashID("delivery", s.Person, strconv.FormatInt(until, 10))))
}

func read(s stage) (simulate.Event, error) { return readUntil(s, s.Millis()-210) }

func readAll(s stage) (simulate.Event, error) { return readUntil(s, s.Millis()) }

func readUntil(s stage, until int64) (simulate.Event, error) {
	id := channels.HashID("read", s.Person, strconv.FormatInt(until, 10))
	return s.Reports(m{"read": m{"watermark": until}}, s.Expect(channels.KindRead, id))
}

// policyEnforcement says the same each time; the serial keeps apart what happens in one millisecond.
func policyEnforcement(s stage) (simulate.Event, error) {
	return s.AboutAccount("policy-enforcement", m{"action": "warning", "reason": "Too many messages, case " + strconv.Itoa(s.Serial) + "."})
}

func feedComment(s stage) (simulate.Event, error) {
	post := s.Account + "_" + bigID(s, "post")
	return s.Change("feed", m{
		"item": "comment", "verb": "add", "comment_id": post + "_" + bigID(s, "comment"), "post_id": post, "parent_id": post,
		"from": m{"id": s.Person, "name": s.Customer.Name}, "created_time": s.At.Unix(), "message": s.Text(),
	}, false)
}
