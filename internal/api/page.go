package api

import (
	"encoding/base64"
	"encoding/json"
)

// Page is a part of a list that goes on.
type Page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next" doc:"The cursor of the following page; null at the end."`
}

// Paging is the parameters of a list that goes on.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"1024" doc:"next of the page before; without it the first page."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"At most so many items."`
}

// pageOf makes a page of what is made of each of found, of which there is one more than the limit if the list goes on. place is where the list goes on
// behind an entry.
func pageOf[From, To, Place any](found []From, limit int, one func(From) To, place func(From) Place) (Page[To], error) {
	if len(found) <= limit {
		return Page[To]{Items: each(found, one)}, nil
	}
	next, err := newCursor(place(found[limit-1]))
	return Page[To]{Items: each(found[:limit], one), Next: &next}, err
}

// newCursor hides a place in a list from whom it is of no concern.
func newCursor(place any) (string, error) {
	rendered, err := json.Marshal(place)
	return base64.RawURLEncoding.EncodeToString(rendered), err
}

// readCursor reads a cursor into place, which stays as it is without one.
func readCursor(cursor string, place any) error {
	if cursor == "" {
		return nil
	}
	rendered, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(rendered, place)
	}
	if err != nil {
		return invalid("query.cursor", "This is no cursor of this list.")
	}
	return nil
}
