// Package diff compares sequences and describes how to turn one into another.
package diff

// Op says what an edit does with its element.
type Op int

const (
	Keep Op = iota
	Delete
	Insert
)

// Symbol returns the mark of the operation in a unified diff.
func (op Op) Symbol() byte {
	return " -+"[op]
}

// Inverse returns the operation that undoes op.
func (op Op) Inverse() Op {
	return [...]Op{Keep, Insert, Delete}[op]
}

// Edit is one step of an edit script.
type Edit[T any] struct {
	Op    Op
	Value T
}

// Script is a list of edits in the order of the text.
type Script[T any] []Edit[T]

// Side returns one side of the comparison: all that drop does not leave out.
func (s Script[T]) Side(drop Op) []T {
	var out []T
	for _, e := range s {
		if e.Op != drop {
			out = append(out, e.Value)
		}
	}
	return out
}
