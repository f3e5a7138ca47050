package shell

import (
	"fmt"
	"strings"

	"example.org/memfs/tree"
	"example.org/memfs/vfs"
)

type command struct {
	min int
	run func(s *Shell, args []string) error
}

var commands = map[string]command{
	"cd":    {1, cd},
	"ls":    {0, ls},
	"cat":   {1, cat},
	"mkdir": {1, func(s *Shell, args []string) error { return s.fs.Mkdir(s.abs(args[0])) }},
	"write": {2, func(s *Shell, args []string) error { return s.fs.Write(s.abs(args[0]), strings.Join(args[1:], " ")) }},
	"chmod": {2, chmod},
	"tree":  {0, func(s *Shell, _ []string) error { return tree.Print(s.out, s.fs, s.cwd, "") }},
}

func cd(s *Shell, args []string) error {
	target := s.abs(args[0])
	if _, err := s.fs.List(target); err != nil {
		return err
	}
	s.cwd = target
	return nil
}

func ls(s *Shell, _ []string) error {
	nodes, err := s.fs.List(s.cwd)
	if err != nil {
		return err
	}
	for _, node := range nodes {
		info := node.Info()
		fmt.Fprintf(s.out, "%s %-5s %s\n", info.Mode, info.Owner, info.Name)
	}
	return nil
}

func cat(s *Shell, args []string) error {
	content, err := s.fs.Read(s.abs(args[0]))
	if err == nil {
		fmt.Fprintln(s.out, content)
	}
	return err
}

func chmod(s *Shell, args []string) error {
	mode, err := vfs.ParseMode(args[0])
	if err != nil {
		return err
	}
	return s.fs.Chmod(s.abs(args[1]), mode)
}
