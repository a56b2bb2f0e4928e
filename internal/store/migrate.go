package store

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"omni/sql"
)

// monthsAhead is how far ahead the logs have partitions after a migration.
const monthsAhead = 12

// Migrated is one migration that was applied.
type Migrated struct {
	Version int64  `json:"version"`
	Name    string `json:"name"` // of its file
}

// Migrate brings the database's schema up to date and returns what it applied, oldest first. Several callers at once take turns.
func Migrate(ctx context.Context, url string) ([]Migrated, error) { return MigrateWith(ctx, url, nil) }

// LatestSchema is the version of the schema that this code was written for: the number of its last migration.
func LatestSchema() (int64, error) {
	names, err := fs.Glob(sql.Migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("reading the migrations: there are %d: %w", len(names), err)
	}
	return goose.NumericComponent(names[len(names)-1])
}

// MigrateWith is Migrate with a password that is not in the URL.
func MigrateWith(ctx context.Context, url string, password Password) ([]Migrated, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("reading the database URL: %w", err)
	}
	enter := password.enter(config) // before the configuration is copied
	database := stdlib.OpenDB(*config, stdlib.OptionBeforeConnect(enter))
	defer database.Close()
	provider, err := newProvider(database)
	if err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrating the database: %w", err)
	}
	if _, err := database.ExecContext(ctx, "SELECT ensure_partitions($1)", monthsAhead); err != nil {
		return nil, fmt.Errorf("making the partitions of the coming months: %w", err)
	}
	applied := make([]Migrated, len(results))
	for i, result := range results {
		applied[i] = Migrated{Version: result.Source.Version, Name: result.Source.Path}
	}
	return applied, nil
}

func newProvider(database *stdsql.DB) (*goose.Provider, error) {
	migrations, err := fs.Sub(sql.Migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	turns, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("preparing the migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, database, migrations, goose.WithSessionLocker(turns))
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return provider, nil
}
