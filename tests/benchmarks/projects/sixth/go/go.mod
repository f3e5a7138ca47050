module example.org/logscope

go 1.19
