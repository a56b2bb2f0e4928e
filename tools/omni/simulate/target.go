package simulate

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"omni/channels"
	platforms "omni/channels/simulate"
)

// target is one channel's side of a simulation.
type target struct {
	channel        string
	platform       platforms.Platform
	account        string // credential account
	channelAccount string // what the platform calls the account
	path           string // of the webhook URL
	kinds          []string
	secrets        channels.Secrets
	wrong          channels.Secrets // what a stranger signs with
}

// chooseTargets decides who is played, or says why that is not possible.
func chooseTargets(ctx context.Context, o Options, secrets Secrets) ([]target, error) {
	names := o.Channels
	if len(names) == 0 {
		names = platforms.Channels()
	}
	var targets []target
	for _, name := range names {
		t, err := chooseTarget(ctx, name, o, secrets)
		if err != nil {
			return nil, err
		}
		if len(t.kinds) > 0 {
			targets = append(targets, t)
		}
	}
	if len(targets) == 0 {
		return nil, noTargets(names, o)
	}
	return targets, nil
}

func chooseTarget(ctx context.Context, name string, o Options, secrets Secrets) (target, error) {
	platform, ok := platforms.Lookup(name)
	if !ok {
		return target{}, fmt.Errorf("channel %q cannot be simulated; these can: %s", name, strings.Join(platforms.Channels(), ", "))
	}
	spec, ok := channels.Lookup(name)
	if !ok {
		return target{}, fmt.Errorf("there is a simulator of channel %q, but no such channel", name)
	}
	known, err := secrets.Secrets(ctx, name)
	if err != nil {
		return target{}, fmt.Errorf("reading the secrets of %s: %w (`omni dev` makes them)", name, err)
	}
	account := chooseAccount(o.Account, known)
	own, ok := known[account]
	if missing := spec.Missing(own); !ok || len(missing) > 0 {
		return target{}, fmt.Errorf("the secrets file lacks %s of account %q of %s (`omni dev` makes them for one account of each channel)",
			strings.Join(missing, ", "), account, name)
	}
	return target{
		channel: name, platform: platform, account: account, channelAccount: ChannelAccount(account), path: spec.WebhookPath(account),
		kinds: chooseKinds(platform.Kinds(), o.Kinds), secrets: own, wrong: wrongSecrets(own),
	}, nil
}

func chooseAccount(wanted string, known map[string]channels.Secrets) string {
	if _, ok := known[channels.DefaultAccount]; wanted == "" && !ok && len(known) > 0 {
		return slices.Min(slices.Collect(maps.Keys(known)))
	}
	return cmp.Or(wanted, channels.DefaultAccount)
}

// chooseKinds returns the wanted kinds that the platform has; an empty wish is all.
func chooseKinds(all, wanted []string) []string {
	if len(wanted) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(kind string) bool { return !slices.Contains(wanted, kind) })
}

// noTargets says what there would be to simulate.
func noTargets(names []string, o Options) error {
	if len(names) == 0 {
		return fmt.Errorf("no linked channel has a simulator")
	}
	var kinds []string
	for _, name := range names {
		platform, _ := platforms.Lookup(name)
		kinds = append(kinds, fmt.Sprintf("  %s: %s", name, strings.Join(platform.Kinds(), ", ")))
	}
	return fmt.Errorf("no channel has events of the kind %s; there are:\n%s", strings.Join(o.Kinds, ", "), strings.Join(kinds, "\n"))
}

// ChannelAccount makes the id that a platform would have given to the account: always the same, so that runs meet the same account again.
func ChannelAccount(account string) string {
	hash := fnv.New64a()
	hash.Write([]byte(account))
	return fmt.Sprintf("1%014d", hash.Sum64()%1e14)
}

// wrongSecrets are of the same form as the right ones.
func wrongSecrets(right channels.Secrets) channels.Secrets {
	wrong := channels.Secrets{}
	for name, values := range right {
		for _, value := range values {
			wrong[name] = append(wrong[name], "forged"+value)
		}
	}
	return wrong
}

// reachable says what to do when no server listens.
func reachable(ctx context.Context, server string) error {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" {
		return fmt.Errorf("--url %q: want something like http://127.0.0.1:8080", server)
	}
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), map[string]string{"https": "443"}[u.Scheme])
		if u.Scheme != "https" {
			address = net.JoinHostPort(u.Hostname(), "80")
		}
	}
	dialer := net.Dialer{Timeout: 5 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("nothing answers at %s: start `omni dev` in another terminal, or name a server with --url (%w)", server, err)
	}
	return conn.Close()
}
