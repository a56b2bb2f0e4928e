package channels_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
)

// bombs are bodies that are made to cost as much as they can: as long, deep and full as they may be.
func bombs() map[string]string {
	const size = 4 << 20
	fill := func(frame, one string) string {
		before, after, _ := strings.Cut(frame, "*")
		number := (size - len(frame)) / len(one)
		if strings.HasSuffix(before, "[") {
			number = min(number, channels.MaxElements-strings.Count(before, "["))
		}
		return before + strings.TrimSuffix(strings.Repeat(one, number), ",") + after
	}
	const message = `{"update_id":1,"message":{"message_id":1,"chat":{"id":1},"text":"*"}}`
	return map[string]string{
		"depth": fill("*", "["), "depth of objects": fill("*", `{"message":`),
		"allowed depth": strings.Repeat(`{"message":`, 4999) + strings.Repeat("[", 4999) + strings.Repeat("]", 4999) + strings.Repeat("}", 4999),
		"width":         fill("[*]", "{},"), "numbers": fill("[*]", "1,"), "lists": fill("[*]", "[],"), "keys": fill(`{*}`, `"a":1,`),
		"entries": fill(`{"object":"page","entry":[*]}`, "{},"), "numbers for entries": fill(`{"object":"page","entry":[*]}`, "1,"),
		"messaging":           fill(`{"object":"instagram","entry":[{"id":"1","messaging":[*]}]}`, "{},"),
		"numbers for changes": fill(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[*]}]}`, "1,"),
		"changes":             fill(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[*]}]}`, "{},"),
		"messages": fill(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},`+
			`"messages":[*]}}]}]}`, `{"id":"1"},`),
		"escapes": fill(message, `\u0041`), "a text": fill(message, "{"),
	}
}

// Limits of what one body may cost: a function has 512 MB and 30 seconds, and takes one body at a time.
const (
	mostAllocated = 256 << 20
	longest       = 5 * time.Second
)

func TestWhatCustomersWriteMakesNoBodyCrowded(t *testing.T) {
	t.Parallel()
	const many = channels.MaxElements
	for body, want := range map[string]bool{
		"[" + strings.Repeat("1,", many-1) + "1]":                        false,
		"[" + strings.Repeat("1,", many) + "1]":                          true,
		`[{"a":[` + strings.Repeat("{},", many) + "{}]}]":                true,
		strings.Repeat("[", many):                                        false,
		strings.Repeat("[", many+1):                                      true,
		"{" + strings.Repeat(`"a":1,`, many) + `"a":1}`:                  false,
		`{"text":"` + strings.Repeat("[1,", many) + `"}`:                 false,
		`["\\","\"` + strings.Repeat("[,", many) + `"]`:                  false,
		`["\\",` + strings.Repeat("[1,", many):                           true,
		`"` + strings.Repeat("[,", many):                                 false,
		`["` + strings.Repeat(",", many) + `\`:                           false,
		strings.Repeat("]}", many) + strings.Repeat(",", many) + "[1,2]": false,
		"": false,
	} {
		if got := channels.Crowded([]byte(body)); got != want {
			t.Errorf("%.20s... (%d bytes) is crowded: %t", body, len(body), got)
		}
	}
}

// A body of 4 MB costs a bounded amount of memory and time, whatever it is made of. It is not parallel, so that nothing else allocates meanwhile.
func TestBombsCostLittle(t *testing.T) {
	for _, spec := range channels.Specs() {
		channel := channeltest.Open(t, spec.Name, nil)
		for what, body := range bombs() {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			events, err := channels.Guarded("Parse", func() ([]channels.Event, error) {
				return channel.Parse(&channels.Request{Body: []byte(body)})
			})
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Logf("%s, %s: %d events, %v, %d MB, %v", spec.Name, what, len(events), err, allocated>>20, took)
			if allocated > mostAllocated || took > longest {
				t.Errorf("%s, %s: %d MB, %v", spec.Name, what, allocated>>20, took)
			}
		}
	}
}
