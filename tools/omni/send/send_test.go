package send

import (
	"errors"
	"strings"
	"testing"

	"omni/channels"
	"omni/internal/inbox"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fates []fate
		quiet bool
		over  bool
		want  string // of the error
	}{
		"queued":                      {[]fate{{status: inbox.Queued}}, false, false, ""},
		"queued for long":             {[]fate{{status: inbox.Queued}}, true, true, "still on its way"},
		"sent":                        {[]fate{{status: channels.Sent}}, false, false, ""},
		"sent, and nothing more":      {[]fate{{status: channels.Sent}}, true, true, ""},
		"read":                        {[]fate{{status: channels.Read}}, false, true, ""},
		"read, and a part delivered":  {[]fate{{status: channels.Read}, {status: channels.Delivered}}, false, false, ""},
		"failed":                      {[]fate{{status: channels.Failed, code: "1", reason: "No."}}, false, true, ErrNotSent.Error()},
		"failed, and a part sent":     {[]fate{{status: channels.Sent}, {status: channels.Failed}}, true, true, ErrNotSent.Error()},
		"the platform may tell":       {[]fate{{status: inbox.Unknown}}, false, false, ""},
		"the platform has not told":   {[]fate{{status: inbox.Unknown}}, true, true, "still on its way"},
		"nobody will ever tell of it": {[]fate{{status: inbox.Unknown, code: "unknown"}}, false, true, ErrNotSent.Error()},
	} {
		over, err := verdict(c.fates, c.quiet)
		if over != c.over || (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %t, %v; want %t, %q", name, over, err, c.over, c.want)
		}
	}
	if _, err := verdict([]fate{{status: channels.Failed}, {status: inbox.Queued}}, true); !errors.Is(err, ErrNotSent) {
		t.Errorf("failed, with a part on its way: %v", err)
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]fate{
		"  sent (part 2 of 3)":                            {status: channels.Sent},
		"  failed (part 2 of 3): Too late. (131047)":      {status: channels.Failed, code: "131047", reason: "Too late."},
		"  unknown (part 2 of 3): waiting for the platfo": {status: inbox.Unknown},
	} {
		if got := f.line(1, 3); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]channels.AttachmentKind{
		"image/png": channels.Image, "video/mp4": channels.Video, "audio/ogg; codecs=opus": channels.Audio, "application/pdf": channels.Document, "": channels.Document,
	} {
		if got := kindOf(contentType); got != want {
			t.Errorf("%q: %s, want %s", contentType, got, want)
		}
	}
}
