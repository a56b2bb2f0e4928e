package channels_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
)

// checkSend answers a simulated customer at the platform that the channel's simulator plays: what the spec allows arrives once, what it
// does not allow never, and what goes wrong has its decision.
func checkSend(t *testing.T, spec channels.Spec) {
	chat := startChat(t, spec)
	chat.inspector.LiftLimits()
	for name, o := range chat.allowed() {
		if err := spec.Check(o); err != nil {
			t.Errorf("%s: the spec refuses what it allows: %v", name, err)
			continue
		}
		chat.expectDelivery(t, name, o)
	}
	for name, content := range chat.excessive() {
		chat.expectRefusal(t, name, chat.saying(content))
	}
	chat.checkFaults(t)
	chat.checkNetwork(t)
	chat.checkWindow(t)
}

// chat is a customer at a simulated platform, and the channel that answers.
type chat struct {
	spec      channels.Spec
	secrets   channels.Secrets
	client    channels.Doer
	channel   channels.Channel
	inspector simulate.Inspector
	base      channels.Outgoing // to the customer
	earlier   string            // Event.ID of what the customer wrote
	files     files
}

func startChat(t *testing.T, spec channels.Spec) *chat {
	t.Helper()
	c := &chat{spec: spec, secrets: callSecrets(spec), files: files{}}
	api, ok := platform(t, spec).(simulate.API)
	if !ok {
		t.Fatal("its simulator is no simulate.API")
	}
	handler := api.API(map[string]channels.Secrets{"shop": c.secrets}, nil)
	if c.inspector, ok = handler.(simulate.Inspector); !ok {
		t.Fatal("its simulated API is no simulate.Inspector")
	}
	c.client = channeltest.Network(t, handler)
	c.channel = c.open(t, c.secrets, c.client)
	c.meet(t)
	return c
}

func (c *chat) open(t *testing.T, secrets channels.Secrets, client channels.Doer) channels.Channel {
	t.Helper()
	channel, err := channels.Open(c.spec.Name, channels.Env{Account: "shop", Secrets: secrets, HTTP: client, Files: c.files})
	if err != nil {
		t.Fatal(err)
	}
	return channel
}

// meet lets a customer write, and takes their names from what the channel makes of it.
func (c *chat) meet(t *testing.T) {
	t.Helper()
	simulated := platform(t, c.spec)
	event, err := simulated.Event("text", simulate.Scene{
		Rand: rand.New(rand.NewPCG(1, 2)), At: time.Now(), Account: "104218563001122", Customer: simulate.Customer{Number: 7, Name: "Ada Lovelace"},
		Serial: 1, Run: "conformance",
	})
	if err != nil {
		t.Fatal(err)
	}
	results, err := channeltest.Run(c.channel, simulated.Webhooks([]simulate.Event{event})[0].Body)
	if err != nil || len(results) != 1 || results[0].Update == nil || results[0].Update.Person == nil {
		t.Fatalf("nobody wrote: %+v, %v", results, err)
	}
	wrote := results[0]
	c.earlier = wrote.Event.ID
	c.base = channels.Outgoing{Account: wrote.Event.Account, Thread: wrote.Event.Thread, To: wrote.Update.Person.Identities}
	if c.base.Account == "" {
		c.base.Account = "shop"
	}
}

// saying is a message of the content to the customer. Its handle looks like ours.
func (c *chat) saying(content channels.Content) channels.Outgoing {
	o := c.base
	o.Content = content
	o.Handle = fmt.Sprintf("0199a0b1-7c00-7000-8000-%012x", len(c.inspector.Deliveries()))
	return o
}

// expectDelivery sends a message and expects that the customer gets it, once.
func (c *chat) expectDelivery(t *testing.T, name string, o channels.Outgoing) {
	t.Helper()
	before := len(c.inspector.Deliveries())
	receipt, err := c.channel.Send(t.Context(), o)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	got := c.inspector.Deliveries()[before:]
	if len(got) != 1 {
		t.Errorf("%s: delivered %d times: %+v", name, len(got), got)
		return
	}
	one, reaction := got[0], o.Reaction != nil
	if one.Thread != o.Thread || one.ID != receipt.ID && !reaction || receipt.ID == "" && !reaction {
		t.Errorf("%s: %+v is delivered, the receipt is %+v", name, one, receipt)
	}
	if one.Content.Type() != o.Content.Type() || one.Content.Text != o.Content.Text || one.Handle != "" && one.Handle != o.Handle {
		t.Errorf("%s: %+v is delivered", name, one)
	}
}

// expectRefusal expects that the spec refuses a message, and the platform too.
func (c *chat) expectRefusal(t *testing.T, name string, o channels.Outgoing) {
	t.Helper()
	var rejected *channels.RejectedError
	if err := c.spec.Check(o); !errors.As(err, &rejected) {
		t.Errorf("%s: the spec says %v, want a RejectedError", name, err)
	}
	before := len(c.inspector.Deliveries())
	if _, err := c.channel.Send(t.Context(), o); !errors.As(err, &rejected) {
		t.Errorf("%s: the platform says %v, want a RejectedError", name, err)
	}
	if got := c.inspector.Deliveries()[before:]; len(got) > 0 {
		t.Errorf("%s: it is delivered: %+v", name, got)
	}
}

// checkFaults sends while the platform misbehaves.
func (c *chat) checkFaults(t *testing.T) {
	t.Helper()
	for name, fault := range map[string]struct {
		simulate.Fault
		delivered int
		right     func(error) bool
	}{
		"throttled": {simulate.Fault{Throttle: 1, After: 90 * time.Second}, 0, isThrottled},
		"refused":   {simulate.Fault{Refuse: 1}, 0, func(err error) bool { return !isThrottled(err) && !isRejected(err) }},
		"lost":      {simulate.Fault{Lose: 1}, 1, isUncertain},
	} {
		c.inspector.Misbehave(fault.Fault)
		before := len(c.inspector.Deliveries())
		_, err := c.channel.Send(t.Context(), c.saying(channels.Content{Text: "Hello"}))
		if err == nil || !fault.right(err) {
			t.Errorf("%s: %v", name, err)
		}
		if got := len(c.inspector.Deliveries()) - before; got != fault.delivered {
			t.Errorf("%s: delivered %d times, want %d", name, got, fault.delivered)
		}
		c.expectDelivery(t, "after being "+name, c.saying(channels.Content{Text: "Hello"}))
	}
}

// isThrottled reports whether the wait is what the platform said, or longer; not all of them say.
func isThrottled(err error) bool {
	var throttled *channels.ThrottledError
	return errors.As(err, &throttled) && (throttled.After == 0 || throttled.After >= 90*time.Second)
}

func isRejected(err error) bool {
	var rejected *channels.RejectedError
	return errors.As(err, &rejected)
}

func isUncertain(err error) bool {
	var uncertain *channels.UncertainError
	return errors.As(err, &uncertain)
}

// checkNetwork sends where nobody answers, and with a wrong token.
func (c *chat) checkNetwork(t *testing.T) {
	t.Helper()
	hello := c.saying(channels.Content{Text: "Hello"})
	wrong := maps.Clone(c.secrets)
	for _, secret := range c.spec.Secrets {
		if secret.For == channels.ForSend {
			wrong[secret.Name] = []string{"wrong!" + secret.Name}
		}
	}
	if _, err := c.open(t, wrong, c.client).Send(t.Context(), hello); !errors.Is(err, channels.ErrCredentials) ||
		strings.Contains(err.Error(), "wrong!") {
		t.Errorf("with a wrong token: %v, want ErrCredentials and no token", err)
	}
	down := channeltest.DoerFunc(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	})
	if _, err := c.open(t, c.secrets, down).Send(t.Context(), hello); err == nil || isUncertain(err) || isRejected(err) {
		t.Errorf("without a connection: %v, want that trying again helps", err)
	}
	cut := channeltest.DoerFunc(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
	if _, err := c.open(t, c.secrets, cut).Send(t.Context(), hello); !isUncertain(err) {
		t.Errorf("after a connection that broke: %v, want an UncertainError", err)
	}
}

// checkWindow answers after the window, which the platform refuses; with the tag it is longer.
func (c *chat) checkWindow(t *testing.T) {
	t.Helper()
	if c.spec.Window == 0 {
		return
	}
	listener, ok := c.inspector.(simulate.Listener)
	if !ok {
		t.Error("its simulated API is no simulate.Listener, and cannot know when the window closes")
		return
	}
	hello := c.saying(channels.Content{Text: "Hello"})
	listener.Wrote(c.base.Account, c.base.Thread, time.Now().Add(-c.spec.Window-time.Minute))
	before := len(c.inspector.Deliveries())
	if _, err := c.channel.Send(t.Context(), hello); !isRejected(err) || len(c.inspector.Deliveries()) != before {
		t.Errorf("after the window: %v, want a RejectedError", err)
	}
	if c.spec.Tag != nil {
		tagged := hello
		tagged.Tag = c.spec.Tag.Name
		c.expectDelivery(t, "after the window, with the tag", tagged)
	}
	listener.Wrote(c.base.Account, c.base.Thread, time.Now())
	c.expectDelivery(t, "in a new window", hello)
}

// files are what can be sent, by their keys.
type files map[string][]byte

func (f files) Open(_ context.Context, key string) (io.ReadCloser, error) {
	content, ok := f[key]
	if !ok {
		return nil, fmt.Errorf("there is no file %q", key)
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

// file makes a file that can be sent.
func (c *chat) file(kind channels.AttachmentKind, mime string) *channels.File {
	key := "outgoing/" + string(kind)
	c.files[key] = []byte("the bytes of a file")
	return &channels.File{
		Kind: kind, Key: key, Link: "https://files.example/" + key + "?signature=1", MIME: mime, Name: "a file.bin", Bytes: int64(len(c.files[key])),
	}
}

// usual is a type of each kind of file, where the channel takes any.
var usual = map[channels.AttachmentKind]string{
	channels.Image: "image/jpeg", channels.Video: "video/mp4", channels.Audio: "audio/mpeg", channels.Voice: "audio/ogg",
	channels.Document: "application/pdf", channels.Sticker: "image/webp", channels.Animation: "video/mp4", channels.VideoNote: "video/mp4",
}

// allowed are messages that the spec allows, up to its limits.
func (c *chat) allowed() map[string]channels.Outgoing {
	sends := c.spec.Sends
	all := map[string]channels.Outgoing{
		"text":      c.saying(channels.Content{Text: "Hello ❤️, <b>5 > 3</b> & more"}),
		"long text": c.saying(channels.Content{Text: strings.Repeat("a", c.spec.Text.Max)}),
	}
	for _, limit := range c.spec.Media {
		c.allowFiles(all, limit)
	}
	if sends.Places {
		all["place"] = c.saying(channels.Content{Place: &channels.Place{Latitude: 50.0755, Longitude: 14.4378, Name: "Prague", Address: "Old Town"}})
		all["bare place"] = c.saying(channels.Content{Place: &channels.Place{Latitude: -90, Longitude: 180}})
	}
	if sends.Cards {
		all["card"] = c.saying(channels.Content{Card: &channels.Card{Name: "Ada Lovelace", Phones: []string{"+420123456789"}, Emails: []string{"a@b.cz"}}})
	}
	if sends.Replies {
		reply := c.saying(channels.Content{Text: "Yes"})
		reply.ReplyTo = c.earlier
		all["reply"] = reply
	}
	topical := c.saying(channels.Content{Text: "About the repairs"})
	topical.Topic = "33"
	all["topic"] = topical
	topical.Topic = "no topic of this channel's"
	all["strange topic"] = topical
	if sends.Templates {
		all["template"] = c.saying(channels.Content{Template: &channels.TemplateMessage{Name: "hello_world", Language: "en_US"}})
	}
	if sends.Choices != nil {
		c.allowChoices(all, *sends.Choices)
	}
	if sends.Reactions != nil {
		emoji := append(slices.Clone(sends.Reactions.Emojis), "👍")[0]
		all["reaction"] = c.saying(channels.Content{Reaction: &channels.SentReaction{Target: c.earlier, Emoji: emoji}})
		all["reaction in another form"] = c.saying(channels.Content{
			Reaction: &channels.SentReaction{Target: c.earlier, Emoji: channels.PlainEmoji(emoji) + "\ufe0f"},
		})
		all["reaction taken back"] = c.saying(channels.Content{Reaction: &channels.SentReaction{Target: c.earlier}})
	}
	if c.spec.Tag != nil {
		tagged := c.saying(channels.Content{Text: "Good morning"})
		tagged.Tag = c.spec.Tag.Name
		all["tag"] = tagged
	}
	return all
}

// allowFiles adds a file of each type that the limit names, with a caption where it can have one.
func (c *chat) allowFiles(all map[string]channels.Outgoing, limit channels.MediaLimit) {
	types := limit.Types
	if len(types) == 0 {
		types = []string{usual[limit.Kind]}
	}
	for _, mime := range types {
		all[string(limit.Kind)+" of "+mime] = c.saying(channels.Content{File: c.file(limit.Kind, mime)})
	}
	if slices.Contains(c.spec.Sends.Captioned, limit.Kind) {
		caption := strings.Repeat("c", c.spec.Sends.Caption.Max)
		all[string(limit.Kind)+" with a caption"] = c.saying(channels.Content{Text: caption, File: c.file(limit.Kind, types[0])})
	}
}

func (c *chat) allowChoices(all map[string]channels.Outgoing, limit channels.ChoiceLimit) {
	question := strings.Repeat("q", limit.Text.Max)
	few := []channels.Option{{ID: "y", Title: "Yes"}, {ID: "n", Title: "No"}}
	all["few choices"] = c.saying(channels.Content{Text: "Shall we?", Choices: &channels.Choices{Options: few}})
	plain := limit
	plain.Description = 0
	all["many choices"] = c.saying(channels.Content{Text: question, Choices: options(longOptions(plain, limit.Options)...)})
	if limit.Description > 0 {
		all["described choices"] = c.saying(channels.Content{Text: question, Choices: options(longOptions(limit, limit.Options)...)})
	}
}

// longOptions are so many options, as long as they may be.
func longOptions(limit channels.ChoiceLimit, n int) []channels.Option {
	all := make([]channels.Option, n)
	for i := range all {
		all[i] = channels.Option{
			ID: fmt.Sprintf("%0*d", limit.ID, i), Title: fmt.Sprintf("%0*d", limit.Title, i), Description: strings.Repeat("d", limit.Description),
		}
	}
	return all
}

// excessive are messages that go beyond a limit of the spec by one.
func (c *chat) excessive() map[string]channels.Content {
	all := map[string]channels.Content{"too long a text": {Text: strings.Repeat("a", c.spec.Text.Max+1)}}
	for _, kind := range c.spec.Sends.Captioned {
		limit := c.spec.Media[slices.IndexFunc(c.spec.Media, func(m channels.MediaLimit) bool { return m.Kind == kind })]
		mime := append(slices.Clone(limit.Types), usual[kind])[0]
		all["too long a caption of "+string(kind)] = channels.Content{
			Text: strings.Repeat("c", c.spec.Sends.Caption.Max+1), File: c.file(kind, mime),
		}
	}
	if limit := c.spec.Sends.Choices; limit != nil {
		plain, long := *limit, *limit
		plain.Description, long.Description, long.Title = 0, 0, limit.Title+1
		all["too many choices"] = channels.Content{Text: "Which?", Choices: options(longOptions(plain, limit.Options+1)...)}
		all["too long a title"] = channels.Content{Text: "Which?", Choices: options(longOptions(long, 2)...)}
		long = plain
		long.ID++
		all["too long an id"] = channels.Content{Text: "Which?", Choices: options(longOptions(long, 2)...)}
		if limit.Menu > 0 {
			menu := options(longOptions(plain, limit.Options)...)
			menu.Menu = strings.Repeat("m", limit.Menu+1)
			all["too long a label"] = channels.Content{Text: "Which?", Choices: menu}
		}
		all["too long a question"] = channels.Content{Text: strings.Repeat("q", limit.Text.Max+1), Choices: options(longOptions(plain, 2)...)}
	}
	return all
}
