// Package parse shows what a webhook body becomes: the events that Parse cuts out of it, and what Normalize makes of each.
package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"omni/channels"
)

// Options say how to show it.
type Options struct {
	Channel string
	Account string // credential account; empty: the default one
	JSON    bool   // machine-readable: an array with one object for each event
	Color   bool
}

// Result is one event and what it means. Exactly one of Update and Error is set.
type Result struct {
	Event  channels.Event   `json:"event"`
	Raw    json.RawMessage  `json:"raw,omitempty"`
	Update *channels.Update `json:"update,omitempty"`
	Error  string           `json:"error,omitempty"` // why Normalize refuses it: it would be a dead letter
}

// Run reads a webhook body and writes what it becomes. The signature is not looked at. An event that cannot be normalized is shown too, and
// makes Run return an error.
func Run(body io.Reader, w io.Writer, o Options) error {
	channel, err := open(o)
	if err != nil {
		return err
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("reading the webhook body: %w", err)
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return errors.New("the webhook body is empty: give a file, or pipe one in")
	}
	events, err := channel.Parse(&channels.Request{Header: http.Header{}, Body: content})
	if err != nil {
		return fmt.Errorf("%s does not understand this body: %w", o.Channel, err)
	}
	results := normalize(channel, events)
	if o.JSON {
		err = writeJSON(w, results)
	} else {
		err = writeText(w, o, results)
	}
	return errors.Join(err, deadLetters(results))
}

func open(o Options) (channels.Channel, error) {
	if _, ok := channels.Lookup(o.Channel); !ok {
		return nil, fmt.Errorf("there is no channel %q; there are: %s", o.Channel, strings.Join(names(), ", "))
	}
	account := o.Account
	if account == "" {
		account = channels.DefaultAccount
	}
	return channels.Open(o.Channel, channels.Env{Account: account})
}

func names() []string {
	var names []string
	for _, spec := range channels.Specs() {
		names = append(names, spec.Name)
	}
	return names
}

func normalize(channel channels.Channel, events []channels.Event) []Result {
	results := make([]Result, 0, len(events))
	for _, event := range events {
		result := Result{Event: event}
		if json.Valid(event.Raw) {
			result.Raw = event.Raw
		}
		if update, err := channel.Normalize(event); err != nil {
			result.Error = err.Error()
		} else {
			result.Update = &update
		}
		results = append(results, result)
	}
	return results
}

func writeJSON(w io.Writer, results []Result) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(results)
}

// deadLetters is the error of a body of which some events cannot be normalized.
func deadLetters(results []Result) error {
	dead := 0
	for _, result := range results {
		if result.Error != "" {
			dead++
		}
	}
	if dead == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d events cannot be normalized and would be dead letters", dead, len(results))
}
