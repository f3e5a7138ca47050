// Package ledger keeps double-entry books; see Book.Record.
package ledger

import (
	"fmt"

	"example.org/orchard/internal/money"
)

type (
	Move struct {
		Account string       `json:"account"`
		Amount  money.Amount `json:"amount"`
	}
	Entry struct {
		ID    int        `json:"id"`
		Text  string     `json:"text"`
		Moves List[Move] `json:"moves"`
	}
	Hook func(*Entry)
)

func (e Entry) Len() int { return len(e.Moves) }

func (e Entry) Total() (total money.Amount) {
	debits := e.Moves.Filter(func(m Move) bool { return m.Amount > 0 })
	return total.Add(Map(debits, func(m Move) money.Amount { return m.Amount })...)
}

func (e Entry) Touches(name string) bool {
	return len(e.Moves.Filter(func(move Move) bool { return move.Account == name })) > 0
}

type Book struct {
	accounts map[string]Account
	order    []string
	hooks    []Hook
	Entries  List[*Entry]
	Title    string
}

func New(title string) *Book { return &Book{Title: title, accounts: map[string]Account{}} }

// Open adds accounts and returns the book, so that calls can be chained.
func (b *Book) Open(accounts ...Account) *Book {
	for _, account := range accounts {
		id := account.ID()
		b.accounts[id] = account
		b.order = append(b.order, id)
	}
	return b
}

func (b *Book) OnRecord(hook Hook) *Book {
	b.hooks = append(b.hooks, hook)
	return b
}

func (b *Book) Get(name string) (Account, error) {
	if account, ok := b.accounts[name]; ok {
		return account, nil
	}
	return nil, fmt.Errorf("get %q: %w", name, ErrUnknown)
}

// Len is the number of accounts; len(b.Entries) is another thing.
func (b *Book) Len() int { return len(b.order) }

func (b *Book) check(moves []Move) error {
	for _, move := range moves {
		if _, err := b.Get(move.Account); err != nil {
			return err
		}
	}
	if sum := Sum(moves, func(move Move) money.Amount { return move.Amount }); sum != 0 {
		return fmt.Errorf("%w: off by %v", ErrUnbalanced, sum)
	}
	return nil
}

// Record checks and posts an entry. Moves posted before an error are undone.
func (b *Book) Record(text string, moves ...Move) (*Entry, error) {
	if err := b.check(moves); err != nil {
		return nil, fmt.Errorf("record %q: %w", text, err)
	}
	for i, move := range moves {
		if err := b.accounts[move.Account].Post(move.Amount); err != nil {
			b.undo(moves[:i])
			return nil, fmt.Errorf("record %q: %w", text, err)
		}
	}
	entry := &Entry{ID: len(b.Entries) + 1, Text: text, Moves: moves}
	b.Entries.Push(entry)
	for _, hook := range b.hooks {
		hook(entry)
	}
	return entry, nil
}

func (b *Book) undo(moves []Move) {
	for _, move := range moves {
		_ = b.accounts[move.Account].Post(move.Amount.Neg())
	}
}

// Each calls visit for each account in the order of opening until it returns false.
func (b *Book) Each(visit func(Account) bool) {
	for _, id := range b.order {
		if !visit(b.accounts[id]) {
			break
		}
	}
}

func (b *Book) Close() (entries List[*Entry], err error) {
	b.Each(func(account Account) bool {
		if closer, ok := account.(Closer); ok {
			var entry *Entry
			entry, err = closer.Close(b)
			entries.Push(entry)
		}
		return err == nil
	})
	return entries, err
}
