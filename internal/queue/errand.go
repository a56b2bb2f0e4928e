package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// Errands queues errands where their channels' answers are delivered. Repeating the call within five minutes is harmless.
func (s *Sender) Errands(ctx context.Context, errands []inbox.Errand) error {
	messages := make([]message, len(errands))
	for i, errand := range errands {
		job := errand.Job
		errand.Job = inbox.Job{}
		body, err := encode(envelope{Kind: kindErrand, Job: job, Errand: &errand})
		if err != nil {
			return err
		}
		messages[i] = message{job: job, body: body}
	}
	return s.send(ctx, messages)
}

// maxTemplates is how many bytes of templates one message carries. Another one may be as large again, and JSON within JSON larger.
const maxTemplates = maxBytes / 4

// ReportNews queues what came of an errand, for whoever records it. The same may be reported twice.
func (s *Sender) ReportNews(ctx context.Context, id uuid.UUID, news inbox.News) error {
	pages, err := paged(news.Templates)
	if err != nil {
		return err
	}
	messages := make([]message, len(pages))
	for i, page := range pages {
		news.Templates = page
		job := news.Job(id)
		body, err := encode(envelope{Kind: kindNews, Job: job, News: &news})
		if err != nil {
			return err
		}
		messages[i] = message{job: job, body: body, about: fmt.Sprintf("%s@%d/%d", kindNews, news.At.UnixMilli(), i)}
	}
	return s.send(ctx, messages)
}

// paged divides templates into what fits into a message each. No templates are one empty page.
func paged(templates []channels.MessageTemplate) ([][]channels.MessageTemplate, error) {
	var pages [][]channels.MessageTemplate
	size, from := 0, 0
	for i, template := range templates {
		rendered, err := json.Marshal(template)
		if err != nil {
			return nil, fmt.Errorf("rendering template %s: %w", template.Name, err)
		}
		if size += len(rendered); size > maxTemplates && i > from {
			pages = append(pages, templates[from:i])
			size, from = len(rendered), i
		}
	}
	return append(pages, templates[from:]), nil
}
