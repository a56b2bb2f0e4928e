package simulator

import "slices"

// checkTemplate takes every template but those called "missing" and those that the list shows as not approved, and holds what fills them to its form.
// Source: .../whatsapp/templates/overview, .../templates/components.
func (a *api) checkTemplate(account string, t templatePart) m {
	switch {
	case t.Name == "" || t.Language.Code == "":
		return refuse(131008, "Required parameter is missing", "template needs name and language.code")
	case t.Name == "missing":
		return refuse(132001, "Template name does not exist in the translation", "template name (missing) does not exist")
	}
	if refused := unapproved(t.Name, t.Language.Code); refused != nil {
		return refused
	}
	for _, component := range t.Components {
		if refused := a.checkComponent(account, component); refused != nil {
			return refused
		}
	}
	return nil
}

// fillers are the types of parameter by what they fill: a component, or a kind of button.
var fillers = map[string][]string{
	"header": {"text", "image", "video", "document"}, "body": {"text"}, "quick_reply": {"payload"}, "url": {"text"},
	"copy_code": {"coupon_code"},
}

func (a *api) checkComponent(account string, c componentPart) m {
	filled := c.Type
	if c.Type == "button" {
		filled = c.SubType
	}
	if (c.Type == "button") != (c.Index != "") || len(c.Parameters) == 0 || fillers[filled] == nil {
		return refuse(132012, "Parameter format does not match format in the created template", "component "+c.Type+" "+c.SubType)
	}
	for _, p := range c.Parameters {
		if !slices.Contains(fillers[filled], p.Type) || !slices.Equal(p.present(), []string{p.Type}) {
			return refuse(132012, "Parameter format does not match format in the created template", "parameter "+p.Type)
		}
		if file := p.file(); file != nil {
			if refused := a.checkReferred(account, p.Type, *file); refused != nil {
				return refused
			}
		}
	}
	return nil
}

// present names the values that the parameter has.
func (p parameterPart) present() []string {
	var names []string
	for _, part := range []struct {
		name string
		is   bool
	}{
		{"text", p.Text != ""}, {"payload", p.Payload != ""}, {"coupon_code", p.Code != ""},
		{"image", p.Image != nil}, {"video", p.Video != nil}, {"document", p.Document != nil},
	} {
		if part.is {
			names = append(names, part.name)
		}
	}
	return names
}

func (p parameterPart) file() *filePart {
	for _, file := range []*filePart{p.Image, p.Video, p.Document} {
		if file != nil {
			return file
		}
	}
	return nil
}
