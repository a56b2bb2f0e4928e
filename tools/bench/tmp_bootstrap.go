package main
import "context"
func (b *bench) bootstrap(ctx context.Context) ([]table, error) { return nil, nil }
