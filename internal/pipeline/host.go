package pipeline

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"omni/channels"
)

// maxHostedBody is the largest body of a visitor's page, in bytes: some texts. Files go elsewhere.
const maxHostedBody = 64 << 10

// visitorBurst and visitorPause are how often the pages of one visitor may report something: so often at once, and then once after each pause. It keeps one
// visitor's flood from the others, within one instance. Who has no token is refused before it costs anything, and how many one address gets is limited
// where they are made.
const (
	visitorBurst = 30
	visitorPause = time.Second
)

// hosted is take for what a visitor's page reports.
func (i *Ingester) hosted(ctx context.Context, spec channels.Spec, channel channels.Channel, d Delivery) Answer {
	if len(d.Request.Body) > maxHostedBody {
		return i.refused(d, http.StatusRequestEntityTooLarge, "the body is too large")
	}
	visitor, err := channel.(channels.Host).Visitor(&d.Request)
	if err != nil {
		return i.take(ctx, spec, channel, d) // Verify says the same, perhaps not with secrets of today
	}
	if wait, ok := i.visitors.Take(d.Channel + "/" + d.Account + "/" + visitor.Thread); !ok {
		return i.throttled(d, wait, "too many requests of one visitor")
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
