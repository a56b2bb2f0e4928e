package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// explain makes PostgreSQL write down how it executes every statement of a connection. auto_explain comes with the server.
var explain = withParameter("session_preload_libraries", "auto_explain") + withParameter("auto_explain.log_min_duration", "0") +
	withParameter("auto_explain.log_analyze", "on") + withParameter("auto_explain.log_buffers", "on") + withParameter("auto_explain.log_timing", "off")

// printPlans does every chosen operation twice on the largest database, the first time unseen, and prints what the server wrote of the second.
func printPlans(ctx context.Context, s *stage, out io.Writer) error {
	s.sizes = s.sizes[len(s.sizes)-1:]
	unseen, err := s.subjects(ctx, "")
	if err != nil {
		return err
	}
	defer closeAll(unseen)
	seen, err := s.subjects(ctx, explain)
	if err != nil {
		return err
	}
	defer closeAll(seen)
	for _, o := range chosen(s.only) {
		o.calls = 1
		if _, err := o.round(ctx, unseen, 0, make([]measured, 1)); err != nil {
			return err
		}
		before, err := os.ReadFile(s.log())
		if err != nil {
			return err
		}
		if _, err := o.round(ctx, seen, 0, make([]measured, 1)); err != nil {
			return err
		}
		after, err := os.ReadFile(s.log())
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "== %s\n%s\n", o.name, after[len(before):])
	}
	return nil
}

func (s *stage) log() string { return filepath.Join(s.server.Dir, "postgres.log") }
