// Command quill renders sample templates.
package main

import (
	"errors"
	"fmt"
	"strings"

	"example.org/quill/ast"
	"example.org/quill/funcs"
	"example.org/quill/lexer"
	"example.org/quill/parser"
)

const invoice = `Invoice for {{ customer.name | upper }}{{ if customer.vip }} (valued customer){{ end }}
Tags: {{ customer.tags | join ", " }}
{{ for line in lines }}{{ index }}. {{ line.item | escape | pad 18 }} {{ line.price | money line.count }}
{{ for note in line.notes }}   - {{ note }}, see {{ line.item | upper | escape }}
{{ end }}{{ end }}{{ if remarks }}Remarks: {{ remarks }}{{ else }}No remarks on {{ lines | len }} lines.{{ end }}
{{ "Pay within" }} {{ 30 }} days.`

func render(src string, data ast.Map) (string, error) {
	tree, err := parser.Parse(src)
	if err != nil {
		return "", err
	}
	env := &ast.Env{Builder: new(strings.Builder), Funcs: funcs.Builtins(), Vars: data}
	env.Funcs["money"] = funcs.Wrap(func(cents int, rest []any) any {
		return fmt.Sprintf("%8.2f", float64(cents*rest[0].(int))/100)
	})
	err = tree.Render(env)
	return env.String(), err
}

func main() {
	data := ast.Map{
		"customer": ast.Map{"name": "Orla Finch", "vip": true, "tags": []any{"net", 30, "eu"}},
		"lines": []any{
			ast.Map{"item": "Nuts & bolts", "count": 12, "price": 35, "notes": []any{"boxed", "fragile"}},
			ast.Map{"item": "Tape <wide>", "count": 2, "price": 1250, "notes": []any{}},
		},
		"remarks": "",
	}
	sources := []string{
		invoice, "Hello {{ customer.nickname }}", "{{ remarks }}\n{{ 3 | shout }}", "{{ 3 | upper }}",
		"{{ for c in customer.name }}{{ c }}{{ end }}", "{{ if remarks }}\nopen",
		"{{ for x of lines }}{{ end }}", "{{ end }}", "{{ customer. }}", "line\n{{ remarks",
	}
	for _, src := range sources {
		text, err := render(src, data)
		var located *lexer.Error
		if errors.As(err, &located) {
			text = fmt.Sprintf("%q\n  %v", strings.Split(src, "\n")[located.Line-1], err)
		}
		fmt.Println(text)
	}
}
