package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// template returns the database that migrate filled, filling it now if no process has done so.
func template(ctx context.Context, admin, fingerprint string, migrate Migrate) (string, error) {
	sum := sha256.Sum256([]byte(fingerprint))
	name := "template_" + hex.EncodeToString(sum[:8])
	err := withConn(ctx, admin, func(conn *pgx.Conn) error {
		// Held until this connection closes: the others wait for the template instead of making it too.
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil {
			return fmt.Errorf("waiting for the template database: %w", err)
		}
		var made bool
		if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&made); err != nil || made {
			return err
		}
		return makeTemplate(ctx, conn, admin, name, migrate)
	})
	return name, err
}

// makeTemplate fills a database and gives it its name when it is complete: a process that dies in between leaves no half template.
func makeTemplate(ctx context.Context, conn *pgx.Conn, admin, name string, migrate Migrate) error {
	unfinished := name + "_unfinished"
	if err := dropDatabase(ctx, admin, unfinished); err != nil {
		return err
	}
	if err := makeDatabase(ctx, admin, unfinished, "template0"); err != nil {
		return err
	}
	url, err := at(admin, unfinished)
	if err != nil {
		return err
	}
	if err := migrate(ctx, url); err != nil {
		return fmt.Errorf("migrating the template database: %w", err)
	}
	_, err = conn.Exec(ctx, fmt.Sprintf("ALTER DATABASE %s RENAME TO %s", quote(unfinished), quote(name)))
	if err != nil {
		return fmt.Errorf("naming the template database (migrate has to close its connections): %w", err)
	}
	return nil
}

// makeDatabase copies files, not log records: several times faster for a small database on a server without fsync.
func makeDatabase(ctx context.Context, admin, name, from string) error {
	return withConn(ctx, admin, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", quote(name), quote(from)))
		if err != nil {
			return fmt.Errorf("copying database %s: %w", from, err)
		}
		return nil
	})
}

func dropDatabase(ctx context.Context, admin, name string) error {
	return withConn(ctx, admin, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", quote(name)))
		return err
	})
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
