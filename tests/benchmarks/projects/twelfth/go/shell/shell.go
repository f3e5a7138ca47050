// Package shell runs simple commands on a file system.
package shell

import (
	"fmt"
	"io"
	"path"
	"strings"

	"example.org/memfs/vfs"
)

// Shell is a session of one user in a working directory.
type Shell struct {
	fs  *vfs.FS
	cwd string
	out io.Writer
}

// New starts a session in the root directory.
func New(fs *vfs.FS, out io.Writer) *Shell {
	return &Shell{fs: fs, cwd: "/", out: out}
}

// Run executes a script line by line and prints errors as it meets them.
func (s *Shell) Run(script string) {
	for _, line := range strings.Split(strings.TrimSpace(script), "\n") {
		fmt.Fprintf(s.out, "%s:%s$ %s\n", s.fs.User, s.cwd, line)
		if err := s.execute(strings.Fields(line)); err != nil {
			fmt.Fprintln(s.out, "error:", err)
		}
	}
}

func (s *Shell) execute(words []string) error {
	name, args := words[0], words[1:]
	cmd, ok := commands[name]
	if !ok {
		return fmt.Errorf("%s: unknown command", name)
	}
	if len(args) < cmd.min {
		return fmt.Errorf("%s: wrong number of arguments", name)
	}
	return cmd.run(s, args)
}

// abs turns an argument into an absolute path.
func (s *Shell) abs(name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(s.cwd, name)
}
