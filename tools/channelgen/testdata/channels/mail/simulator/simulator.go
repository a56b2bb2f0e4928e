// Package simulator is linked, not run.
package simulator
