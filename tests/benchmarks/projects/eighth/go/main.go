// Command textdiff shows what the packages of this module do.
package main

import (
	"errors"
	"fmt"
	"strings"

	"example.com/textdiff/diff"
	"example.com/textdiff/patch"
	"example.com/textdiff/stats"
	"example.com/textdiff/unified"
)

const oldRecipe = `Bread
flour 500 g
water 300 ml
salt 10 g
yeast 5 g
Knead.
Shape it.
Bake for 40 minutes.`

var revision = strings.NewReplacer("300", "350", "Knead.", "Knead.\nFold twice.", "40", "45")

func lines(text string) []string { return strings.Split(text, "\n") }

func main() {
	newRecipe := revision.Replace(oldRecipe)
	script := diff.Compare(lines(oldRecipe), lines(newRecipe))
	file := unified.File{
		Header: unified.Header{OldName: "a/bread.txt", NewName: "b/bread.txt"},
		Hunks:  unified.Group(script, 1),
	}
	fmt.Print(file)
	fmt.Print(file.Reverse())

	if err := roundTrip(oldRecipe, file); err != nil {
		fmt.Println("round trip:", err)
	}
	applyElsewhere(file)

	words := diff.Compare(strings.Fields("the quick brown fox"), strings.Fields("the very quick fox"))
	fmt.Println("words:", strings.Join(mark(words), " "))
	letters := diff.Compare([]rune("kitten"), []rune("sitting"))
	for _, s := range []stats.Summary{
		stats.Of("recipe", script),
		stats.Of("words", words),
		stats.Of("letters", letters),
		stats.Of("nothing", diff.Compare[int](nil, nil)),
	} {
		fmt.Println(s)
	}
}

// roundTrip applies the diff and takes it back.
func roundTrip(text string, file unified.File) error {
	var strict patch.Patcher
	patched, err := strict.Apply(lines(text), file)
	if err != nil {
		return fmt.Errorf("forward: %w", err)
	}
	restored, err := strict.Apply(patched, file.Reverse())
	if err != nil {
		return fmt.Errorf("backward: %w", err)
	}
	fmt.Println("round trip:", len(patched), "lines, restored:", strings.Join(restored, "\n") == text)
	return nil
}

// applyElsewhere applies the diff to a text that it was not made for.
func applyElsewhere(file unified.File) {
	lenient := patch.Patcher{Reach: 3, OnOffset: func(index, offset int) {
		fmt.Printf("hunk %d: offset %+d\n", index, offset)
	}}
	titled := append([]string{"RECIPES", ""}, lines(oldRecipe)...)
	if out, err := lenient.Apply(titled, file); err == nil {
		fmt.Println("with title:", len(out), "lines, last:", out[len(out)-1])
	}

	_, err := patch.Patcher{}.Apply(titled, file)
	var failed *patch.HunkError
	if errors.As(err, &failed) && errors.Is(err, patch.ErrNotFound) {
		fmt.Println("strict:", failed)
	}
}

// mark returns the words of a comparison with its changes in brackets.
func mark(script diff.Script[string]) []string {
	var marked []string
	for _, e := range script {
		word := e.Value
		if e.Op != diff.Keep {
			word = fmt.Sprintf("[%c%s]", e.Op.Symbol(), word)
		}
		marked = append(marked, word)
	}
	return marked
}
