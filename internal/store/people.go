package store

import (
	"slices"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
)

// contact finds the contact that the update is from or about, writes what the platform shows of them now, and makes one person of
// contacts that turn out to be the same. A contact that is not known is made if create is set. Nil: the update shows nobody.
func (a *application) contact(create bool) (uuid.UUID, error) {
	person := a.Update.Person
	if person == nil {
		return uuid.Nil, nil
	}
	kinds, ids := identityColumns(*person)
	found, err := a.q.ContactIdentityFind(a.ctx, db.ContactIdentityFindParams{ChannelAccountID: a.Row.ChannelAccount, Kinds: kinds, Ids: ids})
	if err != nil {
		return uuid.Nil, err
	}
	if len(found) == 0 {
		if !create {
			return uuid.Nil, nil
		}
		return a.newContact(*person, kinds, ids)
	}
	winner := found[0].Contact // the oldest
	for _, other := range found[1:] {
		if other.Contact.ID != winner.ID {
			if err := a.mergeContacts(winner.ID, other.Contact.ID); err != nil {
				return uuid.Nil, err
			}
		}
	}
	if len(found) < len(kinds) {
		if err := a.addIdentities(winner.ID, kinds, ids); err != nil {
			return uuid.Nil, err
		}
	}
	return winner.ID, a.refresh(winner, *person)
}

func (a *application) newContact(person channels.Person, kinds, ids []string) (uuid.UUID, error) {
	id := newID()
	err := a.q.ContactInsert(a.ctx, db.ContactInsertParams{
		ID: id, Name: optional(person.Name), Username: optional(person.Username), Phone: optional(person.Phone), Language: optional(person.Language),
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

// refresh writes what the platform shows of a contact, if it is news. What was shown long ago only fills gaps.
func (a *application) refresh(known db.Contact, person channels.Person) error {
	if a.replayed {
		person = missing(known, person)
	}
	differs := func(column *string, shown string) bool { return clean(shown) != "" && clean(shown) != value(column) }
	if !differs(known.Name, person.Name) && !differs(known.Username, person.Username) && !differs(known.Phone, person.Phone) &&
		!differs(known.Language, person.Language) {
		return nil
	}
	return a.q.ContactRefresh(a.ctx, db.ContactRefreshParams{
		ID: known.ID, Name: optional(person.Name), Username: optional(person.Username), Phone: optional(person.Phone), Language: optional(person.Language),
	})
}

// missing is what a person shows that is not known of the contact.
func missing(known db.Contact, person channels.Person) channels.Person {
	unless := func(known *string, shown string) string {
		if known != nil {
			return ""
		}
		return shown
	}
	return channels.Person{
		Name: unless(known.Name, person.Name), Username: unless(known.Username, person.Username),
		Phone: unless(known.Phone, person.Phone), Language: unless(known.Language, person.Language),
	}
}

// mergeContacts makes one person of two: the loser's identities, conversations and messages become the winner's.
func (a *application) mergeContacts(winner, loser uuid.UUID) error {
	if err := a.q.ContactIdentityMove(a.ctx, db.ContactIdentityMoveParams{Winner: winner, Loser: loser}); err != nil {
		return err
	}
	if err := a.q.ConversationAuthorMove(a.ctx, db.ConversationAuthorMoveParams{Winner: optionalID(winner), Loser: optionalID(loser)}); err != nil {
		return err
	}
	if err := a.q.MessageAuthorMove(a.ctx, db.MessageAuthorMoveParams{Winner: optionalID(winner), Loser: optionalID(loser)}); err != nil {
		return err
	}
	return a.q.ContactMerge(a.ctx, db.ContactMergeParams{Winner: winner, Loser: loser})
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
