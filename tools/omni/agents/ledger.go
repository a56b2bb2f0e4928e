package agents

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/inbox"
	"omni/tools/omni/platforms"
)

// Ledger sets what the agents said against what the platforms took, and what the product says of it.
type Ledger struct {
	Figures    map[string]Figures // by channel
	Complaints []Complaint
}

// Complaint is something that is not as it has to be.
type Complaint struct{ Channel, What string }

// record is one message of ours: what the product has of it, and what the platform took of it.
type record struct {
	id           uuid.UUID
	answer       *answer
	status       channels.DeliveryState
	externalID   string
	code, reason string
	text         string
	state        string // of its send
	misdated     bool   // the clock was wrong by minutes when it was sent
	deliveries   []delivery
}

// delivery is a message that a platform took, with its place among those of its account.
type delivery struct {
	platforms.Taken
	place int
}

// Ledger compares. The database and the platforms have to have come to rest.
func (a *Agents) Ledger(ctx context.Context, db *pgxpool.Pool, taken []platforms.Taken) (*Ledger, error) {
	a.mu.Lock()
	answers, complaints := slices.Clone(a.answers), slices.Clone(a.complaints)
	a.mu.Unlock()
	records, err := read(ctx, db, answers)
	if err != nil {
		return nil, err
	}
	l := &Ledger{Figures: map[string]Figures{}}
	for _, what := range complaints {
		channel, _, _ := strings.Cut(what, ":")
		l.complain(channel, "%s", what)
	}
	taken = append(slices.Clone(taken), hosted(records)...)
	l.match(a.o.Run, records, taken)
	furthest := furthestOf(taken)
	for _, one := range answers {
		l.refused(one)
	}
	for _, r := range records {
		l.judge(r, furthest)
	}
	l.order(records)
	return l, nil
}

func (l *Ledger) complain(channel, format string, args ...any) {
	l.Complaints = append(l.Complaints, Complaint{channel, fmt.Sprintf(format, args...)})
}

const recordsQuery = `SELECT m.id, coalesce(m.status, ''), coalesce(m.external_id, ''), coalesce(m.error_code, ''), coalesce(m.error_reason, ''),
	coalesce(m.content ->> 'text', ''), s.state, coalesce(m.occurred_at NOT BETWEEN s.created_at - interval '1 minute' AND s.created_at + interval '5 minutes', false)
FROM messages m JOIN sends s ON s.message_id = m.id WHERE m.id = ANY ($1)`

// read reads the messages of the answers, in the order in which they were said.
func read(ctx context.Context, db *pgxpool.Pool, answers []*answer) ([]*record, error) {
	known := map[uuid.UUID]*record{}
	var all []*record
	var ids []uuid.UUID
	for _, one := range answers {
		for _, id := range one.messages {
			r := &record{id: id, answer: one}
			known[id], all, ids = r, append(all, r), append(ids, id)
		}
	}
	rows, err := db.Query(ctx, recordsQuery, ids)
	if err != nil {
		return nil, fmt.Errorf("reading our messages: %w", err)
	}
	var r record
	_, err = pgx.ForEachRow(rows, []any{&r.id, &r.status, &r.externalID, &r.code, &r.reason, &r.text, &r.state, &r.misdated}, func() error {
		r.answer = known[r.id].answer
		*known[r.id] = r
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading our messages: %w", err)
	}
	return all, nil
}

// hosted are the messages of chats that we host ourselves. Nobody takes those from us: one that has its id is where its visitor reads it.
func hosted(records []*record) (taken []platforms.Taken) {
	for _, r := range records {
		if r.externalID == "" || !channels.IsHosted(r.answer.channel) {
			continue
		}
		thread, _, _ := strings.Cut(r.externalID, "/")
		taken = append(taken, platforms.Taken{
			Channel: r.answer.channel, Delivery: simulate.Delivery{Thread: thread, ID: r.externalID, Handle: r.id.String()}, State: r.status,
		})
	}
	return taken
}

// match finds the message of each delivery: by the id that came with it, by the id that the platform gave it, or by what it says. What says
// something of this run and is nobody's message was made up.
func (l *Ledger) match(run string, records []*record, taken []platforms.Taken) {
	type name struct{ channel, is string }
	index := map[name]*record{}
	for _, r := range records {
		index[name{r.answer.channel, "handle " + r.id.String()}] = r
		index[name{r.answer.channel, "words " + r.words()}] = r
		if r.externalID != "" {
			index[name{r.answer.channel, "id " + r.externalID}] = r
		}
	}
	for place, t := range taken {
		r := cmp.Or(index[name{t.Channel, "handle " + t.Handle}], index[name{t.Channel, "id " + t.ID}], index[name{t.Channel, "words " + words(t.Content)}])
		switch {
		case r != nil:
			r.deliveries = append(r.deliveries, delivery{t, place})
		case strings.Contains(words(t.Content), "["+run+"/"):
			l.complain(t.Channel, "%s: a customer got what nobody composed: %q", t.Channel, words(t.Content))
		}
	}
}

// isReaction reports whether the message is one: the same twice is the same once, so it may be sent again.
func (r *record) isReaction() bool { return r.answer.draft.Content.Reaction != nil }

// words are what a message is known by where its platform gives no handle back.
func (r *record) words() string {
	switch content := r.answer.draft.Content; {
	case r.isReaction():
		return "reaction to " + r.answer.target
	case content.Text == "":
		return words(content)
	}
	return r.text // of one part of several, that of the part
}

func words(c channels.Content) string {
	switch {
	case c.Reaction != nil:
		return "reaction to " + c.Reaction.Target
	case c.Place != nil:
		return c.Place.Name
	}
	return c.Text
}

// chat is a chat of a channel.
type chat struct{ channel, account, thread string }

// furthestOf is how far the platforms say that any message of a chat got: some say it of all earlier messages at once.
func furthestOf(taken []platforms.Taken) map[chat]channels.DeliveryState {
	furthest := map[chat]channels.DeliveryState{}
	for _, t := range taken {
		c := chat{t.Channel, t.Account, t.Thread}
		furthest[c] = inbox.Forward(furthest[c], t.State)
	}
	return furthest
}

func (l *Ledger) refused(one *answer) {
	if one.refused != nil {
		f := l.Figures[one.channel]
		f.Refused++
		f.because("before sending: " + one.refused.Reason)
		l.Figures[one.channel] = f
	}
}

// judge counts a message and says what is wrong with it.
func (l *Ledger) judge(r *record, furthest map[chat]channels.DeliveryState) {
	channel := r.answer.channel
	f := l.Figures[channel]
	defer func() { l.Figures[channel] = f }()
	f.Messages++
	f.Taken += len(r.deliveries)
	wrong := func(format string, args ...any) {
		l.complain(channel, "message %s is %s, "+format, append([]any{r.id, r.status}, args...)...)
	}
	switch r.status {
	case channels.Sent, channels.Delivered, channels.Read:
		f.count(r.status)
		if len(r.deliveries) != 1 && !(r.isReaction() && len(r.deliveries) > 1) {
			wrong("and the platform took it %d times: %q", len(r.deliveries), r.words())
			return
		}
		for _, what := range r.compare(furthest) {
			wrong("%s", what)
		}
	case channels.Failed:
		f.Failed++
		f.because(r.reason)
		if len(r.deliveries) > 0 {
			wrong("and the platform took it %d times (%s: %s)", len(r.deliveries), r.code, r.reason)
		}
	case inbox.Unknown:
		if r.code == "" {
			f.Open++
			wrong("and nobody listens any more")
			break
		}
		f.Uncertain++
		if len(r.deliveries) > 1 && !r.isReaction() {
			wrong("and the platform took it %d times", len(r.deliveries))
		}
	default:
		f.Open++
		wrong("and its send %s", r.state)
	}
	if r.reason == "" && (r.status == channels.Failed || r.status == inbox.Unknown) {
		wrong("without a reason")
	}
	if r.state != "done" {
		wrong("but its send is %s", r.state)
	}
}

// compare sets what is known of a message that was delivered once against what the platform says of it.
func (r *record) compare(furthest map[chat]channels.DeliveryState) (wrong []string) {
	d := r.deliveries[0]
	if d.ID != r.externalID && !r.isReaction() {
		wrong = append(wrong, fmt.Sprintf("under the id %q, which the platform calls %q", r.externalID, d.ID))
	}
	if r.misdated { // what a platform says of all messages until a time may be thought to be about it, or not to be
		return wrong
	}
	if inbox.Forward(r.status, d.State) != r.status {
		wrong = append(wrong, fmt.Sprintf("and the platform said %s", d.State))
	}
	most := inbox.Forward(channels.Sent, furthest[chat{d.Channel, d.Account, d.Thread}])
	if inbox.Forward(most, r.status) != most {
		wrong = append(wrong, fmt.Sprintf("and the platform said no more than %s in this chat", most))
	}
	return wrong
}

// order checks that each conversation's messages were taken in the order in which they were said. One that had to be tried again after an
// uncertain attempt may have come later than others.
func (l *Ledger) order(records []*record) {
	last := map[uuid.UUID]delivery{}
	for _, r := range records {
		if len(r.deliveries) != 1 || r.status == inbox.Unknown {
			continue
		}
		conversation, d := r.answer.draft.Conversation, r.deliveries[0]
		before, any := last[conversation]
		if any && before.CredentialAccount == d.CredentialAccount && d.place < before.place {
			l.complain(d.Channel, "message %s of conversation %s was said after one that the platform took later", r.id, conversation)
		}
		last[conversation] = d
	}
}
