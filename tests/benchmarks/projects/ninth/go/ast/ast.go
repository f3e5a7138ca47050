// Package ast declares the nodes of a template and how they are rendered.
package ast

import (
	"fmt"
	"strings"

	"example.org/quill/lexer"
)

// Map holds named values.
type Map = map[string]any

// Func can be called by templates.
type Func func(args []any) (any, error)

// Env is what a template runs in: an output, functions and a chain of scopes.
type Env struct {
	*strings.Builder
	Funcs  map[string]Func
	Vars   Map
	parent *Env
}

func (e *Env) child(vars Map) *Env { return &Env{e.Builder, e.Funcs, vars, e} }

func (e *Env) lookup(name string) (any, bool) {
	for ; e != nil; e = e.parent {
		if v, ok := e.Vars[name]; ok {
			return v, true
		}
	}
	return nil, false
}

// Node is a part of a template's body.
type Node interface{ Exec(env *Env) }

// Expr is an expression inside a tag.
type Expr interface{ Eval(env *Env) any }

type (
	Block []Node
	Text  string
	Print struct{ Expr }
	If    struct {
		Cond       Expr
		Then, Else Block
	}
	For struct {
		lexer.Pos
		Var  string
		List Expr
		Body Block
	}
	Literal struct{ Value any }
	Path    struct {
		lexer.Pos
		Names []string
	}
	Call struct {
		lexer.Pos
		Func string
		Args []Expr
	}
)

// Render renders the block in an environment.
func (b Block) Render(env *Env) (err error) {
	defer lexer.Catch(&err)
	b.Exec(env)
	return nil
}

func (b Block) Exec(env *Env) {
	for _, n := range b {
		n.Exec(env)
	}
}

func (t Text) Exec(env *Env)  { env.WriteString(string(t)) }
func (p Print) Exec(env *Env) { fmt.Fprint(env, p.Eval(env)) }

func (n If) Exec(env *Env) {
	branch := n.Then
	if v := n.Cond.Eval(env); v == nil || v == "" || v == false {
		branch = n.Else
	}
	branch.Exec(env)
}

func (n For) Exec(env *Env) {
	v := n.List.Eval(env)
	list, ok := v.([]any)
	if !ok {
		n.Failf("cannot range over %v", v)
	}
	for i, item := range list {
		n.Body.Exec(env.child(Map{n.Var: item, "index": i + 1}))
	}
}

func (l Literal) Eval(*Env) any { return l.Value }

func (p Path) Eval(env *Env) any {
	v, ok := env.lookup(p.Names[0])
	for _, name := range p.Names[1:] {
		fields, _ := v.(Map)
		v, ok = fields[name]
	}
	if !ok {
		p.Failf("undefined name %s", strings.Join(p.Names, "."))
	}
	return v
}

func (c Call) Eval(env *Env) any {
	fn, ok := env.Funcs[c.Func]
	if !ok {
		c.Failf("undefined function %s", c.Func)
	}
	args := make([]any, len(c.Args))
	for i, arg := range c.Args {
		args[i] = arg.Eval(env)
	}
	v, err := fn(args)
	if err != nil {
		c.Failf("%s: %v", c.Func, err)
	}
	return v
}
