// Package stats summarises edit scripts.
package stats

import (
	"fmt"
	"strings"

	"example.com/textdiff/diff"
)

// Summary counts the edits of one comparison.
type Summary struct {
	Name   string
	Counts map[diff.Op]int
}

// Of counts the edits of a script.
func Of[T any](name string, script diff.Script[T]) Summary {
	s := Summary{Name: name, Counts: make(map[diff.Op]int)}
	for _, e := range script {
		s.Counts[e.Op]++
	}
	return s
}

// Changed is the number of insertions and deletions.
func (s Summary) Changed() int {
	return s.Counts[diff.Insert] + s.Counts[diff.Delete]
}

// Similarity is the share of kept elements, from zero to one.
func (s Summary) Similarity() float64 {
	kept := 2 * s.Counts[diff.Keep]
	if kept+s.Changed() == 0 {
		return 1
	}
	return float64(kept) / float64(kept+s.Changed())
}

func (s Summary) String() string {
	bar := strings.Repeat("+", s.Counts[diff.Insert]) + strings.Repeat("-", s.Counts[diff.Delete])
	return fmt.Sprintf("%-8s | %2d %-7s %5.1f%%", s.Name, s.Changed(), bar, 100*s.Similarity())
}
