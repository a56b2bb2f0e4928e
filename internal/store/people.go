package store

import (
	"slices"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
)

// contact finds the contact that the update is from or about, or makes it, writes what the platform shows of them now, and makes one
// person of contacts that turn out to be the same. Nil: the update shows nobody.
func (a *application) contact() (uuid.UUID, error) {
	person := a.Update.Person
	if person == nil {
		return uuid.Nil, nil
	}
	kinds, ids := identityColumns(*person)
	if len(a.identities) == 0 {
		return a.newContact(*person, kinds, ids)
	}
	winner := a.identities[0].Contact // the oldest
	for _, other := range a.identities[1:] {
		if other.Contact.ID != winner.ID {
			if err := a.mergeContacts(winner.ID, other.Contact.ID); err != nil {
				return uuid.Nil, err
			}
		}
	}
	if len(a.identities) < len(kinds) {
		if err := a.addIdentities(winner.ID, kinds, ids); err != nil {
			return uuid.Nil, err
		}
	}
	return winner.ID, a.refresh(winner, *person)
}

func (a *application) newContact(person channels.Person, kinds, ids []string) (uuid.UUID, error) {
	id := newID()
	err := a.q.ContactInsert(a.ctx, db.ContactInsertParams{
		ID: id, Name: optional(person.Name), Username: optional(person.Username), Phone: optional(person.Phone), Email: optional(person.Email),
		Language: optional(person.Language), ProfileAt: a.Row.HappenedAt(),
	})
	if err != nil {
		return uuid.Nil, err
	}
	return id, a.addIdentities(id, kinds, ids)
}

// addIdentities gives identities to a contact. One that another transaction gave to somebody else meanwhile starts ours again.
func (a *application) addIdentities(contact uuid.UUID, kinds, ids []string) error {
	owners, err := a.q.ContactIdentityAdd(a.ctx, db.ContactIdentityAddParams{
		ChannelAccountID: a.Row.ChannelAccount, ContactID: contact, Kinds: kinds, Ids: ids,
	})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(owners, func(owner uuid.UUID) bool { return owner != contact }) {
		return errRace
	}
	return nil
}

// refresh writes what the platform shows of a contact, if it is news. What was shown before what is known, or comes with a replay, only fills
// gaps.
func (a *application) refresh(known db.Contact, person channels.Person) error {
	late := a.replayed || a.Row.HappenedAt().Before(known.ProfileAt)
	news := func(column *string, shown string) bool {
		return clean(shown) != "" && (column == nil || !late && clean(shown) != *column)
	}
	if !news(known.Name, person.Name) && !news(known.Username, person.Username) && !news(known.Phone, person.Phone) &&
		!news(known.Email, person.Email) && !news(known.Language, person.Language) {
		return nil
	}
	return a.q.ContactRefresh(a.ctx, db.ContactRefreshParams{
		ID: known.ID, Name: optional(person.Name), Username: optional(person.Username), Phone: optional(person.Phone), Email: optional(person.Email),
		Language: optional(person.Language), Late: late, ProfileAt: a.Row.HappenedAt(),
	})
}

// mergeContacts makes one person of two: the loser's identities, conversations and messages become the winner's. Clients are told of both.
func (a *application) mergeContacts(winner, loser uuid.UUID) error {
	for i := range a.conversations {
		if c := &a.conversations[i].Conversation; c.ContactID == optionalID(loser) {
			c.ContactID = optionalID(winner) // as ConversationAuthorMove writes it
		}
	}
	if err := a.q.ContactIdentityMove(a.ctx, db.ContactIdentityMoveParams{Winner: winner, Loser: loser}); err != nil {
		return err
	}
	if err := a.q.ConversationAuthorMove(a.ctx, db.ConversationAuthorMoveParams{Winner: optionalID(winner), Loser: optionalID(loser)}); err != nil {
		return err
	}
	if err := a.q.MessageAuthorMove(a.ctx, db.MessageAuthorMoveParams{Winner: optionalID(winner), Loser: optionalID(loser)}); err != nil {
		return err
	}
	if err := a.q.ContactMerge(a.ctx, db.ContactMergeParams{Winner: winner, Loser: loser}); err != nil {
		return err
	}
	return a.together(a.ctx, tellContact(a.ctx, winner), tellContact(a.ctx, loser))
}

// identityColumns returns a person's identities as columns, each pair once.
func identityColumns(person channels.Person) (kinds, ids []string) {
	seen := map[channels.Identity]bool{}
	for _, identity := range person.Identities {
		identity = channels.Identity{Kind: clean(identity.Kind), Value: key(identity.Value)}
		if identity.Value != "" && !seen[identity] {
			seen[identity] = true
			kinds, ids = append(kinds, identity.Kind), append(ids, identity.Value)
		}
	}
	return kinds, ids
}
