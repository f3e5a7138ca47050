// Package job describes units of work and what can become of them.
package job

import (
	"errors"
	"fmt"

	"example.com/joblane/clock"
)

// ErrPermanent marks failures that no retry can cure.
var ErrPermanent = errors.New("permanent failure")

// Priority orders jobs that are ready at the same time.
type Priority int

// Priorities from least to most urgent.
const (
	Low Priority = iota
	Normal
	High
)

var priorityNames = [...]string{"low", "normal", "high"}

func (p Priority) String() string {
	return priorityNames[p]
}

// Handler does the work of one attempt and returns how long it took.
type Handler func(attempt int) (clock.Tick, error)

// Job is a unit of work together with its bookkeeping.
type Job struct {
	Name     string
	Priority Priority
	Handler  Handler
	Retry    RetryPolicy
	ReadyAt  clock.Tick
	Attempts int
	Errors   []error
}

// Option adjusts a job while it is built.
type Option func(*Job)

// WithPriority replaces the normal priority.
func WithPriority(p Priority) Option {
	return func(j *Job) { j.Priority = p }
}

// WithRetry lets the job be tried again according to the policy.
func WithRetry(policy RetryPolicy) Option {
	return func(j *Job) { j.Retry = policy }
}

// StartingAt delays the first attempt.
func StartingAt(t clock.Tick) Option {
	return func(j *Job) { j.ReadyAt = t }
}

// New builds a job with normal priority that is tried once.
func New(name string, handler Handler, options ...Option) *Job {
	j := &Job{Name: name, Priority: Normal, Handler: handler, Retry: Fixed{}}
	for _, option := range options {
		option(j)
	}
	return j
}

// Run makes one attempt and records its error, if any.
func (j *Job) Run() (clock.Tick, error) {
	j.Attempts++
	cost, err := j.Handler(j.Attempts)
	if err != nil {
		err = fmt.Errorf("%s attempt %d: %w", j.Name, j.Attempts, err)
		j.Errors = append(j.Errors, err)
	}
	return cost, err
}
