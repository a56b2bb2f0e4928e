package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"omni/internal/app"
	"omni/tools/omni/dev"
	"omni/tools/omni/state"
)

type devCommand struct {
	Listen      string     `help:"Address to take webhooks and browsers on." default:"127.0.0.1:8080" env:"OMNI_LISTEN"`
	DatabaseURL string     `help:"PostgreSQL to use, 15 or newer; without it one of our own." name:"database-url" placeholder:"URL"`
	Pollers     int        `help:"Batches of events that are processed at once." default:"4"`
	Platforms   string     `hidden:"" xor:"platforms"`
	Real        bool       `help:"Send answers to the real platforms, with the tokens in the secrets file." name:"real-platforms" xor:"platforms"`
	PublicURL   string     `help:"Under which the real platforms reach this server, through a tunnel of yours; they fetch the files that you send there." name:"public-url" placeholder:"URL"`
	Dashboard   string     `hidden:"" type:"existingdir" env:"OMNI_DASHBOARD" xor:"dashboard"`
	NoDashboard bool       `help:"Neither build nor serve the agents' dashboard." name:"no-dashboard" xor:"dashboard"`
	IDToken     int        `hidden:"" name:"id-token-seconds" env:"OMNI_ID_TOKEN_SECONDS"`
	FaultFile   string     `hidden:"" name:"fault-file" type:"path"`
	LogLevel    slog.Level `help:"Least severe log line to show: debug, info, warn or error." default:"warn" env:"LOG_LEVEL"`
}

func (devCommand) Help() string {
	return `Starts a PostgreSQL, a message queue, and the functions that run on AWS Lambda elsewhere, all in this process and without an AWS account.
PostgreSQL is installed when it is missing and this machine's package manager can be used. Secrets for testing are made for every channel.
Everything is kept in the folder .omni of the repository; delete it to start anew. Ctrl-C stops everything.

The agents' dashboard is at the address that is listened on, and only for browsers on this machine: anybody may sign in as anyone there. It is
built when its sources have changed, which takes Node 20 or newer and npm; without them everything else works.

Answers are taken by simulated platforms, which enforce the documented limits and report that messages were delivered and read. Tokens that you
have entered are not used, unless --real-platforms sends answers to the real ones.

Examples:

  omni dev
  omni dev --listen 127.0.0.1:9000 --log-level info
  omni dev --real-platforms
  omni dev --database-url postgres://me@localhost/inbox`
}

func (c devCommand) Run(ctx context.Context, std streams) error {
	app.UseMemory(os.Getenv) // as the functions do
	folder, err := state.Find()
	if err != nil {
		return err
	}
	return dev.Run(ctx, dev.Options{
		State: folder, Address: c.Listen, DatabaseURL: c.DatabaseURL, Pollers: c.Pollers, FaultFile: c.FaultFile, Out: std.out, Log: newLog(std, c.LogLevel),
		Platforms: dev.Platforms{Real: c.Real, URL: c.Platforms}, PublicURL: c.PublicURL, Dashboard: c.dashboard(folder),
		TokenTime: time.Duration(c.IDToken) * time.Second,
	})
}

// dashboard says where the dashboard comes from: the repository that the folder is in, unless it was built elsewhere.
func (c devCommand) dashboard(folder state.Folder) dev.Dashboard {
	switch {
	case c.NoDashboard:
		return dev.Dashboard{}
	case c.Dashboard != "":
		return dev.Dashboard{Dir: c.Dashboard}
	}
	return dev.Dashboard{Root: filepath.Dir(string(folder))}
}

// newLog writes log lines for people.
func newLog(std streams, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: level, ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey && len(groups) == 0 {
			return slog.String(slog.TimeKey, a.Value.Time().Format(time.TimeOnly))
		}
		return a
	}}))
}
