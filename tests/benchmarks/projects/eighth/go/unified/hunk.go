// Package unified groups edits into hunks and writes them in the unified
// diff format.
package unified

import (
	"fmt"

	"example.com/textdiff/diff"
)

// Span is a range of lines; Start counts from one.
type Span struct {
	Start, Count int
}

func (s Span) String() string {
	if s.Count == 1 {
		return fmt.Sprint(s.Start)
	}
	return fmt.Sprintf("%d,%d", s.Start, s.Count)
}

// Hunk is a group of changes with the unchanged lines around them.
type Hunk struct {
	Old, New Span
	Edits    diff.Script[string]
}

// Reverse returns the hunk that undoes h.
func (h Hunk) Reverse() Hunk {
	r := Hunk{Old: h.New, New: h.Old}
	for _, e := range h.Edits {
		r.Edits = append(r.Edits, diff.Edit[string]{Op: e.Op.Inverse(), Value: e.Value})
	}
	return r
}

func (h *Hunk) add(e diff.Edit[string]) {
	h.Edits = append(h.Edits, e)
	if e.Op != diff.Insert {
		h.Old.Count++
	}
	if e.Op != diff.Delete {
		h.New.Count++
	}
}

// Group splits a script into hunks with up to context kept lines around them.
func Group(script diff.Script[string], context int) []Hunk {
	wanted := make([]bool, len(script))
	for i, e := range script {
		if e.Op == diff.Keep {
			continue
		}
		for j := i - context; j <= i+context; j++ {
			if 0 <= j && j < len(script) {
				wanted[j] = true
			}
		}
	}

	var hunks []Hunk
	oldLine, newLine := 1, 1
	for i, e := range script {
		if wanted[i] {
			if i == 0 || !wanted[i-1] {
				hunks = append(hunks, Hunk{Old: Span{Start: oldLine}, New: Span{Start: newLine}})
			}
			hunks[len(hunks)-1].add(e)
		}
		if e.Op != diff.Insert {
			oldLine++
		}
		if e.Op != diff.Delete {
			newLine++
		}
	}
	return hunks
}
