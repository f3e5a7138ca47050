// Command joblane runs a day of made-up jobs and reports what happened.
package main

import (
	"errors"
	"fmt"

	"example.com/joblane/clock"
	"example.com/joblane/job"
	"example.com/joblane/scheduler"
)

var errTimeout = errors.New("timeout")

// timesOut returns a handler that succeeds after so many failures.
func timesOut(times int, cost clock.Tick) job.Handler {
	return func(attempt int) (clock.Tick, error) {
		if attempt <= times {
			return cost / 2, errTimeout
		}
		return cost, nil
	}
}

func breaks(reason string) job.Handler {
	return func(int) (clock.Tick, error) {
		return 1, fmt.Errorf("%s: %w", reason, job.ErrPermanent)
	}
}

func jobs() []*job.Job {
	backoff := job.Backoff{Fixed: job.Fixed{Delay: 3, Max: 5}, Limit: 10}
	return []*job.Job{
		job.New("cleanup", timesOut(0, 6), job.WithPriority(job.Low)),
		job.New("report", timesOut(0, 9)),
		job.New("billing", timesOut(3, 4), job.WithPriority(job.High), job.WithRetry(backoff)),
		job.New("mail", timesOut(9, 2), job.WithRetry(job.Fixed{Delay: 4, Max: 3})),
		job.New("import", breaks("bad header"), job.WithRetry(backoff), job.StartingAt(5)),
		job.New("alert", timesOut(0, 1), job.WithPriority(job.High), job.StartingAt(8)),
		job.New("backup", timesOut(1, 8), job.WithPriority(job.Low), job.StartingAt(8)),
	}
}

func logEvent(at clock.Tick, event scheduler.Event, j *job.Job) {
	fmt.Printf("%v %-8s %s #%d (%v)\n", at, event, j.Name, j.Attempts, j.Priority)
}

func main() {
	counts := map[scheduler.Event]int{}
	s := scheduler.New(2, logEvent, func(_ clock.Tick, event scheduler.Event, _ *job.Job) {
		counts[event]++
	})
	s.Submit(jobs()...)
	end := s.Run()

	fmt.Printf("finished at %v: %d done, %d retries\n", end, counts[scheduler.Done], counts[scheduler.Retried])
	for _, w := range s.Workers {
		share := 100 * int(w.Busy) / int(end)
		fmt.Printf("worker %d: %d attempts, %d%% busy\n", w.ID, w.Attempts, share)
	}
	fmt.Printf("%d dead letters:\n", counts[scheduler.Dead])
	for _, j := range s.DeadLetters {
		for _, err := range j.Errors {
			fmt.Printf("  %v (timeout: %t)\n", err, errors.Is(err, errTimeout))
		}
	}
}
