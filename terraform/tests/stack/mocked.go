package stack

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	tfjson "github.com/hashicorp/terraform-json"
)

// mockedTest applies the root module with a provider that makes up what AWS would answer.
const mockedTest = `
mock_provider "aws" {
  source = "./tests/mocks"
}

run "apply" {
  variables {
    build_folder = "tests/fixtures/build"
    web_folder   = "tests/fixtures/web"
    manifest     = %q
  }
}
`

// Mocked returns what is there after an apply with a mocked provider, which needs no emulator and takes seconds. Unlike a plan, it knows every
// value, but those that AWS would have chosen are made up, and equal for all resources of a type where the mock says so.
func (s *Stack) Mocked(ctx context.Context, manifest string) (*tfjson.StateModule, error) {
	const name = "tests/mocked.tftest.hcl"
	if err := os.WriteFile(filepath.Join(s.Root, name), fmt.Appendf(nil, mockedTest, manifest), 0o644); err != nil {
		return nil, fmt.Errorf("writing the mocked test: %w", err)
	}
	// terraform-exec's Test cannot ask for the state.
	command := exec.CommandContext(ctx, s.exec.ExecPath(), "test", "-json", "-verbose", "-filter="+name)
	command.Dir = s.Root
	for name, value := range s.env {
		command.Env = append(command.Env, name+"="+value)
	}
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("applying with a mocked provider: %w\n%s", err, problems(out))
	}
	return mockedState(out)
}

func mockedState(out []byte) (*tfjson.StateModule, error) {
	lines := bufio.NewReader(bytes.NewReader(out))
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return nil, errors.New("terraform test shows no state")
		}
		var message struct {
			State struct {
				Root *tfjson.StateModule `json:"root_module"`
			} `json:"test_state"`
		}
		if json.Unmarshal(line, &message) == nil && message.State.Root != nil {
			return message.State.Root, nil
		}
	}
}

func problems(out []byte) []byte {
	events := &listener{}
	_, _ = events.Write(out) // it never fails
	return fmt.Append(nil, events.errors)
}
