module example.org/crates

go 1.19
