package crash

import (
	"context"
	"time"

	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/store"
	"omni/tools/omni/desk"
)

// redriveEvery is how often the operator looks at the dead letters, and redriven how many are sent on their way again at most.
const (
	redriveEvery = 4 * time.Second
	redriven     = 20
)

// operator sends dead letters on their way again, whatever goes wrong at the time. The cause is not repaired, so they die again.
type operator struct {
	times, letters int // that this worked, and how many letters that were
}

// work redrives until the context ends. What does not work now is tried again.
func (o *operator) work(ctx context.Context, s *server) {
	for pause(ctx, redriveEvery) == nil {
		if n, err := redrive(ctx, s); err == nil && n > 0 {
			o.times++
			o.letters += n
		}
	}
}

func redrive(ctx context.Context, s *server) (int, error) {
	running, err := s.state().Running()
	if err != nil {
		return 0, err
	}
	queues, err := desk.LocalQueues(running)
	if err != nil {
		return 0, err
	}
	opened, err := store.Open(running.DatabaseURL, store.Options{MaxConns: 1})
	if err != nil {
		return 0, err
	}
	defer opened.Close()
	letters, err := opened.DeadLetters(ctx, inbox.DeadFilter{}, redriven)
	if err != nil || len(letters) == 0 {
		return 0, err
	}
	done, err := pipeline.Redriver{Store: opened, Queue: queues}.Redrive(ctx, inbox.Actor{}, letters)
	return done.Rows + done.Jobs, err // rows that could not be queued will be found as overdue
}
