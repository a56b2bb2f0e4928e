package follow

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

var (
	chat, other = uuid.UUID{1}, uuid.UUID{2}
	hello, echo = uuid.UUID{3}, uuid.UUID{4}
)

func id(u uuid.UUID) string { return `"` + u.String() + `"` }

// What a dashboard shows is the latest of each thing, without what has turned out to be another.
func TestChangesFold(t *testing.T) {
	t.Parallel()
	created := `{"cursor": "1", "kind": "message.created", "conversation": {"id": ` + id(chat) + `, "status": "open", "unread": 1, "last_message_at": "2026-01-02T03:04:05Z"},
		"message": {"id": ` + id(hello) + `, "conversation": ` + id(chat) + `, "direction": "in", "text": "hello"}}`
	for name, c := range map[string]struct {
		changes string
		want    Shown
	}{
		"created": {created, Shown{map[uuid.UUID]string{chat: "open 1"}, map[uuid.UUID]string{hello: chat.String() + " in - f hello"}}},
		"the latest counts": {
			created + `, {"cursor": "2", "kind": "message.updated", "message": {"id": ` + id(hello) + `, "conversation": ` + id(chat) + `, "direction": "in", "text": "",
				"deleted_at": "2026-01-02T03:04:05Z"}}`,
			Shown{map[uuid.UUID]string{chat: "open 1"}, map[uuid.UUID]string{hello: chat.String() + " in - t"}},
		},
		"not in any list yet": {
			`{"cursor": "1", "kind": "conversation.created", "conversation": {"id": ` + id(chat) + `, "status": "open"}}`,
			Shown{map[uuid.UUID]string{}, map[uuid.UUID]string{}},
		},
		"a chat that is part of another": {
			created + `, {"cursor": "2", "kind": "conversation.merged", "conversation_id": ` + id(chat) + `, "merged_into": ` + id(other) + `}`,
			Shown{map[uuid.UUID]string{}, map[uuid.UUID]string{hello: other.String() + " in - f hello"}},
		},
		"an echo of ours": {
			created + `, {"cursor": "2", "kind": "message.merged", "message_id": ` + id(hello) + `, "conversation_id": ` + id(chat) + `, "merged_into": ` + id(echo) + `}`,
			Shown{map[uuid.UUID]string{chat: "open 1"}, map[uuid.UUID]string{}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var changes []change
			if err := json.Unmarshal([]byte("["+c.changes+"]"), &changes); err != nil {
				t.Fatal(err)
			}
			d := New(Options{Client: http.DefaultClient})
			d.show(changes, "9")
			if diff := cmp.Diff(c.want, d.Shown()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if d.cursor != "9" || d.Tally().Repeated != 0 {
				t.Errorf("the cursor is %q, %d came twice", d.cursor, d.Tally().Repeated)
			}
			if d.show(changes, "9"); d.Tally().Repeated == 0 {
				t.Error("what came twice is not counted")
			}
		})
	}
}
