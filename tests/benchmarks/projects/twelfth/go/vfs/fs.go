// Package vfs keeps a tree of files and directories in memory.
package vfs

import (
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"
)

var (
	ErrNotFound   = errors.New("no such file or directory")
	ErrExists     = errors.New("already exists")
	ErrNotDir     = errors.New("not a directory")
	ErrIsDir      = errors.New("is a directory")
	ErrPermission = errors.New("permission denied")
	ErrInvalid    = errors.New("invalid argument")
)

// Root is the user who may do everything.
const Root = "root"

// FS is a file system as one user sees it.
type FS struct {
	root *Dir
	User string
}

// New returns an empty file system, seen by root.
func New() *FS {
	return &FS{root: newDir("/", Root), User: Root}
}

func newDir(name, owner string) *Dir {
	return &Dir{Meta: Meta{name, owner, DefaultMode}, children: make(map[string]Node)}
}

// As returns the same tree as seen by another user.
func (fs *FS) As(user string) *FS { return &FS{root: fs.root, User: user} }

// Stat finds the node at an absolute path.
func (fs *FS) Stat(name string) (Node, error) {
	var node Node = fs.root
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' }) {
		dir, ok := node.(*Dir)
		if !ok {
			return nil, ErrNotDir
		}
		if !fs.canRead(dir) {
			return nil, ErrPermission
		}
		if node, ok = dir.children[part]; !ok {
			return nil, ErrNotFound
		}
	}
	return node, nil
}

// Mkdir creates an empty directory.
func (fs *FS) Mkdir(name string) error {
	dir := newDir(path.Base(name), fs.User)
	return wrap("mkdir", name, fs.attach(path.Dir(name), dir))
}

// Write creates the file or replaces its content.
func (fs *FS) Write(name, content string) error {
	file, err := find[*File](fs, name, ErrIsDir)
	if err == ErrNotFound {
		file = &File{Meta: Meta{path.Base(name), fs.User, DefaultMode}}
		err = fs.attach(path.Dir(name), file)
	}
	if err == nil && !fs.canWrite(file) {
		err = ErrPermission
	}
	if err == nil {
		file.data = []byte(content)
	}
	return wrap("write", name, err)
}

// Read returns the content of a file.
func (fs *FS) Read(name string) (string, error) {
	file, err := find[*File](fs, name, ErrIsDir)
	if err != nil {
		return "", wrap("read", name, err)
	}
	return string(file.data), nil
}

// List returns the nodes in a directory in the order of their names.
func (fs *FS) List(name string) ([]Node, error) {
	dir, err := find[*Dir](fs, name, ErrNotDir)
	if err != nil {
		return nil, wrap("list", name, err)
	}
	nodes := make([]Node, 0, len(dir.children))
	for _, child := range dir.children {
		nodes = append(nodes, child)
	}
	sort.Slice(nodes, func(i, j int) bool { return nodes[i].Info().Name < nodes[j].Info().Name })
	return nodes, nil
}

// Chmod changes the mode of a node that the user owns.
func (fs *FS) Chmod(name string, mode Mode) error {
	node, err := fs.Stat(name)
	if err == nil && fs.User != Root && fs.User != node.Info().Owner {
		err = ErrPermission
	}
	if err == nil {
		node.Info().Mode = mode
	}
	return wrap("chmod", name, err)
}

func (fs *FS) attach(parent string, node Node) error {
	dir, err := find[*Dir](fs, parent, ErrNotDir)
	if err != nil {
		return err
	}
	if !fs.canWrite(dir) {
		return ErrPermission
	}
	name := node.Info().Name
	if _, taken := dir.children[name]; taken {
		return ErrExists
	}
	dir.children[name] = node
	return nil
}

func (fs *FS) canRead(n Node) bool  { return n.Info().allows(fs.User, OwnerRead, OtherRead) }
func (fs *FS) canWrite(n Node) bool { return n.Info().allows(fs.User, OwnerWrite, OtherWrite) }

// find looks up a readable node of one kind; another kind is a mismatch.
func find[T Node](fs *FS, name string, mismatch error) (found T, err error) {
	node, err := fs.Stat(name)
	if err != nil {
		return found, err
	}
	if !fs.canRead(node) {
		return found, ErrPermission
	}
	found, ok := node.(T)
	if !ok {
		return found, mismatch
	}
	return found, nil
}

func wrap(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", op, name, err)
}
