package inbox

// Keepsake is a kind of things that are kept for a time.
type Keepsake string

// The kinds of things that each channel keeps for a time of its own.
const (
	KeptMessages    Keepsake = "messages"     // with all that hangs on them; conversations and contacts of which nothing is left go too
	KeptFiles       Keepsake = "files"        // of messages, which stay
	KeptDeadLetters Keepsake = "dead_letters" // that nobody has sent on their way again
	KeptWebhooks    Keepsake = "webhooks"     // as they came
	KeptDeliveries  Keepsake = "deliveries"   // what subscribers were told
)

// Keepsakes are all of them.
var Keepsakes = []Keepsake{KeptMessages, KeptFiles, KeptDeadLetters, KeptWebhooks, KeptDeliveries}
