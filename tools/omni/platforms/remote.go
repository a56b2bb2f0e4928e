package platforms

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"omni/channels"
	"omni/channels/simulate"
)

// Remote asks and disturbs the platforms of another process.
type Remote struct {
	URL    string
	Client *http.Client
}

// Taken lists what the platforms took: each account's in the order in which they took it.
func (r Remote) Taken(ctx context.Context) (all []Taken, err error) {
	return all, r.call(ctx, http.MethodGet, "taken", nil, &all)
}

// Misbehave makes a channel's platform do something wrong once or a few times.
func (r Remote) Misbehave(ctx context.Context, channel string, f simulate.Fault) error {
	return r.call(ctx, http.MethodPost, "fault/"+channel, f, nil)
}

// SetTrouble makes all platforms do things wrong until they are told otherwise.
func (r Remote) SetTrouble(ctx context.Context, t Trouble) error {
	return r.call(ctx, http.MethodPut, "trouble", t, nil)
}

// Wrote tells a channel's platform that customers wrote, as a webhook says that was sent now. account stands for an Expected.Account that
// is empty.
func (r Remote) Wrote(ctx context.Context, channel, account string, w simulate.Webhook) error {
	all := writtenBy(channel, account, w)
	if len(all) == 0 {
		return nil
	}
	return r.call(ctx, http.MethodPost, "written", all, nil)
}

// writtenBy are the customers' messages that a webhook reports.
func writtenBy(channel, account string, w simulate.Webhook) (all []written) {
	for _, event := range w.Events {
		for _, e := range event.Expect {
			if e.Kind != channels.KindMessage {
				continue
			}
			all = append(all, written{Channel: channel, Account: cmp.Or(e.Account, account), Thread: e.Thread, At: time.Now()})
		}
	}
	return all
}

func (r Remote) call(ctx context.Context, method, what string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.URL, "/")+controlPath+what, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := r.Client.Do(request)
	if err != nil {
		return fmt.Errorf("asking the simulated platforms: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(response.Body, 1<<10))
		return fmt.Errorf("asking the simulated platforms: %s: %s", response.Status, bytes.TrimSpace(why))
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(out)
}
