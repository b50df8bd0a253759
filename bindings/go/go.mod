module pinarkive.com/go/pinarkive

go 1.19
