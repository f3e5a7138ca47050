// Package funcs has the functions that every template can call.
package funcs

import (
	"fmt"
	"strings"

	"example.org/quill/ast"
)

// Builtins returns a new map of the functions.
func Builtins() map[string]ast.Func {
	escaper := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	return map[string]ast.Func{
		"upper":  Wrap(func(s string, _ []any) any { return strings.ToUpper(s) }),
		"escape": Wrap(func(s string, _ []any) any { return escaper.Replace(s) }),
		"len":    Wrap(func(list []any, _ []any) any { return len(list) }),
		"join":   Wrap(join),
		"pad":    Wrap(func(s string, args []any) any { return fmt.Sprintf("%-*s", args[0], s) }),
	}
}

// Wrap adapts a function whose first argument has a certain type.
func Wrap[T any](fn func(first T, rest []any) any) ast.Func {
	return func(args []any) (any, error) {
		first, ok := args[0].(T)
		if !ok {
			return nil, fmt.Errorf("cannot use %v as %T", args[0], first)
		}
		return fn(first, args[1:]), nil
	}
}

func join(list []any, rest []any) any {
	parts := make([]string, 0, len(list))
	for _, item := range list {
		parts = append(parts, fmt.Sprint(item))
	}
	return strings.Join(parts, fmt.Sprint(rest...))
}
