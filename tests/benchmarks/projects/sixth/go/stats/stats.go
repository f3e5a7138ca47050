// Package stats condenses log entries into tables.
package stats

import (
	"fmt"
	"sort"
	"time"

	"example.org/logscope/logs"
)

// Table is the result of an aggregation.
type Table struct {
	Title  string
	Header []string
	Rows   [][]string
}

// Lines returns the header and the rows.
func (t Table) Lines() [][]string {
	return append([][]string{t.Header}, t.Rows...)
}

// Aggregator takes in entries one by one.
type Aggregator interface {
	Add(logs.Entry)
	Table() Table
}

// Collect feeds the entries to all aggregators and returns their tables.
func Collect(entries []logs.Entry, aggregators ...Aggregator) []Table {
	tables := make([]Table, len(aggregators))
	for i, a := range aggregators {
		for _, e := range entries {
			a.Add(e)
		}
		tables[i] = a.Table()
	}
	return tables
}

type ordered interface {
	~int | ~int64 | ~string
}

func sortSlice[T ordered](list []T) {
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
}

// grouped is the common part of aggregators that sort entries by a key.
type grouped[K ordered, V any] struct {
	title  string
	key    func(logs.Entry) K
	groups map[K]V
}

func newGrouped[K ordered, V any](title string, key func(logs.Entry) K) grouped[K, V] {
	return grouped[K, V]{title: title, key: key, groups: make(map[K]V)}
}

func (g *grouped[K, V]) update(e logs.Entry, change func(V) V) {
	k := g.key(e)
	g.groups[k] = change(g.groups[k])
}

func (g *grouped[K, V]) table(header []string, row func(V) []any) Table {
	t := Table{Title: g.title, Header: header}
	keys := make([]K, 0, len(g.groups))
	for key := range g.groups {
		keys = append(keys, key)
	}
	sortSlice(keys)
	for _, key := range keys {
		line := []string{fmt.Sprint(key)}
		for _, cell := range row(g.groups[key]) {
			line = append(line, fmt.Sprint(cell))
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

// Counter counts entries by a key.
type Counter[K ordered] struct {
	grouped[K, int]
}

// CountBy returns a counter for the given key.
func CountBy[K ordered](title string, key func(logs.Entry) K) *Counter[K] {
	return &Counter[K]{newGrouped[K, int](title, key)}
}

func (c *Counter[K]) Add(e logs.Entry) {
	c.update(e, func(n int) int { return n + 1 })
}

func (c *Counter[K]) Table() Table {
	return c.table([]string{"key", "count"}, func(n int) []any { return []any{n} })
}

// Timing summarises a duration field by a key.
type Timing struct {
	grouped[string, []time.Duration]
	field string
}

// TimeBy returns a summary of the given duration field.
func TimeBy(title, field string, key func(logs.Entry) string) *Timing {
	return &Timing{grouped: newGrouped[string, []time.Duration](title, key), field: field}
}

func (t *Timing) Add(e logs.Entry) {
	if d, ok := e.Duration(t.field); ok {
		t.update(e, func(list []time.Duration) []time.Duration { return append(list, d) })
	}
}

func (t *Timing) Table() Table {
	return t.table([]string{"key", "n", "median", "max"}, func(list []time.Duration) []any {
		sortSlice(list)
		n := len(list)
		return []any{n, list[n/2], list[n-1]}
	})
}
