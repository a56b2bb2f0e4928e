package subscriptions

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"omni/internal/inbox"
	"omni/tools/omni/terminal"
)

// Listening says how to listen.
type Listening struct {
	Address string // host and port on this machine
	Types   []string
	Only    []string // channels; none: all
	Status  int      // to answer
	JSON    bool     // write bodies instead of lines
}

// Listen is an endpoint on this machine with a subscription of its own, which ends with the context: it verifies what comes and writes it.
func (d Desk) Listen(ctx context.Context, o Listening) (err error) {
	listener, err := net.Listen("tcp", o.Address)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", o.Address, err)
	}
	defer listener.Close()
	s := inbox.Subscription{
		URL: "http://" + listener.Addr().String(), Description: "omni subscriptions listen", Types: o.Types, Channels: o.Only,
		Secret: inbox.NewSubscriptionSecret(),
	}
	if err := s.Check(d.Local); err != nil {
		return err
	}
	if s, err = d.Store.AddSubscription(ctx, inbox.Actor{}, s); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.forget(s)) }()
	webhook, err := standardwebhooks.NewWebhook(s.Secret)
	if err != nil {
		return err
	}
	fmt.Fprintf(d.Out, "Listening on %s as subscription %s. Ctrl-C ends and forgets it.\n", s.URL, s.ID)
	return serve(ctx, listener, &receiver{webhook: webhook, Listening: o, out: d.Out})
}

// forgetTime bounds what is done after the context has ended.
const forgetTime = 5 * time.Second

func (d Desk) forget(s inbox.Subscription) error {
	ctx, cancel := context.WithTimeout(context.Background(), forgetTime)
	defer cancel()
	return d.Store.DeleteSubscription(ctx, inbox.Actor{}, s.ID)
}

// serve answers requests until the context ends.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: forgetTime}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("taking requests: %w", err)
	}
	return nil
}

// receiver takes deliveries as the company's own endpoint would.
type receiver struct {
	webhook *standardwebhooks.Webhook
	Listening
	mu  sync.Mutex
	out io.Writer
}

// maxDelivery is more than any delivery has.
const maxDelivery = 1 << 20

// ServeHTTP implements [http.Handler].
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxDelivery))
	if err == nil {
		err = r.webhook.Verify(body, request.Header)
	}
	status := r.Status
	if err != nil {
		status = http.StatusUnauthorized
	}
	w.WriteHeader(status)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil:
		fmt.Fprintf(r.out, "%s  refused: %v\n", time.Now().Format(time.TimeOnly), err)
	case r.JSON:
		fmt.Fprintf(r.out, "%s\n", bytes.TrimSpace(body))
	default:
		fmt.Fprintln(r.out, line(body, time.Now()))
	}
}

// line is an event in one line.
func line(body []byte, now time.Time) string {
	var event inbox.Event
	if err := json.Unmarshal(body, &event); err != nil {
		return fmt.Sprintf("%s  unreadable: %v", now.Format(time.TimeOnly), err)
	}
	text := fmt.Sprintf("%s  %-20s", now.Format(time.TimeOnly), event.Type)
	data := event.Data
	if data.Channel != "" {
		text += "  " + data.Channel
	}
	if data.Contact != nil && data.Contact.Name != "" {
		text += "  " + terminal.Line(data.Contact.Name, 0)
	}
	if m := data.Message; m != nil {
		text += fmt.Sprintf("  %s %s", m.Direction, m.Type)
		if m.Status != "" {
			text += " " + string(m.Status)
		}
		if m.Text != "" {
			text += ": " + terminal.Line(m.Text, 0)
		}
	}
	return text
}
