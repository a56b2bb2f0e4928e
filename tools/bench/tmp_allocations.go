package main
import "context"
func (b *bench) allocations(ctx context.Context) ([]table, error) { return nil, nil }
