package issuer

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// session is one sign-in, with all the tokens that came of it.
type session struct {
	ID     string    `json:"id"`
	Person Person    `json:"person"`
	Scope  string    `json:"scope"`
	Began  time.Time `json:"began"`
	Turn   int       `json:"turn"`   // of the refresh token that works
	Turned time.Time `json:"turned"` // since when
}

// sessions are kept in a file, so that a restart signs nobody out.
type sessions struct {
	path string
	now  func() time.Time

	mu  sync.Mutex
	all map[string]session
}

func openSessions(dir string, now func() time.Time) (*sessions, error) {
	s := &sessions{path: filepath.Join(dir, "sessions.json"), now: now, all: map[string]session{}}
	content, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(content, &s.all)
	}
	if err != nil {
		return nil, fmt.Errorf("reading who is signed in, %s: %w (delete the file to sign everybody out)", s.path, err)
	}
	return s, nil
}

// begin begins a session.
func (s *sessions) begin(p Person, scope string) (session, error) {
	now := s.now()
	begun := session{ID: rand.Text(), Person: p, Scope: scope, Began: now, Turn: 1, Turned: now}
	return begun, s.change(func(all map[string]session) { all[begun.ID] = begun })
}

// lateness is how long the refresh token before the last one still works: two tabs may come with the same one, and an answer may get lost.
// Cognito's rotation has the same.
const lateness = 30 * time.Second

// renew gives a refresh token its turn; ok is false if it has none. One that comes when its turn is long past was stolen, or its successor was:
// the whole session ends (RFC 9700, section 4.14.2).
func (s *sessions) renew(given turn) (renewed session, ok bool, err error) {
	now := s.now()
	err = s.change(func(all map[string]session) {
		current, known := all[given.session]
		switch {
		case !known:
			return
		case given.number == current.Turn:
			current.Turn, current.Turned = current.Turn+1, now
			all[current.ID] = current
		case given.number != current.Turn-1 || now.Sub(current.Turned) > lateness:
			delete(all, given.session)
			return
		}
		renewed, ok = current, true
	})
	return renewed, ok, err
}

// end ends a session.
func (s *sessions) end(id string) error {
	return s.change(func(all map[string]session) { delete(all, id) })
}

func (s *sessions) get(id string) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.all[id]
	return found, ok && s.now().Sub(found.Began) <= sessionTime
}

// change changes the sessions and writes them down, without those that have expired. After an error nothing has changed.
func (s *sessions) change(how func(all map[string]session)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := maps.Clone(s.all)
	maps.DeleteFunc(next, func(_ string, old session) bool { return s.now().Sub(old.Began) > sessionTime })
	how(next)
	content, err := json.MarshalIndent(next, "", "  ")
	if err != nil {
		return fmt.Errorf("writing down who is signed in: %w", err)
	}
	if err := writeFile(s.path, content); err != nil {
		return err
	}
	s.all = next
	return nil
}
