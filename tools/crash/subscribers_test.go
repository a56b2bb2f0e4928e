package crash

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// post is a delivery of a body, signed by a secret.
func post(t *testing.T, secret, id, body string) *http.Request {
	t.Helper()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // the clock of whoever signs jumps
	signature, err := inbox.Sign(id, at, []byte(body), secret)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	for name, value := range map[string]string{
		"Webhook-Id": id, "Webhook-Timestamp": inbox.Post{At: at}.Timestamp(), "Webhook-Signature": signature,
	} {
		r.Header.Set(name, value)
	}
	return r
}

func TestASubscriberSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	s, err := openSubscriber(inbox.Subscription{}, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	defer s.http.Close()
	s.behave()
	id := uuid.New().String()
	body := `{"id": "` + id + `", "type": "message.created", "sequence": 3, "data": {}}`
	for _, step := range []struct{ secret, id, body, wrong string }{
		{s.Secret, id, body, ""},
		{s.Secret, id, body, ""},
		{s.Secret, id, strings.Replace(body, `"sequence": 3`, `"sequence": 4`, 1), "something else the second time"},
		{s.Secret, uuid.Nil.String(), body, "was delivered as"},
		{inbox.NewSubscriptionSecret(), id, body, "is not right"},
	} {
		s.wrong = nil
		s.ServeHTTP(httptest.NewRecorder(), post(t, step.secret, step.id, step.body))
		if got := strings.Join(s.wrong, "\n"); !strings.Contains(got, step.wrong) || step.wrong == "" && got != "" {
			t.Errorf("%q, want %q", got, step.wrong)
		}
	}
	if told := s.got[uuid.MustParse(id)]; told == nil || told.times != 2 || told.Sequence != 3 {
		t.Errorf("it took %+v", told)
	}
}
