// Command openapi writes the OpenAPI document of the agents' API to the file that it is given.
package main

import (
	"fmt"
	"os"

	"omni/internal/api"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("want the name of the file to write")
	}
	document, err := api.New(api.Options{}).Document()
	if err != nil {
		return err
	}
	return os.WriteFile(arguments[0], document, 0o644)
}
