package deploy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
)

// Destroy removes everything that a deploy made. confirmed is the prefix, typed in advance; when it is empty, it is asked for.
func Destroy(ctx context.Context, o Options, confirmed string) error {
	j := newJob(o)
	if err := j.prepare(ctx); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "omni-destroy-") // a plan holds the values of variables: mode 0700
	if err != nil {
		return fmt.Errorf("making a folder for the plan: %w", err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "plan")
	s, err := j.plan(ctx, file, true)
	if err != nil || j.DryRun {
		return j.dry(err)
	}
	if s.changes() == 0 {
		j.display.line("There is nothing to destroy.")
		return nil
	}
	if err := j.unprotected(s); err != nil {
		return err
	}
	if err := j.confirm(ctx, s, confirmed); err != nil {
		return err
	}
	if err := j.apply(ctx, file, s, "omni destroy"); err != nil {
		return err
	}
	j.display.line("\nStack %q is gone%s.", s.Prefix, took(time.Since(j.started)))
	for _, left := range s.left() {
		j.display.line("  %s", left)
	}
	return nil
}

// unprotected refuses to begin what AWS would stop half way.
func (j *job) unprotected(s summary) error {
	if protected := s.protected(); len(protected) > 0 {
		return fmt.Errorf("what would be lost is protected against deletion (%s).\nLift that first, together with your other settings of the database:\n"+
			"  omni deploy --prefix %s --region %s --var 'database={deletion_protection=false}'", strings.Join(protected, ", "), s.Prefix, s.Region)
	}
	return nil
}

// confirm wants the prefix typed.
func (j *job) confirm(ctx context.Context, s summary, typed string) error {
	if typed != "" {
		if typed != s.Prefix {
			return fmt.Errorf("--confirm %s, but the stack is %q: nothing was changed", typed, s.Prefix)
		}
		return nil
	}
	agreed, err := j.ask(ctx, fmt.Sprintf("This cannot be undone. Type %q to destroy all of it:", s.Prefix), s.Prefix)
	if err == nil && !agreed {
		err = errors.New("that was something else: nothing was changed")
	}
	return err
}

// left says what outlives the stack.
func (s summary) left() (lines []string) {
	for _, change := range s.Destroy {
		before, _ := change.Change.Before.(map[string]any)
		if line := outlives(change, before); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func outlives(change *tfjson.ResourceChange, before map[string]any) string {
	switch change.Type {
	case "aws_rds_cluster":
		if name, _ := before["final_snapshot_identifier"].(string); name != "" && before["skip_final_snapshot"] != true {
			return fmt.Sprintf("The database's final snapshot %s is kept and costs storage until you delete it.", name)
		}
	case "aws_secretsmanager_secret":
		if days := fmt.Sprint(before["recovery_window_in_days"]); days != "0" && days != "<nil>" {
			return fmt.Sprintf("The secret %v can be restored for %s days; until then a stack of the same prefix cannot be made.", before["name"], days)
		}
	}
	return ""
}
