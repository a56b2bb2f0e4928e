package simulate

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"omni/channels"
)

func TestChooseTargets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options Options
		secrets rings
		want    string // channel, account, path and kinds of each; or part of the error
	}{
		"all":         {Options{}, known, "pigeon default /webhooks/pigeon letter,answer; raven demo /webhooks/raven/demo letter,answer"},
		"one account": {Options{Channels: []string{"pigeon"}, Account: "loft"}, known, "pigeon loft /webhooks/pigeon/loft letter,answer"},
		"one kind":    {Options{Channels: []string{"raven"}, Kinds: []string{"letter"}}, known, "raven demo /webhooks/raven/demo letter"},
		"odd account": {Options{Channels: []string{"raven"}, Account: "a/b"}, rings{"raven": {"a/b": gold}},
			"raven a/b /webhooks/raven/a%2Fb letter,answer"},
		"no such kind":   {Options{Kinds: []string{"song"}}, known, "pigeon: letter, answer"},
		"no channel":     {Options{Channels: []string{"owl"}}, known, `"owl" cannot be simulated; these can: pigeon, raven`},
		"no account":     {Options{Account: "nest"}, known, `lacks ring of account "nest" of pigeon`},
		"no secrets":     {Options{}, rings{}, `lacks ring of account "default" of pigeon`},
		"missing secret": {Options{}, rings{"pigeon": {"default": {}}}, "lacks ring"},
	} {
		targets, err := chooseTargets(t.Context(), c.options, c.secrets)
		got := ""
		for i, target := range targets {
			if i > 0 {
				got += "; "
			}
			got += strings.Join([]string{target.channel, target.account, target.path, strings.Join(target.kinds, ",")}, " ")
		}
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestAccountNumberIsStable(t *testing.T) {
	t.Parallel()
	number := ChannelAccount("default")
	if len(number) != 15 || number != ChannelAccount("default") || number == ChannelAccount("loft") {
		t.Errorf("account number %q", number)
	}
}

func TestWrongSecretsAreWrong(t *testing.T) {
	t.Parallel()
	right := channels.Secrets{"a": {"1", "2"}}
	for _, value := range wrongSecrets(right)["a"] {
		if value == "1" || value == "2" {
			t.Errorf("a stranger signs with %q", value)
		}
	}
}

func TestUnreachableServer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	parts := Parts{Secrets: known, Client: http.DefaultClient, Progress: NewProgress(io.Discard, false), Out: io.Discard}
	for url, want := range map[string]string{
		"http://" + address: "start `omni dev`",
		address:             "want something like",
		"nonsense":          "want something like",
	} {
		if err := Run(t.Context(), Options{URL: url}, parts); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want one that says %q", url, err, want)
		}
	}
}
