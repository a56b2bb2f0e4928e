package main

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// compare reports the first folder that does not register exactly one channel under its own name that opens without secrets.
func compare(m module, folders []string, registered []registration) error {
	names := map[string][]string{} // by folder
	for _, r := range registered {
		folder := m.folderOf(r)
		if !slices.Contains(folders, folder) {
			return fmt.Errorf("channel %q is registered, but there is no folder channels/%s: only a channel's own package registers it",
				r.Spec.Name, folder)
		}
		names[folder] = append(names[folder], r.Spec.Name)
	}
	for _, folder := range folders {
		if err := checkNames(folder, names[folder]); err != nil {
			return err
		}
	}
	for _, r := range registered {
		if r.Failure != "" {
			return withDetail(fmt.Sprintf("channels/%s does not open without secrets: open must take an empty Env and leave the refusal to Verify",
				r.Spec.Name), r.Failure)
		}
	}
	return nil
}

func checkNames(folder string, names []string) error {
	switch {
	case len(names) == 0:
		return fmt.Errorf("channels/%s registers no channel: call channels.Register with Spec.Name %q in an init of %s.go", folder, folder, folder)
	case len(names) > 1:
		return fmt.Errorf("channels/%s registers %d channels (%s): move all but one into folders of their own",
			folder, len(names), strings.Join(names, ", "))
	case names[0] != folder:
		return fmt.Errorf("channels/%s registers the name %q: rename the folder, or set Spec.Name to %q", folder, names[0], folder)
	}
	return nil
}

// folderOf returns the folder that a registration comes from: the one whose package declares the channel's type. Where that cannot be
// seen (open failed, or the type is one of channels/internal) the name has to stand for it.
func (m module) folderOf(r registration) string {
	folder, ok := strings.CutPrefix(r.Package, m.Path+"/channels/")
	if !ok || strings.Contains(folder, "/") {
		return r.Spec.Name
	}
	return folder
}

func registeredByTwo(name, one, other string) error {
	culprit, rightful := one, other
	if one == name {
		culprit, rightful = other, one
	}
	return fmt.Errorf("channels/%s registers the name %q, which channels/%s registers too: set Spec.Name to %q",
		culprit, name, rightful, culprit)
}

var (
	packageHeader = regexp.MustCompile(`(?m)^# (\S+)$`)
	filePosition  = regexp.MustCompile(`(?m)^(\S+)/[^/\s]+\.go:\d+:`)
	// noise is what only the go command cares about: which package a list of errors is for, where the describe program imports a
	// channel, and where a missing package of the standard library would have been.
	noise         = regexp.MustCompile(`(?m)^# \S+\n|^describe\.go:\d+:\d+: |( is not in std) \(\S+\)$`)
	missingMethod = regexp.MustCompile(`does not implement channels\.(\w+) \(missing method (\w+)\)`)
)

// buildMistake says what is wrong with channels that do not compile. The output is the go command's, its paths relative to the root.
func buildMistake(m module, output string, err error) error {
	culprits := buildCulprits(m, output)
	if len(culprits) == 0 {
		return withDetail(fmt.Sprintf("linking the channels: %v", err), output)
	}
	where := strings.Join(culprits, ", ")
	details := noise.ReplaceAllString(output, "$1")
	if missing := missingMethod.FindStringSubmatch(details); missing != nil && len(culprits) == 1 {
		return withDetail(fmt.Sprintf("%s lacks the method %s of channels.%s: add it to the channel", where, missing[2], missing[1]), details)
	}
	return withDetail("mend what the compiler finds in "+where, details)
}

// buildCulprits names the folders that the go command complains about: of packages that do not compile, else of files with an import
// that it cannot find, else of the first channel that it mentions.
func buildCulprits(m module, output string) []string {
	var culprits []string
	for _, match := range packageHeader.FindAllStringSubmatch(output, -1) {
		culprits = append(culprits, strings.TrimPrefix(match[1], m.Path+"/"))
	}
	if match := filePosition.FindStringSubmatch(output); culprits == nil && match != nil {
		culprits = append(culprits, match[1])
	}
	mention := regexp.MustCompile(regexp.QuoteMeta(m.Path+"/") + `(channels/[^\s":]+)`)
	if match := mention.FindStringSubmatch(output); culprits == nil && match != nil {
		culprits = append(culprits, match[1])
	}
	return culprits
}

// initPanic is a channel that panicked while it was linked.
type initPanic struct {
	folder string
	reason string // what it panicked with
}

var (
	panicReason = regexp.MustCompile(`(?s)^.*?panic: (.*?)\n\ngoroutine `)
	takenName   = regexp.MustCompile(`^channels: "(.*)" is registered twice$`)
)

func (p *initPanic) Error() string {
	reason, ok := strings.CutPrefix(p.reason, "channels: invalid spec of ")
	if _, problems, cut := strings.Cut(reason, ": "); ok && cut {
		return withDetail(fmt.Sprintf("channels/%s has an invalid spec: mend it in %s.go", p.folder, p.folder), problems).Error()
	}
	return withDetail(fmt.Sprintf("channels/%s panics in init: init must only call channels.Register", p.folder), p.reason).Error()
}

// twice returns the name that was taken when the channel registered it, or "".
func (p *initPanic) twice() string {
	if match := takenName.FindStringSubmatch(p.reason); match != nil {
		return match[1]
	}
	return ""
}

// runMistake says why the describe program died: of a panic in the init of a channel, which its trace names.
func runMistake(m module, folders []string, output string, err error) error {
	reason := panicReason.FindStringSubmatch(output)
	if reason == nil {
		return withDetail(fmt.Sprintf("describing the channels: %v", err), output)
	}
	frame := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(path.Join(m.Path, "channels")) + `/([^/.(]+)[./(]`)
	for _, match := range frame.FindAllStringSubmatch(output[len(reason[0]):], -1) {
		if slices.Contains(folders, match[1]) {
			return &initPanic{folder: match[1], reason: strings.ReplaceAll(reason[1], "\n\t", "\n")}
		}
	}
	return withDetail("describing the channels: a panic that no channel is to blame for", output)
}

// withDetail puts a tool's own words below the headline, one step in.
func withDetail(headline, detail string) error {
	return errors.New(headline + "\n\t" + strings.ReplaceAll(strings.TrimSpace(detail), "\n", "\n\t"))
}
