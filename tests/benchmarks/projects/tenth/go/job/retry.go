package job

import "example.com/joblane/clock"

// RetryPolicy decides whether and when a failed job is tried again.
type RetryPolicy interface {
	// Next returns the delay after the given attempt, or false to give up.
	Next(attempt int) (clock.Tick, bool)
}

// Fixed always waits the same time. Its zero value never tries again.
type Fixed struct {
	Delay clock.Tick
	Max   int
}

// Next implements RetryPolicy.
func (f Fixed) Next(attempt int) (clock.Tick, bool) {
	return f.Delay, attempt < f.Max
}

// Backoff doubles the delay after each attempt, up to a limit.
type Backoff struct {
	Fixed
	Limit clock.Tick
}

// Next implements RetryPolicy.
func (b Backoff) Next(attempt int) (clock.Tick, bool) {
	delay, again := b.Fixed.Next(attempt)
	delay <<= attempt - 1
	if delay > b.Limit {
		delay = b.Limit
	}
	return delay, again
}
