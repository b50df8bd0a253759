//go:build !cgo

package pinarkive

// What the package is without cgo: it builds, and every call says what is missing.

var unusable = failure(ErrConfiguration,
	"This program was built without cgo, which package pinarkive needs: install a C compiler, pkg-config "+
		"and libpinarkive, and build it again with CGO_ENABLED=1.", nil)

func libraryVersion() string   { return "" }
func libraryBuildInfo() string { return "built without cgo" }

type clientHandle struct{}

func newClientHandle(*Options) (clientHandle, error) { return clientHandle{}, unusable }

func (clientHandle) free() {}

func (clientHandle) listClusters(cancellation, int64, bool) (*ClusterList, *Error) {
	return nil, unusable
}

type cancellation struct{}

func newCancellation() (cancellation, bool) { return cancellation{}, false }

func (cancellation) cancel() {}
func (cancellation) free()   {}

func gatewayURL(string, string, *urlSettings) (string, error) { return "", unusable }

func gatewayURLs(string, []string, *urlSettings) ([]URLResult, error) { return nil, unusable }

func candidates([]Cluster, string, string, *urlSettings) ([]Candidate, error) { return nil, unusable }

func parseCID(string) (CID, error) { return CID{}, unusable }

func cidFromBytes([]byte) (CID, error) { return CID{}, unusable }

func formatCID(CID, string) (string, error) { return "", unusable }
