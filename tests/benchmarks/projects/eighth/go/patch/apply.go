// Package patch applies unified diffs to texts.
package patch

import (
	"errors"
	"fmt"

	"example.com/textdiff/diff"
	"example.com/textdiff/unified"
)

// ErrNotFound is wrapped when the lines of a hunk are not in the text.
var ErrNotFound = errors.New("context not found")

// HunkError tells which hunk could not be applied.
type HunkError struct {
	Index int
	Span  unified.Span
	Err   error
}

func (e *HunkError) Error() string {
	return fmt.Sprintf("hunk %d at line %v: %v", e.Index, e.Span, e.Err)
}

func (e *HunkError) Unwrap() error { return e.Err }

// Patcher applies diffs. The zero value wants each hunk at its exact place.
type Patcher struct {
	Reach    int                     // how many lines a hunk may lie away
	OnOffset func(index, offset int) // is told of hunks that lie elsewhere
}

// Apply returns the lines as changed by the hunks of the file.
func (p Patcher) Apply(lines []string, file unified.File) ([]string, error) {
	var out []string
	done, shift := 0, 0
	for i, h := range file.Hunks {
		before := h.Edits.Side(diff.Insert)
		want := h.Old.Start - 1
		at, ok := locate(lines, before, want+shift, done, p.Reach)
		if !ok {
			return nil, &HunkError{Index: i + 1, Span: h.Old, Err: ErrNotFound}
		}
		if shift = at - want; shift != 0 && p.OnOffset != nil {
			p.OnOffset(i+1, shift)
		}
		out = append(out, lines[done:at]...)
		out = append(out, h.Edits.Side(diff.Delete)...)
		done = at + len(before)
	}
	return append(out, lines[done:]...), nil
}

// locate looks for block near want, nearest places first.
func locate(lines, block []string, want, low, reach int) (int, bool) {
	for delta := 0; delta <= reach; delta++ {
		for _, at := range [...]int{want + delta, want - delta} {
			if at >= low && matches(lines, block, at) {
				return at, true
			}
		}
	}
	return 0, false
}

func matches(lines, block []string, at int) bool {
	for i, line := range block {
		if at+i >= len(lines) || lines[at+i] != line {
			return false
		}
	}
	return true
}
