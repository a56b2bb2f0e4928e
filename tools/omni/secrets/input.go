package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/term"
)

// maxInput is far more than the secrets of a channel need.
const maxInput = 1 << 20

// FromJSON reads {"<secret>": "value" or ["new", "old"]}. Names, if there are any, are the only ones it may hold.
func FromJSON(in io.Reader, target Target, names []string) (map[string]Values, error) {
	wanted, err := target.Chosen(names)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(in, maxInput))
	if err != nil {
		return nil, fmt.Errorf("reading the values: %w", err)
	}
	var given map[string]Values
	if err := json.Unmarshal(content, &given); err != nil {
		return nil, fmt.Errorf(`reading the values: want a JSON object such as {%q: "..."}: %w`, wanted[0].Name, err)
	}
	if len(given) == 0 {
		return nil, errors.New("reading the values: there are none")
	}
	for name := range given {
		if len(names) > 0 && !slices.Contains(names, name) {
			return nil, fmt.Errorf("reading the values: %q is not among the names %s", name, strings.Join(names, ", "))
		}
	}
	return given, nil
}

// Ask asks for the values one after the other. An empty answer leaves a secret as it is. read shows a prompt and returns the answer
// without showing it.
func Ask(out io.Writer, target Target, names []string, stored map[string]Values, read func(prompt string) (string, error)) (map[string]Values, error) {
	wanted, err := target.Chosen(names)
	if err != nil {
		return nil, err
	}
	given := map[string]Values{}
	for _, secret := range wanted {
		fmt.Fprintf(out, "\n%s\n", secret.Meaning)
		prompt := secret.Name + " (Enter leaves it out): "
		if len(stored[secret.Name]) > 0 {
			prompt = secret.Name + " (set; Enter keeps it): "
		}
		answer, err := read(prompt)
		if err != nil {
			return nil, err
		}
		if answer = strings.TrimSpace(answer); answer != "" {
			given[secret.Name] = Values{answer}
		}
	}
	return given, nil
}

// ReadHidden reads a line from the terminal without showing it. When the context ends, the terminal shows again what is typed.
func ReadHidden(ctx context.Context, terminal *os.File, out io.Writer, prompt string) (string, error) {
	fd := int(terminal.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("reading from the terminal: %w", err)
	}
	fmt.Fprint(out, prompt)
	type answer struct {
		line []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		answers <- answer{line, err}
		runtime.KeepAlive(terminal) // when it is closed too early, the settings of another file are restored
	}()
	select {
	case <-ctx.Done():
		err := term.Restore(fd, before)
		fmt.Fprintln(out)
		return "", errors.Join(ctx.Err(), err)
	case got := <-answers:
		fmt.Fprintln(out)
		if got.err != nil {
			return "", fmt.Errorf("reading from the terminal: %w", got.err)
		}
		return string(got.line), nil
	}
}
