package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// processorTime is how long processors have worked for the server: for those of its processes that run, and for those that have ended. 0: this system does
// not tell.
func (s *stage) processorTime() time.Duration {
	if s == nil {
		return 0
	}
	pid, err := os.ReadFile(filepath.Join(s.server.Dir, "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	postmaster, _, _ := bytes.Cut(pid, []byte{'\n'})
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	var ticks int64
	for _, file := range all {
		ticks += ticksOf(file, string(postmaster))
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond
}

// ticksPerSecond is the unit of times in /proc, the same on every Linux (man 5 proc, USER_HZ).
const ticksPerSecond = 100

// ticksOf reads the work of a process if it is the postmaster, whose ended children count as well, or one of its children.
func ticksOf(file, postmaster string) int64 {
	stat, err := os.ReadFile(file)
	if err != nil {
		return 0 // it has ended
	}
	_, rest, ok := bytes.Cut(stat, []byte(") ")) // behind the name, which may have spaces
	fields := bytes.Fields(rest)
	if !ok || len(fields) < 15 {
		return 0
	}
	const parent, user, system, childrenUser, childrenSystem = 1, 11, 12, 13, 14
	wanted := []int{user, system}
	switch {
	case file == fmt.Sprintf("/proc/%s/stat", postmaster):
		wanted = append(wanted, childrenUser, childrenSystem)
	case string(fields[parent]) != postmaster:
		return 0
	}
	var ticks int64
	for _, i := range wanted {
		n, _ := strconv.ParseInt(string(fields[i]), 10, 64)
		ticks += n
	}
	return ticks
}
