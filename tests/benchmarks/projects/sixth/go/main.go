// Command logscope analyses a log and prints reports about it.
package main

import (
	_ "embed"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"example.org/logscope/filter"
	"example.org/logscope/logs"
	"example.org/logscope/report"
	"example.org/logscope/stats"
)

//go:embed sample.log
var sample string

func main() {
	entries := load()
	printSelections(entries)
	for _, format := range []string{"text", "csv", "xml"} {
		if err := printReport(entries, format); err != nil {
			fmt.Println("error:", err)
		}
	}
}

func load() []logs.Entry {
	_, err := logs.Parse(strings.NewReader(sample), logs.Strict)
	fmt.Println("strict:", err)

	badLevels := 0
	entries, err := logs.Parse(strings.NewReader(sample), func(e *logs.ParseError) error {
		if errors.Is(e, logs.ErrLevel) {
			badLevels++
		}
		fmt.Println("skipped", e)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d entries, %d of unknown level\n", len(entries), badLevels)
	return entries
}

func printSelections(entries []logs.Entry) {
	troubled := filter.MinLevel(logs.Warn)
	failed := filter.Field("status", func(s string) bool { return strings.HasPrefix(s, "5") })
	retried := filter.Field("attempt", func(s string) bool { return s != "1" })
	show := func(name string, wanted filter.Filter) {
		fmt.Printf("\n%s:\n", name)
		for _, e := range wanted.Apply(entries) {
			fmt.Println(e)
		}
	}
	show("trouble outside the gateway", troubled.And(filter.Component("gateway").Not()))
	show("failed or retried", failed.Or(retried))
}

func printReport(entries []logs.Entry, format string) error {
	fmt.Printf("\n-- %s\n", format)
	writer, err := report.New(format)
	if err != nil {
		return err
	}
	tables := stats.Collect(entries,
		stats.CountBy("levels", func(e logs.Entry) string { return e.Level.String() }),
		stats.CountBy("minutes", func(e logs.Entry) int { return e.Time.Minute() }),
		stats.TimeBy("time taken", "took", func(e logs.Entry) string { return e.Component }),
	)
	for _, table := range tables {
		if err := writer.Write(os.Stdout, table); err != nil {
			return fmt.Errorf("writing %s: %w", table.Title, err)
		}
	}
	return nil
}
