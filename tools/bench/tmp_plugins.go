package main
import "context"
func (b *bench) plugins(ctx context.Context) ([]table, error) { return nil, nil }
