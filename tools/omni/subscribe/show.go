package subscribe

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"omni/channels"
)

// width is where lists of kinds of event are broken.
const width = 110

// show writes what is registered, for people.
func show(w io.Writer, title string, subscriptions []channels.Subscription) error {
	var out bytes.Buffer
	fmt.Fprintln(&out, title)
	for _, s := range subscriptions {
		fmt.Fprintf(&out, "  %s\n", s.On)
		if !s.Active {
			fmt.Fprintln(&out, "    not registered")
		}
		field(&out, "webhooks to", s.URL)
		if s.Active {
			field(&out, "events", lines(s.Events))
		}
		if s.Waiting > 0 {
			field(&out, "waiting", fmt.Sprintf("%d webhooks still to be delivered", s.Waiting))
		}
		if s.LastError != "" {
			field(&out, "last error", s.LastErrorAt.Local().Format(time.DateTime)+" "+s.LastError)
		}
	}
	fmt.Fprintln(&out)
	_, err := w.Write(out.Bytes())
	return err
}

func field(w io.Writer, name, value string) {
	if value != "" {
		fmt.Fprintf(w, "    %-12s %s\n", name, value)
	}
}

// lines breaks a list into lines below each other.
func lines(names []string) string {
	var out strings.Builder
	length := 0
	for i, name := range names {
		switch {
		case i == 0:
		case length+len(name) > width:
			out.WriteString(",\n" + strings.Repeat(" ", 17))
			length = 0
		default:
			out.WriteString(", ")
		}
		out.WriteString(name)
		length += len(name) + 2
	}
	return out.String()
}
