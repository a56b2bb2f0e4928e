package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"omni/channels"
)

// unclear is the code of which Meta says that it may be anything; errors of it came for messages that were delivered.
// Source: .../graph-api/guides/error-handling, "API Unknown"; .../messenger-platform/error-codes, "Received invalid JSON reply".
const unclear = 1

// Deliver posts the object that delivers a message. An answer that leaves open whether Meta took it is a [channels.UncertainError]: none
// that can be read, a server error without an error object, an unknown error. What else Meta refuses was not delivered.
func (c Client) Deliver(ctx context.Context, path string, object, into any) error {
	body, err := json.Marshal(object)
	if err != nil {
		return fmt.Errorf("calling the Graph API: %w", err)
	}
	request, err := c.post(ctx, path, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := c.env.Deliver(request)
	if err != nil {
		return err
	}
	err = c.read(answer, into)
	var throttled *channels.ThrottledError
	var refused *Error
	switch {
	case err == nil, errors.As(err, &throttled):
		return err
	case !errors.As(err, &refused) || refused.Code == unclear || refused.Code == 0 && refused.Status/100 != 4:
		return channels.Uncertain(err)
	}
	return err
}
