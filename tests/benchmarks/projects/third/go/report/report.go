// Package report renders books as text.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"sort"
	"strings"
	"text/tabwriter"
	"text/template"

	. "example.org/orchard/internal/money"
	"example.org/orchard/ledger"
)

type Report interface {
	Title() string
	Write(w io.Writer, book *ledger.Book) error
}

// Func makes a Report of a function, as http.HandlerFunc does for handlers.
type Func func(io.Writer, *ledger.Book) error

func (Func) Title() string                                { return "custom" }
func (f Func) Write(w io.Writer, book *ledger.Book) error { return f(w, book) }

type Balances struct{ SkipZero bool }

func (b Balances) Title() string { return "balances" }

func (b Balances) Write(w io.Writer, book *ledger.Book) error {
	table := tabwriter.NewWriter(w, 4, 0, 2, '.', 0)
	rows := 0
	book.Each(func(account ledger.Account) bool {
		if balance := account.Balance(); balance != 0 || !b.SkipZero {
			fmt.Fprintf(table, "%s\t%v\t%s\n", account.ID(), balance, typeName(account))
			rows++
		}
		return true
	})
	fmt.Fprintln(table, rows, "of", book.Len())
	return table.Flush()
}

func typeName(value any) string { return strings.TrimLeft(reflect.TypeOf(value).String(), "*") }

// Journal lists entries through a text template.
type Journal struct {
	*template.Template
	Match func(ledger.Entry, string) bool
	Name  string
}

// Line is the template's data; the template names its fields and methods.
type Line struct {
	*ledger.Entry
	Share []Amount
}

func (l Line) Largest() Amount {
	moves := append([]ledger.Move(nil), l.Moves...)
	sort.Slice(moves, func(i, j int) bool { return moves[i].Amount > moves[j].Amount })
	return moves[0].Amount
}

const layout = "{{.ID}} {{.Text}}: total {{.Total}}, largest {{.Largest}} of {{.Len}}, share {{.Share}}\n"

// NewJournal makes a journal of the entries that touch the account name.
func NewJournal(name string) *Journal {
	return &Journal{template.Must(template.New("journal").Parse(layout)), ledger.Entry.Touches, name}
}

func (j *Journal) Title() string { return "journal of " + j.Name }

func (j *Journal) Write(w io.Writer, book *ledger.Book) error {
	entries := book.Entries.Filter(func(e *ledger.Entry) bool { return j.Match(*e, j.Name) })
	for _, entry := range entries {
		if err := j.Execute(w, Line{Entry: entry, Share: entry.Total().Split(entry.Len())}); err != nil {
			return err
		}
	}
	return nil
}

// Export writes the last n entries as JSON lines.
func Export(n int) Report {
	return Func(func(w io.Writer, book *ledger.Book) error {
		encoder := json.NewEncoder(w)
		for _, entry := range book.Entries.Last(n) {
			if err := encoder.Encode(entry); err != nil {
				return err
			}
		}
		return nil
	})
}
