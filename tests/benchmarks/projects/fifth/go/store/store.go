// Package store is an in-memory key-value store with nested transactions and snapshots.
package store

import (
	"errors"
	"strings"

	"example.org/pebblekv/value"
)

var (
	ErrNotFound = errors.New("key not found")
	ErrConflict = errors.New("snapshot is newer than the store")
)

// Reader is the read side shared by Store, Tx and Snapshot.
type Reader interface {
	Get(key string) (value.Value, error)
	Keys() []string
}

// Writer is a Reader that can also be changed.
type Writer interface {
	Reader
	Set(key string, v value.Value)
	Delete(key string) error
}

// Option configures a Store.
type Option func(*Store)

// WithName names the store in reports.
func WithName(name string) Option {
	return func(s *Store) { s.name = name }
}

// WithObserver registers an observer that is told about every committed change.
func WithObserver(o Observer) Option {
	return func(s *Store) { s.observers = append(s.observers, o) }
}

// Store is the root of all data.
type Store struct {
	name      string
	data      map[string]value.Value
	version   int
	tx        *Tx
	observers []Observer
}

// New creates an empty store.
func New(options ...Option) *Store {
	s := &Store{name: "store", data: map[string]value.Value{}}
	for _, option := range options {
		option(s)
	}
	return s
}

func (s *Store) Name() string { return s.name }
func (s *Store) Version() int { return s.version }
func (s *Store) Len() int     { return len(s.data) }

// Get returns the value of key or ErrNotFound.
func (s *Store) Get(key string) (value.Value, error) {
	if v, ok := s.data[key]; ok {
		return v, nil
	}
	return nil, ErrNotFound
}

// Set stores the value and tells the observers.
func (s *Store) Set(key string, v value.Value) {
	s.apply(Change{Key: key, Old: s.data[key], New: v})
}

// Delete removes the key.
func (s *Store) Delete(key string) error {
	old, err := s.Get(key)
	if err != nil {
		return err
	}
	s.apply(Change{Key: key, Old: old})
	return nil
}

func (s *Store) Keys() []string {
	return value.SortedKeys(s.data)
}

func (s *Store) apply(c Change) {
	s.version++
	if c.New == nil {
		delete(s.data, c.Key)
	} else {
		s.data[c.Key] = c.New
	}
	for _, o := range s.observers {
		o.Observe(c)
	}
}

// Begin opens a transaction, nested in the current one if there is one.
func (s *Store) Begin() *Tx {
	var parent Writer = s
	if s.tx != nil {
		parent = s.tx
	}
	s.tx = &Tx{store: s, parent: parent, outer: s.tx, writes: map[string]entry{}}
	return s.tx
}

// Current is where reads and writes go right now: the innermost transaction or the store.
func (s *Store) Current() Writer {
	if s.tx != nil {
		return s.tx
	}
	return s
}

// Filter collects what the visit function keeps of a reader's entries with the prefix.
func Filter[T any](r Reader, prefix string, visit func(key string, v value.Value) (T, bool)) []T {
	var result []T
	for _, key := range r.Keys() {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		v, err := r.Get(key)
		if err != nil {
			continue
		}
		if item, ok := visit(key, v); ok {
			result = append(result, item)
		}
	}
	return result
}
