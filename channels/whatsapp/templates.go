package whatsapp

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"omni/channels"
	"omni/channels/internal/graph"
)

// Limits of a listing. Meta lets a business account have 6000 templates.
// Source: .../whatsapp/business-management-api/message-templates, "Limitations".
const (
	templatesPerPage = 100
	maxTemplatePages = 100
)

// templateFields are what is asked of each template.
const templateFields = "name,language,status,category,parameter_format,components"

// Templates lists the templates of the business account, page by page.
// Source: .../graph-api/reference/whats-app-business-account/message_templates.
func (c channel) Templates(ctx context.Context) ([]channels.MessageTemplate, error) {
	if err := c.env.Secrets.Need(graph.AccessToken, wabaID); err != nil {
		return nil, err
	}
	edge := c.env.Secrets.First(wabaID) + "/message_templates"
	params := url.Values{"fields": {templateFields}, "limit": {strconv.Itoa(templatesPerPage)}}
	var all []channels.MessageTemplate
	for range maxTemplatePages {
		var page templatePage
		if err := c.client().Get(ctx, edge, params, &page); err != nil {
			return nil, fmt.Errorf("listing the templates: %w", err)
		}
		for _, one := range page.Data {
			all = append(all, one.neutral())
		}
		if page.Paging.Next == "" {
			return all, nil
		}
		params.Set("after", page.Paging.Cursors.After)
	}
	return nil, fmt.Errorf("listing the templates: there are more than %d", maxTemplatePages*templatesPerPage)
}

type templatePage struct {
	Data   []listedTemplate `json:"data"`
	Paging struct {
		Cursors struct {
			After string `json:"after"`
		} `json:"cursors"`
		Next string `json:"next"` // its URL; empty on the last page
	} `json:"paging"`
}

// listedTemplate is a template in Meta's words.
type listedTemplate struct {
	Name       string              `json:"name"`
	Language   string              `json:"language"`
	Status     string              `json:"status"`
	Category   string              `json:"category"`
	Format     string              `json:"parameter_format"` // NAMED or POSITIONAL
	Components []templateComponent `json:"components"`
}

// Source: .../whatsapp/templates/components.
type templateComponent struct {
	Type    string                 `json:"type"`
	Format  string                 `json:"format"` // of a header
	Text    string                 `json:"text"`
	Buttons []listedTemplateButton `json:"buttons"`
}

type listedTemplateButton struct {
	Type string `json:"type"`
	Text string `json:"text"`
	URL  string `json:"url"`
}

// headerFiles are the formats of a header that is a file.
var headerFiles = map[string]channels.AttachmentKind{"IMAGE": channels.Image, "VIDEO": channels.Video, "DOCUMENT": channels.Document}

// neutral says the same in our words.
func (l listedTemplate) neutral() channels.MessageTemplate {
	t := channels.MessageTemplate{
		Name: l.Name, Language: l.Language, Category: strings.ToLower(l.Category), Status: strings.ToLower(l.Status), Named: l.Format == "NAMED",
	}
	for _, component := range l.Components {
		switch component.Type {
		case "HEADER":
			component.head(&t)
		case "BODY":
			t.Body = gapped(component.Text)
		case "FOOTER":
			t.Footer = component.Text
		case "BUTTONS":
			for _, button := range component.Buttons {
				t.Buttons = append(t.Buttons, button.neutral())
			}
		default:
			t.Beyond = append(t.Beyond, strings.ToLower(component.Type))
		}
	}
	return t
}

// head makes the header. The gap of one that has a name takes that beside its value, which a [channels.TemplateMessage] does not have.
func (c templateComponent) head(t *channels.MessageTemplate) {
	file, isFile := headerFiles[c.Format]
	header := channels.TemplateHeader{TemplateText: gapped(c.Text), File: file}
	switch {
	case !isFile && c.Format != "TEXT":
		t.Beyond = append(t.Beyond, "a header of format "+strings.ToLower(c.Format))
	case t.Named && len(header.Gaps) > 0:
		t.Beyond = append(t.Beyond, "a header with a named gap")
	}
	t.Header = &header
}

// neutral says what kind of button it is by the name under which it is filled. Passwords for one time come with a link of Meta's.
func (b listedTemplateButton) neutral() channels.TemplateAction {
	action := channels.TemplateAction{Kind: strings.ToLower(b.Type), Text: b.Text, URL: b.URL}
	switch b.Type {
	case "URL":
		action.Gap = gap.MatchString(b.URL)
	case "OTP":
		action.Kind, action.Gap = "url", true
	case "COPY_CODE":
		action.Gap = true
	}
	return action
}

// gap is a place to fill: a number or a name in double braces.
var gap = regexp.MustCompile(`\{\{\s*(\w+)\s*\}\}`)

// gapped finds the gaps of a text: each once, numbers in their order, names as they come.
func gapped(text string) channels.TemplateText {
	found := channels.TemplateText{Text: text}
	for _, match := range gap.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(found.Gaps, match[1]) {
			found.Gaps = append(found.Gaps, match[1])
		}
	}
	slices.SortStableFunc(found.Gaps, func(a, b string) int {
		first, errA := strconv.Atoi(a)
		second, errB := strconv.Atoi(b)
		if errA != nil || errB != nil {
			return 0
		}
		return first - second
	})
	return found
}

var _ channels.TemplateLister = channel{}
