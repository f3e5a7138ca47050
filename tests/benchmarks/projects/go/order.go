package main

import (
	"fmt"

	"example.org/shop/store"
)

type row struct {
	name   string
	amount int
}

type order struct {
	rows   []row
	status string
}

func newOrder() *order { return &order{status: "open"} }

func (o *order) add(name string, amount int) *order {
	o.rows = append(o.rows, row{name: name, amount: amount})
	return o
}

func (o *order) fill(s *store.Store) error {
	for _, r := range o.rows {
		if err := s.Take(r.name, r.amount); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	o.status = "filled"
	return nil
}

func describe(o *order) string {
	count := 0
	for _, r := range o.rows {
		count += r.amount
	}
	return fmt.Sprintf("%d things, %s", count, o.status)
}
