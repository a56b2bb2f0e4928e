package main

import (
	"testing"
	"time"
)

func TestSize(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		999: "999 bytes", 1000: "1 kB", 1024: "1 KiB", 64e6: "64 MB", 16 << 20: "16 MiB", 2 << 30: "2 GiB",
		2e9: "2 GB", 500 << 10: "500 KiB", 1234567: "1,234,567 bytes",
	} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "at any time", 24 * time.Hour: "within 24 hours", 7 * 24 * time.Hour: "within 7 days", time.Hour: "within 1 hour",
		36 * time.Hour: "within 36 hours", 90 * time.Minute: "within 90 minutes", 90 * time.Second: "within 90 seconds",
		1500 * time.Millisecond: "within 1.5s",
	} {
		if got := window(d); got != want {
			t.Errorf("window(%s) = %q, want %q", d, got, want)
		}
	}
}
