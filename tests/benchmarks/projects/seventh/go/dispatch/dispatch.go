// Package dispatch holds strategies that choose a lift for a call.
package dispatch

import "example.com/liftsim/building"

// Cost rates how badly a lift suits a call.
type Cost func(l *building.Lift, call building.Trip) int

// Choose implements building.Strategy: the cheapest lift wins, the first of equals.
func (c Cost) Choose(lifts []*building.Lift, call building.Trip) *building.Lift {
	best := lifts[0]
	for _, l := range lifts[1:] {
		if c(l, call) < c(best, call) {
			best = l
		}
	}
	return best
}

// Nearest prefers lifts that are close.
func Nearest(l *building.Lift, call building.Trip) int {
	return int(building.Toward(l.Floor, call.From)) * (call.From - l.Floor)
}

// Balanced prefers lifts that have little to do.
func Balanced(l *building.Lift, call building.Trip) int {
	return 3*l.Load() + Nearest(l, call)
}

// RoundRobin takes the lifts in turn.
type RoundRobin struct {
	next int
}

// Choose implements building.Strategy.
func (r *RoundRobin) Choose(lifts []*building.Lift, _ building.Trip) *building.Lift {
	l := lifts[r.next%len(lifts)]
	r.next++
	return l
}
