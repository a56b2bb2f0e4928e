package webchat

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
)

func TestGolden(t *testing.T) {
	t.Parallel()
	channeltest.Golden(t, channeltest.Open(t, "webchat", nil))
}

func FuzzParse(f *testing.F) {
	channeltest.Fuzz(f, channeltest.Open(f, "webchat", nil))
}

func FuzzNormalize(f *testing.F) {
	f.Add("message", []byte(`{"visitor":"user:1","events":[{"id":1,"type":"message","text":[]}]}`))
	f.Add("system", []byte(`{"visitor":"user:1","events":[{"id":"a","type":"email","email":{}}]}`))
	channel := channeltest.Open(f, "webchat", nil)
	f.Fuzz(func(t *testing.T, kind string, raw []byte) {
		_, _ = channel.Normalize(channels.Event{Kind: channels.Kind(kind), Raw: raw}) // it must not panic
	})
}

const (
	shop    = "https://shop.example"
	elsehow = "https://evil.example"
	key     = "a key of thirty-two characters!!"
)

// site is an account with a clock that tests move.
func site(account string, secrets channels.Secrets, clock *time.Time) *channel {
	return &channel{channels.Env{Account: account, Secrets: secrets}, func() time.Time { return *clock }}
}

func secretsOf(keys ...string) channels.Secrets {
	return channels.Secrets{signingKey: keys, origins: {shop, "https://www.shop.example"}, identityKey: {"identity key of the company"}}
}

// admitted lets a page in.
func admitted(t *testing.T, c *channel, v channels.Visit) channels.Admission {
	t.Helper()
	if v.Origin == "" {
		v.Origin = shop
	}
	a, err := c.Admit(v)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// request is what a page of the origin asks with a token.
func request(origin, token, body string) *channels.Request {
	return &channels.Request{Header: http.Header{"Origin": {origin}, "Authorization": {"Bearer " + token}}, Body: []byte(body)}
}

func TestWhoseTokenIsGoodWhere(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC)
	c := site("shop", secretsOf(key), &now)
	token := admitted(t, c, channels.Visit{}).Token
	claimed, signature := cutLast(token)
	for name, test := range map[string]struct {
		at     *channel
		origin string
		token  string
		after  time.Duration
		want   string // part of the error; empty: it is good
	}{
		"its own":                              {c, shop, token, 0, ""},
		"at its end":                           {c, shop, token, tokenLife, "expired"},
		"before its end":                       {c, shop, token, tokenLife - time.Second, ""},
		"from another origin":                  {c, "https://www.shop.example", token, 0, "another origin's"},
		"from an origin not allowed":           {c, elsehow, token, 0, "another origin's"},
		"from no page":                         {c, "", token, 0, "another origin's"},
		"of another account with the same key": {site("other", secretsOf(key), &now), shop, token, 0, "this account's key"},
		"of another key":                       {site("shop", secretsOf("another key"), &now), shop, token, 0, "this account's key"},
		"of the old key":                       {site("shop", secretsOf("new key", key), &now), shop, token, 0, ""},
		"with no key":                          {site("shop", channels.Secrets{origins: {shop}}, &now), shop, token, 0, "this account's key"},
		"with an empty key":                    {site("shop", secretsOf(""), &now), shop, seal(visitorToken, "", claims{Thread: "user:1", Origin: shop, Expires: now.Unix() + 60}), 0, "this account's key"},
		"after its origin was taken off":       {site("shop", channels.Secrets{signingKey: {key}}, &now), shop, token, 0, "not use the account any more"},
		"changed":                              {c, shop, claimed + "x." + signature, 0, "this account's key"},
		"without a signature":                  {c, shop, claimed + ".", 0, "this account's key"},
		"made up":                              {c, shop, "a.b.c", 0, "this account's key"},
		"none":                                 {c, shop, "", 0, "this account's key"},
		"a file's":                             {c, shop, c.GrantFile(channels.Visitor{Thread: "user:1"}, channels.HostedFile{Key: "k"}), 0, "this account's key"},
	} {
		t.Run(name, func(t *testing.T) {
			later := now.Add(test.after)
			at := *test.at
			at.now = func() time.Time { return later }
			visitor, err := at.Visitor(request(test.origin, test.token, ""))
			if test.want == "" && (err != nil || !strings.HasPrefix(visitor.Thread, anonymous)) {
				t.Errorf("%+v, %v", visitor, err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

func TestAnAnonymousVisitorReturns(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC)
	c := site("shop", secretsOf(key), &now)
	first := admitted(t, c, channels.Visit{})
	if other := admitted(t, c, channels.Visit{}); other.Thread == first.Thread {
		t.Error("two visitors are one")
	}
	renewed := admitted(t, c, channels.Visit{Token: first.Token})
	now = now.Add(tokenLife + memory - time.Second)
	late := admitted(t, c, channels.Visit{Token: renewed.Token})
	if renewed.Thread != first.Thread || late.Thread != first.Thread || renewed.Known {
		t.Errorf("%s became %s and then %s", first.Thread, renewed.Thread, late.Thread)
	}
	for name, v := range map[string]channels.Visit{
		"too late":                   {Token: renewed.Token},
		"on another page's site":     {Token: late.Token, Origin: "https://www.shop.example"},
		"with a token made up":       {Token: "v1.visitor.e30.AA"},
		"who was vouched for before": {Token: vouched(t, c, "42").Token},
	} {
		if name == "too late" {
			now = now.Add(2 * time.Second)
		}
		if again := admitted(t, c, v); again.Thread == first.Thread || strings.HasPrefix(again.Thread, known) {
			t.Errorf("%s: %s", name, again.Thread)
		}
	}
	if _, err := c.Admit(channels.Visit{Origin: elsehow, Token: first.Token}); !errors.Is(err, channels.ErrOrigin) {
		t.Errorf("from an origin not allowed: %v", err)
	}
}

// vouched lets in whom the company's server vouches for.
func vouched(t *testing.T, c *channel, id string) channels.Admission {
	t.Helper()
	proof := hex.EncodeToString(sign("identity key of the company", id))
	return admitted(t, c, channels.Visit{Identity: &channels.VisitorIdentity{ID: id, Proof: proof}})
}

func TestTheCompanyVouchesForItsUsers(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := site("shop", secretsOf(key), &now)
	here, there := vouched(t, c, "42"), vouched(t, c, "42")
	if here.Thread != "user:42" || there.Thread != here.Thread || !here.Known {
		t.Errorf("%+v and %+v", here.Visitor, there.Visitor)
	}
	right := hex.EncodeToString(sign("identity key of the company", "42"))
	long := strings.Repeat("x", maxIdentity+1)
	for name, i := range map[string]channels.VisitorIdentity{
		"another's proof": {ID: "43", Proof: right}, "no proof": {ID: "42"}, "no hexadecimal": {ID: "42", Proof: "zz"}, "no id": {Proof: hex.EncodeToString(sign("identity key of the company", ""))},
		"too long an id":       {ID: long, Proof: hex.EncodeToString(sign("identity key of the company", long))},
		"by the visitors' key": {ID: "42", Proof: hex.EncodeToString(sign(key, "42"))},
	} {
		if a, err := c.Admit(channels.Visit{Origin: shop, Identity: &i}); !errors.Is(err, channels.ErrIdentity) {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	keyless := site("shop", channels.Secrets{signingKey: {key}, origins: {shop}, identityKey: {""}}, &now)
	if _, err := keyless.Admit(channels.Visit{Origin: shop, Identity: &channels.VisitorIdentity{ID: "42", Proof: hex.EncodeToString(sign("", "42"))}}); err == nil {
		t.Error("without a key anybody is anyone")
	}
}

func TestABodySpeaksForItsVisitorAlone(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := site("shop", secretsOf(key), &now)
	me, other := admitted(t, c, channels.Visit{}), admitted(t, c, channels.Visit{})
	mine := c.GrantFile(me.Visitor, channels.HostedFile{Key: "uploaded/1", Kind: channels.Image, MIME: "image/png", Bytes: 1})
	theirs := c.GrantFile(other.Visitor, channels.HostedFile{Key: "uploaded/2", Kind: channels.Image, MIME: "image/png", Bytes: 1})
	forged := seal(fileToken, "another key", grant{Thread: me.Thread, Key: "incoming/of-somebody"})
	body := func(visitor, event string) string {
		return fmt.Sprintf(`{"visitor":%q,"events":[{"id":"a","type":"message","text":"Hello"},%s]}`, visitor, event)
	}
	file := func(token string) string { return fmt.Sprintf(`{"id":"b","type":"message","file":%q}`, token) }
	for name, test := range map[string]struct {
		body string
		good bool
	}{
		"its own":              {body(me.Thread, `{"type":"read"}`), true},
		"another's":            {body(other.Thread, `{"type":"read"}`), false},
		"nobody's":             {body("", `{"type":"read"}`), false},
		"its own file":         {body(me.Thread, file(mine)), true},
		"another's file":       {body(me.Thread, file(theirs)), false},
		"a file made up":       {body(me.Thread, file(forged)), false},
		"its token as a file":  {body(me.Thread, file(me.Token)), false},
		"a visitor twice":      {`{"visitor":` + fmt.Sprintf("%q", other.Thread) + `,"VISITOR":` + fmt.Sprintf("%q", me.Thread) + `,"events":[{"id":"a","type":"message","text":"Hi"}]}`, false},
		"nothing":              {`{}`, true},
		"nothing that is JSON": {`]`, true}, // it claims nothing, and is kept as what cannot be read
	} {
		if err := c.Verify(request(shop, me.Token, test.body)); (err == nil) != test.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What Verify has seen and what Parse reads must be the same, however a body is written.
func TestDoubledMembersAreReadInOneWay(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := site("shop", secretsOf(key), &now)
	me := admitted(t, c, channels.Visit{})
	body := fmt.Sprintf(`{"visitor":"user:42","visitor":%q,"events":[{"id":"a","type":"message","text":"Hi"}]}`, me.Thread)
	if err := c.Verify(request(shop, me.Token, body)); err != nil {
		t.Skip("it is refused")
	}
	events, err := c.Parse(&channels.Request{Body: []byte(body)})
	if err != nil || len(events) != 1 || events[0].Thread != me.Thread {
		t.Errorf("%+v, %v", events, err)
	}
}

func TestTokensTellNoKey(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := site("shop", secretsOf(key), &now)
	var said claims
	if token := admitted(t, c, channels.Visit{}).Token; strings.Contains(token, key) || !read(visitorToken, token, &said) || said.Origin != shop {
		t.Errorf("%s says %+v", token, said)
	}
}

// shelf has one file.
type shelf map[string]string

func (s shelf) Open(_ context.Context, key string) (io.ReadCloser, error) {
	content, ok := s[key]
	if !ok {
		return nil, channels.ErrGone
	}
	return io.NopCloser(strings.NewReader(content)), nil
}

func TestAnUploadIsFetchedFromWhereItWasPut(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("testdata/files.json")
	if err != nil {
		t.Fatal(err)
	}
	c := &channel{env: channels.Env{Files: shelf{"uploaded/0199a0b1-7c00-7000-8000-00000000000a": "oak"}}}
	results, err := channeltest.Run(c, body)
	if err != nil || len(results) != 2 {
		t.Fatal(results, err)
	}
	media, err := c.OpenMedia(t.Context(), results[0].Update.Message.Attachments[0])
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(media.Body)
	if err != nil || !bytes.Equal(content, []byte("oak")) || media.MIME != "image/png" {
		t.Errorf("%s of %s, %v", content, media.MIME, err)
	}
	if _, err := c.OpenMedia(t.Context(), channels.Attachment{MediaID: "uploaded/another"}); channeltest.Class(err) != "gone" {
		t.Errorf("what is not there: %v", err)
	}
	if _, err := c.OpenMedia(t.Context(), channels.Attachment{URL: "https://files.example/1.png"}); channeltest.Class(err) != "rejected no_upload" {
		t.Errorf("what is elsewhere: %v", err)
	}
}

func TestWhatASitesPagesShow(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for entered, want := range map[string]channels.AskEmail{
		"": channels.AskNever, "never": channels.AskNever, "away": channels.AskAway, "always": channels.AskAlways, "sometimes": channels.AskNever,
	} {
		c := site("shop", channels.Secrets{signingKey: {key}, origins: {shop}, title: {"Oak & Ash"}, askEmail: {entered}}, &now)
		if settings := admitted(t, c, channels.Visit{}).Settings; settings.Title != "Oak & Ash" || settings.AskEmail != want {
			t.Errorf("%q: %+v", entered, settings)
		}
	}
}
