package inbox

import (
	"fmt"
	"slices"
	"strings"

	"omni/channels"
)

// TemplateWords is what the customer reads of a message made of one of the templates that its account has by its name. The error is a
// [channels.RejectedError] that says why it cannot be made of any.
func TemplateWords(spec channels.Spec, named []channels.MessageTemplate, m channels.TemplateMessage) (string, error) {
	i := slices.IndexFunc(named, func(t channels.MessageTemplate) bool { return t.Language == m.Language })
	if i >= 0 {
		return named[i].Words(m), named[i].Check(m)
	}
	reason := fmt.Sprintf("%s has no template %s.", spec.Title, m.Name)
	if len(named) > 0 {
		reason = fmt.Sprintf("%s has the template %s not in %s, but in %s.", spec.Title, m.Name, m.Language, languages(named))
	}
	return "", channels.Reject("template_unknown", reason, nil)
}

func languages(of []channels.MessageTemplate) string {
	var all []string
	for _, t := range of {
		all = append(all, t.Language)
	}
	return strings.Join(all, ", ")
}
