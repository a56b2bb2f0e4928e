package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/user"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/app"
	"omni/internal/inbox"
	"omni/tools/omni/desk"
	"omni/tools/omni/send"
	"omni/tools/omni/state"
)

type sendCommand struct {
	Words []string `arg:"" optional:"" help:"What to say."`

	To      string `help:"Whom to answer: a conversation's id, the platform's name of the chat, a customer's name or number, or last: who wrote last." default:"last"`
	ReplyTo string `help:"Id of the message that this one answers." placeholder:"ID"`

	File     string   `help:"A file to send; what you say is its caption." placeholder:"PATH" type:"existingfile" xor:"content"`
	Choice   []string `help:"Something to pick from, as often as there is." placeholder:"TITLE"`
	React    string   `help:"React to the message of --reply-to instead of writing." placeholder:"EMOJI" xor:"content"`
	Template string   `help:"Send a template that the platform has approved." placeholder:"NAME" xor:"content"`
	Language string   `help:"Language of the template, as the platform names it." default:"en_US"`
	Param    []string `help:"What fills the template's gaps, in order." placeholder:"TEXT"`
	Tag      string   `help:"The platform's tag for what a person may still say after the reply window." placeholder:"NAME"`

	Key    string        `help:"Idempotency key: asking twice with the same one sends once. Without it every call sends."`
	As     string        `help:"Author of the message; without it your user name." placeholder:"NAME"`
	NoWait bool          `help:"End when the message is on its way."`
	Wait   time.Duration `help:"End when nothing has changed for so long." default:"10s"`

	DatabaseURL   string `help:"Database of the inbox; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
	OutboundQueue string `help:"URL of the queues of answers in AWS, with {channel} for the channel's name." name:"outbound-queue" placeholder:"URL" env:"OUTBOUND_QUEUE_URL"`
	Files         string `help:"Where the files of messages are kept: s3:BUCKET/PREFIX or file:FOLDER; without it where 'omni dev' has them." placeholder:"WHERE" env:"FILES"`
}

func (sendCommand) Help() string {
	return `Answers a customer and shows what becomes of the message: queued, sent, delivered, read, or failed and why. What the platform does not allow
is refused before it is sent. Ends with status 1 when the message was not delivered, or when nobody knows.

With 'omni dev' simulated platforms take the message; nobody gets it.

Examples:

  omni send "Yes, we open at nine."
  omni send --to "Amara" "Which one?" --choice "The blue one" --choice "The green one"
  omni send --to 4915901234567 --template order_shipped --param "Tuesday" --key order-4711
  omni send --file invoice.pdf "Here is your invoice."
  omni send --reply-to 0198c5a2-7c1e-7b43-8f1a-2f5b8a3f9d10 --react 👍`
}

// Validate is called by kong.
func (c sendCommand) Validate() error {
	switch {
	case len(c.Words) == 0 && c.React == "" && c.Template == "" && c.File == "":
		return errors.New("say something, or use --file, --react or --template")
	case c.React != "" && c.ReplyTo == "":
		return errors.New("--react needs --reply-to: the message to react to")
	case len(c.Param) > 0 && c.Template == "":
		return errors.New("--param belongs to --template")
	}
	return nil
}

func (c sendCommand) Run(ctx context.Context, std streams) error {
	opened, err := c.open(ctx, newLog(std, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer opened.Close()
	found, err := send.Find(ctx, opened.DB, c.To)
	if err != nil {
		return err
	}
	draft, err := c.draft(found.ID)
	if err != nil {
		return err
	}
	if c.File != "" {
		if draft.Content.File, err = c.upload(ctx, draft.Key); err != nil {
			return err
		}
	}
	fmt.Fprintf(std.out, "To %s\n", found)
	return send.Run(ctx, opened, opened.DB, std.out, draft, send.Options{Watch: !c.NoWait, Wait: c.Wait, Every: 100 * time.Millisecond})
}

// open opens a desk on the database, with the queues that belong to it.
func (c sendCommand) open(ctx context.Context, log *slog.Logger) (*desk.Desk, error) {
	database, err := databaseURL(c.DatabaseURL)
	if err != nil {
		return nil, err
	}
	queues, err := queuesOf(ctx, database, app.Queues{Outbound: c.OutboundQueue})
	if err != nil {
		return nil, err
	}
	return desk.Open(ctx, database, queues, log)
}

// upload keeps the file where the senders find it.
func (c sendCommand) upload(ctx context.Context, key string) (*channels.File, error) {
	where := c.Files
	if where == "" {
		folder, err := state.Find()
		if err != nil {
			return nil, err
		}
		where = "file:" + folder.Path("files")
	}
	files, err := app.OpenFiles(ctx, where)
	if err != nil {
		return nil, err
	}
	return send.Upload(ctx, files, key, c.File)
}

// draft is what the flags say.
func (c sendCommand) draft(conversation uuid.UUID) (inbox.Draft, error) {
	d := inbox.Draft{Conversation: conversation, Key: cmp.Or(c.Key, uuid.NewString()), Author: c.author(), Human: true, Tag: c.Tag}
	if c.ReplyTo != "" {
		var err error
		if d.ReplyTo, err = uuid.Parse(c.ReplyTo); err != nil {
			return d, fmt.Errorf("--reply-to %q is no id of a message", c.ReplyTo)
		}
	}
	d.Content.Text = strings.Join(c.Words, " ")
	for _, title := range c.Choice {
		if d.Content.Choices == nil {
			d.Content.Choices = &channels.Choices{}
		}
		d.Content.Choices.Options = append(d.Content.Choices.Options, channels.Option{ID: title, Title: title})
	}
	if c.React != "" {
		d.Content.Reaction = &channels.SentReaction{Emoji: c.React}
	}
	if c.Template != "" {
		d.Content.Template = &channels.TemplateMessage{Name: c.Template, Language: c.Language, Body: c.Param}
	}
	return d, nil
}

// author is who writes.
func (c sendCommand) author() string {
	if c.As != "" {
		return c.As
	}
	if me, err := user.Current(); err == nil && me.Username != "" {
		return me.Username
	}
	return "operator"
}
