package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/internal/app"
)

var (
	chat = channels.Spec{Name: "chat", Title: "Chat", Account: channels.AccountOptional, Secrets: []channels.Secret{
		{Name: "app_secret", Meaning: "What signs.", For: channels.ForVerify},
		{Name: "verify_token", Meaning: "A word of your own.", For: channels.ForVerify},
		{Name: "access_token", Meaning: "What answers.", For: channels.ForSend},
		{Name: "app_id", Meaning: "Whose app.", For: channels.ForSubscribe},
	}}
	bot = channels.Spec{Name: "bot", Title: "Bot", Account: channels.AccountRequired, Secrets: []channels.Secret{
		{Name: "secret_token", Meaning: "Yours.", For: channels.ForVerify},
	}}
	specs = []channels.Spec{bot, chat}
	shop  = Target{Spec: chat, Account: "shop"}
)

func newFile(t *testing.T, content string) File {
	t.Helper()
	file := File{Path: filepath.Join(t.TempDir(), "made", "secrets.json")}
	if content == "" {
		return file
	}
	if err := os.MkdirAll(filepath.Dir(file.Path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file.Path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestParseTarget(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"chat": "chat/default", "chat/shop": "chat/shop", "bot/support_bot": "bot/support_bot",
	} {
		if got, err := ParseTarget(given, specs); err != nil || got.String() != want {
			t.Errorf("%s: %v, %v", given, got, err)
		}
	}
	for given, want := range map[string]string{
		"pigeon": "there are bot, chat", "bot": "bot/ACCOUNT", "chat/": "part of the webhook URL", "chat/a b": "part of the webhook URL",
		"chat/../x": "part of the webhook URL", "": "there are",
	} {
		if _, err := ParseTarget(given, specs); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", given, err, want)
		}
	}
}

// Every store keeps to the same rules.
func testStore(t *testing.T, store Store) {
	t.Helper()
	ctx := t.Context()
	set := func(values map[string]Values, rotate bool, want ...string) {
		t.Helper()
		changed, err := Set(ctx, store, shop, values, rotate)
		if err != nil || !slices.Equal(changed, want) {
			t.Fatalf("changed %q, %v, want %q", changed, err, want)
		}
	}
	if accounts, version, err := store.Read(ctx, "chat"); accounts != nil || version != "" || err != nil {
		t.Errorf("before the first value: %v, version %q, %v", accounts, version, err)
	}
	set(map[string]Values{"app_secret": {"one"}, "access_token": {"t"}}, false, "access_token", "app_secret")
	set(map[string]Values{"app_secret": {"two"}}, true, "app_secret")
	set(map[string]Values{"app_secret": {"two"}}, true)
	set(map[string]Values{"verify_token": {"w"}}, true, "verify_token")
	want := Accounts{"shop": {"app_secret": {"two", "one"}, "access_token": {"t"}, "verify_token": {"w"}}}
	accounts, _, err := store.Read(ctx, "chat")
	if diff := cmp.Diff(want, accounts); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	set(map[string]Values{"app_secret": {"three"}}, true, "app_secret")
	set(map[string]Values{"app_secret": {"three"}}, false, "app_secret")
	accounts, old, _ := store.Read(ctx, "chat")
	if got := accounts["shop"]["app_secret"]; !slices.Equal(got, Values{"three"}) {
		t.Errorf("after the rotation there are %d values", len(got))
	}
	set(map[string]Values{"verify_token": {"v"}}, false, "verify_token")
	if err := store.Write(ctx, "chat", Accounts{}, old); !errors.Is(err, ErrChanged) {
		t.Errorf("writing over a newer version: %v", err)
	}
	if accounts, _, _ := store.Read(ctx, "chat"); len(accounts["shop"]) != 3 {
		t.Error("the refused write changed something")
	}
}

func TestFileStore(t *testing.T) {
	t.Parallel()
	file := newFile(t, "")
	testStore(t, file)
	if info, err := os.Stat(file.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
	accounts, err := app.SecretsFile(file.Path).Secrets(t.Context(), "chat")
	if err != nil || !slices.Equal(accounts["shop"]["app_secret"], []string{"three"}) {
		t.Errorf("the product reads %d accounts, %v", len(accounts), err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file.Path), ".secrets-*"))
	if len(left) > 0 || err != nil {
		t.Errorf("unfinished files are left: %q, %v", left, err)
	}
}

func TestFileKeepsWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	file := newFile(t, `{"gone": {"a": {"b": 1}}, "chat": {"default": {"old_name": "x"}}}`)
	if _, err := Set(t.Context(), file, shop, map[string]Values{"app_secret": {"s"}}, false); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file.Path)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := errors.Join(json.Unmarshal(content, &got), json.Unmarshal([]byte(
		`{"gone": {"a": {"b": 1}}, "chat": {"default": {"old_name": "x"}, "shop": {"app_secret": "s"}}}`), &want)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if info, _ := os.Stat(file.Path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestFileThatCannotBeReadIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, content := range []string{`{`, `{"chat": {"shop": {"app_secret": {"hidden": 1}}}}`, `{"chat": {"shop": {"app_secret": null}}}`, `{"chat": []}`} {
		file := newFile(t, content)
		_, err := Set(t.Context(), file, shop, map[string]Values{"app_secret": {"s"}}, false)
		if err == nil || !strings.Contains(err.Error(), file.Path) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v, want an error that names the file and no value", content, err)
		}
		if got, _ := os.ReadFile(file.Path); string(got) != content {
			t.Errorf("%s became %s", content, got)
		}
	}
}

func TestWritersAtTheSameTimeLoseNothing(t *testing.T) {
	t.Parallel()
	file := newFile(t, "")
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			target := Target{Spec: chat, Account: fmt.Sprintf("account%d", i)}
			if _, err := Set(t.Context(), file, target, map[string]Values{"app_secret": {"s"}}, false); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if accounts, _, err := file.Read(t.Context(), "chat"); len(accounts) != 4 || err != nil {
		t.Errorf("%d accounts are left of 4, %v", len(accounts), err)
	}
}

// busy is a store that somebody else writes to all the time.
type busy struct{ File }

func (busy) Write(context.Context, string, Accounts, string) error { return ErrChanged }

func TestGivesUpWhenOthersWriteForEver(t *testing.T) {
	t.Parallel()
	_, err := Set(t.Context(), busy{newFile(t, "")}, shop, map[string]Values{"app_secret": {"s"}}, false)
	if !errors.Is(err, ErrChanged) {
		t.Errorf("%v, want %v", err, ErrChanged)
	}
}

func TestSetRefusesWhatCannotBeMeant(t *testing.T) {
	t.Parallel()
	file := newFile(t, "")
	for want, given := range map[string]map[string]Values{
		`no secret "bot_token"`: {"bot_token": {"hidden"}},
		"What signs.":           {"bot_token": {"hidden"}},
		"app_secret: a value":   {"app_secret": {"hidden", ""}},
		"access_token: a value": {"access_token": {" hidden"}},
		"verify_token: a value": {"verify_token": {}},
	} {
		_, err := Set(t.Context(), file, shop, given, false)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%v: want %q and no value", err, want)
		}
	}
	if _, err := os.Stat(file.Path); err == nil {
		t.Error("something was written")
	}
}

func TestCheckNamesWhatIsMissingAndPrintsNoValue(t *testing.T) {
	t.Parallel()
	file := newFile(t, `{"chat": {
		"default": {"app_secret": ["hidden", "hidden2"], "verify_token": "hidden", "access_token": "hidden", "app_id": "hidden"},
		"manual":  {"app_secret": "hidden", "verify_token": "hidden", "access_token": "hidden"},
		"half":    {"app_secret": "hidden", "verify_token": "hidden"},
		"shop":    {"app_secret": "", "verify_token": "hidden", "page_token": "hidden"}}}`)
	reports, err := Check(t.Context(), file, specs)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	Print(&out, file, reports)
	const want = `bot                          no secrets: it refuses every webhook
    omni secrets set bot/ACCOUNT
chat/default                 accepts webhooks, can answer
    app_secret       set      2 values are accepted: a rotation is not finished
    verify_token     set
    access_token     set
    app_id           set
chat/half                    accepts webhooks, cannot answer
    app_secret       set
    verify_token     set
    access_token     missing  needed to answer: What answers.
    app_id           missing  needed only by 'omni subscribe': Whose app.
    omni secrets set chat/half
chat/manual                  accepts webhooks, can answer
    app_secret       set
    verify_token     set
    access_token     set
    app_id           missing  needed only by 'omni subscribe': Whose app.
    omni secrets set chat/manual
chat/shop                    refuses webhooks
    app_secret       empty    needed to accept webhooks: What signs.
    verify_token     set
    access_token     missing  needed to answer: What answers.
    app_id           missing  needed only by 'omni subscribe': Whose app.
    page_token       unknown  Chat has no secret of this name
    omni secrets set chat/shop
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(out.String(), "hidden") {
		t.Error("a value is printed")
	}
	if reports[0].Wrong() || !reports[1].Wrong() {
		t.Errorf("wrong: %t, %t, want only the channel with an account that does not work", reports[0].Wrong(), reports[1].Wrong())
	}
}
