package channels_test

import (
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
)

// fetched are the kinds of attachments that are files wherever they come with a link or an id.
var fetched = []channels.AttachmentKind{
	channels.Image, channels.Video, channels.Audio, channels.Voice, channels.Document, channels.Sticker, channels.Animation, channels.VideoNote,
}

// checkMedia fetches every file that the channel's simulated customers send.
func checkMedia(t *testing.T, spec channels.Spec) {
	if _, can := channeltest.Open(t, spec.Name, nil).(channels.MediaOpener); !can {
		t.Skip("it fetches no files")
	}
	secrets := callSecrets(spec)
	channel := open(t, spec, secrets, playPlatform(t, spec, secrets))
	files := 0
	for serial, kind := range platform(t, spec).Kinds() {
		for _, a := range simulatedFiles(t, spec, channel, kind, serial) {
			files++
			checkFile(t, kind, channel.(channels.MediaOpener), a)
		}
	}
	if files == 0 {
		t.Error("its simulated customers send no files")
	}
	elsewhere := channels.Attachment{Kind: channels.Image, URL: "https://files.example/1.png"}
	if media, err := channel.(channels.MediaOpener).OpenMedia(t.Context(), elsewhere); err == nil {
		_ = media.Body.Close()
		t.Error("it fetches a file from a host that is not the platform's")
	}
}

func checkFile(t *testing.T, kind string, opener channels.MediaOpener, a channels.Attachment) {
	t.Helper()
	media, err := opener.OpenMedia(t.Context(), a)
	if err != nil {
		t.Errorf("%s: %v of %+v", kind, err, a)
		return
	}
	defer media.Body.Close()
	content, err := io.ReadAll(media.Body)
	if err != nil || len(content) == 0 || media.Bytes >= 0 && media.Bytes != int64(len(content)) {
		t.Errorf("%s: %d bytes of %d, %v", kind, len(content), media.Bytes, err)
	}
}

// simulatedFiles are the files that come with one event.
func simulatedFiles(t *testing.T, spec channels.Spec, channel channels.Channel, kind string, serial int) []channels.Attachment {
	t.Helper()
	event, err := platform(t, spec).Event(kind, simulate.Scene{
		Rand: rand.New(rand.NewPCG(3, uint64(serial))), At: time.Now(), Account: "104218563001122", Customer: simulate.Customer{Number: 7, Name: "Ada"},
		Serial: serial, Run: "files",
	})
	if err != nil {
		return nil // it needs an earlier message, and brings no file
	}
	var found []channels.Attachment
	for _, w := range platform(t, spec).Webhooks([]simulate.Event{event}) {
		results, err := channeltest.Run(channel, w.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			if r.Update == nil || r.Update.Message == nil {
				continue
			}
			found = append(found, slices.DeleteFunc(r.Update.Message.Attachments, func(a channels.Attachment) bool {
				return !slices.Contains(fetched, a.Kind) || a.URL == "" && a.MediaID == ""
			})...)
		}
	}
	return found
}
