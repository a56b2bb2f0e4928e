package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"omni/internal/app"
	"omni/tools/omni/desk"
	"omni/tools/omni/platforms"
	"omni/tools/omni/simulate"
	"omni/tools/omni/state"
)

type simulateCommand struct {
	Channels []string `arg:"" optional:"" help:"Channels to play; without any, all that can be."`

	Rate        float64       `help:"Webhooks a second; 0 sends as fast as the answers come." default:"20"`
	Duration    time.Duration `help:"How long to send; without it 10s, or until --count is reached."`
	Count       int           `help:"How many webhooks to send; without it as many as fit into --duration."`
	Batch       int           `help:"Events of a webhook, on platforms that batch." default:"1"`
	Customers   int           `help:"Customers of each channel." default:"10"`
	Kinds       []string      `help:"Kinds of events; without any, all. An unknown one lists them." placeholder:"KIND"`
	Concurrency int           `help:"Most webhooks under way at once." default:"16"`

	Duplicates float64 `help:"Fraction of webhooks that is sent twice." default:"0.05"`
	Reorder    float64 `help:"Fraction of webhooks that is delivered late." default:"0.05"`
	Forge      float64 `help:"Fraction of webhooks that a stranger signs." default:"0.02"`

	Answers  float64 `help:"Fraction of customers' messages that is answered, where simulated platforms take the answers." default:"0.3"`
	Throttle float64 `help:"Fraction of answers that the platforms refuse for a while." default:"0.02"`
	Refuse   float64 `help:"Fraction of answers that the platforms fail to take." default:"0.02"`
	Lose     float64 `help:"Fraction of answers that the platforms take and say that they failed." default:"0.01"`

	Seed        uint64        `help:"Repeats the choices of an earlier run; without it new ones are made."`
	Wait        time.Duration `help:"How long the server may get nowhere before its unprocessed events count as lost." default:"30s"`
	URL         string        `help:"Server to send to; without it the running 'omni dev'." name:"url" placeholder:"URL" env:"OMNI_URL"`
	Account     string        `help:"Credential account; without it default, or the channel's first." placeholder:"NAME"`
	Secrets     string        `help:"File of the secrets to sign with; without it .omni/secrets.json." placeholder:"FILE" type:"path"`
	DatabaseURL string        `help:"Database to check; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
}

func (simulateCommand) Help() string {
	return `Plays customers who write on every platform: signed webhooks, some sent twice, some late, some forged. Then looks in the database for
every event of every webhook that was answered with 200. Some customers are answered; simulated platforms take that, sometimes badly, and report
what became of it. Ends with status 1 when anything is lost or delivered twice, or when a forged webhook was believed.
Latencies count from the moment a webhook was due, so a server that cannot keep up shows.

Examples:

  omni simulate
  omni simulate telegram --kinds text,photo --rate 5 --duration 1m
  omni simulate whatsapp --rate 200 --batch 10 --customers 1000 --concurrency 64
  omni simulate --count 1000 --rate 0 --duplicates 0.5 --reorder 0.5 --seed 42
  omni simulate --answers 1 --throttle 0.2 --refuse 0.1 --lose 0.1`
}

// Validate is called by kong.
func (c simulateCommand) Validate() error {
	for name, fraction := range map[string]float64{
		"duplicates": c.Duplicates, "reorder": c.Reorder, "forge": c.Forge, "answers": c.Answers,
		"throttle": c.Throttle, "refuse": c.Refuse, "lose": c.Lose, "throttle + refuse + lose": c.Throttle + c.Refuse + c.Lose,
	} {
		if fraction < 0 || fraction > 1 {
			return fmt.Errorf("--%s %g: want a fraction from 0 to 1", name, fraction)
		}
	}
	if c.Rate < 0 || c.Count < 0 || c.Duration < 0 {
		return errors.New("--rate, --count and --duration cannot be negative")
	}
	if c.Batch < 1 || c.Customers < 1 || c.Concurrency < 1 {
		return errors.New("--batch, --customers and --concurrency have to be at least 1")
	}
	return nil
}

func (c simulateCommand) Run(ctx context.Context, std streams) error {
	folder, err := state.Find()
	if err != nil {
		return err
	}
	running, err := c.fillIn(folder)
	if err != nil {
		return err
	}
	parts := simulate.Parts{
		Secrets: app.SecretsFile(c.Secrets), Client: newClient(c.Concurrency), Progress: simulate.NewProgress(std.err, std.live), Out: std.out,
	}
	if c.DatabaseURL != "" {
		pool, err := pgxpool.New(ctx, c.DatabaseURL)
		if err != nil {
			return fmt.Errorf("--database-url: %w", err)
		}
		defer pool.Close()
		parts.Ledger = simulate.NewDatabase(pool)
	}
	if c.Answers > 0 && c.DatabaseURL == running.DatabaseURL && running.PlatformsURL != "" {
		if parts.Office, err = openOffice(ctx, running, parts.Client, newLog(std, slog.LevelError)); err != nil {
			return err
		}
		defer parts.Office.Desk.Close()
	}
	fmt.Fprintf(std.err, "Sending to %s; --seed %d repeats this run.\n", c.URL, c.Seed)
	return simulate.Run(ctx, c.options(), parts)
}

// openOffice opens an office beside the local server.
func openOffice(ctx context.Context, running state.Dev, client *http.Client, log *slog.Logger) (*simulate.Office, error) {
	opened, err := desk.OpenLocal(ctx, running, log)
	if err != nil {
		return nil, err
	}
	return &simulate.Office{Desk: opened, Platforms: platforms.Remote{URL: running.PlatformsURL, Client: client}}, nil
}

// fillIn replaces what was not given by what the local server says, and returns that.
func (c *simulateCommand) fillIn(folder state.Folder) (state.Dev, error) {
	running, err := folder.Running()
	if err != nil && !(errors.Is(err, state.ErrNotRunning) && c.URL != "") {
		return running, err
	}
	// The local database knows nothing of another server.
	if c.URL == "" || c.URL == running.URL {
		c.DatabaseURL = cmp.Or(c.DatabaseURL, running.DatabaseURL)
	}
	c.URL = cmp.Or(c.URL, running.URL)
	c.Secrets = cmp.Or(c.Secrets, folder.Secrets())
	c.Seed = cmp.Or(c.Seed, rand.Uint64N(1e9)+1)
	if c.Count == 0 {
		c.Duration = cmp.Or(c.Duration, 10*time.Second)
	}
	return running, nil
}

func (c simulateCommand) options() simulate.Options {
	return simulate.Options{
		URL: c.URL, Channels: c.Channels, Account: c.Account, Kinds: c.Kinds,
		Rate: c.Rate, Count: c.Count, Duration: c.Duration, Batch: c.Batch, Customers: c.Customers, Concurrency: c.Concurrency,
		Duplicates: c.Duplicates, Reorder: c.Reorder, Forge: c.Forge, Seed: c.Seed, Wait: c.Wait, Answers: c.Answers,
		Trouble: platforms.Trouble{Throttle: c.Throttle, Refuse: c.Refuse, Lose: c.Lose, Repeat: c.Duplicates},
	}
}

// newClient keeps a connection for each webhook under way.
func newClient(concurrency int) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = concurrency
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}
}
