package queue_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/queue"
)

func TestErrands(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c := &counter{}
	sender := queue.NewSender(c, map[string]string{"outbound-testchat": "out", inbox.LiveQueue: "live"}, nil)
	chat := inbox.Chat{
		Conversation: inbox.Conversation{ChannelAccount: inbox.AccountID("testchat", "1"), Thread: "4912"},
		Channel:      "testchat", Account: "1", CredentialAccount: "shop",
	}
	ask := inbox.AccountErrand(uuid.Max, inbox.ErrandHealth, inbox.CredentialAccount{Channel: "testchat", Name: "shop"})
	show := inbox.Presence{Chat: chat}.Hint(uuid.Max, inbox.ErrandTyping, "m1", now)
	if err := sender.Errands(t.Context(), []inbox.Errand{ask, show}); err != nil {
		t.Fatal(err)
	}
	answers := inbox.Job{Account: chat.ChannelAccount, Lane: "live/4912"} // the hint has its place among them
	want := []string{"out " + ask.Job.Group() + " " + uuid.Max.String() + ":1", "out " + answers.Group() + " " + uuid.Max.String() + ":1"}
	if diff := cmp.Diff(want, c.entries); diff != "" {
		t.Error(diff)
	}
	for i, errand := range []inbox.Errand{ask, show} {
		if task := decoded(t, c.bodies[i]); task.Errand == nil || !cmp.Equal(*task.Errand, errand) {
			t.Errorf("%+v", task)
		}
	}
}

func TestNewsOfManyTemplatesComeInPages(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	news := inbox.News{Errand: inbox.ErrandTemplates, Channel: "testchat", CredentialAccount: "shop", At: at, State: inbox.AccountOK, Total: 300}
	for n := range news.Total {
		body := channels.TemplateText{Text: strings.Repeat("<ö>", 700)}
		news.Templates = append(news.Templates, channels.MessageTemplate{Name: fmt.Sprint("t", n), Body: body})
	}
	for _, templates := range [][]channels.MessageTemplate{nil, news.Templates[:1], news.Templates} {
		c := &careful{}
		given := news
		given.Templates = templates
		if err := queue.NewSender(c, map[string]string{inbox.LiveQueue: "live"}, nil).ReportNews(t.Context(), uuid.Max, given); err != nil {
			t.Fatal(err)
		}
		ids, names := map[string]bool{}, map[string]bool{}
		for i, body := range c.bodies {
			task := decoded(t, body)
			if task.News == nil || task.News.Total != 300 || !task.News.At.Equal(at) || task.Job.Queue != inbox.LiveQueue || len(body) > 1<<19 {
				t.Fatalf("%d bytes: %+v", len(body), task.Job)
			}
			ids[c.entries[i]] = true
			for _, template := range task.News.Templates {
				names[template.Name] = true
			}
		}
		if len(names) != len(templates) || len(ids) != len(c.bodies) || len(ids) == 0 || len(templates) == 300 && len(ids) < 3 {
			t.Errorf("%d of %d templates in %d messages with %d ids", len(names), len(templates), len(c.bodies), len(ids))
		}
	}
}

// careful is a counter for calls at the same time.
type careful struct {
	mu sync.Mutex
	counter
}

func (c *careful) SendMessageBatch(
	ctx context.Context, in *sqs.SendMessageBatchInput, o ...func(*sqs.Options),
) (*sqs.SendMessageBatchOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counter.SendMessageBatch(ctx, in, o...)
}
