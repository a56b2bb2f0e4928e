package wiretap_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"omni/internal/localpg/pgtest"
	"omni/internal/localpg/wiretap"
)

// tap returns a connection by way of a tap. pgx's simple protocol sends a query in one message, so that the tests know what to expect.
func tap(t *testing.T, mode pgx.QueryExecMode) (*wiretap.Tap, *pgx.Conn) {
	t.Helper()
	wire, err := wiretap.Start(pgtest.New(t, "", nil))
	if err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(wire.URL())
	if err != nil {
		t.Fatal(err)
	}
	config.DefaultQueryExecMode = mode
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()); wire.Close() })
	return wire, conn
}

func TestEachQueryIsARoundTrip(t *testing.T) {
	t.Parallel()
	wire, conn := tap(t, pgx.QueryExecModeSimpleProtocol)
	for want := 1; want <= 3; want++ {
		if _, err := conn.Exec(t.Context(), "SELECT 1"); err != nil {
			t.Fatal(err)
		}
		if got := wire.RoundTrips(); got != want {
			t.Errorf("after %d queries %d round trips are counted", want, got)
		}
	}
}

func TestPreparingIsARoundTripAndUsingItAnother(t *testing.T) {
	t.Parallel()
	wire, conn := tap(t, pgx.QueryExecModeCacheStatement)
	for _, want := range []int{2, 3, 4} {
		if _, err := conn.Exec(t.Context(), "SELECT $1::text", "word"); err != nil {
			t.Fatal(err)
		}
		if got := wire.RoundTrips(); got != want {
			t.Errorf("%d round trips wanted, got %d", want, got)
		}
	}
}

func TestAPipelineIsOneRoundTrip(t *testing.T) {
	t.Parallel()
	wire, conn := tap(t, pgx.QueryExecModeExec)
	var batch pgx.Batch
	for range 100 {
		batch.Queue("SELECT $1::text", strings.Repeat("x", 100_000)) // more than buffers hold, both ways
	}
	if err := conn.SendBatch(t.Context(), &batch).Close(); err != nil {
		t.Fatal(err)
	}
	if got := wire.RoundTrips(); got != 1 {
		t.Errorf("%d round trips", got)
	}
}

func TestARefusalIsARoundTripToo(t *testing.T) {
	t.Parallel()
	wire, conn := tap(t, pgx.QueryExecModeSimpleProtocol)
	if _, err := conn.Exec(t.Context(), "SELECT 1/0"); err == nil || !strings.Contains(err.Error(), "division by zero") {
		t.Errorf("got %v", err)
	}
	if got := wire.RoundTrips(); got != 1 {
		t.Errorf("%d round trips", got)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	wire, conn := tap(t, pgx.QueryExecModeSimpleProtocol)
	if err := wire.Close(); err != nil {
		t.Fatal(err)
	}
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("a connection outlives the tap")
	}
}

func TestAURLThatIsNone(t *testing.T) {
	t.Parallel()
	if _, err := wiretap.Start("postgres://%zz"); err == nil {
		t.Error("an error wanted")
	}
}
