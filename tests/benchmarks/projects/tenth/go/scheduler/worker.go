package scheduler

import (
	"example.com/joblane/clock"
	"example.com/joblane/job"
)

// Worker runs one job at a time and is busy until the attempt is over.
type Worker struct {
	ID       int
	Attempts int
	Busy     clock.Tick

	current *job.Job
	doneAt  clock.Tick
	err     error
}

// start makes an attempt now; its outcome counts once the time has passed.
func (w *Worker) start(j *job.Job, now clock.Tick) {
	cost, err := j.Run()
	w.current, w.err, w.doneAt = j, err, now+cost
	w.Attempts++
	w.Busy += cost
}

// finish frees the worker and hands back the job with its outcome.
func (w *Worker) finish() (*job.Job, error) {
	j := w.current
	w.current = nil
	return j, w.err
}
