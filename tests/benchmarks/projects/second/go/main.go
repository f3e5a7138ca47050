package main

import (
	"errors"
	"fmt"
	"os"

	"example.org/bank/bank"
	"example.org/bank/internal/event"
	"example.org/bank/report"
)

type step struct {
	from, to string
	amount   bank.Money
}

func main() {
	audit := &report.Audit{Limit: 100000}
	count := map[event.Kind]int{}
	counter := event.HandlerFunc(func(e event.Event) error {
		count[e.Kind]++
		return nil
	})
	b := bank.New(bank.WithFee(25), bank.WithHandler(audit), bank.WithHandler(counter))
	savings := b.Open("ada", 50000)
	b.Open("bob", 200000)
	b.Lend("cy", 10000)

	steps := []step{{"ada", "bob", 1000}, {from: "cy", to: "ada", amount: 9000}, {"cy", "ada", 9000}, {"dee", "ada", 1}}
	var failed bank.Stack[error]
	transfer := b.Transfer
	for _, s := range steps {
		if err := transfer(s.from, s.to, s.amount); err != nil {
			failed.Push(err)
		}
	}
	accrue := (*bank.Savings).Accrue
	fmt.Println("interest", accrue(savings), savings.Balance(), savings.Owner.Name, savings.Name)

	out := report.Writer{Writer: os.Stdout, Indent: 2}
	out.Accounts(b)
	for err, ok := failed.Pop(); ok; err, ok = failed.Pop() {
		var unknown *bank.Unknown
		out.Line("%v funds=%t unknown=%t", err, errors.Is(err, bank.ErrFunds), errors.As(err, &unknown))
	}
	fmt.Println(audit.JSON(), audit.Total(), b.Sent())
	fmt.Println(count[event.Deposit], count[event.Transfer], event.Withdrawal, event.Kind(9))
}
