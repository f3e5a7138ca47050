// Package queue implements a generic priority queue.
package queue

import "sort"

// Queue keeps its items sorted; equal items stay in the order they came.
type Queue[T any] struct {
	items []T
	less  func(a, b T) bool
}

// New returns an empty queue that pops the least item first.
func New[T any](less func(a, b T) bool) *Queue[T] {
	return &Queue[T]{less: less}
}

// Push adds an item behind all those that are not greater.
func (q *Queue[T]) Push(value T) {
	at := sort.Search(len(q.items), func(i int) bool { return q.less(value, q.items[i]) })
	q.items = append(q.items, value)
	copy(q.items[at+1:], q.items[at:])
	q.items[at] = value
}

// Peek returns the least item without removing it.
func (q *Queue[T]) Peek() (value T, ok bool) {
	if len(q.items) == 0 {
		return value, false
	}
	return q.items[0], true
}

// Pop removes and returns the least item.
func (q *Queue[T]) Pop() (T, bool) {
	value, ok := q.Peek()
	if ok {
		q.items = q.items[1:]
	}
	return value, ok
}
