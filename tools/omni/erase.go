package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"omni/internal/app"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/tools/omni/erase"
)

type eraseCommand struct {
	Contact eraseContactCommand `cmd:"" help:"Forget a contact with everything that came from them."`
	List    eraseListCommand    `cmd:"" help:"List the receipts of erasures."`
	Show    eraseShowCommand    `cmd:"" help:"Show one receipt, or whether it is about somebody."`

	DatabaseURL string `help:"Database of the inbox; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
}

func (eraseCommand) Help() string {
	return `An erasure removes what one person has left: messages on both sides, files, raw webhooks, notes, dead letters, what subscribers are told. Nothing brings it
back. What stays is a receipt, which names nobody.

Examples:

  omni erase contact --identity whatsapp:+4915112345678 --reason "Asked for it by mail on 2026-11-30"
  omni erase list
  omni erase show 01a20446-067f-7693-a288-fb8e3183780a --identity whatsapp:+4915112345678`
}

// personID is an id by which a channel knows somebody.
type personID struct{ channel, value string }

// UnmarshalText reads CHANNEL:ID.
func (i *personID) UnmarshalText(text []byte) error {
	var ok bool
	if i.channel, i.value, ok = strings.Cut(string(text), ":"); !ok || i.channel == "" || i.value == "" {
		return errors.New("want CHANNEL:ID, such as whatsapp:+4915112345678")
	}
	return nil
}

type eraseContactCommand struct {
	ID           uuid.UUID `arg:"" optional:"" help:"Id of the contact."`
	Identity     personID  `help:"Instead of the id: who has this id in a channel." placeholder:"CHANNEL:ID"`
	Reason       string    `help:"Why, for the receipt. Say nothing of the person in it." required:"" placeholder:"TEXT"`
	Yes          bool      `help:"Do not ask." short:"y"`
	MessageQueue string    `help:"URL of the queue of messages; without it that of the running 'omni dev'." name:"message-queue-url" placeholder:"URL" env:"MESSAGE_QUEUE_URL"`
}

func (eraseContactCommand) Help() string {
	return `Shows what there is of the contact, and asks. From then on nothing finds the contact, and the running product removes the rest. Where no queue is at hand, it
finds the erasure as overdue within a minute of its next work.

Examples:

  omni erase contact 01a20446-067f-7693-a288-fb8e3183780a --reason "Ticket 4711"
  omni erase contact --identity telegram:123456789 --reason "Ticket 4711" --yes`
}

// Validate is called by kong.
func (c eraseContactCommand) Validate() error {
	if (c.ID == uuid.Nil) == (c.Identity == personID{}) {
		return errors.New("name either an id or an --identity")
	}
	return nil
}

// Run erases.
func (c eraseContactCommand) Run(ctx context.Context, std streams, parent *eraseCommand) error {
	opened, url, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	sender, err := queuesOf(ctx, url, app.Queues{Live: c.MessageQueue})
	if err != nil {
		return err
	}
	eraser := erase.Eraser{Store: opened, Out: std.out, Confirm: confirm(std, c.Yes)}
	if sender != nil {
		eraser.Queue = pipeline.ErasureQueue(sender)
	}
	if c.ID != uuid.Nil {
		return eraser.Contact(ctx, c.ID, c.Reason)
	}
	return eraser.Identity(ctx, c.Identity.channel, c.Identity.value, c.Reason)
}

type eraseListCommand struct {
	Limit int `help:"Most receipts in the table." default:"50"`
}

func (eraseListCommand) Help() string {
	return `Lists erasures, the latest first.

Examples:

  omni erase list`
}

// Validate is called by kong.
func (c eraseListCommand) Validate() error {
	if c.Limit < 1 {
		return errors.New("--limit has to be at least 1")
	}
	return nil
}

// Run lists.
func (c eraseListCommand) Run(ctx context.Context, std streams, parent *eraseCommand) error {
	opened, _, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	return erase.List(ctx, opened, std.out, c.Limit)
}

type eraseShowCommand struct {
	ID       uuid.UUID `arg:"" help:"Id of the erasure, as the list has it."`
	Identity personID  `help:"Say whether the erasure is about who has this id in a channel." placeholder:"CHANNEL:ID"`
}

func (eraseShowCommand) Help() string {
	return `Shows who asked for it and why, what is gone, and what no erasure reaches. The receipt holds no identity, but recognises one that you name.

Examples:

  omni erase show 01a20446-067f-7693-a288-fb8e3183780a
  omni erase show 01a20446-067f-7693-a288-fb8e3183780a --identity whatsapp:+4915112345678`
}

// Run shows.
func (c eraseShowCommand) Run(ctx context.Context, std streams, parent *eraseCommand) error {
	opened, _, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	if c.Identity != (personID{}) {
		err = erase.Recognise(ctx, opened, std.out, c.ID, c.Identity.channel, c.Identity.value)
	} else {
		err = erase.Show(ctx, opened, std.out, c.ID)
	}
	if errors.Is(err, inbox.ErrNotFound) {
		return fmt.Errorf("%w: see `omni erase list`", err)
	}
	return err
}
