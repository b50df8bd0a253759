// Package pinarkive lists the IPFS clusters and gateways of a Pinarkive account, and makes the URL
// that shows a given piece of content.
//
// It is a thin layer over the shared library libpinarkive, which does the work: it keeps connections,
// retries, honours rate limits and checks content identifiers. The package needs cgo, pkg-config and
// the library; README.md says how to install them. It builds without cgo too, and then every call
// fails with [ErrConfiguration] and says so.
//
// A client takes its key from $PINARKIVE_API_KEY, unless [Options] gives one:
//
//	client, err := pinarkive.NewClient(pinarkive.Options{})
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer client.Close()
//	clusters, err := client.ListClusters(context.Background())
//
// # Values
//
// What is returned is ordinary Go memory: it lives on when the client is closed, and it is yours to
// change. A text that the service did not give is "".
//
// # Errors
//
// Every error is an [*Error]. Its Status says what kind of failure it is and works with [errors.Is]:
//
//	if errors.Is(err, pinarkive.ErrRateLimited) { … }
//
// An error that comes from the caller's context also is [context.Canceled] or
// [context.DeadlineExceeded] for [errors.Is].
//
// # Goroutines
//
// A [Client] may be used by any number of goroutines at the same time. A blocked call occupies an
// operating-system thread, so a client runs no more calls at once than it may have connections
// (Options.MaxConnections; 64 with Options.CacheTTL); further calls wait without a thread.
package pinarkive
