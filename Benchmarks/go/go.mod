module benchmarks

go 1.19

require pinarkive.com/go/pinarkive v0.0.0

replace pinarkive.com/go/pinarkive => ../../bindings/go
