package unified

import (
	"fmt"
	"strings"
)

// Header names the two sides of a diff.
type Header struct {
	OldName, NewName string
}

// File is the diff of one file.
type File struct {
	Header
	Hunks []Hunk
}

// Reverse returns the diff that undoes f.
func (f File) Reverse() File {
	r := File{Header: Header{OldName: f.NewName, NewName: f.OldName}}
	for _, h := range f.Hunks {
		r.Hunks = append(r.Hunks, h.Reverse())
	}
	return r
}

// String writes the diff in unified format.
func (f File) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", f.OldName, f.NewName)
	for _, h := range f.Hunks {
		fmt.Fprintf(&b, "@@ -%v +%v @@\n", h.Old, h.New)
		for _, e := range h.Edits {
			fmt.Fprintf(&b, "%c%s\n", e.Op.Symbol(), e.Value)
		}
	}
	return b.String()
}
