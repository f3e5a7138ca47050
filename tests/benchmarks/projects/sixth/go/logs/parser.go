package logs

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

var (
	ErrTooShort = errors.New("too few columns")
	ErrLevel    = errors.New("unknown level")
	ErrTime     = errors.New("bad time")
)

// ParseError says which line could not be read and why.
type ParseError struct {
	Line int
	Err  error
}

func (e *ParseError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *ParseError) Unwrap() error { return e.Err }

// Strict is an error handler that ends the reading at the first bad line.
func Strict(e *ParseError) error { return e }

// Parse reads all entries and skips comments. The handler decides about bad
// lines: an error from it ends the reading.
func Parse(r io.Reader, onError func(*ParseError) error) ([]Entry, error) {
	var entries []Entry
	scanner := bufio.NewScanner(r)
	for line := 1; scanner.Scan(); line++ {
		text := scanner.Text()
		if strings.HasPrefix(text, "#") {
			continue
		}
		if entry, err := parseLine(line, text); err == nil {
			entries = append(entries, entry)
		} else if err := onError(&ParseError{line, err}); err != nil {
			return entries, err
		}
	}
	return entries, scanner.Err()
}

func parseLine(line int, text string) (Entry, error) {
	columns := strings.Fields(text)
	if len(columns) < 4 {
		return Entry{}, ErrTooShort
	}
	at, err := time.Parse(time.RFC3339, columns[0])
	if err != nil {
		return Entry{}, fmt.Errorf("%w %q", ErrTime, columns[0])
	}
	level, err := ParseLevel(columns[1])
	if err != nil {
		return Entry{}, err
	}
	var words []string
	fields := Fields{}
	for _, part := range columns[3:] {
		if key, value, ok := strings.Cut(part, "="); ok {
			fields[key] = value
		} else {
			words = append(words, part)
		}
	}
	return Entry{line, at, level, columns[2], strings.Join(words, " "), fields}, nil
}
