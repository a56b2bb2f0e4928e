package store

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/sync/errgroup"

	"omni/internal/localpg"
)

// before00004 is the version of the schema without roles.
const before00004 = 3

var roles = []string{"omni_webhook", "omni_processor", "omni_deadletter", "omni_sweeper"}

// Roles are the server's: databases that are migrated at the same time all want to make them.
func TestDatabasesThatAreMigratedAtOnceShareTheRoles(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	admin := dial(t, server.URL("postgres"))
	if _, err := admin.Exec(t.Context(), `CREATE ROLE rds_iam`); err != nil { // as on Amazon's servers
		t.Fatal(err)
	}
	var migrations errgroup.Group
	for i := range 4 {
		migrations.Go(func() error {
			name := fmt.Sprintf("inbox_%d", i)
			if err := server.EnsureDatabase(t.Context(), name); err != nil {
				return err
			}
			_, err := Migrate(t.Context(), server.URL(name))
			return err
		})
	}
	if err := migrations.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, role := range roles {
		if !ask(t, admin, `SELECT rolcanlogin AND NOT rolsuper AND NOT rolcreaterole AND NOT rolcreatedb FROM pg_roles WHERE rolname = $1`, role) {
			t.Errorf("%s can do more than log in", role)
		}
		if !ask(t, admin, `SELECT pg_has_role($1, 'rds_iam', 'MEMBER')`, role) {
			t.Errorf("%s cannot log in by IAM", role)
		}
	}
}

func TestNobodyButTheRolesGetsIn(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	admin := migrated(t, server)
	if _, err := admin.Exec(t.Context(), `CREATE ROLE stranger LOGIN`); err != nil {
		t.Fatal(err)
	}
	for _, role := range append(slices.Clone(roles), "stranger") {
		if got, want := ask(t, admin, `SELECT has_database_privilege($1, current_database(), 'CONNECT')`, role), role != "stranger"; got != want {
			t.Errorf("%s may connect: %t", role, got)
		}
		if ask(t, admin, `SELECT has_database_privilege($1, current_database(), 'TEMPORARY') OR has_schema_privilege($1, 'public', 'CREATE')`, role) {
			t.Errorf("%s may make tables", role)
		}
		got := ask(t, admin, `SELECT has_function_privilege($1, 'ensure_partitions(integer)', 'EXECUTE')`, role)
		if want := role == "omni_sweeper"; got != want {
			t.Errorf("%s may make partitions: %t", role, got)
		}
	}
}

func TestRolesCanBeTakenBackAndGivenAgain(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	admin := migrated(t, server)
	config, err := pgx.ParseConfig(server.URL("inbox"))
	if err != nil {
		t.Fatal(err)
	}
	database := stdlib.OpenDB(*config)
	defer database.Close()
	provider, err := newProvider(database)
	if err != nil {
		t.Fatal(err)
	}
	const granted = `SELECT count(*) > 0 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND
		(has_table_privilege($1, oid, 'SELECT, INSERT, UPDATE, DELETE') OR has_any_column_privilege($1, oid, 'SELECT')) AND relkind IN ('r', 'p')`
	for _, step := range []struct {
		run  func() error
		want bool
	}{
		{func() error { _, err := provider.DownTo(t.Context(), before00004); return err }, false},
		{func() error { _, err := provider.Up(t.Context()); return err }, true},
	} {
		if err := step.run(); err != nil {
			t.Fatal(err)
		}
		for _, role := range roles {
			if got := ask(t, admin, granted, role); got != step.want {
				t.Errorf("%s has rights: %t, want %t", role, got, step.want)
			}
		}
		if ask(t, admin, `SELECT has_database_privilege('public', current_database(), $1)`, "CONNECT") == step.want {
			t.Errorf("everybody may connect: %t", !step.want)
		}
	}
}

// migrated makes the database inbox on a server.
func migrated(t *testing.T, server *localpg.Server) *pgx.Conn {
	t.Helper()
	if err := server.EnsureDatabase(t.Context(), "inbox"); err != nil {
		t.Fatal(err)
	}
	if _, err := Migrate(t.Context(), server.URL("inbox")); err != nil {
		t.Fatal(err)
	}
	return dial(t, server.URL("inbox"))
}

func ask(t *testing.T, conn *pgx.Conn, query, argument string) (yes bool) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), query, argument).Scan(&yes); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return yes
}
