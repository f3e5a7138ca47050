// Package report prints.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"example.org/bank/bank"
	ev "example.org/bank/internal/event"
)

// Writer prints to w.
type Writer struct {
	io.Writer
	Indent int
}

// Line prints a line; indent shadows nothing.
func (w Writer) Line(format string, args ...interface{}) {
	indent := strings.Repeat(" ", w.Indent)
	fmt.Fprintf(w.Writer, indent+format+"\n", args...)
}

// Accounts prints a bank.
func (w Writer) Accounts(b *bank.Bank) {
	b.Each(func(name string, account bank.Account) {
		w.Line("%-6s %s %8s", name, account.Label(), account.Balance())
	})
}

// Audit keeps events.
type Audit struct {
	events []ev.Event
	Limit  int64
}

// Handle keeps an event, or refuses a large one.
func (a *Audit) Handle(event ev.Event) error {
	if a.Limit > 0 && event.Amount > a.Limit {
		return fmt.Errorf("audit: %v over Limit", event.Kind)
	}
	a.events = append(a.events, event)
	return nil
}

// JSON is what was kept.
func (a *Audit) JSON() string {
	text, _ := json.Marshal(a.events)
	return string(text)
}

// Total is the sum of all events.
func (a *Audit) Total() bank.Money {
	return bank.Sum(a.events, func(e ev.Event) bank.Money { return bank.Money(e.Amount) })
}
