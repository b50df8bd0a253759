package pinarkive

// Style is the form of a URL.
type Style int32

const (
	// StylePath makes https://GATEWAY/ipfs/CID/path. It is the default.
	StylePath Style = 0
	// StyleSubdomain makes https://CID.ipfs.GATEWAY/path: each content has a web origin of its own.
	// The CID is written as CIDv1 in base 32, or base 36 if only that has at most 63 characters. The
	// gateway's host must be a name, without a path.
	StyleSubdomain Style = 1
	// StyleNative makes ipfs://CID/path or ipns://NAME/path. The gateway is not used. The CID is
	// written in a form without upper case, because programs lower it.
	StyleNative Style = 2
)

// RootForm is how a CID or IPNS key is written in a URL.
type RootForm int32

const (
	// RootAutomatic writes it as given in a path, and in a form without upper case elsewhere. It is the
	// default. Base 64, which has slashes, and emoji become base 32, or base 36 for an IPNS key.
	RootAutomatic RootForm = 0
	// RootCanonical writes a CIDv1 in lower-case base 32, and an IPNS key in base 36.
	RootCanonical RootForm = 1
	// RootGiven writes it as given, also with [StyleNative].
	RootGiven RootForm = 2
)

// URLOption is a setting of how a URL is made: [WithStyle], [WithRootForm], [WithPath],
// [WithFilename], [WithFormat], [Download] or [InlineNames].
type URLOption func(*urlSettings)

type urlSettings struct {
	style                  Style
	rootForm               RootForm
	download, inlineNames  bool
	filename, format, path string
}

// WithStyle makes a URL of another form than [StylePath].
func WithStyle(style Style) URLOption {
	return func(settings *urlSettings) { settings.style = style }
}

// WithRootForm writes the CID or IPNS key in another way than [RootAutomatic].
func WithRootForm(form RootForm) URLOption {
	return func(settings *urlSettings) { settings.rootForm = form }
}

// WithPath asks for a path below the content, such as "a b/100%#1?.png". Its names are raw: each
// character that is special in a URL is escaped, "%", "?" and "#" too. UTF-8, at most 4,096 bytes. ""
// means none.
func WithPath(path string) URLOption {
	return func(settings *urlSettings) { settings.path = path }
}

// WithFilename names the file under which the content is to be saved or shown (filename=…). UTF-8, at
// most 1,024 bytes, without slashes. "" means none.
func WithFilename(name string) URLOption {
	return func(settings *urlSettings) { settings.filename = name }
}

// WithFormat says what the gateway is to answer (format=…): "raw", "car", "tar", "json", "cbor",
// "dag-json", "dag-cbor" or "ipns-record". "" means the content itself.
func WithFormat(format string) URLOption {
	return func(settings *urlSettings) { settings.format = format }
}

// Download has the content saved, not shown (download=true).
func Download() URLOption {
	return func(settings *urlSettings) { settings.download = true }
}

// InlineNames writes DNSLink names as one label for a subdomain gateway of http too, as is always done
// where it is https.
func InlineNames() URLOption {
	return func(settings *urlSettings) { settings.inlineNames = true }
}

// newURLSettings applies the options and refuses texts that C would cut short.
func newURLSettings(options []URLOption) (*urlSettings, error) {
	if len(options) == 0 {
		return nil, nil
	}
	settings := &urlSettings{}
	for _, option := range options {
		option(settings)
	}
	for _, text := range []struct{ name, value string }{
		{"The path", settings.path}, {"The file name", settings.filename}, {"The format", settings.format},
	} {
		if err := refuseNUL(ErrInvalidArgument, text.name, text.value); err != nil {
			return nil, err
		}
	}
	return settings, nil
}

// GatewayURL returns the URL that shows a piece of content at a gateway, with the CID checked. It needs
// no client and makes no request.
//
// The gateway is a base URL such as [Gateway].BaseURL: http or https, with or without /ipfs/ at its
// end. "" means https://gateway.pinarkive.com/ipfs/
//
// The content is a CID or IPNS key ("bafy…", "Qm…", "k51…") with a path, query and fragment behind it,
// a content path ("/ipfs/CID"), an address ("ipfs://CID", "ipns://NAME") or a gateway URL
// ("https://HOST/ipfs/CID", "https://CID.ipfs.HOST/"). It is read as a URL is: "?" and "#" begin query
// and fragment, and %XX is an escape. For file names that are not to be read so there is [WithPath].
//
// The error is an [*Error] with [ErrInvalidContent], perhaps with a Suggestion, [ErrInvalidArgument] or
// [ErrOutOfMemory], or [ErrConfiguration] where the library does not fit.
func GatewayURL(gateway, content string, options ...URLOption) (string, error) {
	settings, err := newURLSettings(options)
	if err != nil {
		return "", err
	}
	if err := refuseNUL(ErrInvalidArgument, "The gateway", gateway); err != nil {
		return "", err
	}
	if err := refuseNUL(ErrInvalidContent, "The content", content); err != nil {
		return "", err
	}
	return gatewayURL(gateway, content, settings)
}

// The most contents that the library takes in one call, as its header says. Here a call is several.
const mostContents = 1_000_000

// URLResult is the URL of one of the contents given to [GatewayURLs], or why it was refused.
type URLResult struct {
	// URL is "" if the content was refused.
	URL string
	// Err is nil or an [*Error], most often with [ErrInvalidContent].
	Err error
}

// GatewayURLs returns the URLs of many pieces of content, in their order, and is much faster than
// [GatewayURL] for each. Content that is refused has an error of its own and leaves the others whole.
// At most 1,000,000 contents.
//
// The gateway, the contents and the options are as for [GatewayURL]. URLs that stand near each other
// share a piece of memory: use [strings.Clone] for one that is to live much longer than the others.
//
// The error, if the whole call failed, is an [*Error] with [ErrInvalidArgument] or [ErrOutOfMemory], or
// [ErrConfiguration] where the library does not fit.
func GatewayURLs(gateway string, contents []string, options ...URLOption) ([]URLResult, error) {
	settings, err := newURLSettings(options)
	if err != nil {
		return nil, err
	}
	if err := refuseNUL(ErrInvalidArgument, "The gateway", gateway); err != nil {
		return nil, err
	}
	return gatewayURLs(gateway, contents, settings)
}

// Reason says why a [Candidate] stands where it does.
type Reason int32

const (
	// ReasonAskedFor: a gateway of the cluster that was asked for.
	ReasonAskedFor Reason = 1
	// ReasonFirstCluster: no cluster was asked for, and this is a gateway of the first one that has any.
	ReasonFirstCluster Reason = 2
	// ReasonOtherCluster: a gateway of another cluster.
	ReasonOtherCluster Reason = 3
)

// String returns the reason in words, such as "first cluster".
func (r Reason) String() string {
	switch r {
	case ReasonAskedFor:
		return "asked for"
	case ReasonFirstCluster:
		return "first cluster"
	case ReasonOtherCluster:
		return "other cluster"
	}
	return "unknown"
}

// Candidate is a URL that may show the content.
type Candidate struct {
	// URL is the URL to try.
	URL string
	// ClusterID is the cluster's identifier.
	ClusterID string
	// ClusterLabel is the cluster's name for people, or "".
	ClusterLabel string
	// GatewayLabel is the gateway's name for people, or "".
	GatewayLabel string
	// Order is the gateway's place among those of its cluster.
	Order int64
	// Reason is why it stands here.
	Reason Reason
}

// Candidates returns the URLs to try for a piece of content, the best one first. It makes no request.
//
// First come the gateways of the cluster with that identifier ("" asks for none), then those of the
// other clusters in the service's sequence, each by their order. A URL that several gateways have
// stands once, at its best place. A gateway that cannot make the URL is left out, such as one on an IP
// address for [StyleSubdomain]; there may be none left. [StyleNative] is refused: it needs no gateway.
//
// The content and the options are as for [GatewayURL]. The error is an [*Error] with
// [ErrInvalidContent], perhaps with a Suggestion; [ErrInvalidArgument], also for a cluster that the
// list does not have; [ErrOutOfMemory], or [ErrConfiguration] where the library does not fit.
func (l *ClusterList) Candidates(content, cluster string, options ...URLOption) ([]Candidate, error) {
	settings, err := newURLSettings(options)
	if err != nil {
		return nil, err
	}
	if err := refuseNUL(ErrInvalidContent, "The content", content); err != nil {
		return nil, err
	}
	if err := refuseNUL(ErrInvalidArgument, "The cluster", cluster); err != nil {
		return nil, err
	}
	var clusters []Cluster
	if l != nil {
		clusters = l.Clusters
	}
	for i := range clusters {
		if err := clusters[i].refuseNUL(); err != nil {
			return nil, err
		}
	}
	return candidates(clusters, content, cluster, settings)
}

// refuseNUL returns an error if a text that [ClusterList.Candidates] needs holds a NUL byte. Those that
// the service gave never do.
func (c *Cluster) refuseNUL() *Error {
	err := refuseNUL(ErrInvalidArgument, "A cluster", c.ID+c.Label)
	for i := 0; i < len(c.Gateways) && err == nil; i++ {
		err = refuseNUL(ErrInvalidArgument, "A gateway", c.Gateways[i].BaseURL+c.Gateways[i].Label)
	}
	return err
}
