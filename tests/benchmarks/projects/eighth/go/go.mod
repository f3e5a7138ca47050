module example.com/textdiff

go 1.19
