package inbox

import (
	"time"

	"github.com/google/uuid"
)

// LogPlace is behind something in a list of what happened, the latest first. The zero one is before everything.
type LogPlace struct {
	At time.Time
	ID uuid.UUID
}

// OrLatest is a place by which a database can look: for the zero one, one before everything that there can be.
func (p LogPlace) OrLatest() LogPlace {
	if p == (LogPlace{}) {
		return LogPlace{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: uuid.Max}
	}
	return p
}
