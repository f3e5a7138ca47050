// Package tree draws a directory with everything below it.
package tree

import (
	"fmt"
	"io"
	"path"

	"example.org/memfs/vfs"
)

// Print writes the tree below a directory; it marks what the user cannot open.
func Print(w io.Writer, fs *vfs.FS, dir, indent string) error {
	nodes, err := fs.List(dir)
	if err != nil {
		return err
	}
	for i, node := range nodes {
		branch, deeper := "|-- ", "|   "
		if i == len(nodes)-1 {
			branch, deeper = "`-- ", "    "
		}
		fmt.Fprintf(w, "%s%s%s\n", indent, branch, node.Info().Name)
		if _, ok := node.(*vfs.Dir); ok && Print(w, fs, path.Join(dir, node.Info().Name), indent+deeper) != nil {
			fmt.Fprintf(w, "%s%s(closed)\n", indent, deeper)
		}
	}
	return nil
}
