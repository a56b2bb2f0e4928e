package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/channels"
	"omni/internal/localpg"
	"omni/internal/store"
	"omni/tools/omni/browser"
	"omni/tools/omni/deploy/identity"
	"omni/tools/omni/desk"
	"omni/tools/omni/doctor"
	"omni/tools/omni/state"
)

type doctorCommand struct {
	Install     bool   `help:"Install what is missing and can be had from this machine's package manager."`
	Browser     bool   `help:"Look for the browser that the dashboard's tests drive, too."`
	URL         string `help:"Address of the API, to see whether the platforms send their webhooks there." name:"url" placeholder:"https://..."`
	DatabaseURL string `help:"Database to look at; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`

	secretsFlags `embed:""`
	platformFlag `embed:""`
}

func (doctorCommand) Help() string {
	return `Looks for what is wrong and says what to do. Ends with status 1 when something does not work.

Without flags: what this machine lacks, and if 'omni dev' runs, its channels, queues and database. With --aws: the channels and queues of a
deployed stack; its database is only reached from inside, so name one with --database-url if there is a way to it.

Of each credential account: whether its secrets are complete, whether the platform accepts its token and when that ends, whether the webhook is
registered and to where, and what the platform says of deliveries. Secrets are never shown.

Examples:

  omni doctor
  omni doctor --install
  omni doctor --install --browser
  omni doctor --aws --prefix omni --region eu-central-1 --url https://inbox.example.com`
}

// examination is one section of the report.
type examination struct {
	title string
	look  func(context.Context) []doctor.Finding
}

// Run looks at everything that the flags are about.
func (c doctorCommand) Run(ctx context.Context, std streams) error {
	running, err := localServer()
	if err != nil {
		return err
	}
	examinations, err := c.examinations(ctx, std, running)
	if err != nil {
		return identity.Explain(err)
	}
	problems := 0
	for _, e := range examinations {
		findings := e.look(ctx)
		problems += doctor.Problems(findings)
		if err := doctor.Print(std.out, e.title, findings); err != nil {
			return err
		}
	}
	switch problems {
	case 0:
		return nil
	case 1:
		return errors.New("1 problem: see above")
	}
	return fmt.Errorf("%d problems: see above", problems)
}

// examinations are the sections of the report. running is nil where no local server runs.
func (c doctorCommand) examinations(ctx context.Context, std streams, running *state.Dev) ([]examination, error) {
	var all []examination
	if !c.AWS {
		all = append(all, examination{"This machine", func(ctx context.Context) []doctor.Finding { return c.machine(ctx, std, running) }})
	}
	local := running != nil && !c.AWS
	if local || c.AWS || c.File != "" {
		look, err := c.channels(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, examination{"Channels", look})
	}
	switch {
	case c.AWS:
		config, err := identity.Load(ctx, c.Region)
		if err != nil {
			return nil, err
		}
		all = append(all, examination{"Queues", queues(sqs.NewFromConfig(config), c.Prefix+"-")})
	case local:
		client, err := desk.LocalSQS(*running)
		if err != nil {
			return nil, err
		}
		all = append(all, examination{"Queues", queues(client, "")})
	}
	database := c.DatabaseURL
	if local {
		database = cmp.Or(database, running.DatabaseURL)
	}
	if database != "" {
		all = append(all, examination{"Database", func(ctx context.Context) []doctor.Finding { return examineDatabase(ctx, database) }})
	}
	return all, nil
}

// machine looks for what the product needs on this machine.
func (c doctorCommand) machine(ctx context.Context, std streams, running *state.Dev) []doctor.Finding {
	findings := []doctor.Finding{{About: "platform", Text: runtime.GOOS + "/" + runtime.GOARCH}}
	goVersion, err := exec.CommandContext(ctx, "go", "version").Output()
	findings = append(findings, thing("Go", strings.TrimSpace(string(goVersion)), err, "Install it from go.dev/dl."))
	dir, major, err := localpg.Ensure(ctx, c.Install, std.out)
	findings = append(findings, thing("PostgreSQL", fmt.Sprintf("%d in %s", major, dir), err, "Say `omni doctor --install`."))
	if c.Browser {
		path, version, err := browser.Ensure(ctx, c.Install, std.out)
		findings = append(findings, thing("browser", fmt.Sprintf("%s, %s", version, path), err, "Say `omni doctor --install --browser`."))
	}
	server := "not running"
	if running != nil {
		server = "running at " + running.URL
	}
	return append(findings, doctor.Finding{About: "omni dev", Text: server}, doctor.Finding{About: "channels", Text: channelNames()})
}

func thing(about, text string, err error, do string) doctor.Finding {
	if err != nil {
		return doctor.Finding{Level: doctor.Problem, About: about, Text: err.Error(), Do: do}
	}
	return doctor.Finding{About: about, Text: text}
}

func (c doctorCommand) channels(ctx context.Context) (func(context.Context) []doctor.Finding, error) {
	opened, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) []doctor.Finding {
		return doctor.Channels(ctx, channels.Specs(), doctor.Platforms{Store: opened, HTTP: client, URL: c.URL, Now: time.Now()})
	}, nil
}

func queues(client *sqs.Client, prefix string) func(context.Context) []doctor.Finding {
	return func(ctx context.Context) []doctor.Finding { return doctor.Queues(ctx, client, prefix) }
}

func examineDatabase(ctx context.Context, database string) []doctor.Finding {
	opened, err := store.Open(database, store.Options{})
	if err != nil {
		return []doctor.Finding{{Level: doctor.Problem, About: "database", Text: err.Error(), Do: "Look at --database-url."}}
	}
	defer opened.Close()
	return doctor.Database(ctx, database, opened)
}

// localServer is the local server that runs, or nil. It need not.
func localServer() (*state.Dev, error) {
	folder, err := state.Find()
	if err != nil {
		return nil, err
	}
	running, err := folder.Running()
	if errors.Is(err, state.ErrNotRunning) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &running, nil
}

func channelNames() string {
	var names []string
	for _, spec := range channels.Specs() {
		names = append(names, spec.Name)
	}
	return strings.Join(names, ", ")
}
