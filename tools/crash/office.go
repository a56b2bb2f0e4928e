package crash

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"omni/channels"
	played "omni/channels/simulate"
	"omni/internal/app"
	"omni/tools/omni/agents"
	"omni/tools/omni/desk"
	"omni/tools/omni/dev"
	"omni/tools/omni/platforms"
	"omni/tools/omni/state"
)

// office is where customers are answered: agents, and platforms that take what they say. Both are in this process and outlive the server.
type office struct {
	platforms *platforms.Server
	remote    platforms.Remote
	http      *http.Server
	agents    *agents.Agents
	finish    func() error // lets the agents finish
}

// What goes wrong at the platforms all the time, and how much there is to do.
var badDays = platforms.Trouble{Throttle: 0.05, Refuse: 0.03, Lose: 0.02, Hang: 0.003, Repeat: 0.1}

const (
	answered     = 0.3 // of the customers' messages
	askedTwice   = 0.2 // of the answers
	lookPause    = 100 * time.Millisecond
	lastQuestion = 5 * time.Second // what is not processed by then is not answered
)

// openOffice opens the platforms for a server that will be at the address and keep its state in the folder. around may stand between the
// two; nil: nothing does.
func openOffice(
	ctx context.Context, folder state.Folder, address string, accepted func(channel, account string, w played.Webhook), around func(http.Handler) http.Handler,
) (*office, error) {
	if err := os.MkdirAll(string(folder), 0o755); err != nil {
		return nil, err
	}
	if _, err := dev.EnsureSecrets(ctx, folder.Secrets(), channels.Specs()); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the platforms: %w", err)
	}
	f := &office{remote: platforms.Remote{URL: "http://" + listener.Addr().String(), Client: http.DefaultClient}}
	f.platforms, err = platforms.New(ctx, platforms.Options{
		Secrets: platforms.Pretend(app.SecretsFile(folder.Secrets())), Webhooks: "http://" + address, Pause: lookPause,
		Log: slog.New(slog.DiscardHandler), Accepted: accepted,
	})
	if err != nil {
		listener.Close()
		return nil, err
	}
	f.http = &http.Server{Handler: f.platforms, ReadHeaderTimeout: requestTimeout}
	if around != nil {
		f.http.Handler = around(f.platforms)
	}
	go func() { _ = f.http.Serve(listener) }() // ends by Close
	return f, nil
}

// work lets agents answer whom they hear of.
func (f *office) work(ctx context.Context, seed uint64, s *server) {
	f.agents = agents.New(agents.Options{Share: answered, Repeat: askedTwice, Run: fmt.Sprint("crash-", seed), Seed: seed, Desk: s.openDesk})
	f.finish = f.agents.Start(ctx, lastQuestion)
}

// heard is told of what customers wrote, and the server accepted.
func (f *office) heard(ctx context.Context, channel, account string, w played.Webhook) {
	_ = f.remote.Wrote(ctx, channel, account, w) // platforms that were not told leave the window open
	f.agents.Heard(channel, account, w)
}

// leave lets the agents finish, and the platforms behave.
func (f *office) leave(ctx context.Context) error {
	if err := f.finish(); err != nil {
		return err
	}
	return f.remote.SetTrouble(ctx, platforms.Trouble{})
}

// untold counts the webhooks of the platforms that are not accepted yet.
func (f *office) untold() (n int) {
	for _, t := range f.platforms.Taken() {
		n += t.Open
	}
	return n
}

// close ends the platforms.
func (f *office) close() {
	f.platforms.Close()
	f.http.Close()
}

// openDesk returns a desk at the present server, or at the last one: the API that takes answers on does not die with the rest.
func (s *server) openDesk(ctx context.Context) (*desk.Desk, error) {
	running, err := s.state().Running()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.desk != nil && (err != nil || s.deskOf == running) {
		return s.desk, nil
	}
	if err != nil {
		return nil, err
	}
	opened, err := desk.OpenLocal(ctx, running, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if s.desk != nil {
		go s.desk.Close() // which waits for whoever uses it
	}
	s.desk, s.deskOf = opened, running
	return opened, nil
}
