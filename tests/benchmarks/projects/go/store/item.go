package store

import (
	"errors"
	"fmt"
)

// ErrEmpty says that nothing is left.
var ErrEmpty = errors.New("empty")

const limit = 50

// Item is one kind of thing.
type Item struct {
	Name   string
	Amount int
	price  float64
}

// NewItem makes an item with a price.
func NewItem(name string, price float64) *Item {
	return &Item{Name: name, price: price}
}

// Price is what one costs.
func (i *Item) Price() float64 { return i.price }

func (i *Item) add(amount int) {
	i.Amount += amount
	if i.Amount > limit {
		i.Amount = limit
	}
}

func (i *Item) remove(amount int) error {
	if i.Amount < amount {
		return fmt.Errorf("%s: %w", i.Name, ErrEmpty)
	}
	i.Amount -= amount
	return nil
}

func (i Item) String() string {
	return fmt.Sprintf("%s x%d", i.Name, i.Amount)
}
