package dataset

import (
	"fmt"
	"time"

	"omni/channels"
)

// headers are those of every logged webhook.
const headers = `{"content-type":"application/json","content-length":"612","user-agent":"facebookexternalua","x-forwarded-for":"192.0.2.1"}`

// origin is the webhook with which a message came, and its lane. What was written here has none.
func (t *teller) origin(c *chat, m said) (webhook any, lane string) {
	lane = liveLane(c)
	if m.author != nil {
		return nil, lane
	}
	return t.webhook(c, lane, m.content.Text, m.received), lane
}

// webhook tells of a webhook and its job, if it is so young that the logs still have it, and returns its id, which is known longer.
func (t *teller) webhook(c *chat, lane, says string, at time.Time) [16]byte {
	id := t.id(at)
	if at.Before(t.Until.Add(-logged)) {
		return id
	}
	body := fmt.Appendf(nil, `{"object":%q,"entry":[{"id":%q,"time":%d,"changes":[{"field":"messages","value":{"messaging_product":%q,`+
		`"metadata":{"display_phone_number":"15550000000","phone_number_id":%q},"contacts":[{"profile":{"name":"Customer"},"user_id":%q}],`+
		`"event":{"from":%q,"id":"%x%x%x%x","timestamp":"%d","type":"text","says":%q}}}]}]}`,
		c.account.channel, c.account.externalID, at.UnixMilli(), c.account.channel, c.account.externalID, c.identity, c.identity,
		t.Uint64(), t.Uint64(), t.Uint64(), t.Uint64(), at.Unix(), says)
	t.batch.add(webhookLogs, id, c.account.channel, channels.DefaultAccount, hexed(t.Uint64(), t.Uint64()), headers, body, int32(1), at)
	queue := "live"
	if lane[0] == 'b' {
		queue = "bulk"
	}
	t.batch.add(queueLogs, t.id(at), queue, [16]byte(c.account.id), lane, t.seq+1, at, at.Add(2*time.Minute), at.Add(250*time.Millisecond))
	return id
}

// Dead rows wait for an operator: some in any set, and more in a large one.
const (
	deadAtLeast = 60
	deadEvery   = 50_000
)

// bury tells of messages that nobody could process, in the last two months.
func (t *teller) bury() {
	for i := range deadAtLeast + t.Messages/deadEvery {
		c := &t.chats[t.IntN(len(t.chats))]
		at := t.Until.Add(-time.Duration(t.Int64N(int64(60 * 24 * time.Hour))))
		lane := liveLane(c)
		reason := fmt.Sprintf("reading the message: a member is missing: field_%d", i%7)
		t.batch.add(messages, t.id(at), t.numbers(1), [16]byte(c.account.id), c.Thread, lane, fmt.Sprintf("dead/%d", i), "dead", reason, []byte(`{"object":"x"}`),
			t.webhook(c, lane, "", at), nil, nil, nil, nil, nil, nil, nil, nil, at, at, at.Add(time.Second), nil, nil, nil, nil)
	}
}
