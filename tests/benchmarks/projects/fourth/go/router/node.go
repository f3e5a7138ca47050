package router

import (
	"strings"

	"example.org/waypost/httpish"
)

type kind int

const (
	static kind = iota
	param
	wildcard
)

// node is one segment of the routing tree.
type node struct {
	kind     kind
	name     string
	children []*node
	routes   map[httpish.Method]*Route
}

func newNode(segment string) *node {
	n := &node{name: segment, routes: map[httpish.Method]*Route{}}
	switch {
	case strings.HasPrefix(segment, ":"):
		n.kind, n.name = param, segment[1:]
	case strings.HasPrefix(segment, "*"):
		n.kind, n.name = wildcard, segment[1:]
	}
	return n
}

// child finds or adds the node for a segment; children stay sorted by kind.
func (n *node) child(segment string) *node {
	fresh := newNode(segment)
	at := len(n.children)
	for i, c := range n.children {
		if c.kind == fresh.kind && c.name == fresh.name {
			return c
		}
		if fresh.kind < c.kind && i < at {
			at = i
		}
	}
	n.children = append(n.children, nil)
	copy(n.children[at+1:], n.children[at:])
	n.children[at] = fresh
	return fresh
}

// find walks down the tree and records parameters on its way back.
func (n *node) find(segments []string, params map[string]string) *node {
	if len(segments) == 0 {
		if len(n.routes) == 0 {
			return nil
		}
		return n
	}
	head, rest := segments[0], segments[1:]
	for _, c := range n.children {
		switch c.kind {
		case static:
			if c.name != head {
				continue
			}
		case wildcard:
			params[c.name] = strings.Join(segments, "/")
			return c
		}
		if found := c.find(rest, params); found != nil {
			if c.kind == param {
				params[c.name] = head
			}
			return found
		}
	}
	return nil
}

func split(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}
