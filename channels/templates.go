package channels

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// TemplateLister is a Channel whose platform keeps templates: messages that it approves before they may be sent.
type TemplateLister interface {
	// Templates lists every template of the credential account, whatever its status, in the platform's order. The list is complete, or there
	// is an error: [ErrCredentials], [ErrMissingSecrets], or one after which asking again may help.
	Templates(context.Context) ([]MessageTemplate, error)
}

// TemplateApproved is the status of a template that may be sent.
const TemplateApproved = "approved"

// MessageTemplate is a template in one language: what an agent needs to pick it and to fill its gaps with a [TemplateMessage].
type MessageTemplate struct {
	Name     string           `json:"name"`
	Language string           `json:"language"`           // as the platform names it: en_US
	Category string           `json:"category,omitempty"` // the platform's word in lower case: marketing, utility, authentication
	Status   string           `json:"status"`             // [TemplateApproved], or the platform's word for why not, in lower case: pending, rejected, paused
	Named    bool             `json:"named,omitempty"`    // the gaps have names; otherwise numbers from 1
	Header   *TemplateHeader  `json:"header,omitempty"`   // nil: none
	Body     TemplateText     `json:"body"`
	Footer   string           `json:"footer,omitempty"`
	Buttons  []TemplateAction `json:"buttons,omitempty"`
	// Beyond names the parts that a TemplateMessage cannot fill, such as a carousel. With any the template cannot be sent by us.
	Beyond []string `json:"beyond,omitempty"`
}

// TemplateText is a text with gaps, each in double braces: {{1}}, {{name}}.
type TemplateText struct {
	Text string   `json:"text"`
	Gaps []string `json:"gaps,omitempty"` // by number or by name, each once; numbered ones in their order, from 1
}

// TemplateHeader is the head of a template: a text, or a file that comes with each message.
type TemplateHeader struct {
	TemplateText
	File AttachmentKind `json:"file,omitempty"` // empty: it is the text
}

// TemplateAction is a button of a template.
type TemplateAction struct {
	Kind string `json:"kind"` // quick_reply, url, copy_code, or the platform's word in lower case
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
	Gap  bool   `json:"gap,omitempty"` // a [TemplateButton] has to fill it. A quick_reply needs none and takes one.
}

// Check reports why a message cannot be made of the template, as a [RejectedError].
func (t MessageTemplate) Check(m TemplateMessage) error {
	if t.Status != TemplateApproved {
		return Reject("template_not_approved", fmt.Sprintf("The template %s (%s) may not be sent: it is %s.", t.Name, t.Language, t.Status), nil)
	}
	if len(t.Beyond) > 0 {
		return t.refuse("has a part that cannot be filled from here: %s", strings.Join(t.Beyond, ", "))
	}
	if err := t.checkHeader(m); err != nil {
		return err
	}
	if err := t.checkBody(m); err != nil {
		return err
	}
	return t.checkButtons(m.Buttons)
}

func (t MessageTemplate) refuse(format string, args ...any) error {
	return Reject("template_gaps", fmt.Sprintf("The template %s (%s) ", t.Name, t.Language)+fmt.Sprintf(format, args...)+".", nil)
}

func (t MessageTemplate) checkHeader(m TemplateMessage) error {
	header := TemplateHeader{}
	if t.Header != nil {
		header = *t.Header
	}
	switch given := m.HeaderFile; {
	case header.File == "" && given != nil:
		return t.refuse("has no file in its header")
	case header.File != "" && (given == nil || given.Kind != header.File):
		return t.refuse("needs a file of kind %s in its header", header.File)
	case len(m.Header) != len(header.Gaps):
		return t.refuse("has %s in its header, and %d are filled", gaps(len(header.Gaps)), len(m.Header))
	}
	return nil
}

func (t MessageTemplate) checkBody(m TemplateMessage) error {
	if !t.Named {
		if len(m.Named) > 0 || len(m.Body) != len(t.Body.Gaps) {
			return t.refuse("has %s in its text, by number, and %d are filled", gaps(len(t.Body.Gaps)), len(m.Body))
		}
		return nil
	}
	wanted, given := slices.Sorted(slices.Values(t.Body.Gaps)), slices.Sorted(maps.Keys(m.Named))
	if len(m.Body) > 0 || !slices.Equal(wanted, given) {
		return t.refuse("has %s in its text, by name: %s", gaps(len(wanted)), strings.Join(wanted, ", "))
	}
	return nil
}

func (t MessageTemplate) checkButtons(given []TemplateButton) error {
	filled := map[int]bool{}
	for _, button := range given {
		if button.Index < 0 || button.Index >= len(t.Buttons) {
			return t.refuse("has no button %d, counted from 0", button.Index)
		}
		action := t.Buttons[button.Index]
		if button.Kind != action.Kind || !action.Gap && action.Kind != "quick_reply" || filled[button.Index] {
			return t.refuse("takes nothing of kind %s for the button %q", button.Kind, action.Text)
		}
		filled[button.Index] = true
	}
	for i, action := range t.Buttons {
		if action.Gap && !filled[i] {
			return t.refuse("needs something to fill the button %q", action.Text)
		}
	}
	return nil
}

func gaps(n int) string {
	if n == 1 {
		return "1 gap"
	}
	return fmt.Sprintf("%d gaps", n)
}

// Words is what the customer reads of a message made of the template, one that Check takes: its header, body and footer with the gaps filled.
func (t MessageTemplate) Words(m TemplateMessage) string {
	var parts []string
	if t.Header != nil && t.Header.File == "" {
		parts = append(parts, t.Header.filled(m.Header))
	}
	body := t.Body.fill(m.Named)
	if !t.Named {
		body = t.Body.filled(m.Body)
	}
	parts = append(parts, body, t.Footer)
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "\n\n")
}

// filled is the text with its gaps filled by position.
func (t TemplateText) filled(values []string) string {
	by := map[string]string{}
	for i, gap := range t.Gaps[:min(len(t.Gaps), len(values))] {
		by[gap] = values[i]
	}
	return t.fill(by)
}

var bracedGap = regexp.MustCompile(`\{\{\s*(\w+)\s*\}\}`)

// fill is the text with its gaps filled by what they are called. What fills one is not looked at for gaps.
func (t TemplateText) fill(by map[string]string) string {
	return bracedGap.ReplaceAllStringFunc(t.Text, func(gap string) string {
		if value, ok := by[bracedGap.FindStringSubmatch(gap)[1]]; ok {
			return value
		}
		return gap
	})
}
