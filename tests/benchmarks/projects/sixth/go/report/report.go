// Package report writes tables in several formats.
package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"example.org/logscope/stats"
)

// Writer writes a table in one format.
type Writer interface {
	Write(w io.Writer, table stats.Table) error
}

// WriterFunc lets a function be a Writer.
type WriterFunc func(w io.Writer, table stats.Table) error

func (f WriterFunc) Write(w io.Writer, table stats.Table) error { return f(w, table) }

// New returns the writer for a format.
func New(format string) (Writer, error) {
	switch format {
	case "text":
		return &textWriter{gap: 2}, nil
	case "csv":
		return WriterFunc(writeCSV), nil
	}
	return nil, fmt.Errorf("unknown format %q", format)
}

// textWriter aligns the columns.
type textWriter struct {
	gap int
}

func (t *textWriter) Write(w io.Writer, table stats.Table) error {
	fmt.Fprintf(w, "[%s]\n", table.Title)
	aligned := tabwriter.NewWriter(w, 0, 0, t.gap, ' ', tabwriter.AlignRight)
	for _, line := range table.Lines() {
		fmt.Fprintln(aligned, strings.Join(line, "\t")+"\t")
	}
	return aligned.Flush()
}

func writeCSV(w io.Writer, table stats.Table) error {
	return csv.NewWriter(w).WriteAll(table.Lines())
}
