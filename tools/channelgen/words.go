package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"omni/channels"
)

// cell makes a text safe in a cell of a Markdown table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}

func purpose(p channels.Purpose) string {
	return map[channels.Purpose]string{
		channels.ForVerify:    "to accept webhooks",
		channels.ForSend:      "to send",
		channels.ForSubscribe: "by `omni subscribe`",
		channels.ForPages:     "by the pages, if at all",
	}[p]
}

func textLimit(limit channels.TextLimit) string {
	units := map[channels.TextUnit]string{
		channels.Characters: "characters",
		channels.UTF16Units: "UTF-16 code units",
		channels.Bytes:      "bytes of UTF-8",
	}
	return thousands(int64(limit.Max)) + " " + units[limit.Unit]
}

// window says how long after the customer's last message an answer is allowed.
func window(d time.Duration) string {
	if d == 0 {
		return "at any time"
	}
	return "within " + duration(d)
}

// duration names a time in the largest unit that measures it exactly; a day alone stays "24 hours", as the platforms say it.
func duration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d > day && d%day == 0:
		return count(int(d/day), "day")
	case d%time.Hour == 0:
		return count(int(d/time.Hour), "hour")
	case d%time.Minute == 0:
		return count(int(d/time.Minute), "minute")
	case d%time.Second == 0:
		return count(int(d/time.Second), "second")
	}
	return d.String()
}

// size names a number of bytes in the largest unit that measures it exactly, as the platform counts: 16 MiB or 16 MB.
func size(n int64) string {
	for _, unit := range []struct {
		bytes int64
		name  string
	}{{1 << 30, "GiB"}, {1e9, "GB"}, {1 << 20, "MiB"}, {1e6, "MB"}, {1 << 10, "KiB"}, {1e3, "kB"}} {
		if n%unit.bytes == 0 {
			return thousands(n/unit.bytes) + " " + unit.name
		}
	}
	return thousands(n) + " bytes"
}

// thousands writes a number with commas: 4,096.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	if len(digits) <= 3 {
		return digits
	}
	return thousands(n/1000) + "," + fmt.Sprintf("%03d", n%1000)
}
