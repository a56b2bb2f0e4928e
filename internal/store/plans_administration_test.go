package store_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"omni/gen/db"
)

// administrationQueries are those of what every dashboard asks for first, and of pages that get longer with the years.
func administrationQueries() []hotQuery {
	return []hotQuery{
		{
			name:    "ChannelAccountList",
			run:     func(ctx context.Context, q *db.Queries) error { _, err := q.ChannelAccountList(ctx); return err },
			indexes: []string{"conversations_account", "messages_conversation"},
		},
		{
			name:    "ChannelAccountFailures",
			run:     func(ctx context.Context, q *db.Queries) error { _, err := q.ChannelAccountFailures(ctx); return err },
			indexes: []string{"sends_created", "messages_pkey"},
		},
		{
			name: "DeadLetterFind",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.DeadLetterFind(ctx, db.DeadLetterFindParams{BeforeAt: time.Now(), BeforeID: uuid.Max, MaxRows: 51})
				return err
			},
			indexes: []string{"messages_dead", "message_events_dead"},
		},
		{
			name: "AuditLogFind",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.AuditLogFind(ctx, db.AuditLogFindParams{BeforeAt: time.Now(), BeforeID: uuid.Max, MaxRows: 51})
				return err
			},
			indexes: []string{"audit_log_at"},
		},
	}
}
