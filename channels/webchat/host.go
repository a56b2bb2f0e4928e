package webchat

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"omni/channels"
)

const (
	tokenLife   = 15 * time.Minute    // how long a page may act on a token
	memory      = 30 * 24 * time.Hour // how long after its end a token still tells who an anonymous visitor is
	maxIdentity = 128                 // bytes
)

// Threads are named by who is in them. The two never meet, whatever the company calls its users.
const (
	anonymous = "anon:" // and what we made up
	known     = "user:" // and the company's id
)

// claims are what a visitor's token says.
type claims struct {
	Account string `json:"account,omitempty"`
	Thread  string `json:"thread"`
	Origin  string `json:"origin"`
	Issued  int64  `json:"issued"` // seconds since 1970, as the next
	Expires int64  `json:"expires"`
}

// AllowsOrigin compares with the account's list.
func (c *channel) AllowsOrigin(origin string) bool {
	return origin != "" && slices.Contains(c.env.Secrets[origins], origin)
}

// Admit lets in whom the company's server vouches for, who was here before, or somebody new.
func (c *channel) Admit(v channels.Visit) (channels.Admission, error) {
	if !c.AllowsOrigin(v.Origin) {
		return channels.Admission{}, channels.ErrOrigin
	}
	thread := c.returning(v)
	if v.Identity != nil {
		if !c.vouched(*v.Identity) {
			return channels.Admission{}, channels.ErrIdentity
		}
		thread = known + v.Identity.ID
	}
	now := c.now()
	token := claims{Account: c.env.Account, Thread: thread, Origin: v.Origin, Issued: now.Unix(), Expires: now.Add(tokenLife).Unix()}
	return channels.Admission{
		Visitor: visitorOf(token), Token: seal(visitorToken, c.env.Secrets.First(signingKey), token),
		Settings: channels.HostSettings{Title: c.env.Secrets.First(title), AskEmail: c.asksEmail()},
	}, nil
}

// returning is the thread of an anonymous visitor who was here before, else that of a new one. Whom the company vouched for is vouched for
// again or is nobody: they may have signed out.
func (c *channel) returning(v channels.Visit) string {
	var earlier claims
	if unseal(visitorToken, c.env.Secrets[signingKey], v.Token, &earlier) && earlier.Origin == v.Origin && c.mine(earlier) &&
		strings.HasPrefix(earlier.Thread, anonymous) && c.now().Before(time.Unix(earlier.Expires, 0).Add(memory)) {
		return earlier.Thread
	}
	return anonymous + strings.ToLower(rand.Text())
}

// vouched reports whether the proof is the HMAC-SHA256 of the id in hex, by a key that the company's server has.
func (c *channel) vouched(i channels.VisitorIdentity) bool {
	given, err := hex.DecodeString(i.Proof)
	if err != nil || i.ID == "" || len(i.ID) > maxIdentity {
		return false
	}
	right := false
	for _, key := range c.env.Secrets[identityKey] {
		right = hmac.Equal(given, sign(key, i.ID)) && key != "" || right
	}
	return right
}

// mine reports whether a token was made for this account. Keys may be shared; accounts are not.
func (c *channel) mine(token claims) bool {
	return token.Account == "" || token.Account == c.env.Account
}

func (c *channel) asksEmail() channels.AskEmail {
	switch asked := channels.AskEmail(c.env.Secrets.First(askEmail)); asked {
	case channels.AskAway, channels.AskAlways:
		return asked
	}
	return channels.AskNever
}

// Visitor reads the token of a request. It is good where its page is, and until it ends.
func (c *channel) Visitor(r *channels.Request) (channels.Visitor, error) {
	given, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		return channels.Visitor{}, errors.New("the header Authorization holds no visitor's token")
	}
	var token claims
	switch origin := r.Header.Get("Origin"); {
	case !unseal(visitorToken, c.env.Secrets[signingKey], given, &token) || !c.mine(token):
		return channels.Visitor{}, errors.New("the visitor's token was not made with this account's key")
	case origin != token.Origin:
		return channels.Visitor{}, errors.New("the visitor's token is another origin's")
	case !c.AllowsOrigin(origin):
		return channels.Visitor{}, errors.New("pages of the token's origin may not use the account any more")
	case !c.now().Before(time.Unix(token.Expires, 0)):
		return channels.Visitor{}, errors.New("the visitor's token has expired")
	}
	return visitorOf(token), nil
}

func visitorOf(token claims) channels.Visitor {
	return channels.Visitor{Thread: token.Thread, Known: strings.HasPrefix(token.Thread, known), Until: time.Unix(token.Expires, 0)}
}

// grant is what a file's token says.
type grant struct {
	Thread string                  `json:"thread"`
	Key    string                  `json:"key"`
	Kind   channels.AttachmentKind `json:"kind"`
	Name   string                  `json:"name,omitempty"`
	MIME   string                  `json:"mime"`
	Bytes  int64                   `json:"bytes"`
}

// GrantFile makes a token that does not end: the message that names the file may wait for a network.
func (c *channel) GrantFile(v channels.Visitor, f channels.HostedFile) string {
	return seal(fileToken, c.env.Secrets.First(signingKey), grant{v.Thread, f.Key, f.Kind, f.Name, f.MIME, f.Bytes})
}

func (c *channel) granted(v channels.Visitor, token string) bool {
	var file grant
	return unseal(fileToken, c.env.Secrets[signingKey], token, &file) && file.Thread == v.Thread
}
