package crash

import (
	"bytes"
	"encoding/json"

	platforms "omni/channels/simulate"
)

// The styles in which events are packed.
const (
	byThePlatform = iota // as the simulator does it: as few bodies as can be
	sideBySide           // the entries of Meta's bodies one after the other
	nested               // the entries of an account as one
)

// pack makes webhook bodies of events, whose own bytes stay as they are. A platform that does not batch has one for each.
func pack(platform platforms.Platform, happenings []happening, style int) [][]byte {
	bodies := make([][]byte, len(happenings))
	events := make([]platforms.Event, len(happenings))
	viewed := false
	for n, h := range happenings {
		bodies[n], events[n] = h.webhook.Body, h.event
		viewed = viewed || h.viewed
	}
	webhooks := platform.Webhooks(events)
	switch {
	case len(webhooks) == len(bodies) && len(bodies) > 1:
		return bodies
	case style == byThePlatform && !viewed, !hasEntries(bodies[0]):
		bodies = bodies[:0]
		for _, w := range webhooks {
			bodies = append(bodies, w.Body)
		}
		return bodies
	}
	return [][]byte{merge(bodies, style == nested)}
}

// envelope is a body of Meta's.
type envelope struct {
	Object string                       `json:"object"`
	Entry  []map[string]json.RawMessage `json:"entry"`
}

// hasEntries reports whether a body is one of Meta's, which can be merged.
func hasEntries(body []byte) bool {
	var one envelope
	return json.Unmarshal(body, &one) == nil && one.Object != ""
}

// merge makes one body of several of Meta's.
func merge(bodies [][]byte, nest bool) []byte {
	var all envelope
	for _, body := range bodies {
		var one envelope
		_ = json.Unmarshal(body, &one) // a body has entries, or it is not merged
		all.Object = one.Object
		for _, entry := range one.Entry {
			if !nest || !all.absorb(entry) {
				all.Entry = append(all.Entry, entry)
			}
		}
	}
	return write(all)
}

// write is json.Marshal that leaves the events' own bytes as they are: that escapes < and its like in them.
func write(v any) []byte {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err) // it was JSON before
	}
	return bytes.TrimSpace(body.Bytes())
}

// absorb appends the list of an entry to that of the last one, if both are of the same account and have the same members.
func (e *envelope) absorb(entry map[string]json.RawMessage) bool {
	if len(e.Entry) == 0 {
		return false
	}
	last := e.Entry[len(e.Entry)-1]
	for _, list := range []string{"changes", "messaging", "standby"} {
		var before, more []json.RawMessage
		sameTime := string(last["time"]) == string(entry["time"]) || list != "changes" // which may have no other
		if string(last["id"]) != string(entry["id"]) || len(last) != len(entry) || !sameTime ||
			json.Unmarshal(last[list], &before) != nil || json.Unmarshal(entry[list], &more) != nil {
			continue
		}
		last[list] = write(append(before, more...))
		return true
	}
	return false
}
