package building

// Lift is a single car. It serves its waiting passengers and riders in the
// order in which they came, and stops for the others on its way.
type Lift struct {
	Name     string
	Capacity int
	Floor    int

	waiting []*Passenger
	riders  []*Passenger
	active  bool
}

// Load returns the number of passengers that the lift has to serve.
func (l *Lift) Load() int { return len(l.waiting) + len(l.riders) }

// heading returns where the lift has to go; it is Idle when nobody needs it.
func (l *Lift) heading() Direction {
	switch {
	case len(l.riders) > 0:
		return Toward(l.Floor, l.riders[0].To)
	case len(l.waiting) > 0:
		return Toward(l.Floor, l.waiting[0].From)
	default:
		return Idle
	}
}

// board moves passengers from the floor into the lift until it is full.
func (l *Lift) board() (entering []*Passenger) {
	entering, l.waiting = partition(l.waiting, func(p *Passenger) bool {
		fits := p.From == l.Floor && len(l.riders) < l.Capacity
		if fits {
			l.riders = append(l.riders, p)
		}
		return fits
	})
	return entering
}

// unload removes and returns the riders who want to leave on this floor.
func (l *Lift) unload() (leaving []*Passenger) {
	leaving, l.riders = partition(l.riders, func(p *Passenger) bool { return p.To == l.Floor })
	return leaving
}

// partition splits items into those that match and the rest.
func partition[T any](items []T, match func(T) bool) (matching, rest []T) {
	for _, item := range items {
		if match(item) {
			matching = append(matching, item)
		} else {
			rest = append(rest, item)
		}
	}
	return matching, rest
}
