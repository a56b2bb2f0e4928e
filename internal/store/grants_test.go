package store_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"omni/internal/store/storetest"
)

// grantsDocument says what each role may do; -update writes its tables anew.
const grantsDocument = "../../docs/database-roles.md"

// grantQuery finds every right on the schema and on what is in it that somebody other than its owner has.
const grantQuery = `
WITH granted AS (
    SELECT CASE relkind WHEN 'S' THEN 'sequence ' || relname ELSE relname::text END AS object, acl.*, NULL::text AS column_name, NULL::int AS position
    FROM pg_class, aclexplode(relacl) AS acl
    WHERE relnamespace = 'public'::regnamespace AND acl.grantee <> relowner
    UNION ALL
    SELECT relname::text, acl.*, attname, attnum
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl) AS acl
    WHERE relnamespace = 'public'::regnamespace AND acl.grantee <> relowner
    UNION ALL
    SELECT 'function ' || proname || '(' || oidvectortypes(proargtypes) || ')', acl.*, NULL, NULL
    FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS acl
    WHERE pronamespace = 'public'::regnamespace AND acl.grantee <> proowner
    UNION ALL
    SELECT 'schema ' || nspname, acl.*, NULL, NULL FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) AS acl
    WHERE nspname = 'public' AND acl.grantee <> nspowner
), merged AS (
    SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END AS role, object, lower(privilege_type) AS privilege,
           string_agg(column_name, ', ' ORDER BY position) AS columns, bool_or(is_grantable) AS grantable
    FROM granted GROUP BY 1, 2, 3
)
SELECT role, object, string_agg(privilege || CASE WHEN columns IS NULL THEN '' ELSE ' (' || columns || ')' END
                                || CASE WHEN grantable THEN ' and pass it on' ELSE '' END, '; ' ORDER BY privilege)
FROM merged GROUP BY role, object ORDER BY role, object ~ ' ' DESC, object`

// The document is what is in the database: a right that a migration gives or takes is seen in the diff of both.
func TestTheRolesHaveTheRightsThatAreWrittenDown(t *testing.T) {
	t.Parallel()
	granted := grants(t, connectFresh(t))
	content, err := os.ReadFile(grantsDocument)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		content = []byte(withTables(string(content), granted))
		if err := os.WriteFile(grantsDocument, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(tables(string(content)), granted); diff != "" {
		t.Errorf("%s differs from the database; run `go test ./internal/store -run RightsThatAreWrittenDown -update` if this is meant (-written +granted):\n%s", grantsDocument, diff)
	}
}

// grants are the lines of each role's table.
func grants(t *testing.T, db *pgx.Conn) map[string][]string {
	t.Helper()
	rows, err := db.Query(t.Context(), grantQuery)
	if err != nil {
		t.Fatal(err)
	}
	byRole := map[string][]string{}
	var role, object, may string
	if _, err := pgx.ForEachRow(rows, []any{&role, &object, &may}, func() error {
		byRole[role] = append(byRole[role], "| `"+object+"` | "+may+" |")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return byRole
}

// roleSection is the chapter of a role: its name, what is said of it, and its table below the head.
var roleSection = regexp.MustCompile("(?ms)^## `(\\w+)`\n(.*?)\n\\| On \\| May \\|\n\\| --- \\| --- \\|\n((?:\\|[^\n]*\n)*)")

// tables reads the tables of the document.
func tables(document string) map[string][]string {
	byRole := map[string][]string{}
	for _, section := range roleSection.FindAllStringSubmatch(document, -1) {
		byRole[section[1]] = strings.Split(strings.TrimSpace(section[3]), "\n")
	}
	return byRole
}

// withTables is the document with other tables.
func withTables(document string, granted map[string][]string) string {
	return roleSection.ReplaceAllStringFunc(document, func(section string) string {
		parts := roleSection.FindStringSubmatch(section)
		return strings.TrimSuffix(section, parts[3]) + strings.Join(granted[parts[1]], "\n") + "\n"
	})
}

// A function that acts with its owner's rights finds tables where its owner keeps them, and nowhere that a caller could put some.
func TestFunctionsOfTheOwnerAreSafeToCall(t *testing.T) {
	t.Parallel()
	db := connectFresh(t)
	for what, query := range map[string]string{
		"acts as its owner without a search path of its own": `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
			AND NOT coalesce(proconfig @> ARRAY['search_path=public, pg_temp'], false)`,
		"may be executed by everybody":                       `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')`,
		"belongs to a role of ours":                          `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) LIKE 'omni\_%'`,
		"is a partition that can be reached past its parent": `SELECT relname FROM pg_class, aclexplode(relacl) AS acl WHERE relispartition AND acl.grantee <> relowner`,
		"is a role that can do more than log in": `SELECT rolname FROM pg_roles WHERE rolname LIKE 'omni\_%'
			AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)`,
		"is a member of another role than Amazon's": `SELECT member::regrole::text FROM pg_auth_members
			WHERE member::regrole::text LIKE 'omni\_%' AND roleid::regrole::text <> 'rds_iam'`,
	} {
		if found := names(t, db, query); len(found) > 0 {
			t.Errorf("%v: each %s", found, what)
		}
	}
}

func connectFresh(t *testing.T) *pgx.Conn {
	t.Helper()
	_, url := storetest.New(t)
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(t.Context()) })
	return db
}

func names(t *testing.T, db *pgx.Conn, query string) []string {
	t.Helper()
	rows, err := db.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}
