package store

import "sort"

// Store holds items by name.
type Store struct {
	items  map[string]*Item
	events []string
}

// Open makes a store of items.
func Open(items ...*Item) *Store {
	s := &Store{items: map[string]*Item{}}
	for _, item := range items {
		s.items[item.Name] = item
	}
	return s
}

// Put adds to an item.
func (s *Store) Put(name string, amount int) bool {
	item, found := s.lookup(name)
	if !found {
		return false
	}
	item.add(amount)
	s.record("put " + item.String())
	return true
}

// Take removes from an item.
func (s *Store) Take(name string, amount int) error {
	item, found := s.lookup(name)
	if !found {
		return ErrEmpty
	}
	if err := item.remove(amount); err != nil {
		return err
	}
	s.record("take " + item.String())
	return nil
}

func (s *Store) lookup(name string) (*Item, bool) {
	item, found := s.items[name]
	return item, found
}

func (s *Store) record(event string) { s.events = append(s.events, event) }

// Events lists what happened.
func (s *Store) Events() []string { return s.events }

// Value sums up prices.
func (s *Store) Value() float64 {
	total := 0.0
	for _, item := range s.items {
		total += item.Price() * float64(item.Amount)
	}
	return total
}

// Names lists the items in order.
func Names(s *Store) []string {
	names := make([]string, 0, len(s.items))
	for name := range s.items {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
