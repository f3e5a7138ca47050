package ledger

// List is a slice with methods.
type List[T any] []T

func (l *List[T]) Push(items ...T)   { *l = append(*l, items...) }
func (l List[T]) Last(n int) List[T] { return l[len(l)-n:] }

func (l List[T]) Filter(keep func(T) bool) (kept List[T]) {
	for _, item := range l {
		if keep(item) {
			kept.Push(item)
		}
	}
	return kept
}

// Map is a function, since methods have no type parameters.
func Map[T, U any](list List[T], convert func(T) U) List[U] {
	mapped := make(List[U], 0, len(list))
	for _, item := range list {
		mapped.Push(convert(item))
	}
	return mapped
}

type Number interface{ ~int | ~int64 | ~float64 }

// Sum adds up what of gives for each item.
func Sum[T any, N Number](list []T, of func(T) N) (sum N) {
	for _, item := range list {
		sum += of(item)
	}
	return sum
}
