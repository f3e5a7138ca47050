// Package scheduler runs jobs on a fixed pool of simulated workers.
package scheduler

import (
	"errors"

	"example.com/joblane/clock"
	"example.com/joblane/job"
	"example.com/joblane/queue"
)

// Event names a step in the life of a job.
type Event string

// The steps that observers see.
const (
	Started Event = "started"
	Done    Event = "done"
	Retried Event = "retry"
	Dead    Event = "dead"
)

// Observer is told about everything that happens to a job.
type Observer func(at clock.Tick, event Event, j *job.Job)

// Scheduler owns the queues, the workers and the dead letters.
type Scheduler struct {
	clock.Clock
	Workers     []*Worker
	DeadLetters []*job.Job

	delayed   *queue.Queue[*job.Job]
	ready     *queue.Queue[*job.Job]
	observers []Observer
}

// New returns a scheduler with a pool of the given size.
func New(workers int, observers ...Observer) *Scheduler {
	s := &Scheduler{
		delayed:   queue.New(func(a, b *job.Job) bool { return a.ReadyAt < b.ReadyAt }),
		ready:     queue.New(func(a, b *job.Job) bool { return a.Priority > b.Priority }),
		observers: observers,
	}
	for id := 1; id <= workers; id++ {
		s.Workers = append(s.Workers, &Worker{ID: id})
	}
	return s
}

// Submit queues jobs until their time has come.
func (s *Scheduler) Submit(jobs ...*job.Job) {
	for _, j := range jobs {
		s.delayed.Push(j)
	}
}

// Run works until no job is left and returns the time that took.
func (s *Scheduler) Run() clock.Tick {
	for {
		s.collect()
		s.promote()
		s.assign()
		next, ok := s.nextTick()
		if !ok {
			return s.Now()
		}
		s.AdvanceTo(next)
	}
}

// collect takes finished jobs from their workers.
func (s *Scheduler) collect() {
	for _, w := range s.Workers {
		if w.current != nil && w.doneAt <= s.Now() {
			s.settle(w.finish())
		}
	}
}

// settle decides what becomes of a job after an attempt.
func (s *Scheduler) settle(j *job.Job, err error) {
	delay, again := j.Retry.Next(j.Attempts)
	switch {
	case err == nil:
		s.notify(Done, j)
	case again && !errors.Is(err, job.ErrPermanent):
		j.ReadyAt = s.Now() + delay
		s.Submit(j)
		s.notify(Retried, j)
	default:
		s.DeadLetters = append(s.DeadLetters, j)
		s.notify(Dead, j)
	}
}

// promote moves jobs whose time has come to the ready queue.
func (s *Scheduler) promote() {
	for j, ok := s.delayed.Peek(); ok && j.ReadyAt <= s.Now(); j, ok = s.delayed.Peek() {
		s.delayed.Pop()
		s.ready.Push(j)
	}
}

// assign gives ready jobs to idle workers.
func (s *Scheduler) assign() {
	for _, w := range s.Workers {
		if w.current != nil {
			continue
		}
		if j, ok := s.ready.Pop(); ok {
			w.start(j, s.Now())
			s.notify(Started, j)
		}
	}
}

// nextTick finds the next moment at which anything can happen.
func (s *Scheduler) nextTick() (next clock.Tick, ok bool) {
	if j, waiting := s.delayed.Peek(); waiting {
		next, ok = j.ReadyAt, true
	}
	for _, w := range s.Workers {
		if w.current != nil && (!ok || w.doneAt < next) {
			next, ok = w.doneAt, true
		}
	}
	return next, ok
}

func (s *Scheduler) notify(event Event, j *job.Job) {
	for _, observe := range s.observers {
		observe(s.Now(), event, j)
	}
}
