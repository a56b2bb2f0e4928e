package graph

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"omni/channels"
)

// TestSign compares with a signature made by another tool: printf '%s' "$body" | openssl dgst -sha256 -hmac "$secret".
func TestSign(t *testing.T) {
	t.Parallel()
	header, value := Sign([]byte(vectorBody), vectorSecret)
	if header != "X-Hub-Signature-256" || value != "sha256="+vectorHex {
		t.Errorf("Sign gave %s: %s", header, value)
	}
}

// The body is on the wire as Meta sends it: everything beyond ASCII, and some of what is not, escaped.
const (
	vectorSecret = "lantern-7"
	vectorBody   = `{"object":"page","text":"Gr\u00fc\u00dfe \ud83d\udc4b \u003C a\u0040b.example \/ 100\u0025"}`
	vectorHex    = "2e4fbf91bd10a75100eeeaa0bd470f141363eeda16ad24e060027b823f79350a"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	signed := "sha256=" + vectorHex
	tests := []struct {
		name    string
		secrets []string
		header  string
		body    string
		wrong   string // part of the error; empty: accepted
	}{
		{"right", []string{vectorSecret}, signed, vectorBody, ""},
		{"rotation, the old secret", []string{"newer", vectorSecret}, signed, vectorBody, ""},
		{"rotation, the new secret", []string{vectorSecret, "older"}, signed, vectorBody, ""},
		{"upper-case digits", []string{vectorSecret}, "sha256=" + strings.ToUpper(vectorHex), vectorBody, ""},
		{"wrong secret", []string{"stranger"}, signed, vectorBody, "not made with this app's secret"},
		{"no secret", nil, signed, vectorBody, "not made with this app's secret"},
		{"one more byte", []string{vectorSecret}, signed, vectorBody + "\n", "not made with this app's secret"},
		{"unescaped body", []string{vectorSecret}, signed, `{"object":"page","text":"Grüße 👋 < a@b.example / 100%"}`, "not made with"},
		{"no header", []string{vectorSecret}, "", vectorBody, "is missing"},
		{"no prefix", []string{vectorSecret}, vectorHex, vectorBody, "does not start with sha256="},
		{"another hash", []string{vectorSecret}, "sha1=" + vectorHex, vectorBody, "does not start with sha256="},
		{"no hexadecimal", []string{vectorSecret}, "sha256=" + strings.Repeat("z", 64), vectorBody, "64 hexadecimal digits"},
		{"cut off", []string{vectorSecret}, signed[:len(signed)-2], vectorBody, "64 hexadecimal digits"},
		{"too long", []string{vectorSecret}, signed + "00", vectorBody, "64 hexadecimal digits"},
		{"prefix only", []string{vectorSecret}, "sha256=", vectorBody, "64 hexadecimal digits"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := &channels.Request{Header: http.Header{}, Body: []byte(test.body)}
			if test.header != "" {
				r.Header.Set("X-Hub-Signature-256", test.header)
			}
			checkError(t, NewCredentials(channels.Secrets{AppSecret: test.secrets}).Verify(r), test.wrong)
		})
	}
}

// TestEmptySecret: whoever knows that a secret is not set must not be able to sign with it.
func TestEmptySecret(t *testing.T) {
	t.Parallel()
	header, value := Sign([]byte(vectorBody), "")
	r := &channels.Request{Header: http.Header{header: {value}}, Body: []byte(vectorBody)}
	for _, c := range []Credentials{{}, NewCredentials(nil), NewCredentials(channels.Secrets{AppSecret: {""}})} {
		checkError(t, c.Verify(r), "not made with this app's secret")
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		tokens []string
		query  string
		want   string
		wrong  string
	}{
		{"right", []string{"t1"}, "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=t1", "1158201444", ""},
		{"the challenge is opaque", []string{"t1"}, "hub.mode=subscribe&hub.challenge=%3Cb%3E+7&hub.verify_token=t1", "<b> 7", ""},
		{"rotation", []string{"t2", "t1"}, "hub.mode=subscribe&hub.challenge=1&hub.verify_token=t1", "1", ""},
		{"wrong token", []string{"t1"}, "hub.mode=subscribe&hub.challenge=1&hub.verify_token=t2", "", "not this app's token"},
		{"no token", []string{"t1"}, "hub.mode=subscribe&hub.challenge=1", "", "not this app's token"},
		{"empty token", []string{""}, "hub.mode=subscribe&hub.challenge=1&hub.verify_token=", "", "not this app's token"},
		{"none is set", nil, "hub.mode=subscribe&hub.challenge=1&hub.verify_token=", "", "not this app's token"},
		{"another mode", []string{"t1"}, "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=t1", "", "hub.mode"},
		{"no challenge", []string{"t1"}, "hub.mode=subscribe&hub.verify_token=t1", "", "hub.challenge"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			query, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			got, err := NewCredentials(channels.Secrets{VerifyToken: test.tokens}).Handshake(&channels.Request{Query: query})
			checkError(t, err, test.wrong)
			if string(got) != test.want {
				t.Errorf("the answer is %q, want %q", got, test.want)
			}
		})
	}
}

// checkError wants an error that contains wrong and no secret, or none when wrong is empty.
func checkError(t *testing.T, err error, wrong string) {
	t.Helper()
	switch {
	case wrong == "" && err != nil:
		t.Errorf("refused: %v", err)
	case wrong != "" && err == nil:
		t.Errorf("accepted, want an error with %q", wrong)
	case wrong != "" && (!strings.Contains(err.Error(), wrong) || strings.Contains(err.Error(), vectorSecret)):
		t.Errorf("refused with %q, want %q and no secret in it", err, wrong)
	}
}
