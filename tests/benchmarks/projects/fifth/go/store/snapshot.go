package store

import (
	"fmt"

	"example.org/pebblekv/value"
)

// Change describes one committed write; New is nil for a deletion.
type Change struct {
	Key      string
	Old, New value.Value
}

func (c Change) String() string {
	switch {
	case c.New == nil:
		return fmt.Sprintf("- %s (was %v)", c.Key, c.Old)
	case c.Old == nil:
		return fmt.Sprintf("+ %s = %v", c.Key, c.New)
	default:
		return fmt.Sprintf("~ %s: %v -> %v", c.Key, c.Old, c.New)
	}
}

// Observer is told about committed changes.
type Observer interface {
	Observe(c Change)
}

// ObserverFunc lets a function be an Observer.
type ObserverFunc func(c Change)

func (f ObserverFunc) Observe(c Change) { f(c) }

// Counter is an Observer that counts the changes per key.
type Counter struct {
	counts map[string]int
	bytes  int
}

func NewCounter() *Counter {
	return &Counter{counts: make(map[string]int)}
}

func (c *Counter) Observe(change Change) {
	c.counts[change.Key]++
	if change.New != nil {
		c.bytes += change.New.Size()
	}
}

// Bytes is the size of everything ever written.
func (c *Counter) Bytes() int { return c.bytes }

// Top returns the key that changed most often.
func (c *Counter) Top() (key string, count int) {
	for _, name := range value.SortedKeys(c.counts) {
		if n := c.counts[name]; n > count {
			key, count = name, n
		}
	}
	return key, count
}

// Snapshot is a read-only copy of the store at one version.
type Snapshot struct {
	data    map[string]value.Value
	version int
}

// Snapshot copies the committed data.
func (s *Store) Snapshot() *Snapshot {
	data := make(map[string]value.Value, len(s.data))
	for key, v := range s.data {
		data[key] = v
	}
	return &Snapshot{data: data, version: s.version}
}

func (s *Snapshot) Version() int   { return s.version }
func (s *Snapshot) Keys() []string { return value.SortedKeys(s.data) }

func (s *Snapshot) Get(key string) (value.Value, error) {
	if v, ok := s.data[key]; ok {
		return v, nil
	}
	return nil, ErrNotFound
}

// Restore brings the store back to the snapshot; the version still goes up.
func (s *Store) Restore(snap *Snapshot) error {
	if snap.Version() > s.Version() {
		return ErrConflict
	}
	for _, change := range Diff(s, snap) {
		s.apply(change)
	}
	return nil
}

// Diff lists the changes that lead from one reader to another.
func Diff(from, to Reader) []Change {
	keys := map[string]struct{}{}
	for _, r := range []Reader{from, to} {
		for _, key := range r.Keys() {
			keys[key] = struct{}{}
		}
	}
	var changes []Change
	for _, key := range value.SortedKeys(keys) {
		before, _ := from.Get(key)
		after, _ := to.Get(key)
		if before == nil || after == nil || before.String() != after.String() {
			changes = append(changes, Change{Key: key, Old: before, New: after})
		}
	}
	return changes
}
