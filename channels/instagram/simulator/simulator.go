// Package simulator plays Instagram: customers of professional accounts and the webhooks that Meta sends about them.
package simulator

import (
	"encoding/base64"
	"maps"
	"strings"

	"omni/channels"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

func init() {
	simulate.Register("instagram", graphsim.Platform{
		Object: "instagram", Mid: messageID, Makers: makers(),
		Receipts: []graphsim.Maker{func(s stage) (simulate.Event, error) { return seenOf(s, s.Mid) }},
	})
}

type (
	m     = graphsim.M
	stage = *graphsim.Stage
)

func makers() map[string]graphsim.Maker {
	all := graphsim.Common()
	maps.Copy(all, map[string]graphsim.Maker{
		"like_heart":       attached("like_heart", func(stage) m { return nil }),
		"ephemeral":        attached("ephemeral", func(stage) m { return nil }),
		"ig_reel":          attached("ig_reel", func(s stage) m { return m{"reel_video_id": mediaID(s), "title": s.Text(), "url": cdn(s)} }),
		"ig_story":         attached("ig_story", func(s stage) m { return m{"story_media_id": mediaID(s), "story_media_url": cdn(s)} }),
		"story_mention":    attached("story_mention", func(s stage) m { return m{"url": cdn(s)} }),
		"unsupported_type": attached("unsupported_type", func(s stage) m { return m{"url": cdn(s)} }),
		"ig_post":          post,
		"story_reply":      storyReply,
		"product":          product,
		"seen":             seen,
		"comment":          func(s stage) (simulate.Event, error) { return s.Change("comments", comment(s, "id"), false) },
		"comment_login":    func(s stage) (simulate.Event, error) { return s.Change("comments", comment(s, "comment_id"), true) },
		"live_comment":     func(s stage) (simulate.Event, error) { return s.Change("live_comments", comment(s, "id"), false) },
		"mention":          func(s stage) (simulate.Event, error) { return s.Change("mentions", m{"media_id": mediaID(s)}, false) },
		"story_insights":   storyInsights,
	})
	return all
}

// messageID looks like the real ones: base64 of account, chat and item, in which Meta writes Z as ZA and = as ZD.
func messageID(ids graphsim.IDs) string {
	plain := "ig_dm_item:1:IGMessageID:" + ids.Account + ":" + graphsim.Digits(38, "thread", ids.Account, ids.Person) +
		":" + graphsim.Digits(35, "item", ids.Unique)
	return strings.NewReplacer("Z", "ZA", "=", "ZD").Replace(base64.StdEncoding.EncodeToString([]byte(plain)))
}

func mediaID(s stage) string { return graphsim.Digits(17, "media", s.Mid) }

// cdn is a link like those of Instagram's media server.
func cdn(s stage) string {
	return "https://" + graphsim.InstagramFileHost + "/ig_messaging_cdn/?asset_id=" + mediaID(s) + "&signature=" + graphsim.Digits(30, "signature", s.Mid)
}

func attached(typ string, payload func(stage) m) graphsim.Maker {
	return func(s stage) (simulate.Event, error) { return s.Attached(typ, payload(s)) }
}

// post comes twice, as since November 2025.
func post(s stage) (simulate.Event, error) {
	payload := m{"ig_post_media_id": mediaID(s), "title": "Our garden", "url": cdn(s)}
	return s.Message(m{"attachments": []any{graphsim.Attachment("share", payload), graphsim.Attachment("ig_post", payload)}})
}

func storyReply(s stage) (simulate.Event, error) {
	return s.Message(m{"text": s.Text(), "reply_to": m{"story": m{"id": mediaID(s), "url": cdn(s)}}})
}

func product(s stage) (simulate.Event, error) {
	return s.Message(m{"text": s.Text(), "referral": m{"product": m{"id": mediaID(s)}}})
}

// seen names one message. Before anything was said, it is one that was sent from elsewhere.
func seen(s stage) (simulate.Event, error) {
	mid, err := s.EarlierMid()
	if err != nil {
		mid = s.NewMid("sent")
	}
	return seenOf(s, mid)
}

func seenOf(s stage, mid string) (simulate.Event, error) {
	return s.Says(channels.KindStatus, mid+"/read", m{"read": m{"mid": mid}})
}

// comment is a comment with its id under the key that the flavour uses.
func comment(s stage, idKey string) m {
	return m{
		"from": m{"id": s.Person, "username": strings.ToLower(strings.ReplaceAll(s.Customer.Name, " ", "."))},
		idKey:  graphsim.Digits(17, "comment", s.Mid), "text": s.Text(), "media": m{"id": mediaID(s), "media_product_type": "FEED"},
	}
}

func storyInsights(s stage) (simulate.Event, error) {
	return s.Change("story_insights", m{"media_id": mediaID(s), "reach": s.Rand.IntN(500), "replies": 0, "exits": 3}, false)
}
