package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// ChannelStore knows the accounts of channels, and what the platforms said of them.
type ChannelStore interface {
	ChannelAccounts(context.Context) ([]inbox.ChannelAccount, error)
	ListAccounts(context.Context) ([]inbox.AccountHealth, error)
	ListTemplates(context.Context, inbox.CredentialAccount) ([]inbox.KnownTemplate, error)
}

// Asker has platforms asked about accounts.
type Asker interface {
	AskNow(context.Context, inbox.CredentialAccount) (asked bool, err error)
}

// Channel is what a composer needs to know of a channel, and its accounts.
type Channel struct {
	Name          string             `json:"name"`
	Title         string             `json:"title" doc:"As people write it."`
	Text          channels.TextLimit `json:"text" doc:"Longest text of one message; a longer one becomes several."`
	Media         []MediaLimit       `json:"media" doc:"Kinds of file that can be sent."`
	Sends         channels.Abilities `json:"sends" doc:"What else can be sent."`
	WindowSeconds *int               `json:"window_seconds" doc:"After a customer's message, how long free-form answers are allowed; null: no limit."`
	Tag           *ReplyTag          `json:"tag" doc:"A longer window for an answer that a human wrote; null: none."`
	Accounts      []ChannelAccount   `json:"accounts"`
}

// MediaLimit is a kind of file that can be sent.
type MediaLimit struct {
	Kind     channels.AttachmentKind `json:"kind"`
	MaxBytes int64                   `json:"max_bytes"`
	Types    []string                `json:"types" doc:"MIME types; none: any."`
}

// ReplyTag is a longer window.
type ReplyTag struct {
	Name          string `json:"name"`
	WindowSeconds int    `json:"window_seconds"`
}

// ChannelAccount is the business's side on a platform: a phone number, a page, a bot.
type ChannelAccount struct {
	ID                uuid.UUID      `json:"id"`
	ExternalID        string         `json:"external_id" doc:"The platform's id."`
	CredentialAccount string         `json:"credential_account" doc:"Whose secrets serve it: what a webhook URL names."`
	Name              *string        `json:"name" doc:"Whose it is, as the platform shows it; null: nobody has said."`
	Health            *ChannelHealth `json:"health" doc:"What the platform said when it was last asked; null: it has not answered yet."`
	LastInboundAt     *Time          `json:"last_inbound_at" doc:"When a customer last wrote there."`
	LastOutboundAt    *Time          `json:"last_outbound_at" doc:"When somebody last wrote from there."`
	Failures          []SendFailure  `json:"failures_24h" doc:"Why messages of the last day were not delivered, the most frequent reason first."`
}

// ChannelHealth is how a credential account was found.
type ChannelHealth struct {
	State     inbox.AccountState `json:"state" enum:"ok,refused,missing_secrets,unreachable"`
	Since     Time               `json:"since" doc:"Of the state."`
	Detail    *string            `json:"detail" doc:"Why it is not ok."`
	ExpiresAt *Time              `json:"expires_at" doc:"When the credentials stop working; null: never, or the platform does not say."`
	Lacks     []string           `json:"lacks" doc:"Permissions that the credentials do not have."`
	CheckedAt Time               `json:"checked_at"`
}

// SendFailure is why messages were not delivered.
type SendFailure struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// Template is a message that a platform approved, or not yet.
type Template struct {
	Name     string                   `json:"name"`
	Language string                   `json:"language"`
	Category string                   `json:"category"`
	Status   string                   `json:"status" doc:"approved: it may be sent. Else the platform's word for why not."`
	Detail   channels.MessageTemplate `json:"detail"`
	SeenAt   Time                     `json:"seen_at" doc:"When the platform last listed it."`
}

// Templates are those of one credential account.
type Templates struct {
	Items    []Template `json:"items"`
	ListedAt *Time      `json:"listed_at" doc:"When the platform was last asked; null: never."`
	Error    *string    `json:"error" doc:"Why it did not list them then; what is known of them may be old."`
}

// OfAccount is the parameters of operations on a credential account.
type OfAccount struct {
	Channel string `path:"channel" maxLength:"20"`
	Account string `path:"credential_account" maxLength:"200"`
}

type listTemplates struct {
	OfAccount
	Query string `query:"q" maxLength:"200" doc:"Only those with this in their name or text, in any case."`
}

func (a *API) channels() {
	register(a, everybody, huma.Operation{
		OperationID: "listChannels", Method: http.MethodGet, Path: "/v1/channels", Tags: []string{"Channels"},
		Summary: "What can be sent where, and how the accounts are",
	}, a.listChannels)
	register(a, admins, huma.Operation{
		OperationID: "checkAccount", Method: http.MethodPost, Path: "/v1/channels/{channel}/accounts/{credential_account}/check", Tags: []string{"Channels"},
		DefaultStatus: http.StatusAccepted, Summary: "Have the platform asked about an account now",
		Description: "The answer comes with a change of kind `channels.updated` if the state turns, and is in `health.checked_at` in any case. " +
			"409 `nothing_to_ask`: the channel cannot ask, or nothing reaches the platforms from here.",
	}, a.checkAccount)
	register(a, everybody, huma.Operation{
		OperationID: "listTemplates", Method: http.MethodGet, Path: "/v1/channels/{channel}/accounts/{credential_account}/templates", Tags: []string{"Channels"},
		Summary: "The templates of an account, as its platform last listed them",
	}, a.listTemplates)
}

func (a *API) listChannels(ctx context.Context, _ *struct{}) (*answer[List[Channel]], error) {
	accounts, err := a.Store.ChannelAccounts(ctx)
	if err != nil {
		return nil, err
	}
	of := map[string][]ChannelAccount{}
	for _, account := range accounts {
		of[account.Health.Channel] = append(of[account.Health.Channel], accountOf(account))
	}
	return reply(listOf(channels.Specs(), func(spec channels.Spec) Channel {
		channel := channelOf(spec)
		channel.Accounts = orNone(of[spec.Name])
		return channel
	})), nil
}

func channelOf(spec channels.Spec) Channel {
	channel := Channel{Name: spec.Name, Title: spec.Title, Text: spec.Text, Sends: spec.Sends, WindowSeconds: maybe(seconds(spec.Window))}
	channel.Media = each(spec.Media, func(m channels.MediaLimit) MediaLimit {
		return MediaLimit{Kind: m.Kind, MaxBytes: m.MaxBytes, Types: orNone(m.Types)}
	})
	if spec.Tag != nil {
		channel.Tag = &ReplyTag{Name: spec.Tag.Name, WindowSeconds: seconds(spec.Tag.Window)}
	}
	return channel
}

func seconds(d time.Duration) int { return int(d / time.Second) }

func accountOf(of inbox.ChannelAccount) ChannelAccount {
	return ChannelAccount{
		ID: of.ID, ExternalID: of.ExternalID, CredentialAccount: of.Health.CredentialAccount, Name: maybe(of.Health.Name), Health: healthOf(of.Health),
		LastInboundAt: maybeTime(of.LastInboundAt), LastOutboundAt: maybeTime(of.LastOutboundAt),
		Failures: each(of.Failures, func(f inbox.SendFailure) SendFailure {
			return SendFailure{Code: f.Code, Reason: f.Reason, Count: f.Number}
		}),
	}
}

func healthOf(of inbox.AccountHealth) *ChannelHealth {
	if of.State == "" {
		return nil
	}
	return &ChannelHealth{
		State: of.State, Since: Time(of.Since), Detail: maybe(of.Detail), ExpiresAt: maybeTime(of.ExpiresAt), Lacks: orNone(of.Lacks), CheckedAt: Time(of.CheckedAt),
	}
}

func (a *API) checkAccount(ctx context.Context, in *OfAccount) (*struct{}, error) {
	account, err := a.account(ctx, *in)
	if err != nil {
		return nil, err
	}
	asked, err := a.Platforms.AskNow(ctx, inbox.CredentialAccount{Channel: account.Channel, Name: account.CredentialAccount})
	if err == nil && !asked {
		err = conflict("nothing_to_ask", "Nobody can ask this platform about the account.")
	}
	return nil, err
}

func (a *API) listTemplates(ctx context.Context, in *listTemplates) (*answer[Templates], error) {
	account, err := a.account(ctx, in.OfAccount)
	if err != nil {
		return nil, err
	}
	known, err := a.Store.ListTemplates(ctx, inbox.CredentialAccount{Channel: in.Channel, Name: in.Account})
	if err != nil {
		return nil, err
	}
	wanted := strings.ToLower(in.Query)
	known = slices.DeleteFunc(known, func(t inbox.KnownTemplate) bool {
		return !strings.Contains(strings.ToLower(t.Name), wanted) && !strings.Contains(strings.ToLower(t.Body.Text), wanted)
	})
	slices.SortStableFunc(known, func(a, b inbox.KnownTemplate) int { return cmp.Compare(unapproved(a), unapproved(b)) })
	return reply(Templates{Items: each(known, templateOf), ListedAt: maybeTime(account.TemplatesAt), Error: maybe(account.TemplatesDetail)}), nil
}

// unapproved puts what may not be sent behind what may.
func unapproved(t inbox.KnownTemplate) int {
	if t.Status == channels.TemplateApproved {
		return 0
	}
	return 1
}

// account finds a credential account.
func (a *API) account(ctx context.Context, in OfAccount) (inbox.AccountHealth, error) {
	all, err := a.Store.ListAccounts(ctx)
	if err != nil {
		return inbox.AccountHealth{}, err
	}
	i := slices.IndexFunc(all, func(h inbox.AccountHealth) bool { return h.Channel == in.Channel && h.CredentialAccount == in.Account })
	if i < 0 {
		return inbox.AccountHealth{}, inbox.ErrNotFound
	}
	return all[i], nil
}

func templateOf(of inbox.KnownTemplate) Template {
	return Template{Name: of.Name, Language: of.Language, Category: of.Category, Status: of.Status, Detail: of.MessageTemplate, SeenAt: Time(of.SeenAt)}
}
