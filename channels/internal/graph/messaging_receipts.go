package graph

import (
	"encoding/json"
	"time"

	"omni/channels"
	"omni/channels/internal/wire"
)

// receipts are the events of a delivery or read: a status for each message that it names and a watermark. Each is narrowed to itself.
// A status takes the watermark for its timestamp, so that it keeps the time without a second event in its body.
func receipts(p Piece, key string, body wire.Object) []channels.Event {
	until := body.Time("watermark")
	stamp := p.Value["timestamp"]
	if !until.IsZero() {
		stamp = body["watermark"]
	}
	var events []channels.Event
	for _, mid := range body.List("mids") {
		events = append(events, receipt(p, key, stamp, wire.Pair{Key: "mids", Value: wire.Array(mid)}))
	}
	if body.Has("mid") {
		events = append(events, receipt(p, key, stamp, wire.Pair{Key: "mid", Value: body["mid"]}))
	}
	if !until.IsZero() {
		events = append(events, receipt(p, key, p.Value["timestamp"], wire.Pair{Key: "watermark", Value: body["watermark"]}))
	}
	if events == nil {
		id := channels.HashID(string(channels.KindUnknown), string(p.raw))
		events = []channels.Event{p.event(channels.KindUnknown, readPeople(p).thread(), id, p.Value.Time("timestamp"))}
	}
	return events
}

// receipt is the event of a delivery or read that says only one thing.
func receipt(p Piece, key string, stamp json.RawMessage, said wire.Pair) channels.Event {
	p.raw = wire.Narrow(
		wire.Pair{Key: "sender", Value: p.Value["sender"]},
		wire.Pair{Key: "recipient", Value: p.Value["recipient"]},
		wire.Pair{Key: "timestamp", Value: stamp},
		wire.Pair{Key: key, Value: wire.Narrow(said)})
	p.Value, _ = wire.ParseObject(p.raw)
	body := p.Value.Object(key)
	thread, at := readPeople(p).thread(), p.Value.Time("timestamp")
	mid, until := receiptOf(body)
	switch {
	case mid != "":
		return p.event(channels.KindStatus, thread, mid+"/"+string(receiptState(key)), at)
	case !until.IsZero():
		id := channels.HashID(key, readParty(p.Value, "sender").name(), body.ID("watermark"))
		return p.event(channels.KindRead, thread, id, until)
	}
	return p.event(channels.KindUnknown, thread, channels.HashID(string(channels.KindUnknown), string(p.raw)), at)
}

// receiptOf reads a receipt that says one thing: the id of a message or a watermark.
func receiptOf(body wire.Object) (mid string, until time.Time) {
	mid = body.ID("mid")
	if mids := body.List("mids"); len(mids) == 1 {
		mid = wire.Object{"mid": mids[0]}.ID("mid")
	}
	return mid, body.Time("watermark")
}

func receiptState(key string) channels.DeliveryState {
	if key == "read" {
		return channels.Read
	}
	return channels.Delivered
}
