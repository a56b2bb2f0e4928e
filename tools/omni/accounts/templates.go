package accounts

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"omni/internal/inbox"
	"omni/tools/omni/terminal"
)

// Filter says which templates are meant; empty fields filter nothing.
type Filter struct {
	inbox.CredentialAccount
	Status string
}

// longestText is how much of a template the table shows, in characters.
const longestText = 100

// Templates writes a table of the templates.
func Templates(ctx context.Context, s Store, w io.Writer, f Filter) error {
	all, err := s.ListTemplates(ctx, f.CredentialAccount)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(t inbox.KnownTemplate) bool { return f.Status != "" && t.Status != f.Status })
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "No such template is known. `omni channels refresh` asks the platforms, `omni channels list` says whether they answered.")
		return err
	}
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ACCOUNT\tNAME\tLANGUAGE\tCATEGORY\tSTATUS\tTO FILL\tTEXT")
	for _, t := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name(t.Channel, t.CredentialAccount), terminal.Line(t.Name, 0), terminal.Line(t.Language, 0), terminal.Line(t.Category, 0),
			terminal.Line(t.Status, 0), cmp.Or(terminal.Line(toFill(t), 0), "-"), terminal.Line(t.Body.Text, longestText))
	}
	table.Flush()
	_, err = w.Write(out.Bytes())
	return err
}

// toFill says what a message made of the template needs.
func toFill(t inbox.KnownTemplate) string {
	var parts []string
	if h := t.Header; h != nil && h.File != "" {
		parts = append(parts, "header: "+string(h.File))
	} else if h != nil && len(h.Gaps) > 0 {
		parts = append(parts, "header: "+strings.Join(h.Gaps, " "))
	}
	if len(t.Body.Gaps) > 0 {
		parts = append(parts, "text: "+strings.Join(t.Body.Gaps, " "))
	}
	for i, button := range t.Buttons {
		if button.Gap {
			parts = append(parts, fmt.Sprintf("button %d: %s", i, button.Kind))
		}
	}
	for _, part := range t.Beyond {
		parts = append(parts, "not possible: "+part)
	}
	return strings.Join(parts, ", ")
}
