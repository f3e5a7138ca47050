package building

import (
	"fmt"

	"example.com/liftsim/clock"
)

// FloorError is returned for a trip to or from a floor that does not exist.
type FloorError struct {
	Floor, Top int
}

func (e *FloorError) Error() string {
	return fmt.Sprintf("floor %d is not between 0 and %d", e.Floor, e.Top)
}

// Direction is where a lift or a passenger is heading.
type Direction int

const (
	Down Direction = iota - 1
	Idle
	Up
)

func (d Direction) String() string {
	return [...]string{"down", "idle", "up"}[d-Down]
}

// Toward returns the direction that leads from one floor to another.
func Toward(from, to int) Direction {
	switch {
	case to > from:
		return Up
	case to < from:
		return Down
	default:
		return Idle
	}
}

// Trip is the wish to go from one floor to another.
type Trip struct{ From, To int }

// Validate checks the trip against the number of the highest floor.
func (t Trip) Validate(top int) error {
	for _, floor := range []int{t.From, t.To} {
		if floor < 0 || floor > top {
			return &FloorError{Floor: floor, Top: top}
		}
	}
	return nil
}

// Passenger is a person on a trip, with the times that matter to them.
type Passenger struct {
	Trip
	Name                     string
	Called, Boarded, Arrived clock.Time
}

// Waited is the time between calling a lift and boarding one.
func (p *Passenger) Waited() clock.Time { return p.Boarded - p.Called }

// Total is the time of the whole trip.
func (p *Passenger) Total() clock.Time { return p.Arrived - p.Called }
