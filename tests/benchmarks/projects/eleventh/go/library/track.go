// Package library holds the tracks that playlists are made of.
package library

import (
	"fmt"
	"time"
)

// TrackID identifies a track within a library.
type TrackID int

// Genre is a closed set of styles.
type Genre int

const (
	Jazz Genre = iota
	Rock
	Electronic
	Folk
)

var genreNames = [...]string{"jazz", "rock", "electronic", "folk"}

func (g Genre) String() string { return genreNames[g] }

// Media is what every playable item has in common.
type Media struct {
	Title  string
	Length time.Duration
}

// Clock renders the length as minutes and seconds.
func (m Media) Clock() string {
	seconds := int(m.Length.Seconds())
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// Track is one song of an album.
type Track struct {
	Media
	ID     TrackID
	Artist string
	Genre  Genre
	Year   int
	Plays  int
	Rating int
}

func (t *Track) String() string {
	return fmt.Sprintf("%s - %s (%d, %s)", t.Artist, t.Title, t.Year, t.Clock())
}
