package deploy

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"

	"omni/channels"
	"omni/internal/app"
	"omni/tools/omni/secrets"
)

// outputs are the outputs of the root module.
type outputs map[string]tfexec.OutputMeta

// text is an output that is a string; empty: there is none.
func (o outputs) text(name string) (text string) {
	_ = json.Unmarshal(o[name].Value, &text) // another type has no text
	return text
}

// urls are the webhook URLs by channel.
func (o outputs) urls() map[string][]string {
	var raw map[string]secrets.Values // a string or a list of them
	_ = json.Unmarshal(o["webhook_urls"].Value, &raw)
	urls := map[string][]string{}
	for channel, values := range raw {
		urls[channel] = values
	}
	return urls
}

const migrations = "aws_lambda_invocation"

// migrated says what the migrations did, if the apply ran them. They have then succeeded: else the apply would have failed.
func (j *job) migrated(ctx context.Context, s summary) {
	ran := slices.ContainsFunc(slices.Concat(s.Create, s.Update, s.Replace), func(c *tfjson.ResourceChange) bool { return c.Type == migrations })
	if !ran {
		return
	}
	resources, err := j.terraform.resources(ctx)
	if err != nil {
		j.display.line("  ok  Migrations ran; what they did cannot be shown: %v", err)
		return
	}
	for _, resource := range resources {
		if resource.Type == migrations {
			result, _ := resource.AttributeValues["result"].(string)
			j.display.line("  ok  %s", migrationText(result))
		}
	}
}

// migrationText is what the migrate function returned, for people.
func migrationText(result string) string {
	var migration app.Migration
	if err := json.Unmarshal([]byte(result), &migration); err != nil || !strings.Contains(result, "applied") {
		return "Migrations ran and returned " + cmp.Or(result, "nothing")
	}
	if len(migration.Applied) == 0 {
		return "Migrations: the schema was up to date"
	}
	var names []string
	for _, applied := range migration.Applied {
		names = append(names, fmt.Sprintf("%05d %s", applied.Version, applied.Name))
	}
	return "Migrations: applied " + strings.Join(names, ", ")
}

// finish shows what there is now and what is left to do.
func (j *job) finish(ctx context.Context, s summary) error {
	found, err := j.terraform.outputs(ctx)
	if err != nil {
		return err
	}
	j.display.line("\nStack %q is up%s.", s.Prefix, took(time.Since(j.started)))
	urls := found.urls()
	j.printURLs(urls)
	missing := j.printSecrets(ctx, s, urls)
	for _, page := range []struct{ title, output string }{{"The agents' dashboard", "dashboard_url"}, {"Metrics", "metrics_url"}} {
		if url := found.text(page.output); url != "" {
			j.display.line("\n%s\n  %s", page.title, url)
		}
	}
	j.printNext(s, found, missing)
	return nil
}

func (j *job) printURLs(urls map[string][]string) {
	if len(urls) == 0 {
		return
	}
	j.display.line("\nWebhook URLs")
	for _, channel := range slices.Sorted(maps.Keys(urls)) {
		for i, url := range urls[channel] {
			name := channel
			if i > 0 {
				name = ""
			}
			j.display.line("  %-10s %s", name, url)
		}
	}
}

// printSecrets says which channels cannot work yet, and returns their number. A failure is shown and is none of the deploy.
func (j *job) printSecrets(ctx context.Context, s summary, urls map[string][]string) (missing int) {
	store, err := j.Secrets(s.Prefix, s.Region)
	if err != nil {
		j.display.line("\nSecrets\n  could not be looked at: %v", err)
		return 0
	}
	var deployed []channels.Spec
	for _, spec := range channels.Specs() {
		if urls[spec.Name] != nil {
			deployed = append(deployed, spec)
		}
	}
	reports, err := secrets.Check(ctx, store, deployed)
	if err != nil {
		j.display.line("\nSecrets\n  could not be looked at: %v", err)
		return 0
	}
	for i, line := range secretLines(store, reports) {
		if i == 0 {
			j.display.line("\nSecrets that are missing")
		}
		j.display.line("  %s", line)
		missing++
	}
	return missing
}

// secretLines are the commands that enter what is missing.
func secretLines(store secrets.Store, reports []secrets.Report) (lines []string) {
	for _, report := range reports {
		if len(report.Accounts) == 0 {
			lines = append(lines, fmt.Sprintf("%-10s all of them       %s", report.Spec.Name, secrets.SetCommand(store, report.Spec, "")))
		}
		for _, account := range report.Accounts {
			lacks := append(account.Missing(report.Spec, channels.ForVerify), account.Missing(report.Spec, channels.ForSend)...)
			if len(lacks) > 0 {
				lines = append(lines, fmt.Sprintf("%-10s %-17s %s", report.Spec.Name, strings.Join(lacks, ", "), secrets.SetCommand(store, report.Spec, account.Name)))
			}
		}
	}
	return lines
}

// printNext says what is left to do. A stack without webhooks has nothing to tell the platforms.
func (j *job) printNext(s summary, found outputs, missing int) {
	api := found.text("api_endpoint")
	if api == "" {
		return
	}
	stack := fmt.Sprintf("--aws --prefix %s --region %s", s.Prefix, s.Region)
	steps := []string{
		fmt.Sprintf("tell the platforms where to send\n       omni subscribe CHANNEL[/ACCOUNT] --url %s %s", api, stack),
		fmt.Sprintf("see whether everything fits\n       omni doctor --url %s %s", api, stack),
		"send yourself a message, sign in to the dashboard and answer it; docs/deploy.md goes through it",
	}
	if found.text("user_pool_id") != "" { // with an identity provider of the company's own, people are there already
		invite := fmt.Sprintf("omni agents add EMAIL --admin --prefix %s --region %s", s.Prefix, s.Region)
		steps = slices.Insert(steps, 2, "invite yourself, then your colleagues without --admin\n       "+invite)
	}
	if missing > 0 {
		steps = slices.Insert(steps, 0, "enter the secrets of the channels that you use, with the commands above")
	}
	j.display.line("\nNext")
	for i, step := range steps {
		j.display.line("  %d. %s", i+1, step)
	}
}
