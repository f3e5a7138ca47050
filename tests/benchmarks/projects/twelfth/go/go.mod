module example.org/memfs

go 1.19
