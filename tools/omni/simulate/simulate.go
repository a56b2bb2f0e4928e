// Package simulate plays the customers of every platform against a running server, and then looks in its database whether anything was lost.
//
// Webhooks are sent at a given rate whether or not the server keeps up (an open loop), signed with the server's own secrets, and like a
// platform's they are repeated, delivered late, forged by strangers, and tried again when they are not answered with 200. What was
// answered with 200 must be in the database, in the end processed; what was forged must have been refused.
package simulate

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"omni/channels"
	platforms "omni/channels/simulate"
	servers "omni/tools/omni/platforms"
)

// Options say what to play. Fractions are between 0 and 1.
type Options struct {
	URL      string   // of the server, without a path
	Channels []string // empty: every channel that can be simulated
	Account  string   // credential account; empty: "default" where a channel has it, else its first one
	Kinds    []string // as the simulators name them; empty: all

	Rate        float64       // webhooks a second; 0: as many as the concurrency allows
	Count       int           // webhooks, apart from those sent twice; 0: as many as fit into Duration
	Duration    time.Duration // after which no more are made; 0: no limit
	Batch       int           // events of a webhook, where the platform batches
	Customers   int           // of each channel
	First       int           // number of the first customer
	Concurrency int           // most webhooks at once
	Attempts    int           // to deliver a webhook until it is given up; 0: seven, which take about eight seconds

	Duplicates float64 // of the webhooks, sent a second time
	Reorder    float64 // of the webhooks, delivered later than they are due
	Forge      float64 // of the webhooks, signed with a wrong secret
	Answers    float64 // of the customers' messages, answered
	Trouble    servers.Trouble

	Seed uint64        // repeats the choices of a run
	Wait time.Duration // how long the pipeline may get nowhere with what was accepted before it is given up
}

// Secrets reads the secrets of a channel: those of every credential account, by its name.
type Secrets interface {
	Secrets(ctx context.Context, channel string) (map[string]channels.Secrets, error)
}

// Parts are what a simulation needs of the outside world.
type Parts struct {
	Secrets  Secrets
	Ledger   Ledger  // nil: the database is not looked at
	Office   *Office // nil: nobody is answered
	Client   *http.Client
	Progress *Progress
	Out      io.Writer // of the report

	// Accepted, when set, is told of every delivery of a genuine webhook that was answered with 200, when it was. account stands for an
	// Expected.Account that is empty.
	Accepted func(channel, account string, w platforms.Webhook)
}

// ErrLost means that the report names webhooks or events that are not where they must be.
var ErrLost = errors.New("not everything is where it must be: see the report")

// Run plays until everything is sent or the context ends, waits for the pipeline and writes a report. The error is [ErrLost] when the report
// has something to complain about.
func Run(ctx context.Context, o Options, p Parts) error {
	targets, err := chooseTargets(ctx, o, p.Secrets)
	if err != nil {
		return err
	}
	if err := reachable(ctx, o.URL); err != nil {
		return err
	}
	tally, traffic := newTally(targets), newTraffic(o, targets, time.Now)
	office, err := openOffice(ctx, o, p, traffic.run)
	if err != nil {
		return err
	}
	sender := &sender{
		courier: servers.Courier{Client: p.Client, Attempts: cmp.Or(o.Attempts, maxAttempts)},
		url:     o.URL, targets: targets, tally: tally, progress: p.Progress, accepted: office.heard(ctx, p.Accepted),
	}
	p.Progress.start("sending", o.Count)
	err = sender.sendAll(ctx, traffic, o)
	p.Progress.stop()
	if err != nil {
		return err
	}
	// Who interrupts the sending wants to know what became of what was sent.
	if err := judge(context.WithoutCancel(ctx), o, p, tally, office); err != nil {
		return err
	}
	return tally.report(p.Out)
}

// judge waits until everything has come to an end, and says in the tally what is wrong.
func judge(ctx context.Context, o Options, p Parts, t *tally, f *office) error {
	if f != nil {
		if err := f.settle(ctx, p, patience(o.Wait)); err != nil {
			return err
		}
		f.tell(t)
		f.judge(t)
	}
	if p.Ledger == nil {
		return nil
	}
	return settle(ctx, p, t, o.Wait)
}

// settle waits for the pipeline and writes into the tally what the ledger says.
func settle(ctx context.Context, p Parts, t *tally, patience time.Duration) error {
	p.Progress.start("processing", t.accepted())
	defer p.Progress.stop()
	for _, c := range t.channels {
		look := &check{ledger: p.Ledger, channel: c.target.channel, account: c.target.account, progress: p.Progress, every: lookEvery}
		var err error
		if c.states, err = look.await(ctx, c.wanted, patience); err != nil {
			return err
		}
		if c.believed, err = look.look(ctx, c.fakes); err != nil {
			return err
		}
		c.judge()
	}
	t.looked = true
	return nil
}
