// Package building simulates lifts that carry passengers between floors.
package building

import (
	"fmt"

	"example.com/liftsim/clock"
)

const travelTime, doorTime clock.Time = 2, 5

// Strategy decides which lift answers a call.
type Strategy interface {
	Choose(lifts []*Lift, call Trip) *Lift
}

// Observer is told what happens in a building.
type Observer interface {
	Moved(l *Lift)
	Boarded(p *Passenger, l *Lift)
	Arrived(p *Passenger, l *Lift)
}

// Building ties lifts, a strategy and an observer together.
type Building struct {
	clock.Scheduler
	top      int
	lifts    []*Lift
	strategy Strategy
	observer Observer
}

// New returns a building with floors from 0 to top.
func New(top int, strategy Strategy, observer Observer, lifts ...*Lift) *Building {
	return &Building{top: top, lifts: lifts, strategy: strategy, observer: observer}
}

// Expect schedules the appearance of a passenger.
func (b *Building) Expect(at clock.Time, name string, trip Trip) error {
	if err := trip.Validate(b.top); err != nil {
		return fmt.Errorf("passenger %s: %w", name, err)
	}
	b.After(at, func() { b.call(&Passenger{Name: name, Trip: trip, Called: b.Now()}) })
	return nil
}

// call hands a passenger to the lift that the strategy chooses.
func (b *Building) call(p *Passenger) {
	lift := b.strategy.Choose(b.lifts, p.Trip)
	lift.waiting = append(lift.waiting, p)
	if !lift.active {
		lift.active = true
		b.step(lift)
	}
}

// step opens the doors, moves the lift by one floor or lets it rest.
func (b *Building) step(l *Lift) {
	if b.exchange(l) {
		b.After(doorTime, func() { b.step(l) })
		return
	}
	heading := l.heading()
	if heading == Idle {
		l.active = false
		return
	}
	b.After(travelTime, func() {
		l.Floor += int(heading)
		b.observer.Moved(l)
		b.step(l)
	})
}

// exchange lets passengers out and in, and reports whether there were any.
func (b *Building) exchange(l *Lift) bool {
	leaving := l.unload()
	for _, p := range leaving {
		p.Arrived = b.Now()
		b.observer.Arrived(p, l)
	}
	entering := l.board()
	for _, p := range entering {
		p.Boarded = b.Now()
		b.observer.Boarded(p, l)
	}
	return len(leaving)+len(entering) > 0
}
