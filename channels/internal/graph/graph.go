// Package graph is what the channels on Meta's Graph API share: the webhook signature, the handshake, and the messaging items of
// Messenger and Instagram.
package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"strings"

	"omni/channels"
)

// Names of the secrets that every Graph channel verifies with.
const (
	AppSecret   = "app_secret"
	VerifyToken = "verify_token"
)

const (
	signatureHeader = "X-Hub-Signature-256"
	signaturePrefix = "sha256="
)

// Credentials verify the webhooks of one Meta app. The zero value refuses everything.
type Credentials struct {
	appSecrets   []string
	verifyTokens []string
}

// NewCredentials takes the secrets named [AppSecret] and [VerifyToken].
func NewCredentials(secrets channels.Secrets) Credentials {
	return Credentials{appSecrets: secrets[AppSecret], verifyTokens: secrets[VerifyToken]}
}

// Verify checks the X-Hub-Signature-256 header: "sha256=" and the hex HMAC-SHA256 of the raw body under the app secret.
// Source: developers.facebook.com/docs/graph-api/webhooks/getting-started, "Validating Payloads".
func (c Credentials) Verify(r *channels.Request) error {
	header := r.Header.Get(signatureHeader)
	if header == "" {
		return errors.New("header " + signatureHeader + " is missing")
	}
	digits, ok := strings.CutPrefix(header, signaturePrefix)
	if !ok {
		return errors.New("header " + signatureHeader + " does not start with " + signaturePrefix)
	}
	given, err := hex.DecodeString(digits)
	if err != nil || len(given) != sha256.Size {
		return errors.New("header " + signatureHeader + " does not hold 64 hexadecimal digits")
	}
	for _, secret := range c.appSecrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(r.Body)
		if secret != "" && hmac.Equal(given, mac.Sum(nil)) {
			return nil
		}
	}
	return errors.New("the signature was not made with this app's secret")
}

// Handshake answers Meta's GET with its challenge when the verify token is ours.
// Source: developers.facebook.com/docs/graph-api/webhooks/getting-started, "Verification Requests".
func (c Credentials) Handshake(r *channels.Request) ([]byte, error) {
	if mode := r.Query.Get("hub.mode"); mode != "subscribe" {
		return nil, errors.New("hub.mode is not subscribe")
	}
	challenge := r.Query.Get("hub.challenge")
	if challenge == "" {
		return nil, errors.New("hub.challenge is missing")
	}
	given := []byte(r.Query.Get("hub.verify_token"))
	for _, token := range c.verifyTokens {
		if token != "" && subtle.ConstantTimeCompare(given, []byte(token)) == 1 {
			return []byte(challenge), nil
		}
	}
	return nil, errors.New("hub.verify_token is not this app's token")
}

// Sign returns the header that Meta would put on a body. Simulators and tests play Meta with it.
func Sign(body []byte, appSecret string) (header, value string) {
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write(body)
	return signatureHeader, signaturePrefix + hex.EncodeToString(mac.Sum(nil))
}
