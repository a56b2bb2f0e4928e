package platforms

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/roster"
)

// Pretend puts made-up values in the place of all secrets by which channels call their platforms: an operator's real tokens have no business
// with simulated ones. The same account always gets the same values, so that the product and the platforms agree about them without a word.
// What webhooks are verified by stays.
func Pretend(real roster.Source) roster.Source { return pretended{real} }

type pretended struct{ real roster.Source }

// Secrets implements [roster.Source].
func (p pretended) Secrets(ctx context.Context, channel string) (map[string]channels.Secrets, error) {
	accounts, err := p.real.Secrets(ctx, channel)
	if err != nil {
		return nil, err
	}
	spec, _ := channels.Lookup(channel)
	made := map[string]channels.Secrets{}
	for account, secrets := range accounts {
		made[account] = maps.Clone(secrets)
		for _, secret := range spec.Secrets {
			switch secret.For {
			case channels.ForSend:
				made[account][secret.Name] = []string{"simulated-" + digest(channel, account, secret.Name)}
			case channels.ForSubscribe: // an id, which is a number on all platforms
				made[account][secret.Name] = []string{number(channel, account, secret.Name)}
			}
		}
	}
	return made, nil
}

func digest(parts ...string) string {
	hash := sha256.New()
	for _, part := range parts {
		hash.Write([]byte(part + "\x00"))
	}
	return hex.EncodeToString(hash.Sum(nil)[:12])
}

// number is a number of 15 digits.
func number(parts ...string) string {
	hash := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return strconv.FormatUint(1e14+binary.BigEndian.Uint64(hash[:])%9e14, 10)
}

// NewClient makes a client that takes every request, whomever it is for, to the server at the URL.
func NewClient(server string) (channels.Doer, error) {
	target, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = maxIdle
	return simulate.Redirect(&http.Client{
		Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, target), nil
}

// maxIdle is more than the senders that call at once.
const maxIdle = 64
