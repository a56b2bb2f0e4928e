package main
import "context"
func (b *bench) roundTrips(ctx context.Context) ([]table, error) { return nil, nil }
