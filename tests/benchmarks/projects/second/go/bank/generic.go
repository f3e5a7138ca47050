package bank

// Number is what can be added.
type Number interface {
	~int | ~int64 | ~float64
}

// Keys lists a map's keys.
func Keys[K comparable, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	return keys
}

// Sum adds what pick takes.
func Sum[T any, N Number](items []T, pick func(T) N) (total N) {
	for _, item := range items {
		total += pick(item)
	}
	return total
}

// Stack is last in, first out.
type Stack[T any] struct {
	items []T
}

// Push puts on top.
func (s *Stack[T]) Push(item T) { s.items = append(s.items, item) }

// Pop takes from the top.
func (s *Stack[T]) Pop() (item T, ok bool) {
	if len(s.items) == 0 {
		return item, false
	}
	top := len(s.items) - 1
	item, s.items = s.items[top], s.items[:top]
	return item, true
}
