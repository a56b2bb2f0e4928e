package graphsim

import (
	"fmt"
	"strconv"

	"omni/channels"
	"omni/channels/simulate"
)

// Common makes the kinds that both products have.
func Common() map[string]Maker {
	return map[string]Maker{
		"text":           text,
		"text_ad":        textFromAd,
		"image":          file("image", "jpg"),
		"video":          file("video", "mp4"),
		"audio":          file("audio", "mp4"),
		"reply":          reply,
		"quick_reply":    quickReply,
		"postback":       postback,
		"referral":       referral,
		"unsupported":    func(s *Stage) (simulate.Event, error) { return s.Message(M{"is_unsupported": true}) },
		"echo":           echo,
		"edit":           edit,
		"delete":         remove,
		"reaction":       reaction,
		"unreact":        unreact,
		"standby":        func(s *Stage) (simulate.Event, error) { return s.Standby(M{"text": s.Text()}) },
		"dashboard_test": dashboardTest,
		"unknown":        func(s *Stage) (simulate.Event, error) { return s.Unknown(M{"hologram": M{"mood": s.Text()}}) },
	}
}

// texts hold what has broken parsers and signatures: other scripts, emoji outside the basic plane, what JSON and HTML escape.
var texts = []string{
	"Hello, is the blue one still there?",
	"Přijede to zítra v 10:00?",
	"Привет! Сколько стоит доставка?",
	"مرحبا، هل المتجر مفتوح؟",
	"在吗？我想退货",
	"Merci beaucoup 🙏🏽 c'était parfait",
	"<b>5 > 3</b> & \"quotes\" / 100% @home",
	"first line\nsecond line\ttab",
	"👨‍👩‍👧‍👦",
}

// Text is what the customer writes.
func (s *Stage) Text() string { return s.Worded(texts[s.Rand.IntN(len(texts))]) }

// URL is a link like those of Meta's media servers.
func (s *Stage) URL(extension string) string {
	return fmt.Sprintf("https://"+FileHost+"/v/t1.15752-9/%s_n.%s?oh=%x", Digits(15, s.Mid), extension, s.Rand.Uint64())
}

func text(s *Stage) (simulate.Event, error) { return s.Message(M{"text": s.Text()}) }

func file(typ, extension string) Maker {
	return func(s *Stage) (simulate.Event, error) { return s.Attached(typ, M{"url": s.URL(extension)}) }
}

func textFromAd(s *Stage) (simulate.Event, error) {
	return s.Message(M{"text": s.Text(), "referral": M{
		"ref": "spring", "ad_id": Digits(17, "ad"), "source": "ADS", "type": "OPEN_THREAD",
		"ads_context_data": M{"ad_title": "Spring sale", "photo_url": s.URL("jpg"), "post_id": Digits(15, "post")},
	}})
}

func reply(s *Stage) (simulate.Event, error) {
	mid, err := s.EarlierMid()
	if err != nil {
		return simulate.Event{}, err
	}
	return s.Message(M{"text": s.Text(), "reply_to": M{"mid": mid}})
}

func quickReply(s *Stage) (simulate.Event, error) {
	if picked := s.Pressed; picked != nil {
		return s.Message(M{"text": picked.Title, "quick_reply": M{"payload": picked.ID}})
	}
	return s.Message(M{"text": "Yes", "quick_reply": M{"payload": "ANSWER_YES"}})
}

func postback(s *Stage) (simulate.Event, error) {
	return s.Says(channels.KindMessage, s.Mid, M{"postback": M{"mid": s.Mid, "title": "Get started", "payload": "START"}})
}

func referral(s *Stage) (simulate.Event, error) {
	return s.Notice("referral", M{"ref": "poster-" + strconv.Itoa(s.Serial), "source": "SHORTLINK", "type": "OPEN_THREAD"})
}

func echo(s *Stage) (simulate.Event, error) {
	return s.Echo(M{"text": "It is on its way.", "app_id": 263902037430900, "metadata": "sent by the simulator"})
}

func edit(s *Stage) (simulate.Event, error) {
	mid, err := s.EarlierMid()
	if err != nil {
		return simulate.Event{}, err
	}
	number := strconv.Itoa(s.Serial + 1)
	return s.Says(channels.KindEdit, mid+"/"+number, M{"message_edit": M{"mid": mid, "text": s.Text(), "num_edit": number}})
}

func remove(s *Stage) (simulate.Event, error) {
	mid, err := s.EarlierMid()
	if err != nil {
		return simulate.Event{}, err
	}
	return s.Says(channels.KindDelete, mid, M{"message": M{"mid": mid, "is_deleted": true}})
}

func reaction(s *Stage) (simulate.Event, error) {
	const heart = "\u2764\ufe0f"
	emoji, named := s.Worded(heart), "other"
	if emoji == heart {
		named = "love"
	}
	return s.reacts("react", emoji, M{"action": "react", "emoji": emoji, "reaction": named})
}

func unreact(s *Stage) (simulate.Event, error) {
	return s.reacts("unreact", "other", M{"action": "unreact"})
}

func (s *Stage) reacts(action, symbol string, content M) (simulate.Event, error) {
	mid, err := s.EarlierMid()
	if err != nil {
		return simulate.Event{}, err
	}
	content["mid"] = mid
	id := channels.HashID("reaction", mid, s.Person, action, symbol, strconv.FormatInt(s.Millis(), 10))
	return s.Says(channels.KindReaction, id, M{"reaction": content})
}

// dashboardTest is what the "Test" button of the App Dashboard sends: an item as a change, its time a string of seconds.
func dashboardTest(s *Stage) (simulate.Event, error) {
	value := s.item(M{"timestamp": strconv.FormatInt(s.At.Unix(), 10), "message": M{"mid": s.Mid, "text": "random_text"}})
	entry := M{"id": s.Account, "time": s.At.Unix(), "changes": []any{M{"field": "messages", "value": value}}}
	return simulate.Event{Expect: []simulate.Expected{s.Expect(channels.KindMessage, s.Mid)}, Item: entry}, nil
}
