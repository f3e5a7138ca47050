package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	cash "example.org/orchard/internal/money"
	"example.org/orchard/ledger"
	"example.org/orchard/report"
)

const accountsJSON = `[{"name": "barn", "note": "roof"}, {"name": "tools", "kind": 3, "note": "Note"}]`

// counter counts what it is told to; its method value is used as a hook.
type counter struct {
	entries int
	total   cash.Amount
}

func (c *counter) record(entry *ledger.Entry) {
	c.entries++
	c.total = c.total.Add(entry.Total())
}

func percent(rate cash.Amount) func(cash.Amount) cash.Amount {
	return func(balance cash.Amount) cash.Amount { return balance * rate / 100 }
}

func open() *ledger.Book {
	wallet := &ledger.Capped{Plain: *ledger.NewPlain("wallet", ledger.Asset), Limit: cash.Must("500")}
	vault := ledger.Savings{
		Plain: ledger.NewPlain("vault", ledger.Asset, ledger.Note("long term")),
		Rate:  percent(3),
	}
	book := ledger.New("Orchard").Open(wallet, vault)
	return book.Open(
		ledger.NewPlain("interest", ledger.Income),
		ledger.NewPlain("sales", ledger.Income),
		ledger.NewPlain("seed", ledger.Expense),
		ledger.NewPlain("loan", ledger.Debt),
		ledger.NewPlain("fees", ledger.Expense),
	)
}

func transfer(book *ledger.Book, text, from, to, sum string) {
	amount, err := cash.Parse(sum)
	if err == nil {
		_, err = book.Record(text, ledger.Move{from, amount.Neg()}, ledger.Move{Account: to, Amount: amount})
	}
	var limit *ledger.LimitError
	switch {
	case errors.As(err, &limit):
		fmt.Println("limit:", limit.Account, limit.Over, errors.Is(err, &ledger.LimitError{Account: to}))
	case errors.Is(err, ledger.ErrUnknown), errors.Is(err, cash.ErrFormat):
		fmt.Println("refused:", err)
	default:
		fmt.Println("ok:", text, amount, err)
	}
}

func show(w io.Writer, book *ledger.Book, reports ...report.Report) {
	for _, report := range reports {
		fmt.Fprintf(w, "\n[%s: %s]\n", book.Title, report.Title())
		if err := report.Write(w, book); err != nil {
			fmt.Fprintln(w, "failed:", err)
		}
	}
}

func kinds(w io.Writer, book *ledger.Book) error {
	for kind := ledger.Asset; kind <= ledger.Expense; kind++ {
		fmt.Fprintf(w, "%d %-8v %+d\n", int(kind), kind, int(kind.Sign()))
	}
	account, err := book.Get("vault")
	if savings, ok := account.(ledger.Savings); ok {
		balance := savings.Balance // a method value, bound now
		_, err = fmt.Fprintln(w, savings.Note, savings.Moves, balance(), savings.Rate(cash.Unit))
	}
	return err
}

func describe(value any) {
	t := reflect.TypeOf(value)
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		if tag, ok := field.Tag.Lookup("json"); ok {
			fmt.Printf("%s.%s %s\n", t.Name(), field.Name, tag)
		}
	}
}

func main() {
	book, count := open(), counter{}
	book.OnRecord(count.record).OnRecord(func(entry *ledger.Entry) {
		fmt.Println("recorded:", entry.Text, entry.Len())
	})
	var plains []*ledger.Plain
	err := json.Unmarshal([]byte(accountsJSON), &plains)
	fmt.Println("loaded:", len(plains), err)
	for _, plain := range plains {
		book.Open(plain)
		fmt.Println(" ", plain.Name, plain.Kind, plain.Note)
	}

	transfer(book, "apples", "sales", "wallet", "320.50")
	transfer(book, "cider", "sales", "wallet", "199.99")
	transfer(book, "deposit", "wallet", "vault", "150")
	transfer(book, "borrowed", "loan", "vault", "1000")
	transfer(book, "seedlings", "wallet", "seed", "80.4")
	transfer(book, "typo", "walet", "seed", "1")
	transfer(book, "cents", "wallet", "seed", "1.005")

	must := cash.Must
	moves := []ledger.Move{{"vault", must("-300")}, {"barn", must("180")}, {"tools", must("120")}}
	_, err = book.Record("spring works", moves...)
	fmt.Println("error:", err)
	_, err = book.Record("half", moves[:2]...)
	fmt.Println("error:", err, errors.Is(err, ledger.ErrUnbalanced))

	closed, err := book.Close()
	texts := ledger.Map(closed, func(e *ledger.Entry) string { return e.Text })
	fmt.Println("closed:", texts, err)

	journal := report.NewJournal("vault")
	show(os.Stdout, book, report.Balances{SkipZero: true}, journal, report.Func(kinds), report.Export(2))
	describe(ledger.Move{})
	describe(ledger.Capped{})
	total := ledger.Sum(book.Entries, (*ledger.Entry).Total)
	lines := ledger.Sum(book.Entries, func(e *ledger.Entry) int { return e.Len() })
	fmt.Println("count:", count.entries, count.total, total == count.total, lines)
	method := reflect.ValueOf(book).MethodByName("Len")
	fmt.Println("len:", book.Len(), method.Call(nil)[0].Int(), len(book.Entries))
}
