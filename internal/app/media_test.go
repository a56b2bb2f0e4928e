package app_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"

	"omni/channels/simulate"
	"omni/internal/inbox"
)

// Everything that simulated customers send is fetched and kept, and no token gets anywhere.
func TestCustomersFilesAreKept(t *testing.T) {
	for _, channel := range simulate.Channels() {
		platform, _ := simulate.Lookup(channel)
		if _, keepsFiles := platform.(simulate.API); !keepsFiles {
			continue // what its customers send is with us already
		}
		t.Run(channel, func(t *testing.T) {
			g := newGallery(t, channel)
			g.say(channel, "text")
			for _, kind := range platform.Kinds() {
				g.say(channel, kind)
			}
			g.work()
			stored := 0
			for _, f := range g.known() {
				switch inbox.FileState(f.State) {
				case inbox.FileStored:
					stored++
					g.check(f)
				case inbox.FileRefused: // the link of something shared that lies elsewhere
				default:
					if g.waitsForHistory() == 0 {
						t.Errorf("%+v", f)
					}
				}
			}
			if stored < 2 {
				t.Errorf("%d files are stored: %+v", stored, g.known())
			}
			g.searchForTokens()
		})
	}
}

// waitsForHistory is how many files are put off.
func (g *gallery) waitsForHistory() int {
	g.t.Helper()
	return g.count(`SELECT count(*) FROM files JOIN messages m ON m.id = message_id WHERE m.history AND files.state = 'waiting'`)
}

func TestAFileThatCannotBeFetchedLeavesItsMessageReadable(t *testing.T) {
	for channel, kind := range map[string]string{"whatsapp": "image", "telegram": "photo", "messenger": "image", "instagram": "image"} {
		t.Run(channel, func(t *testing.T) {
			g := newGallery(t, channel)
			g.down.Store(true)
			if !g.say(channel, kind) {
				t.Fatalf("%s customers send no %s", channel, kind)
			}
			if n := g.count(`SELECT count(*) FROM messages m JOIN attachments a ON a.message_id = m.id WHERE m.state = 'processed'`); n != 1 {
				t.Errorf("%d messages can be read before the file is tried", n)
			}
			g.work()
			got := g.known()
			if len(got) != 1 || got[0].State != string(inbox.FileWaiting) || got[0].Attempt != 2 || !strings.Contains(got[0].Text, "could not be fetched") {
				t.Fatalf("%+v", got)
			}
			if n := g.count(`SELECT count(*) FROM messages WHERE state = 'processed'`); n != 1 {
				t.Errorf("%d messages can be read", n)
			}
			g.down.Store(false)
			if again, err := g.inside.Retry(t.Context(), got[0].ID); !again || err != nil {
				t.Fatal(again, err)
			}
			g.work()
			if got = g.known(); got[0].State != string(inbox.FileStored) {
				t.Fatalf("%+v", got)
			}
			g.check(got[0])
			if n := g.count(`SELECT count(*) FROM feed WHERE kind = 'message.updated'`); n != 1 {
				t.Errorf("clients are told %d times", n)
			}
			g.searchForTokens()
		})
	}
}

// What was lost on the way is found as overdue, by the processor as by the sweeper, each with the rights that it has.
func TestAFileThatWasLostIsFoundAgain(t *testing.T) {
	g := newGallery(t, "whatsapp")
	g.say("whatsapp", "image")
	lost := func() {
		t.Helper()
		forget := func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
			return events.SQSEventResponse{}, nil
		}
		if n := g.drain(inbox.MediaQueue, forget); n != 1 {
			t.Fatalf("%d jobs are lost", n)
		}
		if _, err := g.admin.Exec(t.Context(), `UPDATE files SET due_at = now() - interval '1 second'`); err != nil {
			t.Fatal(err)
		}
	}
	lost()
	if n, err := g.inside.Rescue(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	lost()
	g.sweeper.Fetches = g.inside.Queue
	if swept, err := g.sweeper.Sweep(t.Context()); err != nil || swept.Overdue < 1 {
		t.Fatal(swept, err)
	}
	g.work()
	if got := g.known(); len(got) != 1 || got[0].State != string(inbox.FileStored) || got[0].Attempt != 3 {
		t.Errorf("%+v", got)
	}
}

func TestAFileThatCouldNotBeFetchedForADayIsGivenUp(t *testing.T) {
	g := newGallery(t, "whatsapp")
	g.down.Store(true)
	g.say("whatsapp", "image")
	g.work()
	if _, err := g.admin.Exec(t.Context(), `UPDATE files SET wanted_at = now() - interval '1 day', due_at = now() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	if n, err := g.inside.Rescue(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	g.work()
	got := g.known()
	if len(got) != 1 || got[0].State != string(inbox.FileFailed) || !strings.Contains(got[0].Text, "for a day") {
		t.Errorf("%+v", got)
	}
	if n := g.count(`SELECT count(*) FROM feed WHERE kind = 'message.updated'`); n != 1 {
		t.Errorf("clients are told %d times", n)
	}
}

// What died in the queue of files, or of what is known of them, is overdue: nothing of it is to be kept.
func TestDeadAttemptsAtFilesAreLetGo(t *testing.T) {
	g := newGallery(t, "whatsapp")
	g.say("whatsapp", "image")
	g.drain(inbox.MediaQueue, g.bury)
	g.say("whatsapp", "image")
	g.drain(inbox.MediaQueue, g.media)
	g.drain(inbox.LiveQueue, g.bury)
	if n := g.count(`SELECT count(*) FROM dead_jobs`); n != 0 {
		t.Errorf("%d jobs are kept", n)
	}
	if n := g.count(`SELECT count(*) FROM files WHERE state = 'waiting'`); n != 2 {
		t.Errorf("%d files wait", n)
	}
}

func TestJobsOfOthersAreUnreadableToTheMediaFunction(t *testing.T) {
	g := newGallery(t, "whatsapp")
	for _, body := range []string{"{", `{"version":1,"kind":"wake","job":{"id":"` + uuid.Max.String() + `"}}`} {
		answer, err := g.media(t.Context(), events.SQSEvent{Records: []events.SQSMessage{{MessageId: "1", Body: body}}})
		if err != nil || len(answer.BatchItemFailures) != 1 {
			t.Errorf("%s: %+v, %v", body, answer, err)
		}
	}
}
