package main

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"omni/internal/store/storetest"
)

func TestSubscriptionsHelp(t *testing.T) {
	t.Parallel()
	for _, command := range strings.Fields("list add show update rotate disable enable delete deliveries redeliver test listen") {
		status, help, _ := omni(t, "", "subscriptions", command, "--help")
		if status != 0 || !strings.Contains(help, "Examples:") {
			t.Errorf("%s --help: status %d, without examples:\n%s", command, status, help)
		}
	}
	for args, want := range map[string]string{
		"add":                 "`omni subscriptions add --help`",
		"show 7":              "`omni subscriptions show --help`",
		"show":                "`omni subscriptions show --help`",
		"redeliver":           "`omni subscriptions redeliver --help`",
		"redeliver " + someID: "say --failed or --held",
		"redeliver " + someID + " " + someID + " --held": "do not go together",
		"update " + someID: "say what to change",
		"update " + someID + " --type message.* --all-types": "do not go together",
		"update " + someID + " --channel x --all-channels":   "do not go together",
		"rotate " + someID + " --overlap=-1h":                "cannot be negative",
		"deliveries " + someID + " --state lost":             "under_way",
		"deliveries " + someID + " --limit 0":                "at least 1",
		"listen --status 99":                                 "from 200 to 599",
	} {
		status, _, errs := omni(t, "", append([]string{"subscriptions"}, strings.Fields(args)...)...)
		if status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %q, want %q", args, status, errs, want)
		}
	}
}

func TestSubscriptionsOfADatabaseElsewhere(t *testing.T) {
	t.Parallel()
	_, url := storetest.New(t)
	with := func(args ...string) []string {
		return append([]string{"subscriptions", "--database-url", url}, args...)
	}
	if status, _, errs := omni(t, "", with("add", "http://127.0.0.1:1/")...); status == 0 || !strings.Contains(errs, "omni dev") {
		t.Errorf("an endpoint on this machine: status %d, %q", status, errs)
	}
	status, added, errs := omni(t, "", with("add", "https://example.com/hook", "--type", "message.created,conversation.*", "--channel", "telegram")...)
	if status != 0 {
		t.Fatal(errs)
	}
	id := strings.Fields(added)[0]
	if _, list, _ := omni(t, "", with("list")...); !strings.Contains(list, id) || !strings.Contains(list, "message.created,conversation.*") {
		t.Errorf("list:\n%s", list)
	}
	for _, args := range [][]string{
		{"show", id}, {"disable", id}, {"enable", id}, {"rotate", id}, {"update", id, "--all-types"}, {"deliveries", id}, {"redeliver", id, "--held"},
		{"delete", id, "--yes"},
	} {
		if status, _, errs := omni(t, "", with(args...)...); status != 0 {
			t.Errorf("%v: %s", args, errs)
		}
	}
	if status, _, errs := omni(t, "", with("show", uuid.NewString())...); status == 0 || !strings.Contains(errs, "omni subscriptions list") {
		t.Errorf("status %d, %q", status, errs)
	}
}
