// Package shuffle permutes playlists reproducibly.
package shuffle

// Generator is a linear congruential generator; its initial value is the seed.
type Generator uint32

// Intn returns a number in [0, n).
func (g *Generator) Intn(n int) int {
	*g = *g*1664525 + 1013904223
	return int(*g>>8) % n
}

// Shuffle returns a permuted copy of items.
func Shuffle[T any](g *Generator, items []T) []T {
	shuffled := append([]T(nil), items...)
	for i := len(shuffled) - 1; i > 0; i-- {
		j := g.Intn(i + 1)
		shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
	}
	return shuffled
}
