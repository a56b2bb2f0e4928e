// Channelgen writes everything in gen/ that follows from the channels: it finds the folders of channels/, links them into a program
// that describes them, and renders what they registered.
//
// It is a function from inputs to files and writes last: a channel with a mistake leaves gen/ as it was. Run it with
// `go generate ./...`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
)

const help = `Usage: channelgen

Writes gen/dispatch, gen/simulators, gen/channels.json and gen/CHANNELS.md from the channels in channels/*/.
It works anywhere inside the module; "go generate ./..." runs it. Files that are right already are not touched.
A mistake in a channel is reported with the folder it is in; gen/ then stays as it was and the exit status is 1.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status, output := run(ctx, ".", os.Args[1:])
	stop()
	if status != 0 {
		fmt.Fprint(os.Stderr, output)
		os.Exit(status)
	}
	fmt.Print(output)
}

// run is the whole command for the module around the folder. It returns the exit status and what to print.
func run(ctx context.Context, folder string, args []string) (status int, output string) {
	var complaint strings.Builder
	flags := flag.NewFlagSet("channelgen", flag.ContinueOnError)
	flags.SetOutput(&complaint)
	flags.Usage = func() { complaint.WriteString(help) }
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0, help
	case err != nil:
		return 2, complaint.String()
	case flags.NArg() > 0:
		return 2, fmt.Sprintf("channelgen: unexpected argument %q\n%s", flags.Arg(0), help)
	}
	summary, err := regenerate(ctx, folder)
	if err != nil {
		return 1, fmt.Sprintf("channelgen: %v\ngen/ was left as it was.\n", err)
	}
	return 0, fmt.Sprintf("channelgen: %s\n", summary)
}

// regenerate brings gen/ up to date and says in one line what it did.
func regenerate(ctx context.Context, folder string) (summary string, err error) {
	m, err := findModule(ctx, folder)
	if err != nil {
		return "", err
	}
	list, files, err := generate(ctx, m)
	if err != nil {
		return "", err
	}
	changes, err := write(m.Dir, files)
	if err != nil {
		return "", err
	}
	routes := 0
	for _, c := range list {
		routes += len(c.Routes)
	}
	return fmt.Sprintf("%s, %s; %s", count(len(list), "channel"), count(routes, "route"), changes), nil
}

// generate renders the files of gen/ in memory.
func generate(ctx context.Context, m module) ([]channel, []file, error) {
	folders, err := m.channelFolders()
	if err != nil {
		return nil, nil, err
	}
	registered, err := link(ctx, m, folders)
	if err != nil {
		return nil, nil, err
	}
	list, err := channelsOf(m, registered)
	if err != nil {
		return nil, nil, err
	}
	files, err := render(m, list)
	return list, files, err
}

// count is "1 channel" or "4 channels".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
