package library

import (
	"errors"
	"fmt"
)

// ErrNotFound is returned for tracks that the library does not hold.
var ErrNotFound = errors.New("track not found")

// RatingError reports a rating outside the scale.
type RatingError struct {
	Track  TrackID
	Rating int
}

func (e *RatingError) Error() string {
	return fmt.Sprintf("track %d: rating %d is not between 0 and 5", e.Track, e.Rating)
}

// Observer is called after a track was changed.
type Observer func(event string, t *Track)

// Library is a collection of tracks in order of addition; its zero value is empty.
type Library struct {
	tracks    []*Track
	observers []Observer
}

// Observe registers a callback for changes.
func (l *Library) Observe(o Observer) {
	l.observers = append(l.observers, o)
}

// Add stores a track and assigns its ID.
func (l *Library) Add(artist string, genre Genre, year int, media Media) {
	id := TrackID(len(l.tracks) + 1)
	l.tracks = append(l.tracks, &Track{Media: media, ID: id, Artist: artist, Genre: genre, Year: year})
}

// Get looks up a track by ID.
func (l *Library) Get(id TrackID) (*Track, error) {
	if id < 1 || int(id) > len(l.tracks) {
		return nil, fmt.Errorf("get %d: %w", id, ErrNotFound)
	}
	return l.tracks[id-1], nil
}

// update changes a track and tells the observers about it.
func (l *Library) update(id TrackID, event string, change func(*Track)) error {
	t, err := l.Get(id)
	if err != nil {
		return err
	}
	change(t)
	for _, observe := range l.observers {
		observe(event, t)
	}
	return nil
}

// Play counts plays of a track.
func (l *Library) Play(id TrackID, times int) error {
	return l.update(id, "played", func(t *Track) { t.Plays += times })
}

// Rate sets the rating of a track, from 0 to 5.
func (l *Library) Rate(id TrackID, rating int) error {
	if rating < 0 || rating > 5 {
		return &RatingError{Track: id, Rating: rating}
	}
	return l.update(id, "rated", func(t *Track) { t.Rating = rating })
}

// Filter returns the tracks that satisfy the predicate, in order of addition.
func (l *Library) Filter(keep func(*Track) bool) (kept []*Track) {
	for _, t := range l.tracks {
		if keep(t) {
			kept = append(kept, t)
		}
	}
	return kept
}
