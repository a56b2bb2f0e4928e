package dataset

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// account is one of the business's channel accounts.
type account struct {
	id         uuid.UUID
	channel    string
	externalID string
	window     time.Duration
	share      int  // of a hundred conversations
	receipts   bool // it tells of each message how far that got
	watermarks bool // it tells up to where the customer has read
}

// day is the reply window of Meta's channels.
const day = 24 * time.Hour

func accounts() []*account {
	all := []*account{
		{channel: "whatsapp", externalID: "100000000000001", window: day, share: 30, receipts: true},
		{channel: "whatsapp", externalID: "100000000000002", window: day, share: 15, receipts: true},
		{channel: "messenger", externalID: "200000000000001", window: day, share: 15, watermarks: true},
		{channel: "instagram", externalID: "300000000000001", window: day, share: 20, watermarks: true},
		{channel: "telegram", externalID: "4000000001", share: 20},
	}
	for _, a := range all {
		a.id = inbox.AccountID(a.channel, a.externalID)
	}
	return all
}

// agent is somebody who answers.
type agent struct {
	id   uuid.UUID
	name string
}

// cast is who and what every set has, however large it is.
type cast struct {
	accounts []*account
	agents   []agent
	labels   []uuid.UUID
}

// What the cast consists of. The first agent and the first label have two fifths of everything, so that their lists have more than a page in a
// small set too.
const (
	agentCount = 12
	labelCount = 8
	firstShare = 400 // of a thousand
)

// First names the agent and the label whose lists are the longest.
func First() (agent, label uuid.UUID) { return castID("agent", 0), castID("label", 0) }

func castID(kind string, number int) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%s %d", kind, number))
}

// introduce tells of the accounts, agents and labels.
func (t *teller) introduce() {
	t.cast.accounts = accounts()
	for _, a := range t.cast.accounts {
		t.batch.add(channelAccounts, [16]byte(a.id), a.channel, a.externalID, channels.DefaultAccount, t.since())
	}
	for i := range agentCount {
		one := agent{castID("agent", i), fmt.Sprintf("Agent %d", i+1)}
		t.cast.agents = append(t.cast.agents, one)
		t.batch.add(agents, [16]byte(one.id), fmt.Sprint("agent-", i), one.name, fmt.Sprintf("agent%d@example.com", i), "agent", t.since())
	}
	for i := range labelCount {
		id := castID("label", i)
		t.cast.labels = append(t.cast.labels, id)
		t.batch.add(labels, [16]byte(id), fmt.Sprintf("Label %d", i+1), fmt.Sprintf("#%06x", 0x202020*(i%7+1)))
	}
}

// favourite is the number of one of so many, the first of which is chosen most.
func (t *teller) favourite(n int) int {
	if t.chance(firstShare) {
		return 0
	}
	return 1 + t.IntN(n-1)
}

// meet tells of the contacts, in the order in which their conversations begin.
func (t *teller) meet() error {
	t.chats = make([]chat, len(t.script.births))
	for i, birth := range t.script.births {
		t.chats[i] = t.newChat(i, t.since().Add(birth))
		if (i+1)%batchLines == 0 {
			if err := t.flush(); err != nil {
				return err
			}
		}
	}
	return t.flush()
}

func (t *teller) newChat(number int, born time.Time) chat {
	c := chat{account: t.accountOf(), speaker: t.speakerOf(), born: born, contact: t.id(born)}
	c.identity = identity(c.account.channel, number)
	c.Conversation = inbox.NewConversation(t.id(born), c.account.id, c.identity)
	if c.account.channel == "telegram" && t.chance(60) {
		c.Thread, c.Title = fmt.Sprintf("-100%010d", number), "Group "+c.speaker.word()
	} else {
		c.Contact = c.contact
	}
	t.contact(&c)
	t.batch.add(contactIdentities, [16]byte(c.account.id), IdentityKind(c.account.channel), c.identity, [16]byte(c.contact), born)
	t.batch.add(conversationThreads, [16]byte(c.account.id), c.Thread, [16]byte(c.ID))
	return c
}

// IdentityKind is the kind of ids by which a channel knows customers.
func IdentityKind(channel string) string {
	return map[string]string{"whatsapp": "wa_id", "messenger": "psid", "instagram": "igsid", "telegram": "telegram_user"}[channel]
}

// identity is the id by which a channel knows the customer of a conversation.
func identity(channel string, number int) string {
	switch channel {
	case "whatsapp":
		return fmt.Sprintf("4915%09d", number)
	case "telegram":
		return fmt.Sprint(500_000_000 + number)
	}
	return fmt.Sprintf("%d", 7_000_000_000_000_000+int64(mixed(uint64(number))%1e14)*10) // scattered, as scoped ids are
}

// mixed scatters numbers, each to another one.
func mixed(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

func (t *teller) accountOf() *account {
	drawn := t.IntN(100)
	for _, a := range t.cast.accounts {
		if drawn -= a.share; drawn < 0 {
			return a
		}
	}
	return t.cast.accounts[0]
}

func (t *teller) speakerOf() *speaker {
	drawn := t.IntN(100)
	for i := range t.speakers {
		if drawn -= t.speakers[i].share; drawn < 0 {
			return &t.speakers[i]
		}
	}
	return &t.speakers[0]
}

// contact tells of who a conversation is with. Of a few, agents know better than the platform.
func (t *teller) contact(c *chat) {
	called := name(t.speakerOf(), t.IntN(200), t.IntN(4000))
	var username, phone, edited, email any
	switch c.account.channel {
	case "whatsapp":
		phone = "+" + c.identity
	case "instagram":
		username = strings.ReplaceAll(called, " ", ".") + fmt.Sprint(t.IntN(1000))
	}
	if t.chance(30) {
		edited, email = called+" "+c.speaker.word(), fmt.Sprintf("%x@example.com", t.Uint32())
	}
	t.batch.add(contacts, [16]byte(c.contact), called, username, phone, c.speaker.tag, c.born, c.born, c.born, edited, email)
}

// name is one of 200 first names and 4,000 family names of a language.
func name(s *speaker, first, family int) string {
	return title(s.words[100+first]) + " " + title(s.words[1000+family])
}

func title(word string) string {
	runes := []rune(word)
	return strings.ToUpper(string(runes[:1])) + string(runes[1:])
}
