package issuer

import (
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// Person is somebody who signs in.
type Person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Admin bool   `json:"admin"`
}

// Demo are the people that the sign-in page offers.
var Demo = []Person{
	{Name: "Ada Lovelace", Email: "ada@example.com", Admin: true},
	{Name: "Ben Okafor", Email: "ben@example.com"},
	{Name: "Chiara Rossi", Email: "chiara@example.com"},
}

// subjects is the namespace of ids that are made of addresses.
var subjects = uuid.MustParse("5f0f3c0e-5d0b-4f53-9d1c-6f6d6e690001")

// subject is the person's id: the same address is the same person, after a new start as well.
func (p Person) subject() string {
	return uuid.NewSHA1(subjects, []byte(strings.ToLower(p.Email))).String()
}

// groups are the person's groups as Cognito names them in tokens.
func (p Person) groups() []string {
	if p.Admin {
		return []string{"admin"}
	}
	return nil
}

// demo is the person of the address among those that the page offers.
func demo(email string) (Person, bool) {
	for _, p := range Demo {
		if p.Email == email {
			return p, true
		}
	}
	return Person{}, false
}

// maxName is the longest name that somebody can come in under.
const maxName = 100

// called makes a person of a name that somebody typed; ok is false if there is nothing in it that could be a name.
func called(name string, admin bool) (p Person, ok bool) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return Person{}, false
	}
	return Person{Name: name, Email: addressOf(name), Admin: admin}, true
}

// addressOf makes an address of a name. One without letters or digits of the Latin alphabet gets an id for them, so that no two names share an
// address by that.
func addressOf(name string) string {
	plain := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	local := strings.Join(plain, ".")
	if local == "" || strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII }) {
		local = strings.Trim(local+"-"+uuid.NewSHA1(subjects, []byte(strings.ToLower(name))).String()[:8], "-")
	}
	return local + "@example.com"
}
