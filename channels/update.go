package channels

import "time"

// Update is what one [Event] means. Person and Aliases may accompany any kind; of the pointers from Message to System exactly the one
// named by the event's kind is set, and none for [KindUnknown].
type Update struct {
	// Person is the customer the event is from or about, as far as the event shows; nil when it shows nobody (or only us).
	Person *Person `json:"person,omitempty"`

	// Aliases are other names of the event's thread: the chat that was known by one of them is the same chat.
	Aliases []string `json:"aliases,omitempty"`

	// Group describes the thread when several people share it; nil for a chat with one person.
	Group *Group `json:"group,omitempty"`

	// Standby marks that another application answers this chat at the moment: record, do not answer.
	Standby bool `json:"standby,omitempty"`

	// Window is how long free-form answers are allowed after this event, where [Spec.Window] does not say so: for an event that is no message of
	// the customer and opens the window nevertheless, and for a chat that has a window of its own. 0: nothing of the kind.
	Window time.Duration `json:"window_ns,omitempty"`

	Message   *Message   `json:"message,omitempty"`   // KindMessage
	Status    *Status    `json:"status,omitempty"`    // KindStatus
	Reaction  *Reaction  `json:"reaction,omitempty"`  // KindReaction
	Edit      *Edit      `json:"edit,omitempty"`      // KindEdit
	Delete    *Delete    `json:"delete,omitempty"`    // KindDelete
	Watermark *Watermark `json:"watermark,omitempty"` // KindRead
	System    *System    `json:"system,omitempty"`    // KindSystem

	// Extra holds facts that have no word of ours and still help whoever looks closely: update_id, chat_type, raw_type.
	Extra map[string]string `json:"extra,omitempty"`
}

// Target is the [Event.ID] of the message that the update tells a fact about; empty: of none.
func (u Update) Target() string {
	switch {
	case u.Status != nil:
		return u.Status.Target
	case u.Reaction != nil:
		return u.Reaction.Target
	case u.Edit != nil:
		return u.Edit.Target
	case u.Delete != nil:
		return u.Delete.Target
	}
	return ""
}

// Group is a chat that several people share.
type Group struct {
	Title string `json:"title,omitempty"`
	Kind  string `json:"kind"` // group, supergroup, channel
}

// Person is a customer as one platform shows them.
type Person struct {
	Identities []Identity `json:"identities"`         // the person's ids in this channel account; the first is the main one
	Name       string     `json:"name,omitempty"`     // display name
	Username   string     `json:"username,omitempty"` // public handle without @
	Phone      string     `json:"phone,omitempty"`    // digits with country code and +; only when the platform says it is theirs
	Email      string     `json:"email,omitempty"`    // only when they have just given it
	Language   string     `json:"language,omitempty"` // BCP 47
}

// Identity is one id by which a platform knows a person.
type Identity struct {
	Kind  string `json:"kind"` // wa_id, bsuid, psid, igsid, telegram_user, telegram_chat, user_ref, ...
	Value string `json:"value"`
}

// Direction tells who wrote a message.
type Direction string

// The two sides of a chat.
const (
	In  Direction = "in"  // the customer
	Out Direction = "out" // the business: an agent, another application, the platform's own inbox
)

// Message is something said in a chat.
type Message struct {
	Direction Direction   `json:"direction"`
	Type      MessageType `json:"type"`
	Sender    string      `json:"sender,omitempty"` // the platform's id of who wrote it; empty when the body does not say
	// Text is the body, the caption of the attachments or the title of the chosen button, without markup.
	Text        string       `json:"text,omitempty"`
	Format      []Span       `json:"format,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	ReplyTo     string       `json:"reply_to,omitempty"` // Event.ID of the message that this one answers
	Quote       string       `json:"quote,omitempty"`    // the part of it that is quoted, where the platform says
	Story       *Story       `json:"story,omitempty"`    // the story that this message answers
	Choice      *Choice      `json:"choice,omitempty"`   // what was pressed or filled in; TypeInteractive
	Choices     *Choices     `json:"choices,omitempty"`  // what we let the customer pick from; TypeInteractive
	Order       *Order       `json:"order,omitempty"`    // TypeOrder
	Product     string       `json:"product,omitempty"`  // the catalogue item the customer asks about
	Referral    *Referral    `json:"referral,omitempty"` // the ad or link that led here
	Forwarded   bool         `json:"forwarded,omitempty"`
	Album       string       `json:"album,omitempty"`  // messages that share it are shown as one group of media
	Topic       string       `json:"topic,omitempty"`  // the forum topic within the thread
	Handle      string       `json:"handle,omitempty"` // of an echo: what whoever sent it attached; see [Outgoing.Handle]
	Errors      []Error      `json:"errors,omitempty"` // why the platform could not give the content
}

// MessageType is what a message mainly is. A message with attachments and no text of its own has the type of the first attachment.
type MessageType string

// Types that are not also the kind of an attachment.
const (
	TypeText        MessageType = "text"
	TypeInteractive MessageType = "interactive" // see Message.Choice
	TypeUnsupported MessageType = "unsupported" // the platform says that something was sent, and not what
)

// AttachmentKind is what an attachment is. Each is a [MessageType] too.
type AttachmentKind string

// The kinds of attachments.
const (
	Image        AttachmentKind = "image"
	Video        AttachmentKind = "video"
	Audio        AttachmentKind = "audio"
	Voice        AttachmentKind = "voice" // recorded on the spot
	Document     AttachmentKind = "document"
	Sticker      AttachmentKind = "sticker"
	Animation    AttachmentKind = "animation"
	VideoNote    AttachmentKind = "video_note"
	LivePhoto    AttachmentKind = "live_photo"
	Location     AttachmentKind = "location"
	ContactCard  AttachmentKind = "contact"
	Ordered      AttachmentKind = "order"
	StoryShare   AttachmentKind = "story"
	StoryMention AttachmentKind = "story_mention"
	Share        AttachmentKind = "share"
	Post         AttachmentKind = "post"
	Reel         AttachmentKind = "reel"
	Fallback     AttachmentKind = "fallback" // a link preview, mostly
	Template     AttachmentKind = "template"
	Appointment  AttachmentKind = "appointment"
	Ephemeral    AttachmentKind = "ephemeral" // seen once, content not given
	LikeHeart    AttachmentKind = "like_heart"
	Poll         AttachmentKind = "poll"
	Dice         AttachmentKind = "dice"
	Game         AttachmentKind = "game"
	Checklist    AttachmentKind = "checklist"
	Invoice      AttachmentKind = "invoice"
	PaidMedia    AttachmentKind = "paid_media"
	Unsupported  AttachmentKind = "unsupported"
)

// Span is a part of a text with a meaning of its own.
type Span struct {
	Type   string `json:"type"`   // bold, italic, underline, strikethrough, spoiler, code, pre, link, mention, hashtag, command, custom_emoji, ...
	Offset int    `json:"offset"` // in Unicode code points from the start of the text
	Length int    `json:"length"` // in Unicode code points
	URL    string `json:"url,omitempty"`
}

// Attachment is one file, place, card or shared thing of a message.
type Attachment struct {
	Kind AttachmentKind `json:"kind"`
	// MediaID is the platform's handle from which the file can be fetched; URL a link that needs no token, or Meta's, which does.
	// At most one of them is the way to the file. Both may be empty: not everything attached is a file.
	MediaID  string    `json:"media_id,omitempty"`
	URL      string    `json:"url,omitempty"` // absolute http(s) or empty
	MIME     string    `json:"mime,omitempty"`
	Name     string    `json:"name,omitempty"`
	Title    string    `json:"title,omitempty"` // heading of a shared link, post, product, place or booking
	Bytes    int64     `json:"bytes,omitempty"`
	SHA256   string    `json:"sha256,omitempty"` // lower-case hex
	Seconds  float64   `json:"seconds,omitempty"`
	Width    int       `json:"width,omitempty"`  // pixels
	Height   int       `json:"height,omitempty"` // pixels
	Animated bool      `json:"animated,omitempty"`
	Emoji    string    `json:"emoji,omitempty"` // of a sticker or dice
	Place    *Place    `json:"place,omitempty"`
	Card     *Card     `json:"card,omitempty"`
	Options  []string  `json:"options,omitempty"`   // of a poll or checklist
	SharedID string    `json:"shared_id,omitempty"` // the platform's id of the shared post, reel, story, sticker or booking
	Starts   time.Time `json:"starts,omitzero"`     // of a booking
	Ends     time.Time `json:"ends,omitzero"`
	Value    string    `json:"value,omitempty"` // what a dice shows; a booking's status
}

// Place is a point on the map.
type Place struct {
	Latitude  float64 `json:"latitude"`  // degrees, WGS 84
	Longitude float64 `json:"longitude"` // degrees, WGS 84
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
	Live      bool    `json:"live,omitempty"` // the sender goes on sharing it; edits move it
}

// Card is a contact card that was sent.
type Card struct {
	Name         string   `json:"name,omitempty"`
	Phones       []string `json:"phones,omitempty"`
	Emails       []string `json:"emails,omitempty"`
	Organization string   `json:"organization,omitempty"`
	UserID       string   `json:"user_id,omitempty"` // the platform's id of the person on the card
	VCard        string   `json:"vcard,omitempty"`
}

// Choice is the answer to something interactive.
type Choice struct {
	Kind        string `json:"kind"` // button, list, flow, template_button, quick_reply, postback, callback, call_permission
	ID          string `json:"id,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Data        string `json:"data,omitempty"` // a flow's answers as the platform sent them: mostly a JSON object, not always
}

// Order is a basket that was sent.
type Order struct {
	Catalog string      `json:"catalog,omitempty"`
	Items   []OrderItem `json:"items"`
}

// OrderItem is one line of an [Order].
type OrderItem struct {
	Product  string `json:"product"`
	Quantity string `json:"quantity,omitempty"` // decimal, as sent
	Price    string `json:"price,omitempty"`    // decimal per item, as sent
	Currency string `json:"currency,omitempty"` // ISO 4217
}

// Story is a story that a message answers.
type Story struct {
	ID  string `json:"id,omitempty"`
	URL string `json:"url,omitempty"`
}

// Referral is how a customer came to the chat.
type Referral struct {
	Source   string `json:"source,omitempty"` // ad, post, shortlink, ..., in lower case
	SourceID string `json:"source_id,omitempty"`
	Ref      string `json:"ref,omitempty"` // what the business put into the link
	URL      string `json:"url,omitempty"`
	Headline string `json:"headline,omitempty"`
	Body     string `json:"body,omitempty"`
	ClickID  string `json:"click_id,omitempty"`
}

// Error is a platform's complaint.
type Error struct {
	Code   int    `json:"code"`
	Title  string `json:"title,omitempty"`
	Detail string `json:"detail,omitempty"`
	Reason string `json:"reason,omitempty"` // what it means for an agent, in a sentence of ours; empty: Title has to do
}

// Status is the fate of one message that was sent.
type Status struct {
	Target    string        `json:"target"` // Event.ID of the message
	State     DeliveryState `json:"state"`
	Recipient string        `json:"recipient,omitempty"` // the platform's id of who received or failed to receive it
	Errors    []Error       `json:"errors,omitempty"`    // why it failed
	Handle    string        `json:"handle,omitempty"`    // what we attached when we sent it: the best way to find our row
	Price     *Price        `json:"price,omitempty"`
}

// Price is how the platform bills a message.
type Price struct {
	Billable bool   `json:"billable"`
	Model    string `json:"model,omitempty"`
	Category string `json:"category,omitempty"`
}

// DeliveryState is how far a message got. A value that is none of the constants is the platform's own word, kept as it came.
type DeliveryState string

// How far a message can get.
const (
	Sent      DeliveryState = "sent"
	Delivered DeliveryState = "delivered"
	Read      DeliveryState = "read"
	Played    DeliveryState = "played" // a voice note was listened to
	Failed    DeliveryState = "failed"
)

// Reaction replaces one person's reactions to one message.
type Reaction struct {
	Target string   `json:"target"` // Event.ID of the message
	Actor  string   `json:"actor"`  // the platform's id of who reacts
	Emojis []string `json:"emojis"` // all that the actor's reaction now consists of; none: it was removed
}

// Edit is new content of a message.
type Edit struct {
	Target  string   `json:"target"` // Event.ID of the message
	Number  int      `json:"number,omitempty"`
	Content *Message `json:"content"` // the message as it now is; Direction and Sender are the editor's
	// Late marks content that the platform could not give when it announced the message: nobody changed anything.
	Late bool `json:"late,omitempty"`
}

// Delete takes a message back.
type Delete struct {
	Target    string    `json:"target"`    // Event.ID of the message
	Direction Direction `json:"direction"` // which side took it back; empty when the platform does not say
	Actor     string    `json:"actor,omitempty"`
}

// Watermark says that every message we sent to the thread up to a time has got this far.
type Watermark struct {
	State DeliveryState `json:"state"` // Delivered or Read
	Until time.Time     `json:"until"` // messages sent at this time are included
	Actor string        `json:"actor,omitempty"`
}

// System is something the platform tells besides what people say.
type System struct {
	Type     string    `json:"type"`              // referral, optin, handover, call, service, account, error, comment, ... as the channel's README lists them
	Detail   string    `json:"detail,omitempty"`  // the platform's own finer name: new_chat_members, user_changed_number
	Actor    string    `json:"actor,omitempty"`   // the platform's id of who did it
	Text     string    `json:"text,omitempty"`    // what a person could read, where the platform gives it
	Target   string    `json:"target,omitempty"`  // Event.ID or the platform's id of what it is about
	Payload  string    `json:"payload,omitempty"` // data of an opt-in, a web app, a game, ...
	Referral *Referral `json:"referral,omitempty"`
	Errors   []Error   `json:"errors,omitempty"`
	// Moved is the new name of the thread from now on (a group that became a supergroup, a user with a new number).
	Moved string `json:"moved,omitempty"`
}
