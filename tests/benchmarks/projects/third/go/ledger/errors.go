package ledger

import (
	"errors"
	"fmt"

	"example.org/orchard/internal/money"
)

var (
	ErrUnknown    = errors.New("unknown account")
	ErrUnbalanced = errors.New("entry does not balance")
)

// LimitError says how far over its limit an account would go.
type LimitError struct {
	Account string
	Over    money.Amount
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("account %s is over its limit by %s", e.Account, e.Over)
}

// Is makes errors.Is match any two limit errors of one account.
func (e *LimitError) Is(target error) bool {
	other, ok := target.(*LimitError)
	return ok && other.Account == e.Account
}
