package diff

// Compare returns a shortest edit script from a to b, found with the greedy
// algorithm of E. Myers, "An O(ND) Difference Algorithm and Its Variations".
func Compare[T comparable](a, b []T) Script[T] {
	return backtrack(a, b, search(a, b))
}

// frontier holds the furthest x reached on each diagonal k = x - y in a round.
type frontier map[int]int

// previous returns the diagonal from which a path of d edits came to k.
func (f frontier) previous(k, d int) int {
	if k == -d || (k != d && f[k-1] < f[k+1]) {
		return k + 1
	}
	return k - 1
}

// search returns the frontiers before each round, up to the end of both texts.
func search[T comparable](a, b []T) []frontier {
	var trace []frontier
	f := frontier{1: 0}
	for d := 0; ; d++ {
		trace = append(trace, f)
		next := make(frontier, d+1)
		for k := -d; k <= d; k += 2 {
			from := f.previous(k, d)
			x := f[from]
			if from < k {
				x++
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			next[k] = x
			if x >= len(a) && x-k >= len(b) {
				return trace
			}
		}
		f = next
	}
}

// backtrack walks the trace from its end and collects the edits.
func backtrack[T comparable](a, b []T, trace []frontier) Script[T] {
	var script Script[T]
	x, y := len(a), len(b)
	for d := len(trace) - 1; d >= 0; d-- {
		from := trace[d].previous(x-y, d)
		px := trace[d][from]
		py := px - from
		for x > px && y > py {
			x, y = x-1, y-1
			script = append(script, Edit[T]{Keep, a[x]})
		}
		if d == 0 {
			break
		}
		if x == px {
			script = append(script, Edit[T]{Insert, b[py]})
		} else {
			script = append(script, Edit[T]{Delete, a[px]})
		}
		x, y = px, py
	}
	for i, j := 0, len(script)-1; i < j; i, j = i+1, j-1 {
		script[i], script[j] = script[j], script[i]
	}
	return script
}
