// Package smart builds playlists from rules.
package smart

import (
	"fmt"
	"time"

	"example.org/crates/library"
)

// Rule decides whether a track belongs to a playlist.
type Rule interface {
	Match(t *library.Track) bool
	fmt.Stringer
}

// between is a range check over a numeric field of a track.
type between[N int | time.Duration] struct {
	name      string
	low, high N
	field     func(*library.Track) N
}

func (b between[N]) Match(t *library.Track) bool {
	value := b.field(t)
	return value >= b.low && value <= b.high
}

func (b between[N]) String() string {
	return fmt.Sprintf("%s %v..%v", b.name, b.low, b.high)
}

// Year matches tracks released within the given years.
func Year(low, high int) Rule {
	return between[int]{"year", low, high, func(t *library.Track) int { return t.Year }}
}

// Lasting matches tracks with a length in the given range.
func Lasting(low, high time.Duration) Rule {
	return between[time.Duration]{"length", low, high, func(t *library.Track) time.Duration { return t.Length }}
}

// Genre matches any of the given genres.
type Genre []library.Genre

func (g Genre) Match(t *library.Track) bool {
	for _, genre := range g {
		if genre == t.Genre {
			return true
		}
	}
	return false
}

func (g Genre) String() string { return fmt.Sprintf("genre %v", []library.Genre(g)) }

// All matches when every rule does.
type All []Rule

func (a All) Match(t *library.Track) bool {
	for _, rule := range a {
		if !rule.Match(t) {
			return false
		}
	}
	return true
}

func (a All) String() string { return fmt.Sprintf("all of %v", []Rule(a)) }

// Not inverts the embedded rule.
type Not struct{ Rule }

func (n Not) Match(t *library.Track) bool { return !n.Rule.Match(t) }
func (n Not) String() string              { return "not " + n.Rule.String() }
