module example.com/liftsim

go 1.19
