package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// block is how many numbers a search looks through at once.
const block = 1 << 17

// says writes messages with these numbers into one conversation, as if they had been processed.
func (f *fixture) says(said map[int64]string) {
	f.t.Helper()
	id := uuid.Must(uuid.NewV7())
	execute(f.t, f.db, fmt.Sprintf(`
		INSERT INTO channel_accounts (id, channel, external_id, credential_account) VALUES ('%s', '%s', '%s', 'default')`,
		inbox.AccountID(channel, account), channel, account))
	execute(f.t, f.db, fmt.Sprintf(`
		INSERT INTO conversations (id, channel_account_id, thread, status, last_message_at) VALUES ('%s', '%s', '7', 'open', now())`,
		id, inbox.AccountID(channel, account)))
	for number, text := range said {
		_, err := f.db.Exec(f.t.Context(), `
			INSERT INTO messages (id, seq, channel_account_id, thread, lane, state, conversation_id, direction, type, text, content, occurred_at)
			VALUES ($1, $2, $3, '7', 'live/7', 'processed', $4, 'in', 'text', $5, '{"direction":"in","type":"text"}', now())`,
			uuid.Must(uuid.NewV7()), number, inbox.AccountID(channel, account), id, text)
		if err != nil {
			f.t.Fatal(err)
		}
	}
	execute(f.t, f.db, `SELECT setval('inbound_seq', (SELECT max(seq) FROM messages))`)
}

func (f *fixture) finds(typed string, before int64, most int) (numbers []int64) {
	f.t.Helper()
	found, err := f.SearchMessages(f.t.Context(), typed, before, most)
	if err != nil {
		f.t.Fatalf("%q: %v", typed, err)
	}
	for _, message := range found {
		numbers = append(numbers, message.Number)
	}
	return numbers
}

func TestSearchGoesFromTheNewestBlockToTheOldest(t *testing.T) {
	f := setup(t)
	f.says(map[int64]string{
		1: "Where is my parcel?", block - 1: "A parcel for you", block: "No parcel came", 5*block + 3: "parcel, parcels", 5*block + 4: "It's here: o'clock, http://a.b/c?d='x'",
		6 * block: "0, 1, parcel",
	})
	for _, test := range []struct {
		typed  string
		before int64
		most   int
		want   []int64
	}{
		{"parcel", 0, 10, []int64{6 * block, 5*block + 3, block, block - 1, 1}},
		{"parcel", 0, 2, []int64{6 * block, 5*block + 3}},
		{"parcel", 5*block + 3, 10, []int64{block, block - 1, 1}},
		{"parcel", block, 1, []int64{block - 1}},
		{"no parc", 0, 10, []int64{block}},
		{"parc no", 0, 10, nil}, // only the last word may be a beginning
		{"o'clock", 0, 10, []int64{5*block + 4}},
		{"a.b/c", 0, 10, []int64{5*block + 4}},
		{"0/parcel", 0, 10, nil}, // a block is no word
		{"''' & | ! ( :* \\", 0, 10, nil},
		{"", 0, 10, nil},
	} {
		if got := f.finds(test.typed, test.before, test.most); !slices.Equal(got, test.want) {
			t.Errorf("%q before %d: %v, want %v", test.typed, test.before, got, test.want)
		}
	}
}

// PostgreSQL's words end at 2,046 bytes. A message with a longer one is kept, and found by its beginning and by its other words.
func TestSearchTakesWordsOfAnyLength(t *testing.T) {
	f := setup(t)
	said := map[int64]string{}
	for i, length := range []int{249, 250, 251, 2040, 2046, 2047, 2048, 20000} {
		said[int64(i+1)] = "before " + strings.Repeat("ж", length) + " after"
	}
	f.says(said)
	for typed, want := range map[string]int{"before": len(said), strings.Repeat("ж", 200): len(said), "before after": len(said) - 1} { // 20,000 characters are indexed
		if got := f.finds(typed, 0, 100); len(got) != want {
			t.Errorf("%.20q is found in %v, want %d", typed, got, want)
		}
	}
}
