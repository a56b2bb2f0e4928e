// Package apitest calls the API in tests as agents would, on a PostgreSQL database of its own, and holds every answer to the document.
package apitest

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"omni/internal/api"
	"omni/internal/inbox"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

// Desk is an API with its database.
type Desk struct {
	API      *api.API
	Store    *store.Store // of the schema's owner: for what others do there
	URL      string       // of the database
	Document *Document
	t        testing.TB
}

// New makes an API on a fresh database, where it may do what the function's database user may and no more. Each change may alter what it is made of.
func New(t testing.TB, changes ...func(*api.Options)) *Desk {
	t.Helper()
	owner, database := storetest.New(t)
	o := api.Options{Store: Restricted(t, database), Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	for _, change := range changes {
		change(&o)
	}
	a := api.New(o)
	return &Desk{API: a, Store: owner, URL: database, Document: ReadDocument(t, a), t: t}
}

// Restricted is a store on a database in the role of the api function.
func Restricted(t testing.TB, database string) *store.Store {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("role", "omni_api")
	u.RawQuery = query.Encode()
	opened, err := store.Open(u.String(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	return opened
}

// Client calls the API as somebody.
type Client struct {
	desk   *Desk
	claims map[string]string
}

// Agent is an agent who calls. Everybody is called by their name, which is their subject too.
func (d *Desk) Agent(name string) *Client { return d.client(name, "") }

// Admin is an administrator who calls.
func (d *Desk) Admin(name string) *Client { return d.client(name, "[admin]") }

// Claims is whoever a token with these claims is for.
func (d *Desk) Claims(claims map[string]string) *Client { return &Client{d, claims} }

// Nobody calls without having signed in.
func (d *Desk) Nobody() *Client { return &Client{desk: d} }

func (d *Desk) client(name, groups string) *Client {
	return &Client{d, map[string]string{"sub": name, "name": name, "email": name + "@example.com", "cognito:groups": groups}}
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Problem is the answer as a problem.
func (a Answer) Problem() api.Problem {
	var p api.Problem
	_ = json.Unmarshal(a.Body, &p)
	return p
}

// Do makes a request; body is sent as JSON unless it is nil, and bytes or text as they are. headers are names and values in turn.
func (c *Client) Do(method, target string, body any, headers ...string) Answer {
	t := c.desk.t
	t.Helper()
	r := httptest.NewRequest(method, target, reader(t, body)).WithContext(api.WithCall(t.Context(), api.Call{RequestID: uuid.NewString(), Claims: c.claims}))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.desk.API.ServeHTTP(w, r)
	answer := Answer{w.Code, w.Header(), w.Body.Bytes()}
	if err := c.desk.Document.Check(method, r.URL.EscapedPath(), answer); err != nil {
		t.Errorf("%s %s answers other than the document says: %v\n%d %s", method, target, err, answer.Status, answer.Body)
	}
	return answer
}

// Want makes a request that is to be answered with a status, and reads the answer into into, unless that is nil. Otherwise the test ends.
func (c *Client) Want(status int, method, target string, body, into any, headers ...string) {
	t := c.desk.t
	t.Helper()
	answer := c.Do(method, target, body, headers...)
	if answer.Status != status {
		t.Fatalf("%s %s: %d wanted, got %d: %s", method, target, status, answer.Status, answer.Body)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		t.Fatalf("%s %s: %v: %s", method, target, err, answer.Body)
	}
}

// WantProblem makes a request that is to fail with a status and a code, and returns the problem.
func (c *Client) WantProblem(status int, code, method, target string, body any, headers ...string) api.Problem {
	t := c.desk.t
	t.Helper()
	answer := c.Do(method, target, body, headers...)
	if p := answer.Problem(); answer.Status == status && p.Code == code && p.Status == status {
		return p
	}
	t.Fatalf("%s %s: %d %s wanted, got %d: %s", method, target, status, code, answer.Status, answer.Body)
	return api.Problem{}
}

// ID is the agent's id, who is known from then on at the latest.
func (c *Client) ID() uuid.UUID {
	c.desk.t.Helper()
	var me api.Me
	c.Want(http.StatusOK, http.MethodGet, "/v1/me", nil, &me)
	return me.ID
}

// Actor is the agent as who changes something in the store.
func (c *Client) Actor() inbox.Actor { return inbox.Actor{Agent: c.ID()} }

func reader(t testing.TB, body any) io.Reader {
	t.Helper()
	switch body := body.(type) {
	case nil:
		return http.NoBody
	case []byte:
		return bytes.NewReader(body)
	case string:
		return bytes.NewReader([]byte(body))
	}
	rendered, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(rendered)
}
