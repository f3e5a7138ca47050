// Package metrics collects what passengers and lifts experience.
package metrics

import (
	"fmt"
	"io"

	"example.com/liftsim/building"
	"example.com/liftsim/clock"
)

// Series is a list of measured values.
type Series[T ~int] []T

// Mean returns the average; the series must not be empty.
func (s Series[T]) Mean() float64 {
	var sum T
	for _, v := range s {
		sum += v
	}
	return float64(sum) / float64(len(s))
}

// Recorder is a building.Observer that measures waiting, travelling and movements.
type Recorder struct {
	waits, totals Series[clock.Time]
	floors        int
}

func (r *Recorder) Moved(*building.Lift) { r.floors++ }

func (r *Recorder) Boarded(p *building.Passenger, _ *building.Lift) {
	r.waits = append(r.waits, p.Waited())
}

func (r *Recorder) Arrived(p *building.Passenger, _ *building.Lift) {
	r.totals = append(r.totals, p.Total())
}

// Report writes the figures in a few lines.
func (r *Recorder) Report(w io.Writer) {
	fmt.Fprintf(w, "  waited  mean %5.2f s (%d)\n", r.waits.Mean(), len(r.waits))
	fmt.Fprintf(w, "  in all  mean %5.2f s (%d)\n", r.totals.Mean(), len(r.totals))
	fmt.Fprintf(w, "  the lifts moved %d floors\n", r.floors)
}

// Journal is a Recorder that also writes a line for every boarding and arrival.
type Journal struct {
	Recorder
	Out io.Writer
}

func (j *Journal) Boarded(p *building.Passenger, l *building.Lift) {
	fmt.Fprintf(j.Out, "  %v %s enters %s on floor %d, going %v\n",
		p.Boarded, p.Name, l.Name, p.From, building.Toward(p.From, p.To))
	j.Recorder.Boarded(p, l)
}

func (j *Journal) Arrived(p *building.Passenger, l *building.Lift) {
	fmt.Fprintf(j.Out, "  %v %s leaves %s on floor %d after %v\n",
		p.Arrived, p.Name, l.Name, l.Floor, p.Total())
	j.Recorder.Arrived(p, l)
}
