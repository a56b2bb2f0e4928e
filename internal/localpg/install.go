package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"

	"omni/internal/sysinstall"
)

var postgres = sysinstall.Program{Name: "PostgreSQL", Apt: []string{"postgresql"}, Brew: []string{"postgresql@17"}}

// install fetches the server with the package manager of this machine, and says so.
func install(ctx context.Context, log io.Writer) error {
	err := sysinstall.Install(ctx, postgres, log)
	switch {
	case errors.Is(err, sysinstall.ErrNoManager):
		return errNotFound
	case err != nil:
		return fmt.Errorf("%w\n%w", err, errNotFound)
	}
	return nil
}
