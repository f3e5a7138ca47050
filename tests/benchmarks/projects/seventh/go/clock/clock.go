// Package clock runs actions in the order of simulated time.
package clock

import (
	"container/heap"
	"fmt"
)

// Time counts simulated seconds.
type Time int

// String formats the time as minutes and seconds.
func (t Time) String() string {
	return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60)
}

type event struct {
	at    Time
	order int
	run   func()
}

// eventHeap implements heap.Interface; events of the same time keep their order.
type eventHeap []event

func (h eventHeap) Len() int      { return len(h) }
func (h eventHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h eventHeap) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].order < h[j].order
}

func (h *eventHeap) Push(x any) { *h = append(*h, x.(event)) }
func (h *eventHeap) Pop() any {
	last := len(*h) - 1
	popped := (*h)[last]
	*h = (*h)[:last]
	return popped
}

// Scheduler is a queue of future actions. Its zero value is ready to use.
type Scheduler struct {
	now    Time
	count  int
	events eventHeap
}

// Now returns the time of the action that is running.
func (s *Scheduler) Now() Time { return s.now }

// After schedules an action to run when the delay has passed.
func (s *Scheduler) After(delay Time, run func()) {
	s.count++
	heap.Push(&s.events, event{at: s.now + delay, order: s.count, run: run})
}

// Run executes actions until none is left or the next one lies behind the limit.
func (s *Scheduler) Run(limit Time) error {
	for len(s.events) > 0 {
		if s.events[0].at > limit {
			return fmt.Errorf("%d events left at %v", len(s.events), limit)
		}
		next := heap.Pop(&s.events).(event)
		s.now = next.at
		next.run()
	}
	return nil
}
