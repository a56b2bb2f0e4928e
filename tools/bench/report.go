package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// table is what one measurement found.
type table struct {
	title   string
	columns []string // of the figures, with their units
	rows    []row
}

// row is one case with its figures, in the order of the columns.
type row struct {
	name    string
	figures []float64
	goal    goal
}

// goal is what the first figure of a row should reach; nil: anything.
type goal interface {
	met(float64) bool
	fmt.Stringer
}

type atLeast float64

func (g atLeast) met(figure float64) bool { return figure >= float64(g) }
func (g atLeast) String() string          { return fmt.Sprintf("at least %g", float64(g)) }

type atMost float64

func (g atMost) met(figure float64) bool { return figure <= float64(g) }
func (g atMost) String() string          { return fmt.Sprintf("at most %g", float64(g)) }

type exactly float64

func (g exactly) met(figure float64) bool { return figure == float64(g) }
func (g exactly) String() string          { return fmt.Sprintf("exactly %g", float64(g)) }

func (r row) verdict() string {
	switch {
	case r.goal == nil:
		return ""
	case r.goal.met(r.figures[0]):
		return r.goal.String() + ": met"
	}
	return r.goal.String() + ": MISSED"
}

func writeText(out io.Writer, tables []table) error {
	for _, t := range tables {
		fmt.Fprintf(out, "\n%s\n", t.title)
		columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprint(columns, "  \t")
		for _, name := range t.columns {
			fmt.Fprint(columns, name, "\t")
		}
		fmt.Fprintln(columns)
		width := t.width()
		for _, r := range t.rows {
			fmt.Fprintf(columns, "  %-*s\t", width, r.name)
			for _, figure := range r.figures {
				fmt.Fprint(columns, number(figure), "\t")
			}
			if r.goal != nil {
				fmt.Fprint(columns, "  ", r.verdict())
			}
			fmt.Fprintln(columns)
		}
		if err := columns.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func (t table) width() int {
	width := 0
	for _, r := range t.rows {
		width = max(width, len(r.name))
	}
	return width
}

// number has three significant digits, and all that stand before the point.
func number(f float64) string {
	switch {
	case f == float64(int64(f)) || f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// reading is a row as JSON.
type reading struct {
	Table   string             `json:"table"`
	Case    string             `json:"case"`
	Figures map[string]float64 `json:"figures"`
	Goal    string             `json:"goal,omitempty"`
	Met     *bool              `json:"met,omitempty"`
}

func writeJSON(out io.Writer, tables []table) error {
	readings := []reading{}
	for _, t := range tables {
		for _, r := range t.rows {
			one := reading{Table: t.title, Case: r.name, Figures: map[string]float64{}}
			for i, figure := range r.figures {
				one.Figures[t.columns[i]] = figure
			}
			if r.goal != nil {
				met := r.goal.met(r.figures[0])
				one.Goal, one.Met = r.goal.String(), &met
			}
			readings = append(readings, one)
		}
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(readings)
}

// median of at least one figure.
func median(figures []float64) float64 {
	sorted := slices.Sorted(slices.Values(figures))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
