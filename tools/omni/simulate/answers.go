package simulate

import (
	"context"
	"fmt"
	"time"

	"omni/channels"
	platforms "omni/channels/simulate"
	"omni/tools/omni/agents"
	"omni/tools/omni/desk"
	servers "omni/tools/omni/platforms"
)

// Office is where customers are answered.
type Office struct {
	Desk      *desk.Desk
	Platforms servers.Remote // which take the answers
}

// office is an [Office] at work.
type office struct {
	Office
	agents *agents.Agents
	finish func() error // lets the agents finish
	ledger *agents.Ledger
	told   []servers.Taken
}

// openOffice lets agents begin to work. Nil: nobody is answered.
func openOffice(ctx context.Context, o Options, p Parts, run string) (*office, error) {
	if p.Office == nil || o.Answers == 0 {
		return nil, nil
	}
	if err := p.Office.Platforms.SetTrouble(ctx, o.Trouble); err != nil {
		return nil, err
	}
	f := &office{Office: *p.Office}
	f.agents = agents.New(agents.Options{
		Share: o.Answers, Repeat: o.Duplicates, Run: run, Seed: o.Seed,
		Desk: func(context.Context) (*desk.Desk, error) { return f.Desk, nil },
	})
	f.finish = f.agents.Start(context.WithoutCancel(ctx), o.Wait)
	return f, nil
}

// heard returns who is told of accepted webhooks: the platforms, which hold answers to the customers' windows, the agents, and then next.
func (f *office) heard(ctx context.Context, next func(string, string, platforms.Webhook)) func(string, string, platforms.Webhook) {
	if f == nil {
		return next
	}
	ctx = context.WithoutCancel(ctx)
	return func(channel, account string, w platforms.Webhook) {
		// Platforms that were not told leave the window open.
		_ = f.Platforms.Wrote(ctx, channel, account, w)
		f.agents.Heard(channel, account, w)
		if next != nil {
			next(channel, account, w)
		}
	}
}

// openQuery counts the answers that have not come to an end.
const openQuery = `SELECT count(*) FROM sends WHERE state <> 'done'`

// settle waits until every answer has come to an end and all webhooks about it are taken in, or nothing has changed for as long as patience
// lasts; then it compares.
func (f *office) settle(ctx context.Context, p Parts, patience time.Duration) error {
	p.Progress.start("answering", 0)
	defer p.Progress.stop()
	if err := f.finish(); err != nil {
		return err
	}
	last, changed := -1, time.Now()
	for {
		open, err := f.open(ctx)
		if err != nil {
			return err
		}
		if open != last {
			p.Progress.add(max(last-open, 0))
			last, changed = open, time.Now()
		}
		if open == 0 || time.Since(changed) > patience {
			break
		}
		time.Sleep(lookEvery)
	}
	if err := f.Platforms.SetTrouble(ctx, servers.Trouble{}); err != nil {
		return err
	}
	var err error
	f.ledger, err = f.agents.Ledger(ctx, f.Desk.DB, f.told)
	return err
}

// open counts what has not come to an end: answers, and webhooks about them.
func (f *office) open(ctx context.Context) (n int, err error) {
	if err := f.Desk.DB.QueryRow(ctx, openQuery).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting open answers: %w", err)
	}
	f.told, err = f.Platforms.Taken(ctx)
	for _, t := range f.told {
		n += t.Open
	}
	return n, err
}

// tell adds to the tally what the platforms reported: it has to be in the ledger like what customers wrote.
func (f *office) tell(t *tally) {
	for _, taken := range f.told {
		for _, c := range t.channels {
			if c.target.channel == taken.Channel && c.target.account == taken.CredentialAccount {
				c.want(taken.Told)
			}
		}
	}
}

// judge takes the agents' ledger over.
func (f *office) judge(t *tally) {
	for _, c := range t.channels {
		c.answers = f.ledger.Figures[c.target.channel]
		for _, wrong := range f.ledger.Complaints {
			if wrong.Channel == c.target.channel {
				c.complain("%s", wrong.What)
			}
		}
	}
	t.answered = true
}

// patience is how long an answer may take without anything changing: at least as long as the slowest platform may take to tell of a message.
func patience(wait time.Duration) time.Duration {
	for _, spec := range channels.Specs() {
		wait = max(wait, spec.Confirms+30*time.Second)
	}
	return wait
}
