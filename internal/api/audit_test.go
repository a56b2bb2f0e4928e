package api_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"omni/internal/api"
	"omni/internal/api/apitest"
)

func TestTheAuditLogIsReadPageByPage(t *testing.T) {
	t.Parallel()
	d := apitest.New(t)
	boss, other := d.Admin("boss"), d.Admin("other")
	for n := range 7 {
		client := boss
		if n%2 == 1 {
			client = other
		}
		client.Want(http.StatusCreated, http.MethodPost, "/v1/labels", map[string]string{"name": string(rune('a' + n)), "color": "#000000"}, nil)
	}
	execute(t, d, `UPDATE audit_log SET at = (SELECT max(at) FROM audit_log)`) // only their ids tell them apart
	var seen []string
	for cursor := ""; ; {
		var page api.Page[api.AuditEntry]
		boss.Want(http.StatusOK, http.MethodGet, "/v1/audit?limit=3&cursor="+cursor, nil, &page)
		for _, entry := range page.Items {
			seen = append(seen, entry.ID.String())
		}
		if page.Next == nil {
			break
		}
		cursor = *page.Next
		other.Want(http.StatusCreated, http.MethodPost, "/v1/labels", map[string]string{"name": uuid.NewString(), "color": "#000000"}, nil) // before the first page
	}
	want(t, seen, column(t, d, `SELECT id::text FROM (SELECT * FROM audit_log ORDER BY id LIMIT 7) AS first ORDER BY id DESC`)...)
	for query, number := range map[string]int{"agent=" + other.ID().String(): 5, "action=label.created": 9, "action=canned_reply.*": 0, "conversation=" + uuid.NewString(): 0} {
		var page api.Page[api.AuditEntry]
		boss.Want(http.StatusOK, http.MethodGet, "/v1/audit?"+query, nil, &page)
		if len(page.Items) != number {
			t.Errorf("%s: %d entries, want %d", query, len(page.Items), number)
		}
	}
	boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, "/v1/audit?cursor=nonsense", nil)
	boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodGet, "/v1/audit?limit=101", nil)
}
