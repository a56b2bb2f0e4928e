package localsqs

import "github.com/google/uuid"

const (
	maxTasks = 10 // move tasks remembered for a source
	maxRate  = 500
)

// bury moves a message that was received as often as its queue allows to the dead-letter queue, and reports whether it did.
// The message keeps its id, its attributes and its count. On FIFO queues its age starts anew, and its id becomes its deduplication id, so
// that two messages which shared one can both die. Sources: SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html and
// sqs-configure-dead-letter-queue-redrive.html.
func (s *Server) bury(q *queue, m *message, now int64) bool {
	grave := s.queues[q.settings.deadLetterName]
	if grave == nil || grave == q || m.Receives-m.Arrived < q.settings.maxReceives {
		return false
	}
	dead := s.copyOf(m)
	dead.Source, dead.Arrived = s.arn(q.name), m.Receives
	if q.settings.fifo {
		dead.Enqueued, dead.Dedup = now, m.ID
	}
	s.move(q, m, grave, dead, now)
	return true
}

// copyOf is m as a message that is not in a queue yet.
func (s *Server) copyOf(m *message) *message {
	return &message{
		N: s.lastN + 1, ID: m.ID, Body: m.Body, Attributes: m.Attributes, Trace: m.Trace, Group: m.Group, Dedup: m.Dedup,
		Sent: m.Sent, Enqueued: m.Enqueued, Receives: m.Receives, First: m.First,
	}
}

func (s *Server) move(from *queue, m *message, to *queue, moved *message, now int64) {
	s.record(change{Op: opDelete, Queue: from.name, Time: now, N: m.N})
	s.record(change{Op: opPut, Queue: to.name, Time: now, Message: moved})
}

// startMessageMoveTask moves all visible messages of a dead-letter queue, in order, as new messages: with another id and no receives.
func (s *Server) startMessageMoveTask(t transaction, in *startMoveInput) (any, error) {
	source, destination, err := s.checkMove(in, t.now)
	if err != nil {
		return nil, err
	}
	task := moveTask{
		handle: uuid.NewString(), SourceArn: in.SourceArn, DestinationArn: in.DestinationArn, StartedTimestamp: t.now, Status: "COMPLETED",
		MaxNumberOfMessagesPerSecond:      in.MaxNumberOfMessagesPerSecond,
		ApproximateNumberOfMessagesToMove: len(source.messages) - source.hidden.Len(),
	}
	for source.ready.Len() > 0 && task.Status == "COMPLETED" {
		s.moveFirst(source, destination, &task, t.now)
		if err := s.flush(); err != nil { // each by itself: all at once could be the whole queue in one line
			return nil, err
		}
	}
	s.tasks[source.name] = append([]moveTask{task}, s.tasks[source.name]...)
	if len(s.tasks[source.name]) > maxTasks {
		s.tasks[source.name] = s.tasks[source.name][:maxTasks]
	}
	return moveHandle{task.handle}, nil
}

// moveFirst moves the message that a receive would get. Without a destination it goes where it died.
func (s *Server) moveFirst(source, destination *queue, task *moveTask, now int64) {
	m := source.ready.Front().Value.(*lane).first()
	if destination == nil {
		destination = s.queueOfARN(m.Source)
	}
	if destination == nil {
		task.Status, task.FailureReason = "FAILED", "CouldNotDetermineMessageSource"
		return
	}
	again := s.copyOf(m)
	again.ID, again.Receives, again.First, again.Sent, again.Enqueued = uuid.NewString(), 0, 0, now, now
	s.move(source, m, destination, again, now)
	task.ApproximateNumberOfMessagesMoved++
}

func (s *Server) checkMove(in *startMoveInput, now int64) (source, destination *queue, err error) {
	if rate := in.MaxNumberOfMessagesPerSecond; rate != nil && (*rate < 1 || *rate > maxRate) {
		return nil, nil, errInvalidValue("MaxNumberOfMessagesPerSecond", *rate, "Must be between 1 and 500, if provided.")
	}
	if source, err = s.moveSource(in.SourceArn); err != nil {
		return nil, nil, err
	}
	source.tick(now)
	if !s.isDeadLetterQueue(source) {
		return nil, nil, errInvalid("Source queue must be configured as a Dead Letter Queue.")
	}
	if in.DestinationArn == "" {
		return source, nil, nil
	}
	switch destination = s.queueOfARN(in.DestinationArn); {
	case destination == nil:
		return nil, nil, errNoResource("The resource that you specified for the DestinationArn parameter doesn't exist.")
	case destination == source:
		return nil, nil, errInvalid("Source queue arn and destination queue arn can't be the same.")
	case destination.settings.fifo != source.settings.fifo:
		return nil, nil, errInvalid("Source queue and destination queue must be of the same type.")
	}
	return source, destination, nil
}

func (s *Server) moveSource(arn string) (*queue, error) {
	if arn == "" {
		return nil, errMissing("SourceArn")
	}
	q := s.queueOfARN(arn)
	if q == nil {
		return nil, errNoResource("The resource that you specified for the SourceArn parameter doesn't exist.")
	}
	return q, nil
}

func (s *Server) isDeadLetterQueue(q *queue) bool {
	for _, source := range s.queues {
		if source.settings.deadLetterName == q.name {
			return true
		}
	}
	return false
}

func (s *Server) listMessageMoveTasks(_ transaction, in *listMovesInput) (any, error) {
	limit := 1
	if in.MaxResults != nil {
		limit = *in.MaxResults
	}
	if limit < 1 || limit > maxTasks {
		return nil, errInvalidValue("MaxResults", limit, "Must be between 1 and 10, if provided.")
	}
	q, err := s.moveSource(in.SourceArn)
	if err != nil {
		return nil, err
	}
	tasks := s.tasks[q.name]
	return listMovesOutput{tasks[:min(limit, len(tasks))]}, nil
}

func (s *Server) cancelMessageMoveTask(_ transaction, in *moveHandle) (any, error) {
	for _, tasks := range s.tasks {
		for _, task := range tasks {
			if task.handle == in.TaskHandle {
				return nil, errInvalid("Only active tasks can be cancelled.")
			}
		}
	}
	return nil, errNoResource("Task does not exist.")
}
