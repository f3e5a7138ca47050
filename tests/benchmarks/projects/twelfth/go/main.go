// Command memfs plays a few sessions on an in-memory file system.
package main

import (
	"os"

	"example.org/memfs/shell"
	"example.org/memfs/vfs"
)

const setup = `
mkdir etc
mkdir home
mkdir home/ann
mkdir home/ben
chmod rwrw home/ann
write etc/motd Welcome to memfs
chmod rw-- home/ben
ls`

const work = `
cat /etc/motd
cd home/ann
mkdir notes
write notes/todo.txt buy milk and bread
chmod rw-- notes/todo.txt
write /etc/motd hacked
cd /home/ben
cd ..
tree`

const mistakes = `
cat /home/ann/notes/todo.txt
chmod rwx- /etc
mkdir etc
cat home
cd etc/motd
fly
tree`

func main() {
	fs := vfs.New()
	shell.New(fs, os.Stdout).Run(setup)
	shell.New(fs.As("ann"), os.Stdout).Run(work)
	shell.New(fs, os.Stdout).Run(mistakes)
}
