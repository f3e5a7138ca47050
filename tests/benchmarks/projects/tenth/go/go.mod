module example.com/joblane

go 1.19
