package channels_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
	_ "omni/gen/dispatch"
)

// defaultCorpus is the folder of real webhook bodies, seen from this package. $CORPUS, seen from the repository's root, names another.
const defaultCorpus = "../../shared/corpus"

// TestCorpus takes real webhook bodies, with what a correct normalizer extracts from each, through Parse and Normalize.
func TestCorpus(t *testing.T) {
	folder := defaultCorpus
	if named := os.Getenv("CORPUS"); named != "" {
		folder = named
		if !filepath.IsAbs(folder) {
			folder = filepath.Join("..", folder)
		}
	}
	lines := manifest(t, folder)
	for _, line := range lines {
		t.Run(strings.TrimSuffix(line.File, ".json"), func(t *testing.T) {
			t.Parallel()
			if reason, ok := wrongExpectations[line.File]; ok {
				t.Skip(reason)
			}
			body, err := os.ReadFile(filepath.Join(folder, line.File))
			if err != nil {
				t.Fatal(err)
			}
			got := extract(t, line.Channel, body)
			for _, group := range []string{"messages", "statuses", "events"} {
				compareGroup(t, group, line.Expect[group], got[group])
			}
		})
	}
}

// wrongExpectations names bodies whose expectation is wrong, with the reason and its source.
var wrongExpectations = map[string]string{}

type manifestLine struct {
	File    string         `json:"file"`
	Channel string         `json:"channel"`
	Expect  map[string]any `json:"expect"`
}

func manifest(t *testing.T, folder string) []manifestLine {
	file, err := os.Open(filepath.Join(folder, "manifest.jsonl"))
	if err != nil {
		t.Skipf("there is no corpus of webhook bodies here (%v); set CORPUS to its folder", err)
	}
	defer file.Close()
	var lines []manifestLine
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line manifestLine
		decoder := json.NewDecoder(bytes.NewReader(scanner.Bytes()))
		decoder.UseNumber()
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// item is one message, status or event under the manifest's keys.
type item map[string]any

// extract runs the body through the channel and sorts what comes out into the manifest's three groups.
func extract(t *testing.T, name string, body []byte) map[string][]item {
	t.Helper()
	channel := channeltest.Open(t, name, nil)
	if err := channeltest.Check(channel, body); err != nil {
		t.Error(err)
	}
	results, err := channeltest.Run(channel, body)
	if err != nil {
		t.Logf("Parse: %v", err)
	}
	groups := map[string][]item{}
	for _, r := range results {
		if r.Error != "" {
			t.Errorf("Normalize: %s", r.Error)
			continue
		}
		group, it := describe(r.Event, *r.Update)
		if adjust := adjustments[name]; adjust != nil {
			group = adjust(group, it, r.Event, *r.Update)
		}
		if group != "" && !sameWhole(groups[group], it) {
			groups[group] = append(groups[group], it)
		}
	}
	return groups
}

// sameWhole reports whether the manifest has one item for what it and the item before it are parts of: both name the same "whole".
func sameWhole(before []item, it item) bool {
	return it["whole"] != nil && len(before) > 0 && before[len(before)-1]["whole"] == it["whole"]
}

// adjustments maps what a channel says onto the manifest's keys where that differs from describe. Each returns the group, "" for none.
var adjustments = map[string]func(group string, it item, e channels.Event, u channels.Update) string{}

// describe maps an event and its update to the manifest's keys, as far as all channels agree.
func describe(e channels.Event, u channels.Update) (group string, it item) {
	it = item{"account_id": optional(e.Account), "timestamp_unix": nil, "text": nil, "sender_id": nil, "external_id": nil,
		"reply_to": nil, "attachment_kinds": []any{}, "type": string(e.Kind)}
	if !e.At.IsZero() {
		it["timestamp_unix"] = e.At.Unix()
	}
	if !strings.HasPrefix(e.ID, "sha256:") {
		it["external_id"] = e.ID
	}
	for key, value := range u.Extra {
		it[key] = value
	}
	switch {
	case u.Message != nil:
		describeMessage(it, u.Message)
		return "messages", it
	case u.Status != nil:
		it["status"], it["external_id"] = string(u.Status.State), u.Status.Target
		it["recipient_id"] = optional(u.Status.Recipient)
		it["error_codes"] = errorCodes(u.Status.Errors)
		return "statuses", it
	case u.Reaction != nil:
		it["sender_id"], it["target_id"], it["action"] = optional(u.Reaction.Actor), u.Reaction.Target, "react"
		if len(u.Reaction.Emojis) == 0 {
			it["action"] = "unreact"
		} else {
			it["emoji"] = u.Reaction.Emojis[0]
		}
	case u.Edit != nil:
		describeMessage(it, u.Edit.Content)
		it["type"], it["target_id"], it["num_edit"] = "edit", u.Edit.Target, u.Edit.Number
	case u.Delete != nil:
		it["target_id"], it["sender_id"] = u.Delete.Target, optional(u.Delete.Actor)
		if u.Delete.Direction == channels.Out {
			it["direction"], it["peer_id"] = "out", e.Thread
		}
	case u.Watermark != nil:
		it["type"] = map[channels.DeliveryState]string{channels.Delivered: "delivery_watermark", channels.Read: "read_watermark"}[u.Watermark.State]
		it["sender_id"] = optional(u.Watermark.Actor)
	case u.System != nil:
		describeSystem(it, u.System)
	}
	return "events", it
}

func describeMessage(it item, m *channels.Message) {
	it["type"], it["text"], it["sender_id"], it["reply_to"] = string(m.Type), optional(m.Text), optional(m.Sender), optional(m.ReplyTo)
	kinds := []any{}
	for _, a := range m.Attachments {
		kinds = append(kinds, string(a.Kind))
	}
	it["attachment_kinds"] = kinds
	it["direction"], it["forwarded"], it["error_codes"] = string(m.Direction), m.Forwarded, errorCodes(m.Errors)
	it["referred_product_id"], it["media_group_id"] = m.Product, m.Album
	if m.Choice != nil {
		it["payload"], it["interactive_kind"] = m.Choice.ID, m.Choice.Kind
	}
	if m.Story != nil {
		it["reply_to_story"] = m.Story.ID
	}
	if m.Referral != nil {
		it["referral_source_id"], it["referral_ref"] = m.Referral.SourceID, m.Referral.Ref
	}
}

func describeSystem(it item, s *channels.System) {
	it["type"], it["text"], it["sender_id"] = s.Type, optional(s.Text), optional(s.Actor)
	it["error_codes"] = errorCodes(s.Errors)
	if s.Moved != "" {
		it["new_id"] = s.Moved
	}
	if s.Referral != nil {
		it["referral_source_id"], it["referral_ref"] = s.Referral.SourceID, s.Referral.Ref
	}
}

func errorCodes(errs []channels.Error) []any {
	codes := []any{}
	for _, e := range errs {
		codes = append(codes, e.Code)
	}
	return codes
}

func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// compareGroup holds the items to the expected ones, in order; only keys that the expectation has are compared.
func compareGroup(t *testing.T, group string, expected any, got []item) {
	t.Helper()
	want, _ := expected.([]any)
	if len(want) != len(got) {
		t.Errorf("%s: %d expected, got %d: %v", group, len(want), len(got), got)
		return
	}
	for i := range want {
		fields := want[i].(map[string]any)
		keys := make([]string, 0, len(fields))
		for key := range fields {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			if canonical(fields[key]) != canonical(got[i][key]) {
				t.Errorf("%s[%d].%s: %s expected, got %s", group, i, key, canonical(fields[key]), canonical(got[i][key]))
			}
		}
	}
}

// canonical renders a value so that numbers and their decimal strings are alike.
func canonical(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case json.Number, int, int64:
		return strconv.Quote(fmt.Sprint(v))
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = canonical(v[i])
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
	return fmt.Sprint(v)
}
