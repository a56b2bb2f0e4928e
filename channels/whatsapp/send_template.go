package whatsapp

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"omni/channels"
)

// template fills the gaps of a template.
// Source: .../whatsapp/templates/overview, .../templates/components.
func (c channel) template(ctx context.Context, account string, t channels.TemplateMessage) (dict, error) {
	var components []dict
	header, err := c.templateHeader(ctx, account, t)
	if err != nil {
		return nil, err
	}
	for _, part := range []struct {
		name       string
		parameters []dict
	}{{"header", header}, {"body", templateBody(t)}} {
		if len(part.parameters) > 0 {
			components = append(components, dict{"type": part.name, "parameters": part.parameters})
		}
	}
	for _, button := range t.Buttons {
		component, err := templateButton(button)
		if err != nil {
			return nil, err
		}
		components = append(components, component)
	}
	content := dict{"name": t.Name, "language": dict{"code": t.Language}}
	if components != nil {
		content["components"] = components
	}
	return content, nil
}

func (c channel) templateHeader(ctx context.Context, account string, t channels.TemplateMessage) ([]dict, error) {
	if t.HeaderFile == nil {
		return texts(t.Header), nil
	}
	switch t.HeaderFile.Kind {
	case channels.Image, channels.Video, channels.Document:
	default:
		return nil, channels.Reject("template", "The header of a template is an image, a video or a document.", nil)
	}
	kind, file, err := c.file(ctx, account, *t.HeaderFile, "")
	if err != nil {
		return nil, err
	}
	return []dict{{"type": kind, kind: file}}, nil
}

func texts(values []string) []dict {
	var parameters []dict
	for _, value := range values {
		parameters = append(parameters, dict{"type": "text", "text": value})
	}
	return parameters
}

func templateBody(t channels.TemplateMessage) []dict {
	parameters := texts(t.Body)
	for _, name := range slices.Sorted(maps.Keys(t.Named)) {
		parameters = append(parameters, dict{"type": "text", "parameter_name": name, "text": t.Named[name]})
	}
	return parameters
}

// templateButton fills a button. Each kind calls what fills it by another name.
func templateButton(b channels.TemplateButton) (dict, error) {
	key, ok := map[string]string{"quick_reply": "payload", "url": "text", "copy_code": "coupon_code"}[b.Kind]
	if !ok {
		return nil, channels.Reject("template", fmt.Sprintf("A button of a template cannot be of kind %q.", b.Kind), nil)
	}
	return dict{"type": "button", "sub_type": b.Kind, "index": strconv.Itoa(b.Index),
		"parameters": []dict{{"type": key, key: b.Value}}}, nil
}
