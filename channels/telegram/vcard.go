package telegram

import (
	"strings"

	"omni/channels"
)

// escapes are the characters that have a meaning within a value of a vCard. Source: RFC 2426, section 4.
var escapes = strings.NewReplacer(`\`, `\\`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`, ",", `\,`, ";", `\;`)

// writeVCard writes a card as a vCard 3.0.
func writeVCard(card channels.Card) string {
	var b strings.Builder
	line := func(name, value string) { b.WriteString(name + ":" + escapes.Replace(value) + "\r\n") }
	line("BEGIN", "VCARD")
	line("VERSION", "3.0")
	b.WriteString("N:;" + escapes.Replace(card.Name) + ";;;\r\n") // family name, given name, ...
	line("FN", card.Name)
	for _, phone := range card.Phones {
		line("TEL", phone)
	}
	for _, email := range card.Emails {
		line("EMAIL", email)
	}
	if card.Organization != "" {
		line("ORG", card.Organization)
	}
	line("END", "VCARD")
	return b.String()
}
