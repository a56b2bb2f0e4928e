package webchat

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// The kinds of tokens. Each is signed as what it is, so that none passes for another.
const (
	visitorToken = "v1.visitor"
	fileToken    = "v1.file"
)

// A token is "<kind>.<claims in Base64>.<HMAC-SHA256 of all before it in Base64>". It has one form and one algorithm, and so nothing to be
// talked into.

// seal makes a token of claims, which always have a JSON form.
func seal(kind, key string, claims any) string {
	content, _ := json.Marshal(claims)
	signed := kind + "." + base64.RawURLEncoding.EncodeToString(content)
	return signed + "." + base64.RawURLEncoding.EncodeToString(sign(key, signed))
}

func sign(key, signed string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(signed))
	return mac.Sum(nil)
}

// unseal reads the claims of a token of the kind that one of the keys signed, and reports whether there is one.
func unseal(kind string, keys []string, token string, claims any) bool {
	signed, signature := cutLast(token)
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !strings.HasPrefix(signed, kind+".") {
		return false
	}
	ours := false
	for _, key := range keys { // all of them, so that the time taken does not tell which it was
		ours = hmac.Equal(given, sign(key, signed)) && key != "" || ours
	}
	return ours && read(kind, token, claims)
}

// read reads the claims of a token whose signature was checked before.
func read(kind, token string, claims any) bool {
	signed, _ := cutLast(token)
	encoded, right := strings.CutPrefix(signed, kind+".")
	content, err := base64.RawURLEncoding.DecodeString(encoded)
	return right && err == nil && json.Unmarshal(content, claims) == nil
}

// cutLast takes a token apart into what is signed and the signature; none: it has no dot.
func cutLast(token string) (signed, signature string) {
	i := strings.LastIndexByte(token, '.')
	if i < 0 {
		return token, ""
	}
	return token[:i], token[i+1:]
}
