// Package sql holds the database's schema and queries. sqlc turns both into gen/db.
package sql

//go:generate go tool -modfile=../tools/build.mod sqlc generate -f ../sqlc.yaml

import "embed"

// Migrations are the goose migrations, in migrations/.
//
//go:embed migrations/*.sql
var Migrations embed.FS
