package bank

import (
	"errors"
	"fmt"
)

// Money is in cents.
type Money int64

// ErrFunds is what a poor account answers.
var ErrFunds = errors.New("not enough funds")

const cents = 100

func (m Money) String() string { return fmt.Sprintf("%d.%02d", m/cents, m%cents) }

// Owner is who an account belongs to.
type Owner struct {
	Name string
	tags map[string]string
}

// Label is how an owner is printed.
func (o *Owner) Label() string { return "<" + o.Name + ">" }

// Account is what can be charged.
type Account interface {
	Balance() Money
	Charge(amount Money) error
	Label() string
}

// Base is what all accounts have.
type Base struct {
	Owner
	balance Money
	history []entry
}

type entry struct {
	amount Money
	note   string
}

// Balance is what is there.
func (b *Base) Balance() Money { return b.balance }

// Charge takes an amount.
func (b *Base) Charge(amount Money) error {
	if amount > b.balance {
		return ErrFunds
	}
	b.record(-amount, "charge")
	return nil
}

func (b *Base) record(amount Money, note string) {
	b.balance += amount
	b.history = append(b.history, entry{amount: amount, note: note})
}

// Savings earn interest.
type Savings struct {
	Base
	Rate int
}

// Accrue adds the interest.
func (s *Savings) Accrue() Money {
	interest := s.balance * Money(s.Rate) / 100
	s.record(interest, "interest")
	return interest
}

// Credit may be overdrawn.
type Credit struct {
	*Base
	Limit Money
}

// Charge takes an amount, down to the limit.
func (c Credit) Charge(amount Money) error {
	if amount > c.Base.balance+c.Limit {
		return fmt.Errorf("%s: %w", c.Owner.Label(), ErrFunds)
	}
	c.Base.record(-amount, "credit")
	return nil
}

var (
	_ Account = (*Savings)(nil)
	_ Account = Credit{}
)
