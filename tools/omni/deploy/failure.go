package deploy

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// failure is a Terraform that did not do what it was told.
type failure struct {
	diagnostics []diagnostic // its errors; may be none
	err         error        // what terraform-exec says: the exit status and the standard error
	root        string
}

// Error is a plain sentence, where there is one for the error, and then Terraform's own text.
func (f *failure) Error() string {
	if len(f.diagnostics) == 0 {
		return "Terraform failed: " + strings.TrimSpace(f.err.Error())
	}
	var lines []string
	for _, d := range f.diagnostics {
		if hint := f.hint(d); hint != "" && !slices.Contains(lines, hint) {
			lines = append(lines, hint)
		}
	}
	for _, d := range f.diagnostics {
		if text := d.text(); !slices.Contains(lines, text) {
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the error of terraform-exec.
func (f *failure) Unwrap() error { return f.err }

// text is the diagnostic as Terraform words it, indented.
func (d diagnostic) text() string {
	place := d.Address
	if d.Range != nil {
		place = strings.TrimPrefix(place+", ", ", ") + fmt.Sprintf("%s line %d", filepath.Base(d.Range.File), d.Range.Start.Line)
	}
	if place != "" {
		place = " (" + place + ")"
	}
	text := fmt.Sprintf("Terraform says: %s%s\n%s", d.Summary, place, strings.TrimSpace(d.Detail))
	return strings.TrimRight(strings.ReplaceAll(text, "\n", "\n    "), " \n")
}

// hints say in a sentence what an error means and what to do. The first that fits counts. ROOT stands for the root module's folder, and $1
// for what the pattern catches.
var hints = []struct {
	pattern *regexp.Regexp
	says    string
}{
	{regexp.MustCompile(`undeclared variable|variable named "([^"]*)" was assigned`),
		"A variable is set that ROOT/variables.tf does not declare: look for a spelling mistake in --var or in a --var-file."},
	{regexp.MustCompile(`No value for required variable`), "A variable has no value: give it with --var name=value or in a --var-file."},
	{regexp.MustCompile(`Invalid value for (?:input )?variable`), "A variable has a value that is not allowed; what is allowed follows."},
	{regexp.MustCompile(`(?i)Failed to (?:query available provider|install provider)|registry\.terraform\.io.*(?:no such host|timeout|connection)`),
		"Terraform could not get its AWS provider: this machine has to reach registry.terraform.io, or have a mirror of it (TF_CLI_CONFIG_FILE)."},
	{regexp.MustCompile(`Backend (?:initialization required|configuration changed)`),
		"The state is now configured to be somewhere else. To move it there: terraform -chdir=ROOT init -migrate-state"},
	{regexp.MustCompile(`(?i)saved plan is stale`), "Somebody changed the stack between the plan and now. Run the command again: it plans anew."},
	{regexp.MustCompile(`ExpiredToken|token (?:included in the request )?(?:is|has) expired|expired SSO|InvalidGrantException`),
		"The AWS credentials have expired. Sign in again, for example with `aws sso login`, and run the command again."},
	{regexp.MustCompile(`No valid credential sources found|failed to refresh cached credentials`), "Terraform found no AWS credentials."},
	{regexp.MustCompile(`is not authorized to perform: (\S+)`), "These AWS credentials may not do $1. Use a role that may, or have it allowed."},
	{regexp.MustCompile(`UnauthorizedOperation|AccessDenied`), "These AWS credentials may not do something that the deploy needs."},
	{regexp.MustCompile(`already scheduled for deletion`),
		"A secret of this name waits for its deletion since a destroy. Restore it with `aws secretsmanager restore-secret` and import it, wait, or take another --prefix."},
	{regexp.MustCompile(`(?i)already ?exists|EntityAlreadyExists|BucketAlready|QueueNameExists|ResourceConflict`),
		"Something of this name exists in the account and is not in this state: another stack with the same --prefix, or the state of an earlier deploy was lost."},
	{regexp.MustCompile(`(?i)Cannot delete protected|DeletionProtection|deletion protection is activated`),
		"The database, or the user pool, is protected against deletion. Lift that first: omni deploy --var 'database={deletion_protection=false}', together with your other settings."},
	{regexp.MustCompile(`UnreservedConcurrentExecution`),
		"This account may run few functions at once and cannot reserve any for this stack: raise the Lambda quota \"Concurrent executions\", or say --var reserve_concurrency=false."},
	{regexp.MustCompile(`(?i)LimitExceeded|QuotaExceeded|ServiceQuota|TooMany`), "A quota of the account is used up: raise it under Service Quotas in the AWS console."},
	{regexp.MustCompile(`(?i)no such host|dial tcp|i/o timeout|TLS handshake timeout|RequestError: send request failed`), "AWS could not be reached from here."},
}

func (f *failure) hint(d diagnostic) string {
	if isLock(d) {
		return lockHint(d.Detail, f.root)
	}
	text := d.Summary + "\n" + d.Detail
	for _, h := range hints {
		if found := h.pattern.FindStringSubmatchIndex(text); found != nil {
			return strings.ReplaceAll(string(h.pattern.ExpandString(nil, h.says, text, found)), "ROOT", f.root)
		}
	}
	return ""
}

func isLock(d diagnostic) bool { return strings.Contains(d.Summary, "acquiring the state lock") }

var lockLine = regexp.MustCompile(`(?m)^\s*(ID|Who|Operation|Created):\s*(.*?)\s*$`)

// lockHint says who holds the state and how to free it.
func lockHint(detail, root string) string {
	info := map[string]string{}
	for _, line := range lockLine.FindAllStringSubmatch(detail, -1) {
		info[line[1]] = line[2]
	}
	if info["ID"] == "" {
		return "The state is locked by another run. Wait until it has finished and run the command again."
	}
	return fmt.Sprintf("The state is locked: %s runs since %s, by %s. Wait until it has finished and run the command again.\n"+
		"If that process is dead, free the state with: terraform -chdir=%s force-unlock %s",
		info["Operation"], info["Created"], info["Who"], root, info["ID"])
}

// locked tells whether an error is that of a locked state.
func locked(err error) bool {
	var f *failure
	return errors.As(err, &f) && slices.ContainsFunc(f.diagnostics, isLock)
}

// stopped is the error of a step during which nothing is changed yet.
func stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return &interruption{"stopped; nothing was changed", ctx.Err()}
	}
	return err
}

// interruption says in plain words what an interrupted command has done. It is the context's error to a program.
type interruption struct {
	text  string
	cause error
}

func (i *interruption) Error() string { return i.text }
func (i *interruption) Unwrap() error { return i.cause }
