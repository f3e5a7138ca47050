// Package filter selects log entries.
package filter

import "example.org/logscope/logs"

// Filter tells whether an entry is wanted.
type Filter func(logs.Entry) bool

// MinLevel wants entries of at least the given level.
func MinLevel(level logs.Level) Filter {
	return func(e logs.Entry) bool { return e.Level >= level }
}

// Component wants the entries of one component.
func Component(name string) Filter {
	return func(e logs.Entry) bool { return e.Component == name }
}

// Field wants entries in which a field passes the test.
func Field(key string, test func(value string) bool) Filter {
	return func(e logs.Entry) bool {
		value, ok := e.Fields[key]
		return ok && test(value)
	}
}

// And wants what both filters want.
func (f Filter) And(other Filter) Filter {
	return func(e logs.Entry) bool { return f(e) && other(e) }
}

// Not wants what the filter does not.
func (f Filter) Not() Filter {
	return func(e logs.Entry) bool { return !f(e) }
}

// Or wants what at least one of the filters wants.
func (f Filter) Or(other Filter) Filter {
	return func(e logs.Entry) bool { return f(e) || other(e) }
}

// Apply returns the wanted entries.
func (f Filter) Apply(entries []logs.Entry) []logs.Entry {
	var wanted []logs.Entry
	for _, e := range entries {
		if f(e) {
			wanted = append(wanted, e)
		}
	}
	return wanted
}
