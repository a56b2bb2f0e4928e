package simulate

import (
	"net/http"
	"strings"
	"testing"

	platforms "omni/channels/simulate"
	servers "omni/tools/omni/platforms"
)

func TestForgeryOfWhatAlsoHappened(t *testing.T) {
	t.Parallel()
	taken := platforms.Expected{Kind: "delete", ID: "the delete of message 1"}
	invented := platforms.Expected{Kind: "delete", ID: "the delete of message 2"}
	about := func(e platforms.Expected) platforms.Webhook {
		return platforms.Webhook{Events: []platforms.Event{{Expect: []platforms.Expected{e}}}}
	}
	sums := newTally([]target{{channel: "pigeon"}})
	sums.record(delivery{webhook: about(taken)}, answered(http.StatusOK))
	sums.record(delivery{webhook: about(taken), forged: true}, answered(http.StatusUnauthorized))
	sums.record(delivery{webhook: about(invented), forged: true}, answered(http.StatusUnauthorized))
	c := sums.channels[0]
	c.states = map[platforms.Expected]State{taken: Processed}
	c.believed = map[platforms.Expected]State{taken: Processed, invented: Processed}
	c.judge()
	if len(c.complaints) != 1 || !strings.Contains(c.complaints[0], "message 2") {
		t.Errorf("complaints %q, want one about what never happened", c.complaints)
	}
}

func answered(status int) outcome {
	return outcome{Outcome: servers.Outcome{Status: status, Attempts: 1}}
}
