package vfs

// Node is anything that has a place in the tree.
type Node interface{ Info() *Meta }

// Meta is what files and directories have in common.
type Meta struct {
	Name  string
	Owner string
	Mode  Mode
}

func (m *Meta) Info() *Meta { return m }

// allows reports whether the user may read or write the node.
func (m *Meta) allows(user string, owner, other Mode) bool {
	if user == m.Owner {
		return m.Mode.Has(owner)
	}
	return user == Root || m.Mode.Has(other)
}

type File struct {
	Meta
	data []byte
}

// Dir is a node with named children.
type Dir struct {
	Meta
	children map[string]Node
}
