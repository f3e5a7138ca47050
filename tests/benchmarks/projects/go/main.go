package main

import (
	"errors"
	"fmt"
	"strings"

	"example.org/shop/store"
)

func main() {
	s := store.Open(store.NewItem("nut", 0.5), store.NewItem("bolt", 1.25))
	s.Put("nut", 12)
	s.Put("bolt", 80)
	o := newOrder().add("nut", 3).add("bolt", 10)
	fmt.Println(o.fill(s), describe(o))
	err := newOrder().add("nut", 300).fill(s)
	fmt.Println(errors.Is(err, store.ErrEmpty), s.Value())
	fmt.Println(strings.Join(store.Names(s), ","), strings.Join(s.Events(), "; "))
}
