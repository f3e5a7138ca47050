// Package event hands what happened to whoever listens.
package event

import "fmt"

// Kind says what happened.
type Kind int

const (
	Deposit Kind = iota
	Withdrawal
	Transfer
	last
)

var names = [last]string{Deposit: "deposit", Withdrawal: "withdrawal", Transfer: "transfer"}

// String is the name of a Kind.
func (k Kind) String() string {
	if k < 0 || k >= last {
		return fmt.Sprintf("Kind(%d)", int(k))
	}
	return names[k]
}

// Event is what happened to an account.
type Event struct {
	Kind   Kind   `json:"kind"`
	From   string `json:"From,omitempty"`
	Amount int64  `json:"amount"`
}

// Handler hears of events.
type Handler interface {
	Handle(e Event) error
}

// HandlerFunc makes a function a Handler.
type HandlerFunc func(Event) error

// Handle calls the function.
func (f HandlerFunc) Handle(e Event) error { return f(e) }

// Bus tells its handlers, in order.
type Bus struct {
	handlers []Handler
	sent     int
}

// Subscribe adds handlers.
func (b *Bus) Subscribe(handlers ...Handler) {
	b.handlers = append(b.handlers, handlers...)
}

// Send tells every handler; the first error ends it.
func (b *Bus) Send(e Event) (err error) {
	b.sent++
	for _, h := range b.handlers {
		if err = h.Handle(e); err != nil {
			return fmt.Errorf("send %v: %w", e.Kind, err)
		}
	}
	return
}

// Sent counts.
func (b Bus) Sent() int { return b.sent }
