// Package money holds amounts in minor units. An Amount is never a float.
package money

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Amount is a sum of money in cents.
type Amount int64

// Cents and Unit are the scales that Parse and String use.
const (
	Cents Amount = 1
	Unit         = 100 * Cents
)

// ErrFormat is wrapped when there are too many decimals.
var ErrFormat = errors.New("bad amount")

// Parse reads "12", "12.5" or "-0.75".
func Parse(text string) (amount Amount, err error) {
	negative := strings.HasPrefix(text, "-")
	whole, frac, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if len(frac) > 2 {
		return 0, fmt.Errorf("%w: %q", ErrFormat, text)
	}
	frac += strings.Repeat("0", 2-len(frac))
	n, err := strconv.ParseInt(whole+frac, 10, 64)
	if negative {
		return Amount(n).Neg(), err
	}
	return Amount(n), err
}

// Must is for literals; it panics where Parse fails.
func Must(text string) Amount {
	amount, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return amount
}

func (a Amount) String() string {
	if a < 0 {
		return "-" + a.Neg().String()
	}
	return fmt.Sprintf("%d.%02d", a/Unit, a%Unit)
}

func (a Amount) Neg() Amount { return -a }

// Add returns the sum of a and all others.
func (a Amount) Add(others ...Amount) Amount {
	for _, other := range others {
		a += other
	}
	return a
}

// Split deals a out into n parts that differ by a cent at most.
func (a Amount) Split(n int) []Amount {
	parts := make([]Amount, n)
	for i := range parts {
		parts[i] = a / Amount(n)
		if Amount(i) < a%Amount(n) {
			parts[i] += Cents
		}
	}
	return parts
}
