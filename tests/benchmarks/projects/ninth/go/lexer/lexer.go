// Package lexer splits template source into text and tags.
package lexer

import (
	"regexp"
	"strings"
)

// Token is either text or a tag with its words.
type Token struct {
	Pos
	Text  string
	IsTag bool
	Words []string
}

// Is reports whether the token is a tag that starts with the keyword.
func (t Token) Is(keyword string) bool {
	return len(t.Words) > 0 && t.Words[0] == keyword
}

var word = regexp.MustCompile(`"[^"]*"|\w+|\S`)

// Lex returns all tokens of src.
func Lex(src string) (tokens []Token) {
	pos := Pos{Line: 1}
	emit := func(text string, isTag bool, words ...string) {
		tokens = append(tokens, Token{pos, text, isTag, words})
		pos.Line += strings.Count(text, "\n")
	}
	for src != "" {
		text, rest, found := strings.Cut(src, "{{")
		emit(text, false)
		tag, rest, closed := strings.Cut(rest, "}}")
		if closed {
			emit(tag, true, word.FindAllString(tag, -1)...)
		} else if found {
			pos.Failf("tag is not closed")
		}
		src = rest
	}
	return tokens
}
