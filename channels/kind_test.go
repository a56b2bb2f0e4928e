package channels_test

import (
	"testing"

	"omni/channels"
)

func TestAFileIsSentAsWhatTheChannelTakesItAs(t *testing.T) {
	t.Parallel()
	spec := channels.Spec{Media: []channels.MediaLimit{
		{Kind: channels.Image, MaxBytes: 5 << 20, Types: []string{"image/jpeg", "image/png"}},
		{Kind: channels.Voice, MaxBytes: 1 << 20},
		{Kind: channels.Document, MaxBytes: 100 << 20},
	}}
	for _, test := range []struct {
		mime  string
		bytes int64
		want  channels.AttachmentKind
	}{
		{"image/png", 1, channels.Image},
		{"image/jpeg; charset=binary", 1, channels.Image},
		{"image/png", 6 << 20, channels.Document},
		{"image/gif", 1, channels.Document},
		{"audio/ogg", 1, channels.Voice},
		{"video/mp4", 1, channels.Document},
		{"application/pdf", 1, channels.Document},
		{"", 1, channels.Document},
	} {
		if got := spec.KindOf(test.mime, test.bytes); got != test.want {
			t.Errorf("%s of %d bytes is sent as %s, want %s", test.mime, test.bytes, got, test.want)
		}
	}
}
