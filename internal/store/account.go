package store

import (
	"context"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// ChannelAccounts returns every channel account, and how it does.
func (s *Store) ChannelAccounts(ctx context.Context) ([]inbox.ChannelAccount, error) {
	rows, err := s.q.ChannelAccountList(ctx)
	if err != nil {
		return nil, interpretError("reading channel accounts", err)
	}
	failures, err := s.failures(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]inbox.ChannelAccount, len(rows))
	for i, row := range rows {
		all[i] = channelAccountOf(row)
		all[i].Failures = failures[row.ID]
	}
	return all, nil
}

// failures are those of the last day, by channel account.
func (s *Store) failures(ctx context.Context) (map[uuid.UUID][]inbox.SendFailure, error) {
	rows, err := s.q.ChannelAccountFailures(ctx)
	if err != nil {
		return nil, interpretError("counting failures", err)
	}
	all := map[uuid.UUID][]inbox.SendFailure{}
	for _, r := range rows {
		all[r.ChannelAccountID] = append(all[r.ChannelAccountID], inbox.SendFailure{Code: r.ErrorCode, Reason: r.ErrorReason, Number: int(r.Number)})
	}
	return all, nil
}

func channelAccountOf(r db.ChannelAccountListRow) inbox.ChannelAccount {
	return inbox.ChannelAccount{
		ID: r.ID, ExternalID: r.ExternalID, LastInboundAt: r.InboundAt, LastOutboundAt: r.OutboundAt,
		Health: inbox.AccountHealth{
			Channel: r.Channel, CredentialAccount: r.CredentialAccount, State: inbox.AccountState(value(r.State)), Since: timeValue(r.StateSince),
			Name: value(r.Name), ExpiresAt: timeValue(r.ExpiresAt), Lacks: r.Lacks, Detail: value(r.Detail), CheckedAt: timeValue(r.CheckedAt),
		},
	}
}
