// Command omni is the operator's command line: it runs the product on this machine, plays customers against it, and shows what it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	_ "omni/gen/dispatch"
	_ "omni/gen/simulators"
)

// commands is the command line. Each command is in the file of its name.
type commands struct {
	Dev           devCommand           `cmd:"" help:"Run the whole product on this machine."`
	Simulate      simulateCommand      `cmd:"" help:"Play customers on every channel and check that nothing is lost."`
	Send          sendCommand          `cmd:"" help:"Answer a customer, and see what becomes of it."`
	Tail          tailCommand          `cmd:"" help:"Show what happens in the inbox, as it happens."`
	Parse         parseCommand         `cmd:"" help:"Show what a webhook body becomes."`
	Replay        replayCommand        `cmd:"" help:"Compare stored webhooks with what today's code makes of them."`
	Dead          deadCommand          `cmd:"" help:"Show what could not be processed, and send it on its way again."`
	Media         mediaCommand         `cmd:"" help:"Show which files of customers are missing, and have them fetched again."`
	Erase         eraseCommand         `cmd:"" help:"Forget a contact, and show the receipts."`
	Channels      channelsCommand      `cmd:"" help:"Show whether the accounts at the platforms work, and which templates they have."`
	Migrate       migrateCommand       `cmd:"" help:"Bring a database's schema up to date."`
	Doctor        doctorCommand        `cmd:"" help:"Say what does not work, and what to do."`
	Build         buildCommand         `cmd:"" help:"Compile and zip the Lambda functions."`
	Deploy        deployCommand        `cmd:"" help:"Bring the product onto your AWS account."`
	Agents        agentsCommand        `cmd:"" help:"Say who may sign in to a deployed stack's dashboard."`
	Secrets       secretsCommand       `cmd:"" help:"Enter the channels' secrets, and see which are missing."`
	Subscribe     subscribeCommand     `cmd:"" help:"Register a channel's webhook with its platform."`
	Subscriptions subscriptionsCommand `cmd:"" help:"Let endpoints of yours be told of every change."`
	Destroy       destroyCommand       `cmd:"" help:"Remove a deployed stack from your AWS account."`
	Version       versionCommand       `cmd:"" help:"Show which build this is."`
}

const description = `An omnichannel messaging backend on your own machine.

Start with:

  omni dev         in one terminal, and in another
  omni simulate    to see messages arrive
  omni tail        to read them`

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	terminal bool // out is a terminal that shows colours
	live     bool // err is a terminal: a bar can move on it
	piped    bool // in is not a terminal
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the program at once.
	context.AfterFunc(ctx, stop)
	std := streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		terminal: term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "",
		live:     term.IsTerminal(int(os.Stderr.Fd())),
		piped:    !term.IsTerminal(int(os.Stdin.Fd())),
	}
	os.Exit(run(ctx, os.Args[1:], std))
}

// exit carries the status out of kong, which ends the process itself after --help.
type exit int

// run runs one command line and returns the process's exit status.
func run(ctx context.Context, args []string, std streams) (status int) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case exit:
			status = int(p)
		default:
			panic(p)
		}
	}()
	var line commands
	parser, err := kong.New(&line,
		kong.Name("omni"), kong.Description(description), kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std),
	)
	if err != nil {
		return fail(std, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if err != nil {
		return fail(std, usage(err))
	}
	if err := command.Run(); err != nil {
		return fail(std, err)
	}
	return 0
}

// usage adds where to read on.
func usage(err error) error {
	name := "omni"
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil && wrong.Context.Selected() != nil {
		name = wrong.Context.Selected().FullPath()
	}
	return fmt.Errorf("%w (see `%s --help`)", err, name)
}

func fail(std streams, err error) int {
	fmt.Fprintf(std.err, "omni: %v\n", err)
	return 1
}
