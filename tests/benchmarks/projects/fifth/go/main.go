package main

import (
	"errors"
	"fmt"
	"strings"

	"example.org/pebblekv/store"
	"example.org/pebblekv/value"
)

func dump(title string, r store.Reader) {
	fmt.Println("--", title)
	for _, key := range r.Keys() {
		if v, err := r.Get(key); err == nil {
			fmt.Printf("   %-8s %-7v %v\n", key, v.Kind(), v)
		}
	}
}

// fill sets entries written as "key=value".
func fill(w store.Writer, entries ...string) {
	for _, entry := range entries {
		key, text, _ := strings.Cut(entry, "=")
		w.Set(key, value.Parse(text))
	}
}

// add adds to a value that is already there.
func add(w store.Writer, key, text string) error {
	old, err := w.Get(key)
	if err != nil {
		return fmt.Errorf("add %s: %w", key, err)
	}
	sum, err := old.Add(value.Parse(text))
	if err == nil {
		w.Set(key, sum)
	}
	return err
}

func main() {
	counter := store.NewCounter()
	var log []string
	s := store.New(
		store.WithName("kv"),
		store.WithObserver(counter),
		store.WithObserver(store.ObserverFunc(func(c store.Change) { log = append(log, c.String()) })),
	)
	fill(s, "user:1=ann", "user:2=bob", "visits=10")
	morning := s.Snapshot()

	outer := s.Begin()
	fill(outer, "note=draft", "user:3=cleo")
	fmt.Println("errors:", add(outer, "visits", "5"), outer.Delete("user:2"), add(outer, "user:2", "x"))
	inner := s.Begin()
	fmt.Println("errors:", add(s.Current(), "visits", "100"), inner.Delete("note"), inner.Delete("nothing"))
	dump(fmt.Sprintf("depth %d", inner.Depth()), inner)
	fmt.Println("rolled back", inner.Rollback())
	dump("depth 1", s.Current())
	fmt.Println("committed", outer.Commit())

	var mismatch *value.KindError
	for _, text := range []string{"7", "a"} {
		if err := add(s, "user:1", text); errors.As(err, &mismatch) {
			fmt.Printf("wanted %v, got %v (%v)\n", mismatch.Want, mismatch.Got, err)
		}
	}
	names := store.Filter(s, "user:", func(key string, v value.Value) (string, bool) {
		return strings.TrimPrefix(key, "user:") + "=" + v.String(), true
	})
	sizes := store.Filter(s.Current(), "", func(_ string, v value.Value) (int, bool) {
		return v.Size(), v.Kind() == value.KindText
	})
	fmt.Println("users", names, "sizes", sizes)

	evening := s.Snapshot()
	fmt.Println("restore:", store.New().Restore(evening), s.Restore(morning))
	dump("restored", s)
	for _, change := range store.Diff(s, evening) {
		fmt.Println("diff", change)
	}
	key, count := counter.Top()
	fmt.Printf("%s: %d keys, version %d, %d bytes written, top %s (%d)\n",
		s.Name(), s.Len(), s.Version(), counter.Bytes(), key, count)
	fmt.Println(strings.Join(log, "\n"))
}
