package pinarkive

import "time"

// ClusterList is the answer of [Client.ListClusters]. Its texts, without JSON, are parts of one piece of
// memory: use [strings.Clone] for one that is to live much longer than the list.
type ClusterList struct {
	// Clusters are in the service's sequence. There may be none.
	Clusters []Cluster
	// JSON is the body of the answer as it came, for members that this version does not know.
	JSON []byte
	// FromCache is true if this is an earlier answer that was kept. See Options.CacheTTL.
	FromCache bool
	// Attempts is how many requests were made for this answer: more than 1 if it was tried again, 0 if
	// it was kept.
	Attempts int
	// Age is the time since a kept answer arrived. 0 for a new one.
	Age time.Duration
	// RateLimit is what the service said about the requests that are left.
	RateLimit RateLimit
}

// RateLimit is what the service said about its limit of requests.
type RateLimit struct {
	// Limit is how many requests are allowed in the present window, or -1 if unknown.
	Limit int64
	// Remaining is how many requests are left in the present window, or -1 if unknown.
	Remaining int64
	// Reset is when the window ends. The zero time if unknown.
	Reset time.Time
}

// Cluster is a cluster that the account's plan allows.
type Cluster struct {
	// ID is the cluster's identifier, such as "cl0-global". Never "".
	ID string
	// Label is the cluster's name for people, or "".
	Label string
	// Region is the cluster's region, or "".
	Region string
	// Country is the cluster's country, or "".
	Country string
	// Gateways are sorted by Order; equal ones keep the service's sequence. There may be none. A
	// gateway whose BaseURL would not be a usable http or https URL is left out and only stands in
	// ClusterList.JSON.
	Gateways []Gateway
}

// Gateway is an HTTP gateway that shows the content of a cluster.
type Gateway struct {
	// BaseURL is what a CID is appended to: PublicURL where the service gave one, else URL. It is an
	// http or https URL that ends in "/".
	BaseURL string
	// PublicURL is the member publicUrl as the service gave it, or "" where it is missing.
	PublicURL string
	// URL is the member url as the service gave it, or "". It may be a plain-http node address.
	URL string
	// Label is the gateway's name for people, or "".
	Label string
	// Order is the place among the cluster's gateways, smallest first. 0 where the service gave none.
	Order int64
}

// URLFor returns the URL that shows the content at this gateway. See [GatewayURL].
func (g Gateway) URLFor(content string, options ...URLOption) (string, error) {
	return GatewayURL(g.BaseURL, content, options...)
}
