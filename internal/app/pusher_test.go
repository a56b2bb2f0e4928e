package app_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/queue"
)

// connectionsAPI answers posts to connections as AWS does; what stands before the = of an id says how.
type connectionsAPI struct {
	mu    sync.Mutex
	posts map[string][]string // bodies, by the path as it came
}

func (a *connectionsAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	path := r.URL.EscapedPath()
	a.mu.Lock()
	a.posts[path] = append(a.posts[path], string(body))
	number := len(a.posts[path])
	a.mu.Unlock()
	refuse := func(status int, name string) {
		w.Header().Set("X-Amzn-Errortype", name)
		w.WriteHeader(status)
		io.WriteString(w, `{"message":null}`)
	}
	switch id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]; {
	case !strings.Contains(r.Header.Get("Authorization"), "/execute-api/aws4_request"):
		refuse(http.StatusForbidden, "ForbiddenException")
	case id == "gone=":
		refuse(http.StatusGone, "GoneException")
	case id == "busy=" && number <= 3:
		refuse(http.StatusTooManyRequests, "LimitExceededException")
	case id == "broken=":
		refuse(http.StatusBadRequest, "BadRequestException")
	}
}

// From the message on the queue to the requests that reach API Gateway, and back to the processor's queue.
func TestThePusherPostsToConnections(t *testing.T) {
	t.Parallel()
	api := &connectionsAPI{posts: map[string][]string{}}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	room := newMailroom()
	sender := queue.NewSender(room, app.Queues{Live: "live", Push: "pushes"}.URLs(), nil)
	config := aws.Config{Region: "local", Credentials: credentials.NewStaticCredentialsProvider("x", "x", "")}
	pusher := app.OutsideParts{
		Queue: sender, Connections: app.Connections{API: app.NewConnections(config, server.URL+"/live")}, Delayer: edge.QueueDelay{},
		Log: slog.New(slog.DiscardHandler),
	}.Pusher()
	push := inbox.Push{At: time.Now(), Frame: inbox.Frame{Type: inbox.FrameFeed}, Connections: []string{"a-_=", "gone=", "busy=", "broken="}}
	for range 2 {
		if err := sender.Push(t.Context(), push); err != nil {
			t.Fatal(err)
		}
	}
	batch := events.SQSEvent{Records: append(room.messages, events.SQSMessage{MessageId: "odd", Body: "{}"})}
	room.messages = nil
	response, err := pusher(t.Context(), batch)
	if err != nil || len(response.BatchItemFailures) != 1 || response.BatchItemFailures[0].ItemIdentifier != "odd" {
		t.Errorf("%+v, %v", response, err)
	}
	if got := api.posts["/live/@connections/a-_%3D"]; !slices.Equal(got, []string{`{"type":"feed"}`}) {
		t.Errorf("posted %q; all: %v", got, api.posts)
	}
	if got := len(api.posts["/live/@connections/busy%3D"]); got != 4 {
		t.Errorf("a connection that was throttled three times was tried %d times", got)
	}
	if len(room.messages) != 1 {
		t.Fatalf("%d messages follow", len(room.messages))
	}
	task, err := queue.Decode(t.Context(), room.messages[0].Body, nil)
	if err != nil || !slices.Equal(task.Gone, []string{"gone="}) {
		t.Errorf("%+v, %v", task, err)
	}
}
