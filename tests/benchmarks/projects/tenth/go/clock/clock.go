// Package clock provides the simulated time that the scheduler runs on.
package clock

import "fmt"

// Tick is a point in simulated time, counted from the start of the run.
type Tick int

// String formats the tick the way log lines show it.
func (t Tick) String() string {
	return fmt.Sprintf("t%03d", int(t))
}

// Clock only moves when it is told to.
type Clock struct {
	now Tick
}

// Now returns the current tick.
func (c *Clock) Now() Tick {
	return c.now
}

// AdvanceTo moves the clock to a later tick.
func (c *Clock) AdvanceTo(t Tick) {
	c.now = t
}
