// Command liftsim compares strategies for the lifts of a small office building.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"example.com/liftsim/building"
	"example.com/liftsim/clock"
	"example.com/liftsim/dispatch"
	"example.com/liftsim/metrics"
)

const topFloor = 9

var morning = []struct {
	at   clock.Time
	name string
	trip building.Trip
}{
	{0, "Ada", building.Trip{From: 0, To: 6}},
	{0, "Ben", building.Trip{From: 0, To: 8}},
	{1, "Cleo", building.Trip{From: 0, To: 3}},
	{4, "Dan", building.Trip{From: 5, To: 0}},
	{6, "Eve", building.Trip{From: 9, To: 2}},
	{20, "Gus", building.Trip{From: 3, To: 12}},
	{22, "Hal", building.Trip{From: 7, To: 1}},
	{60, "Ivy", building.Trip{From: 1, To: 9}},
}

type reporter interface {
	building.Observer
	Report(w io.Writer)
}

func simulate(w io.Writer, title string, limit clock.Time, strategy building.Strategy, r reporter) {
	fmt.Fprintf(w, "%s (until %v)\n", title, limit)
	east := &building.Lift{Name: "east", Capacity: 2}
	west := &building.Lift{Name: "west", Capacity: 4, Floor: topFloor}
	b := building.New(topFloor, strategy, r, east, west)
	for _, m := range morning {
		err := b.Expect(m.at, m.name, m.trip)
		var floorErr *building.FloorError
		if errors.As(err, &floorErr) {
			fmt.Fprintf(w, "  rejected (%d too high): %v\n", floorErr.Floor-floorErr.Top, err)
		}
	}
	if err := b.Run(limit); err != nil {
		fmt.Fprintf(w, "  stopped: %v\n", err)
	}
	r.Report(w)
	fmt.Fprintf(w, "  last event at %v\n", b.Now())
}

func main() {
	w := os.Stdout
	simulate(w, "Nearest lift", 600, dispatch.Cost(dispatch.Nearest), &metrics.Journal{Out: w})
	simulate(w, "Balanced", 600, dispatch.Cost(dispatch.Balanced), &metrics.Recorder{})
	simulate(w, "Round robin", 600, &dispatch.RoundRobin{}, &metrics.Recorder{})
	simulate(w, "Round robin", 45, &dispatch.RoundRobin{}, &metrics.Recorder{})
}
