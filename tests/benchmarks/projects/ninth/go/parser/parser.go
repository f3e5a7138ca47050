// Package parser turns template source into a syntax tree.
package parser

import (
	"strconv"
	"strings"

	"example.org/quill/ast"
	"example.org/quill/lexer"
)

// parser holds the tokens that are left and the words left of the current tag.
type parser struct {
	tokens  []lexer.Token
	current lexer.Token
	words   []string
}

// Parse parses a whole template.
func Parse(src string) (body ast.Block, err error) {
	defer lexer.Catch(&err)
	p := &parser{tokens: lexer.Lex(src)}
	if body = p.block(); len(p.tokens) > 0 {
		p.tokens[0].Failf("misplaced {{%s}}", p.tokens[0].Text)
	}
	return body, nil
}

func (p *parser) next() lexer.Token {
	if len(p.tokens) == 0 {
		p.current.Failf("template ends too early")
	}
	p.current, p.tokens = p.tokens[0], p.tokens[1:]
	p.words = p.current.Words
	return p.current
}

func (p *parser) word(want string) string {
	if len(p.words) == 0 {
		p.current.Failf("missing %s", want)
	}
	w := p.words[0]
	p.words = p.words[1:]
	return w
}

func (p *parser) accept(w string) bool {
	if len(p.words) == 0 || p.words[0] != w {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *parser) expect(w string) {
	if !p.accept(w) {
		p.current.Failf("missing %q in {{%s}}", w, p.current.Text)
	}
}

// block parses nodes up to an else, an end or the end of the template.
func (p *parser) block() (nodes ast.Block) {
	for len(p.tokens) > 0 && !p.tokens[0].Is("else") && !p.tokens[0].Is("end") {
		nodes = append(nodes, p.node())
	}
	return nodes
}

func (p *parser) node() ast.Node {
	t := p.next()
	switch {
	case !t.IsTag:
		return ast.Text(t.Text)
	case p.accept("if"):
		n := ast.If{Cond: p.pipeline(), Then: p.block()}
		if p.next().Is("else") {
			n.Else = p.block()
			p.next()
		}
		p.expect("end")
		return n
	case p.accept("for"):
		n := ast.For{Pos: p.current.Pos, Var: p.word("a variable")}
		p.expect("in")
		n.List, n.Body = p.pipeline(), p.block()
		p.next()
		p.expect("end")
		return n
	}
	return ast.Print{Expr: p.pipeline()}
}

// pipeline parses "operand | func arg ... | func ...".
func (p *parser) pipeline() ast.Expr {
	left := p.operand()
	for len(p.words) > 0 {
		p.expect("|")
		call := ast.Call{Pos: p.current.Pos, Func: p.word("a function"), Args: []ast.Expr{left}}
		for len(p.words) > 0 && p.words[0] != "|" {
			call.Args = append(call.Args, p.operand())
		}
		left = call
	}
	return left
}

func (p *parser) operand() ast.Expr {
	w := p.word("a value")
	if strings.HasPrefix(w, `"`) {
		return ast.Literal{Value: strings.Trim(w, `"`)}
	}
	if n, err := strconv.Atoi(w); err == nil {
		return ast.Literal{Value: n}
	}
	path := ast.Path{Pos: p.current.Pos, Names: []string{w}}
	for p.accept(".") {
		path.Names = append(path.Names, p.word("a field"))
	}
	return path
}
