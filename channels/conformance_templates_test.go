package channels_test

import (
	"errors"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
)

// checkTemplates lists the templates of the platform that the channel's simulator plays, and sends each: those that may be sent arrive, the
// others are refused by us and by the platform.
func checkTemplates(t *testing.T, spec channels.Spec) {
	if _, can := channeltest.Open(t, spec.Name, nil).(channels.TemplateLister); can != spec.Sends.Templates {
		t.Fatalf("the spec says that it sends templates: %t, and it is a channels.TemplateLister: %t", spec.Sends.Templates, can)
	}
	if !spec.Sends.Templates {
		return
	}
	c := startChat(t, spec)
	listed, err := c.channel.(channels.TemplateLister).Templates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sendable, refused := 0, 0
	seen := map[string]bool{}
	for _, template := range listed {
		name := template.Name + " " + template.Language
		if template.Name == "" || template.Language == "" || template.Body.Text == "" || seen[name] {
			t.Errorf("%s: %+v", name, template)
		}
		seen[name] = true
		message := c.fill(template)
		switch {
		case template.Check(message) == nil:
			sendable++
			c.expectDelivery(t, name, c.saying(channels.Content{Template: &message}))
		case template.Status != channels.TemplateApproved:
			refused++
			if _, err := c.channel.Send(t.Context(), c.saying(channels.Content{Template: &message})); !isRejected(err) {
				t.Errorf("%s, which is %s: %v", name, template.Status, err)
			}
		}
	}
	if sendable < 3 || refused < 3 {
		t.Errorf("%d of the templates can be sent, %d are not approved: want three of each", sendable, refused)
	}
	wrong := callSecrets(spec)
	for _, secret := range spec.Secrets {
		if secret.For == channels.ForSend {
			wrong[secret.Name] = []string{"wrong"}
		}
	}
	if _, err := c.open(t, wrong, c.client).(channels.TemplateLister).Templates(t.Context()); !errors.Is(err, channels.ErrCredentials) {
		t.Errorf("with wrong secrets: %v, want ErrCredentials", err)
	}
}

// fill fills the gaps of a template.
func (c *chat) fill(template channels.MessageTemplate) channels.TemplateMessage {
	m := channels.TemplateMessage{Name: template.Name, Language: template.Language}
	if header := template.Header; header != nil {
		for range header.Gaps {
			m.Header = append(m.Header, "head")
		}
		if header.File != "" {
			m.HeaderFile = c.file(header.File, map[channels.AttachmentKind]string{
				channels.Image: "image/png", channels.Video: "video/mp4", channels.Document: "application/pdf",
			}[header.File])
		}
	}
	for _, gap := range template.Body.Gaps {
		if !template.Named {
			m.Body = append(m.Body, gap)
			continue
		}
		if m.Named == nil {
			m.Named = map[string]string{}
		}
		m.Named[gap] = "a word"
	}
	for i, button := range template.Buttons {
		if button.Gap {
			m.Buttons = append(m.Buttons, channels.TemplateButton{Index: i, Kind: button.Kind, Value: "end"})
		}
	}
	return m
}
