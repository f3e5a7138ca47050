// Package store keeps values by number.
package store

import "sort"

// Keyed is a value that is told its number when it is added.
type Keyed[T any] interface {
	WithID(id int) T
}

// Store is an in-memory table of values.
type Store[T Keyed[T]] struct {
	lastID int
	items  map[int]T
}

func New[T Keyed[T]](items ...T) *Store[T] {
	s := &Store[T]{items: map[int]T{}}
	for _, item := range items {
		s.Add(item)
	}
	return s
}

// Add numbers an item and stores it.
func (s *Store[T]) Add(item T) T {
	s.lastID++
	item = item.WithID(s.lastID)
	s.items[s.lastID] = item
	return item
}

func (s *Store[T]) Get(id int) (T, bool) {
	item, ok := s.items[id]
	return item, ok
}

// Update replaces an item by what change makes of it.
func (s *Store[T]) Update(id int, change func(T) T) bool {
	item, ok := s.Get(id)
	if ok {
		s.items[id] = change(item)
	}
	return ok
}

func (s *Store[T]) Remove(id int) bool {
	_, ok := s.items[id]
	delete(s.items, id)
	return ok
}

func (s *Store[T]) Len() int { return len(s.items) }

// All returns the items by ascending number.
func (s *Store[T]) All() []T {
	ids := make([]int, 0, s.Len())
	for id := range s.items {
		ids = append(ids, id)
	}
	sort.Ints(ids)
	return Map(ids, func(id int) T { return s.items[id] })
}

// Map applies a function to every element of a list.
func Map[A, B any](list []A, f func(A) B) []B {
	result := make([]B, len(list))
	for i, value := range list {
		result[i] = f(value)
	}
	return result
}
