package lexer

import "fmt"

// Pos is embedded in whatever has a place in the source.
type Pos struct{ Line int }

// Error is a failure at some place of a template.
type Error struct {
	Pos
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Failf panics with an Error, which the entry points Catch.
func (p Pos) Failf(format string, args ...any) {
	panic(&Error{p, fmt.Sprintf(format, args...)})
}

// Catch is deferred; it stores the Error of a panic in err.
func Catch(err *error) {
	if r := recover(); r != nil {
		*err = r.(*Error) // any other panic goes on
	}
}
