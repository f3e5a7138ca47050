module example.org/pebblekv

go 1.19
