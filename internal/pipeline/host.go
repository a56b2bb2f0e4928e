package pipeline

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"omni/channels"
	"omni/internal/throttle"
)

// maxHostedBody is the largest body of a visitor's page, in bytes: some texts. Files go elsewhere.
const maxHostedBody = 64 << 10

// What the pages of one visitor, and of one address, may report. Many people may share an address.
const (
	visitorBurst, visitorPause = 30, time.Second
	addressBurst, addressPause = 300, 100 * time.Millisecond
)

// hostLimits keep one visitor's flood from the others. They count within one instance.
type hostLimits struct{ visitors, addresses *throttle.Limit }

func newHostLimits(now func() time.Time) hostLimits {
	return hostLimits{throttle.New(visitorBurst, visitorPause, now), throttle.New(addressBurst, addressPause, now)}
}

// hosted is take for what a visitor's page reports: anybody can call as often as they like, so that is limited before it costs anything.
func (i *Ingester) hosted(ctx context.Context, spec channels.Spec, channel channels.Channel, d Delivery) Answer {
	if len(d.Request.Body) > maxHostedBody {
		return i.refused(d, http.StatusRequestEntityTooLarge, "the body is too large")
	}
	who := d.Channel + "/" + d.Account + "/"
	if wait, ok := i.limits.addresses.Take(who + d.Address); !ok {
		return i.throttled(d, wait, "too many requests from one address")
	}
	if visitor, err := channel.(channels.Host).Visitor(&d.Request); err == nil { // else Verify refuses it
		if wait, ok := i.limits.visitors.Take(who + visitor.Thread); !ok {
			return i.throttled(d, wait, "too many requests of one visitor")
		}
	}
	return i.take(ctx, spec, channel, d)
}

func (i *Ingester) throttled(d Delivery, wait time.Duration, reason string) Answer {
	answer := i.refused(d, http.StatusTooManyRequests, reason)
	answer.Header = map[string]string{"Retry-After": strconv.Itoa(int(math.Ceil(wait.Seconds())))}
	return answer
}

// Preflight answers a browser that asks whether a page of an origin may send a webhook: 204, or 403, or 404 for a channel whose platform is elsewhere.
func (i *Ingester) Preflight(ctx context.Context, d Delivery) Answer {
	_, channel, answer := i.open(ctx, d)
	host, hosted := channel.(channels.Host)
	switch {
	case channel == nil:
		return answer
	case !hosted:
		return refuse(http.StatusNotFound)
	case !host.AllowsOrigin(d.Request.Header.Get("Origin")):
		return refuse(http.StatusForbidden)
	}
	return readableBy(host, d, Answer{Status: http.StatusNoContent})
}

// readableBy lets the page that asked read the answer, if the account has it. No cookies go along: a page acts by its token.
func readableBy(host channels.Host, d Delivery, a Answer) Answer {
	origin := d.Request.Header.Get("Origin")
	if !host.AllowsOrigin(origin) {
		return a
	}
	header := map[string]string{
		"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Authorization, Content-Type",
		"Access-Control-Expose-Headers": "Retry-After", "Access-Control-Max-Age": "7200", "Vary": "Origin",
	}
	for name, value := range a.Header {
		header[name] = value
	}
	a.Header = header
	return a
}
