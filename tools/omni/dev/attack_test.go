package dev

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	crlf = "\r\n"
	post = "POST /webhooks/whatsapp HTTP/1.1" + crlf + "Host: localhost" + crlf
	get  = " HTTP/1.1" + crlf + "Host: localhost" + crlf + crlf
)

// chunk is a part of a chunked body.
func chunk(bytes int) string {
	return fmt.Sprintf("%x%s%s%s", bytes, crlf, strings.Repeat("x", bytes), crlf)
}

// crooked are requests that no platform and no browser makes.
func crooked() map[string]string {
	return map[string]string{
		"a chunked body of more than 4 MB":   post + "Transfer-Encoding: chunked" + crlf + crlf + strings.Repeat(chunk(1<<20), 4) + chunk(1) + "0" + crlf + crlf,
		"a chunked body of more than 10 MB":  post + "Transfer-Encoding: chunked" + crlf + crlf + strings.Repeat(chunk(1<<20), 11) + "0" + crlf + crlf,
		"a chunk without an end":             post + "Transfer-Encoding: chunked" + crlf + crlf + "ffffffffffffffff" + crlf + "x",
		"an unknown transfer encoding":       post + "Transfer-Encoding: cow" + crlf + crlf,
		"a length and chunks":                post + "Content-Length: 3" + crlf + "Transfer-Encoding: chunked" + crlf + crlf + chunk(1) + "0" + crlf + crlf,
		"two lengths":                        post + "Content-Length: 3" + crlf + "Content-Length: 4" + crlf + crlf + "abcd",
		"a negative length":                  post + "Content-Length: -1" + crlf + crlf,
		"a length that is too short":         post + "Content-Length: 1" + crlf + crlf + "abcdef",
		"a request in another's body":        post + "Content-Length: 0" + crlf + crlf + "GET /v1/me" + get,
		"headers of 2 MB":                    post + strings.Repeat("X-Filler: "+strings.Repeat("a", 1000)+crlf, 2000) + crlf,
		"a blank before the colon":           post + "X-Hub-Signature-256 : sha256=00" + crlf + crlf,
		"a folded header":                    post + "X-Hub-Signature-256: sha256=" + crlf + " 00" + crlf + crlf,
		"a NUL in a header":                  post + "X-Hub-Signature-256: sha256=\x0000" + crlf + crlf,
		"two hosts":                          post + "Host: evil.example" + crlf + crlf,
		"no host":                            "POST /webhooks/whatsapp HTTP/1.1" + crlf + crlf,
		"another site's URL":                 "GET http://evil.example/v1/me" + get,
		"a method of another protocol":       "PROPFIND /webhooks/whatsapp" + get,
		"a tunnel":                           "CONNECT 169.254.169.254:80" + get,
		"an echo":                            "TRACE /v1/me" + get,
		"a way up":                           "GET /webhooks/whatsapp/../../v1/me" + get,
		"a way up, encoded":                  "GET /webhooks/whatsapp/%2e%2e%2f%2e%2e%2fv1/me" + get,
		"a way up from the files":            "GET /files/..%2f..%2fsecrets.json" + get,
		"a way up from the pages":            "GET /..%2f..%2f..%2fetc%2fpasswd" + get,
		"a way up with the other slash":      `GET /..\..\secrets.json` + get,
		"two slashes":                        "GET //webhooks//whatsapp" + get,
		"capitals":                           "POST /WEBHOOKS/WHATSAPP" + get,
		"a slash in the account":             "POST /webhooks/telegram/a%2fb" + get,
		"an account that nobody has":         "POST /webhooks/telegram/nobody" + get,
		"an account of 100 KB":               "POST /webhooks/telegram/" + strings.Repeat("a", 100<<10) + get,
		"a handshake with a wrong token":     "GET /webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=x&hub.challenge=%3Cscript%3E" + get,
		"a query that cannot be read":        "POST /webhooks/whatsapp?%zz" + get,
		"a socket without a ticket":          "GET /ws HTTP/1.1" + crlf + "Host: localhost" + crlf + "Connection: Upgrade" + crlf + "Upgrade: websocket" + crlf + "Sec-WebSocket-Version: 13" + crlf + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" + crlf + crlf,
		"the API with a header for a caller": "GET /v1/agents HTTP/1.1" + crlf + "Host: localhost" + crlf + "X-Amzn-Oidc-Identity: ada@example.com" + crlf + "Authorization: Bearer x.y.z" + crlf + crlf,
	}
}

// What is no request of ours is refused or redirected soon, gets nothing of anybody's, and stores nothing.
func TestCrookedRequestsGetNothing(t *testing.T) {
	t.Parallel()
	running := beginOpen(t)
	for what, request := range crooked() {
		began := time.Now()
		status, body := say(t, strings.TrimPrefix(running.URL, "http://"), request)
		if status != 0 && (status < http.StatusMovedPermanently || status >= http.StatusInternalServerError && status != http.StatusNotImplemented) {
			t.Errorf("%s: %d %.300s", what, status, body)
		}
		for _, secret := range []string{"app_secret", "root:", "<script>", "ada@example.com"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s is told %s: %.300s", what, secret, body)
			}
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %v", what, took)
		}
	}
	db, err := pgx.Connect(t.Context(), running.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	var rows int
	if err := db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM webhook_logs) + (SELECT count(*) FROM agents) + (SELECT count(*) FROM connections)`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows are stored, %v", rows, err)
	}
	if got := newTab(t, running).get("/config.json"); got.status != http.StatusOK {
		t.Errorf("afterwards: %d", got.status)
	}
}

// say writes a request to a server as it stands and reads the answer. status 0: the server hung up.
func say(t *testing.T, address, request string) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.WriteString(conn, request) // a server that has seen enough does not read on
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, ""
	}
	defer response.Body.Close()
	read, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16)) // what there is of it
	return response.StatusCode, string(read)
}
