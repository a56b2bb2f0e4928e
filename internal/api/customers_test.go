package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	_ "omni/channels/telegram"
	_ "omni/channels/whatsapp"
	"omni/internal/api"
	"omni/internal/api/apitest"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/store"
)

// shop is an API with customers who write to it, and platforms that are told and take nothing.
type shop struct {
	*apitest.Desk
	t     testing.TB
	db    *pgx.Conn
	files *shelf

	mu       sync.Mutex
	serial   int
	sends    []inbox.Send
	errands  []inbox.Errand
	presence []string
}

func openShop(t testing.TB, changes ...func(*api.Options)) *shop {
	t.Helper()
	s := &shop{t: t, files: &shelf{sizes: map[string]int64{}}}
	s.Desk = apitest.New(t, append([]func(*api.Options){s.equip}, changes...)...)
	conn, err := pgx.Connect(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	s.db = conn
	return s
}

// equip gives the API everything that it needs besides its database.
func (s *shop) equip(o *api.Options) {
	opened := o.Store.(*store.Store)
	log := slog.New(slog.DiscardHandler)
	o.Answers = &pipeline.Answers{Store: opened, Queue: s, Errands: s, Meter: silent{}, Log: log, Now: time.Now}
	o.Files, o.Colleagues = s.files, s
	o.Snoozes = &pipeline.Snoozes{Store: opened, Log: log, Now: time.Now}
}

func (s *shop) Send(_ context.Context, send inbox.Send) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sends = append(s.sends, send)
	return nil
}

func (s *shop) Remind(context.Context, inbox.Job, inbox.Outcome, time.Time) error { return nil }

func (s *shop) Errands(_ context.Context, errands []inbox.Errand) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errands = append(s.errands, errands...)
	return nil
}

func (s *shop) Presence(_ context.Context, _, _ uuid.UUID, name string, state inbox.PresenceState) {
	s.presence = append(s.presence, name+" "+string(state))
}

// shelf are files of which there are sizes alone.
type shelf struct{ sizes map[string]int64 }

func (s *shelf) Link(_ context.Context, key string) (string, error) {
	return "https://files.example.com/" + key, nil
}

func (s *shelf) Upload(_ context.Context, key, mime string, bytes int64) (inbox.UploadLink, error) {
	s.sizes[key] = bytes
	return inbox.UploadLink{URL: "https://files.example.com/" + key, Headers: map[string]string{"Content-Type": mime}, Until: time.Now()}, nil
}

func (s *shelf) Size(_ context.Context, key string) (int64, error) {
	bytes, ok := s.sizes[key]
	if !ok {
		return 0, inbox.ErrNotFound
	}
	return bytes, nil
}

type silent struct{}

func (silent) Count(string, map[string]int)                            {}
func (silent) CountAged(string, map[string]int, string, time.Duration) {}

const ourNumber = "100000000000001"

// happens lets the platform tell of something in a chat.
func (s *shop) happens(channel string, e channels.Event, u channels.Update) {
	s.t.Helper()
	s.mu.Lock()
	s.serial++
	if e.ID == "" {
		e.ID = fmt.Sprint(e.Kind, "-", s.serial)
	}
	s.mu.Unlock()
	e.Account, e.Raw = ourNumber, []byte("{}")
	stored, err := s.Store.Ingest(s.t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: channel, CredentialAccount: "default", RequestID: "r", Body: []byte("{}"), Events: []channels.Event{e},
	})
	if err != nil || len(stored.Jobs) != 1 {
		s.t.Fatal(stored, err)
	}
	rows, err := s.Store.Pending(s.t.Context(), stored.Jobs[0], nil, 10)
	if err != nil || len(rows) != 1 {
		s.t.Fatal(rows, err)
	}
	change := inbox.Change{Row: rows[0], Update: u, Files: true, Fulfils: &stored.Jobs[0].ID}
	if u.Message != nil && u.Message.Direction == channels.In {
		change.Window = 24 * time.Hour
	}
	if _, err := s.Store.Apply(s.t.Context(), change); err != nil {
		s.t.Fatal(err)
	}
}

// says lets a customer of WhatsApp write, and returns their conversation.
func (s *shop) says(customer, text string) uuid.UUID {
	s.t.Helper()
	return s.saysAt(customer, text, time.Now())
}

func (s *shop) saysAt(customer, text string, at time.Time) uuid.UUID {
	s.t.Helper()
	s.happens("whatsapp", channels.Event{Kind: channels.KindMessage, Thread: customer, At: at}, message(customer, text))
	return s.conversation(customer)
}

// message is something that a customer writes.
func message(customer, text string) channels.Update {
	return channels.Update{
		Person:  &channels.Person{Name: "Customer " + customer, Phone: "+" + customer, Identities: []channels.Identity{{Kind: "wa_id", Value: customer}}},
		Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Sender: customer, Text: text},
	}
}

func (s *shop) conversation(thread string) (id uuid.UUID) {
	s.t.Helper()
	err := s.db.QueryRow(s.t.Context(), `SELECT conversation_id FROM conversation_threads WHERE thread = $1`, thread).Scan(&id)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// fails lets the latest message of ours in a conversation fail.
func (s *shop) fails(id uuid.UUID, code, reason string) {
	s.t.Helper()
	s.mu.Lock()
	var send inbox.Send
	for _, one := range s.sends {
		if one.Job.ID == id {
			send = one
		}
	}
	s.mu.Unlock()
	_, err := s.Store.Conclude(s.t.Context(), inbox.Outcome{
		Message: id, Account: send.Job.Account, Attempt: send.Job.Attempt, Result: inbox.ResultRejected, At: time.Now(), Code: code, Reason: reason,
	}, func(inbox.Attempted) inbox.Decision {
		return inbox.Decision{Verdict: inbox.VerdictFailed, Code: code, Reason: reason}
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) count(query string, args ...any) (n int) {
	s.t.Helper()
	if err := s.db.QueryRow(s.t.Context(), query, args...).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// path is the path of a conversation, or of what is below it.
func path(id uuid.UUID, below ...string) string {
	return strings.Join(append([]string{"/v1/conversations", id.String()}, below...), "/")
}

// list are the conversations of a list, by their threads, read page by page.
func list(t testing.TB, c *apitest.Client, query string) []string {
	t.Helper()
	threads := []string{}
	for target := "/v1/conversations?" + query; ; {
		var page api.Page[api.Conversation]
		c.Want(http.StatusOK, http.MethodGet, target, nil, &page)
		for _, conversation := range page.Items {
			threads = append(threads, conversation.Thread)
		}
		if page.Next == nil {
			return threads
		}
		target = "/v1/conversations?" + query + "&cursor=" + *page.Next
	}
}
