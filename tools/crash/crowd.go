package crash

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	platforms "omni/channels/simulate"
	"omni/internal/app"
	servers "omni/tools/omni/platforms"
	"omni/tools/omni/simulate"
)

// crowd are the customers of a run.
type crowd struct {
	answers  *answers
	books    *books
	office   *office
	operator operator
	stop     context.CancelFunc
	group    errgroup.Group
}

// What the customers do. Those who talk send one webhook after the other, each when the one before was answered with 200, so that
// their order is known; all others write at the same time, twice, late, about anything, and some are forged.
const (
	crowdRate      = 12 // webhooks a second
	crowdCustomers = 12 // of each channel
	talkRate       = 3
	talkers        = 2    // of each channel
	firstTalker    = 1000 // the numbers of talkers are apart from the crowd's, and from each other's groups
	firstOfMany    = 3000 // and so are those of whoever is in a large batch
	largeBatch     = 1000 // events of one webhook
	largeRate      = 0.03
)

// attempts are as many as take five minutes.
const attempts = 150

// requestTimeout is how long a platform waits for an answer.
const requestTimeout = 10 * time.Second

// crowded is a channel whose platform tells of many events in one webhook. Nobody answers those of a large batch: a platform takes a message every few
// seconds for one customer, and a run would wait for them.
const crowded = "whatsapp"

// said are the kinds of events of a talk, on whichever platform: messages of one chat, and a few facts about them.
var said = []string{
	"text", "image", "photo", "video", "audio", "voice", "sticker", "location",
	"reaction", "message_reaction", "edit", "edited_message",
}

// play starts the customers, and those who answer them.
func play(ctx context.Context, seed uint64, s *server, b *books, f *office) *crowd {
	f.work(ctx, seed, s)
	ctx, stop := context.WithCancel(ctx)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	c := &crowd{answers: &answers{next: transport}, books: b, office: f, stop: stop}
	c.answered(ctx, s, simulate.Options{
		Rate: crowdRate, Batch: 3, Customers: crowdCustomers, Concurrency: 48, Duplicates: 0.1, Reorder: 0.1, Forge: 0.05, Seed: seed,
	}, c.books.written)
	c.start(ctx, s, simulate.Options{
		Channels: []string{crowded}, Kinds: said, First: firstOfMany, Customers: crowdCustomers, Rate: largeRate, Batch: largeBatch, Concurrency: 1, Seed: seed,
	}, c.books.written)
	c.group.Go(func() error {
		c.answers.measure(ctx, s.url())
		return nil
	})
	c.group.Go(func() error { return c.poisoner(seed, s).send(ctx) })
	c.group.Go(func() error {
		c.operator.work(ctx, s)
		return nil
	})
	for _, channel := range platforms.Channels() {
		for n := range talkers {
			talk := c.books.newTalk(channel)
			c.answered(ctx, s, simulate.Options{
				Channels: []string{channel}, Kinds: said, First: firstTalker + 10*n, Customers: 1,
				Rate: talkRate, Batch: 2, Concurrency: 1, Duplicates: 0.1, Seed: seed + uint64(n) + 1,
			}, talk)
		}
	}
	return c
}

func (c *crowd) poisoner(seed uint64, s *server) *poisoner {
	return &poisoner{
		random: rand.New(rand.NewPCG(seed, 3)), run: fmt.Sprint("poison-", seed), server: s.url(), secrets: app.SecretsFile(s.state().Secrets()),
		courier: servers.Courier{Client: &http.Client{Timeout: requestTimeout}, Attempts: attempts}, books: c.books,
	}
}

// answered lets somebody write whom agents answer.
func (c *crowd) answered(ctx context.Context, s *server, o simulate.Options, accepted func(channel, account string, w platforms.Webhook)) {
	c.start(ctx, s, o, func(channel, account string, w platforms.Webhook) {
		accepted(channel, account, w)
		c.office.heard(context.WithoutCancel(ctx), channel, account, w)
	})
}

// start lets somebody write until the crowd leaves.
func (c *crowd) start(ctx context.Context, s *server, o simulate.Options, accepted func(channel, account string, w platforms.Webhook)) {
	o.URL, o.Attempts = s.url(), attempts
	c.group.Go(func() error {
		var report bytes.Buffer
		err := simulate.Run(ctx, o, simulate.Parts{
			Secrets: app.SecretsFile(s.state().Secrets()), Client: &http.Client{Transport: c.answers, Timeout: requestTimeout},
			Progress: simulate.NewProgress(io.Discard, false), Out: &report, Accepted: accepted,
		})
		if err != nil {
			return fmt.Errorf("playing customers: %w\n%s", err, report.String())
		}
		return nil
	})
}

// said is how many messages went each way on the channel that is furthest behind.
func (c *crowd) said() int {
	least := math.MaxInt
	answers := c.office.agents.Composed()
	for _, channel := range platforms.Channels() {
		least = min(least, c.books.messages(channel), answers[channel])
	}
	return least
}

// leave ends the writing and waits until everything that was written is accepted, and everybody answered who is to be.
func (c *crowd) leave(ctx context.Context) error {
	c.stop()
	return errors.Join(c.group.Wait(), c.office.leave(ctx))
}
