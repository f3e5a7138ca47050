// Package bank keeps accounts.
package bank

import (
	"sort"

	"example.org/bank/internal/event"
)

// Option sets something of a Bank.
type Option func(*Bank)

// WithFee sets the fee of transfers.
func WithFee(fee Money) Option {
	return func(b *Bank) { b.fee = fee }
}

// WithHandler subscribes a handler.
func WithHandler(h event.Handler) Option {
	return func(b *Bank) { b.bus.Subscribe(h) }
}

// Bank is a set of accounts.
type Bank struct {
	accounts map[string]Account
	bus      event.Bus
	fee      Money
}

// New makes a bank.
func New(options ...Option) *Bank {
	bank := &Bank{accounts: make(map[string]Account)}
	for _, option := range options {
		option(bank)
	}
	return bank
}

// Open makes a savings account.
func (b *Bank) Open(name string, amount Money) *Savings {
	account := &Savings{Base: Base{Owner: Owner{Name: name}}, Rate: 2}
	account.record(amount, "open")
	b.accounts[name] = account
	_ = b.bus.Send(event.Event{Kind: event.Deposit, From: name, Amount: int64(amount)})
	return account
}

// Lend makes a credit account.
func (b *Bank) Lend(name string, limit Money) Credit {
	credit := Credit{Base: &Base{Owner: Owner{name, nil}}, Limit: limit}
	b.accounts[name] = credit
	return credit
}

// Transfer moves an amount.
func (b *Bank) Transfer(from, to string, amount Money) error {
	source, ok := b.accounts[from]
	if !ok {
		return &Unknown{Name: from}
	}
	target, ok := b.accounts[to]
	if !ok {
		return &Unknown{to}
	}
	if err := source.Charge(amount + b.fee); err != nil {
		return err
	}
	switch account := target.(type) {
	case *Savings:
		account.record(amount, "transfer")
	case Credit:
		account.record(amount, "transfer")
	}
	return b.bus.Send(event.Event{Kind: event.Transfer, From: from, Amount: int64(amount)})
}

// Each visits the accounts by name.
func (b *Bank) Each(visit func(name string, account Account)) {
	names := Keys(b.accounts)
	sort.Strings(names)
	for _, name := range names {
		visit(name, b.accounts[name])
	}
}

// Sent counts events.
func (b *Bank) Sent() int { return b.bus.Sent() }

// Unknown is the error of a name that nobody has.
type Unknown struct{ Name string }

// Error says which.
func (u *Unknown) Error() string { return "unknown: " + u.Name }
