// Package value holds the kinds of values that a store can keep.
package value

import (
	"fmt"
	"sort"
	"strconv"
)

// Kind tells the values apart.
type Kind int

const (
	KindText Kind = iota
	KindNumber
)

var kindNames = map[Kind]string{
	KindText:   "text",
	KindNumber: "number",
}

func (k Kind) String() string {
	return kindNames[k]
}

// Value is anything that can be stored. Values are immutable: Add returns a new one.
type Value interface {
	fmt.Stringer
	Kind() Kind
	Size() int
	Add(other Value) (Value, error)
}

// KindError reports that two values of different kinds were combined.
type KindError struct {
	Want, Got Kind
}

func (e *KindError) Error() string {
	return fmt.Sprintf("kind mismatch: want %v, got %v", e.Want, e.Got)
}

// Text is a plain string.
type Text string

func (t Text) Kind() Kind     { return KindText }
func (t Text) Size() int      { return len(t) }
func (t Text) String() string { return strconv.Quote(string(t)) }

// Add concatenates two texts.
func (t Text) Add(other Value) (Value, error) {
	text, ok := other.(Text)
	if !ok {
		return nil, &KindError{Want: KindText, Got: other.Kind()}
	}
	return t + text, nil
}

// Number is a signed integer.
type Number int64

const numberSize = 8

func (n Number) Kind() Kind     { return KindNumber }
func (n Number) Size() int      { return numberSize }
func (n Number) String() string { return strconv.FormatInt(int64(n), 10) }

// Add sums two numbers.
func (n Number) Add(other Value) (Value, error) {
	number, ok := other.(Number)
	if !ok {
		return nil, &KindError{Want: KindNumber, Got: other.Kind()}
	}
	return n + number, nil
}

// Parse reads a value: a number if it looks like one, otherwise a text.
func Parse(input string) Value {
	if n, err := strconv.ParseInt(input, 10, 64); err == nil {
		return Number(n)
	}
	return Text(input)
}

// SortedKeys returns the keys of any string-keyed map in order.
func SortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
