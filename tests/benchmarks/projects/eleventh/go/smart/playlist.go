package smart

import (
	"sort"
	"time"

	"example.org/crates/library"
)

// MostPlayed puts frequently played tracks first.
func MostPlayed(a, b *library.Track) bool { return a.Plays > b.Plays }

// Option configures a playlist.
type Option func(*Playlist)

// OrderBy sorts the tracks of a playlist.
func OrderBy(less func(a, b *library.Track) bool) Option {
	return func(p *Playlist) { p.less = less }
}

// Playlist is a named rule that is evaluated on demand.
type Playlist struct {
	Name string
	Rule Rule
	less func(a, b *library.Track) bool
}

// New creates a smart playlist.
func New(name string, rule Rule, options ...Option) *Playlist {
	p := &Playlist{Name: name, Rule: rule}
	for _, apply := range options {
		apply(p)
	}
	return p
}

// Evaluate returns the tracks that currently belong to the playlist.
func (p *Playlist) Evaluate(lib *library.Library) []*library.Track {
	matched := lib.Filter(p.Rule.Match)
	if p.less != nil {
		sort.SliceStable(matched, func(i, j int) bool { return p.less(matched[i], matched[j]) })
	}
	return matched
}

// Total adds up the playing time of tracks.
func Total(tracks []*library.Track) (total time.Duration) {
	for _, t := range tracks {
		total += t.Length
	}
	return total
}
