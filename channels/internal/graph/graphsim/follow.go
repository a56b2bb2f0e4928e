package graphsim

import (
	"math/rand/v2"
	"strconv"
	"time"

	"omni/channels"
	"omni/channels/simulate"
)

// Follow implements [simulate.Follower]. A reaction has no id and no echo, and no echo names a visitor of a web page who has no scoped id.
func (p Platform) Follow(d simulate.Delivery, at time.Time) []simulate.Event {
	if d.ID == "" || !scoped.MatchString(d.Thread) {
		return nil
	}
	s := &Stage{
		Scene:  simulate.Scene{Rand: rand.New(rand.NewPCG(uint64(d.At.UnixNano()), 0)), At: d.At, Account: d.Account},
		Person: d.Thread, Mid: d.ID, mid: p.Mid,
	}
	events := []simulate.Event{must(s.Echo(s.echoed(d)))}
	s.At = at
	for _, receipt := range p.Receipts {
		events = append(events, must(receipt(s)))
	}
	return events
}

// must is for what is made of a message that there is.
func must(event simulate.Event, err error) simulate.Event {
	if err != nil {
		panic("graphsim: following a delivery: " + err.Error())
	}
	return event
}

// echoed is the content of an echo. What was offered to choose from is not in it.
func (s *Stage) echoed(d simulate.Delivery) M {
	content := M{}
	for key, value := range map[string]string{"text": d.Content.Text, "metadata": d.Handle} {
		if value != "" {
			content[key] = value
		}
	}
	if id, err := strconv.ParseInt(d.App, 10, 64); err == nil {
		content["app_id"] = id
	}
	if d.Content.File != nil {
		content["attachments"] = []any{s.sentFile(d.Content.File.Kind)}
	}
	return content
}

// sentFile is a file that Meta took, and keeps on its own servers.
func (s *Stage) sentFile(kind channels.AttachmentKind) M {
	for typ, of := range kindsOfFile {
		if of == kind {
			return Attachment(typ, M{"url": s.URL(extensions[typ])})
		}
	}
	return Attachment("unsupported_type", nil)
}

var extensions = map[string]string{"image": "jpg", "video": "mp4", "audio": "mp4", "file": "pdf"}
