package store

import (
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/gen/db"
)

// known is what the database holds already of whom and what a row is about.
type known struct {
	identities    []db.ContactIdentityFindRow
	conversations []db.ConversationFindRow
	target        *db.Message               // the message that the row is about; nil: none, or not processed yet
	facts         []db.MessageEventFactsRow // about the target, or about the row's own message
	erased        bool                      // the row is, and goes
}

// openMessage locks a message row and its external id, and reads what is known. It reports whether the row is still to be processed.
func (a *application) openMessage() (bool, error) {
	id := a.Row.Event.ID
	p := db.MessageLockParams{ID: a.Row.ID, LockKey: a.lockKey(id)}
	return a.open(func(q *db.Queries) error {
		_, err := q.MessageLock(a.ctx, p)
		return err
	}, a.askFacts(id), a.askErasedMessage())
}

// openEvent is openMessage for every other row, which is about the message named target.
func (a *application) openEvent(target string) (bool, error) {
	p := db.MessageEventLockParams{ID: a.Row.ID, LockKey: a.lockKey(target)}
	return a.open(func(q *db.Queries) error {
		_, err := q.MessageEventLock(a.ctx, p)
		return err
	}, a.askErasedEvent(target))
}

// open makes the lock and what has to be asked after it in one round trip. A row that another worker finished still ends our job, and so does one that is
// erased.
func (a *application) open(lock query, more ...query) (bool, error) {
	var lockErr error
	queries := []query{func(q *db.Queries) error {
		lockErr = lock(q)
		return unlessNone(lockErr)
	}}
	queries = append(queries, a.lookUps()...)
	if err := a.together(a.ctx, append(queries, more...)...); err != nil {
		return false, err
	}
	if lockErr == nil && a.erased {
		return false, a.drop()
	}
	if lockErr == nil {
		return true, nil
	}
	if a.Fulfils == nil {
		return false, nil
	}
	return false, a.q.QueueLogClose(a.ctx, *a.Fulfils)
}

// unlessNone is the error of a query for one row, unless that only says that there is none.
func unlessNone(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// lookUps ask for the contact and the conversation.
func (a *application) lookUps() []query {
	var queries []query
	if person := a.Update.Person; person != nil {
		kinds, ids := identityColumns(*person)
		p := db.ContactIdentityFindParams{ChannelAccountID: a.Row.ChannelAccount, Kinds: kinds, Ids: ids}
		queries = append(queries, func(q *db.Queries) (err error) {
			a.identities, err = q.ContactIdentityFind(a.ctx, p)
			return err
		})
	}
	if a.Row.Event.Thread != "" {
		p := db.ConversationFindParams{ChannelAccountID: a.Row.ChannelAccount, Threads: a.threads()}
		queries = append(queries, func(q *db.Queries) (err error) {
			a.conversations, err = q.ConversationFind(a.ctx, p)
			return err
		})
	}
	return queries
}

// lockKey names what a message and the facts about it have in common. Events about no message share their thread.
func (a *application) lockKey(externalID string) string {
	if externalID == "" {
		return a.Row.ChannelAccount.String() + "//" + key(a.Row.Event.Thread)
	}
	return lockKey(a.Row.ChannelAccount, externalID)
}

func lockKey(account uuid.UUID, externalID string) string {
	return account.String() + "/" + key(externalID)
}
