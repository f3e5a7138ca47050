package ledger

import "example.org/orchard/internal/money"

type Kind int

const (
	Asset Kind = iota
	Debt
	Income
	Expense
	kindCount // number of kinds, not a kind
)

var kindNames = [kindCount]string{Asset: "asset", Debt: "debt", Income: "income", Expense: "expense"}

func (k Kind) String() string { return kindNames[k] }

// Sign is 1 for accounts that grow by debits and -1 for all others.
func (k Kind) Sign() money.Amount {
	if k == Asset || k == Expense {
		return 1
	}
	return -1
}

type base struct {
	Name  string `json:"name"`
	Kind  Kind   `json:"kind"`
	total money.Amount
	Moves int `json:"-"`
}

func (b *base) ID() string            { return b.Name }
func (b *base) Balance() money.Amount { return b.total * b.Kind.Sign() }

func (b *base) Post(amount money.Amount) error {
	b.total += amount
	b.Moves++
	return nil
}

type Account interface {
	ID() string
	Balance() money.Amount
	Post(amount money.Amount) error
}

// Closer is implemented by accounts that do something at the end of a period.
type Closer interface {
	Account
	Close(book *Book) (*Entry, error)
}

type Plain struct {
	base
	Note string `json:"note,omitempty"`
}

// Capped refuses to go above its limit.
type Capped struct {
	Plain
	Limit money.Amount `json:"limit"`
}

// Post shadows the promoted method of base.
func (c *Capped) Post(amount money.Amount) error {
	if next := c.Balance() + amount*c.Kind.Sign(); next > c.Limit {
		return &LimitError{Account: c.Name, Over: next - c.Limit}
	}
	return c.Plain.Post(amount)
}

// Savings earns interest when closed.
type Savings struct {
	*Plain
	Rate func(balance money.Amount) money.Amount `json:"-"`
}

// Close books the interest against the account "interest".
func (s Savings) Close(book *Book) (*Entry, error) {
	interest := s.Rate(s.Balance())
	return book.Record("interest for "+s.ID(), Move{s.Name, interest}, Move{"interest", interest.Neg()})
}

var _, _ Account = (*Plain)(nil), (*Capped)(nil)
var _ Closer = Savings{}

// NewPlain returns an account; options may change it.
func NewPlain(name string, kind Kind, options ...func(*Plain)) *Plain {
	plain := &Plain{base: base{Name: name, Kind: kind}}
	for _, option := range options {
		option(plain)
	}
	return plain
}

// Note is an option for NewPlain that sets the field Note.
func Note(text string) func(*Plain) { return func(p *Plain) { p.Note = text } }
