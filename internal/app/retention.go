package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/store"
)

// Retention is for how many days things are kept; 0: for good. What it does not name is kept as [Retention.days] says.
type Retention struct {
	General  map[inbox.Keepsake]int
	Channels map[string]map[inbox.Keepsake]int // of channels for which something else counts
}

// UnmarshalText reads JSON such as {"messages": 730, "channels": {"whatsapp": {"messages": 365, "webhooks": 30}}}.
func (r *Retention) UnmarshalText(text []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return fmt.Errorf(`want JSON such as {"messages": 730}: %w`, err)
	}
	if given, ok := members["channels"]; ok {
		delete(members, "channels")
		var each map[string]map[string]json.RawMessage
		if err := json.Unmarshal(given, &each); err != nil {
			return fmt.Errorf(`channels: want JSON such as {"whatsapp": {"messages": 365}}: %w`, err)
		}
		r.Channels = map[string]map[inbox.Keepsake]int{}
		for _, name := range slices.Sorted(maps.Keys(each)) {
			if _, err := channels.Find(name); err != nil {
				return err
			}
			var err error
			if r.Channels[name], err = readPeriods(each[name]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	var err error
	r.General, err = readPeriods(members)
	return err
}

func readPeriods(members map[string]json.RawMessage) (map[inbox.Keepsake]int, error) {
	periods := map[inbox.Keepsake]int{}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		var days *int // nil: null, which is no number
		kind := inbox.Keepsake(name)
		switch {
		case !slices.Contains(inbox.Keepsakes, kind):
			return nil, fmt.Errorf("%q is none of %v", name, inbox.Keepsakes)
		case json.Unmarshal(members[name], &days) != nil || days == nil || *days < 0:
			return nil, fmt.Errorf("%s: want a whole number of days, or 0 for good", name)
		}
		periods[kind] = *days
	}
	return periods, nil
}

// days is for how many days a channel keeps a kind of things. What nothing is said of stays for good, but for what is there to look into when something
// went wrong, which stays as long as the logs.
func (r Retention) days(kind inbox.Keepsake, channel string, logs int) int {
	if days, ok := r.Channels[channel][kind]; ok {
		return days
	}
	if days, ok := r.General[kind]; ok {
		return days
	}
	if kind == inbox.KeptWebhooks || kind == inbox.KeptDeliveries {
		return logs
	}
	return 0
}

// longest is the longest time for which any channel keeps a kind of things; 0: for good.
func (r Retention) longest(kind inbox.Keepsake, logs int) (days int) {
	for _, spec := range append(channels.Specs(), channels.Spec{}) { // and of channels that are not in this build
		one := r.days(kind, spec.Name, logs)
		if one == 0 {
			return 0
		}
		days = max(days, one)
	}
	return days
}

// retainMargin is left of a sweep's time for the rest of it.
const retainMargin = 15 * time.Second

// dropExpired removes what is past its retention, and says in the log what became of each part. What it does not come to the next sweep does.
func (p Parts) dropExpired(ctx context.Context) ([]store.Expired, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-retainMargin))
		defer cancel()
	}
	expired, err := p.Store.DropExpired(ctx, store.LogTimes{Webhooks: p.since(p.Retention.longest(inbox.KeptWebhooks, p.RetentionDays)), Jobs: p.since(p.RetentionDays)})
	for _, e := range expired {
		p.Log.Info("a part of the logs is past its retention", "partition", e.Partition, "outcome", e.Outcome, "rows", e.Rows)
	}
	err = errors.Join(err,
		p.expireAll(ctx, p.Retention.longest(inbox.KeptDeliveries, p.RetentionDays), "events for subscribers", "events", p.Store.ExpireEvents),
		p.expireAll(ctx, p.RetentionDays, "changes of the feed", "changes", p.Store.ExpireFeed),
		p.expireAll(ctx, p.Retention.longest(inbox.KeptDeadLetters, p.RetentionDays), "dead jobs", "jobs", p.Store.ExpireDeadJobs))
	for _, spec := range channels.Specs() {
		err = errors.Join(err, p.expireChannel(ctx, spec.Name))
	}
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		p.Log.Warn("not everything that is past its retention is removed: the next sweep goes on", "error", err.Error())
		return expired, nil
	}
	return expired, err
}

// since is the moment that lies some days back; zero for no days, which stand for good.
func (p Parts) since(days int) time.Time {
	if days == 0 {
		return time.Time{}
	}
	return p.clock()().UTC().AddDate(0, 0, -days)
}

// expireAll removes things of one kind of all channels that are older than some days, and says how many; 0 days stand for good.
func (p Parts) expireAll(ctx context.Context, days int, kind, unit string, remove func(context.Context, time.Time) (int, error)) error {
	if days == 0 {
		return nil
	}
	removed, err := remove(ctx, p.since(days))
	if removed > 0 {
		p.Log.Info(kind+" are past their retention", unit, removed)
	}
	return err
}

// expireChannel removes what one channel has kept for long enough. What goes as a whole when the longest time is over needs nobody to look at each row.
func (p Parts) expireChannel(ctx context.Context, channel string) error {
	for _, kind := range inbox.Keepsakes {
		days := p.Retention.days(kind, channel, p.RetentionDays)
		whole := kind == inbox.KeptWebhooks || kind == inbox.KeptDeliveries
		if days == 0 || whole && days == p.Retention.longest(kind, p.RetentionDays) {
			continue
		}
		removed, err := p.expire(ctx, kind, channel, p.since(days))
		if len(removed) > 0 {
			p.Log.Info("things of a channel are past their retention", "channel", channel, "kind", kind, "removed", removed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p Parts) expire(ctx context.Context, kind inbox.Keepsake, channel string, before time.Time) (map[string]int, error) {
	if kind != inbox.KeptDeadLetters {
		return p.Store.Expire(ctx, kind, channel, before)
	}
	n, err := p.Store.ExpireDead(ctx, channel, before)
	if n == 0 {
		return nil, err
	}
	return map[string]int{string(kind): n}, err
}
