package pinarkive_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"pinarkive.com/go/pinarkive"
)

func Example() {
	client, err := pinarkive.NewClient(pinarkive.Options{}) // key from $PINARKIVE_API_KEY
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	list, err := client.ListClusters(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, cluster := range list.Clusters {
		for _, gateway := range cluster.Gateways {
			fmt.Println(cluster.ID, gateway.BaseURL)
		}
	}
	// Output:
	// cl0-global https://gateway.pinarkive.com/ipfs/
	// cl0-global https://ipfs.io/ipfs/
	// cl1-eu https://eu1.gateway.pinarkive.com/ipfs/
	// cl1-eu https://gateway.pinarkive.com/ipfs/
	// cl1-na https://na1.gateway.pinarkive.com/ipfs/
	// cl2-es http://203.0.113.10:9094/ipfs/
	// cl2-us https://us1.gateway.pinarkive.com/ipfs/
	// cl2-us https://na1.gateway.pinarkive.com/ipfs/
	// cl2-us https://gateway.pinarkive.com/ipfs/
	// cl2-de https://de1.gateway.pinarkive.com/ipfs/
}

func ExampleClient_ListClusters_deadline() {
	client, err := pinarkive.NewClient(pinarkive.Options{APIKey: "sandbox-slow"})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	_, err = client.ListClusters(ctx)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

func ExampleError() {
	client, err := pinarkive.NewClient(pinarkive.Options{APIKey: "sandbox-rate-limited"})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	_, err = client.ListClusters(context.Background())
	var failure *pinarkive.Error
	switch {
	case errors.Is(err, pinarkive.ErrMissingScope) && errors.As(err, &failure):
		fmt.Println("make a key with the scope", failure.Required)
	case errors.Is(err, pinarkive.ErrRateLimited) && errors.As(err, &failure):
		fmt.Println("try again in", failure.RetryAfter)
	}
	// Output: try again in 30s
}

func ExampleGatewayURL() {
	const cid = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
	url, err := pinarkive.GatewayURL("https://eu1.gateway.pinarkive.com", cid)
	fmt.Println(url, err)
	_, err = pinarkive.GatewayURL("", "not a CID")
	fmt.Println(errors.Is(err, pinarkive.ErrInvalidContent))
	// Output:
	// https://eu1.gateway.pinarkive.com/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi <nil>
	// true
}

func ExampleGateway_URLFor() {
	gateway := pinarkive.Gateway{BaseURL: "https://gateway.pinarkive.com/ipfs/"}
	url, err := gateway.URLFor("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(url)
	// Output: https://gateway.pinarkive.com/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL
}

func ExampleWithPath() {
	const cid = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
	url, err := pinarkive.GatewayURL("", cid, pinarkive.WithPath("a b/100%.png"), pinarkive.Download())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(url)
	// Output: https://gateway.pinarkive.com/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/a%20b/100%25.png?download=true
}

func ExampleGatewayURLs() {
	contents := []string{
		"QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL/readme",
		"/ipfs/k51qzi5uqu5dgutdk6i1ynyzgkqngpha5xpgia3a5qqp4jsh0u4csozksxel2r",
	}
	results, err := pinarkive.GatewayURLs("https://gw.example", contents)
	if err != nil {
		log.Fatal(err)
	}
	for _, result := range results {
		var failure *pinarkive.Error
		if errors.As(result.Err, &failure) {
			fmt.Println("refused; perhaps", failure.Suggestion)
		} else {
			fmt.Println(result.URL)
		}
	}
	// Output:
	// https://gw.example/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL/readme
	// refused; perhaps /ipns/k51qzi5uqu5dgutdk6i1ynyzgkqngpha5xpgia3a5qqp4jsh0u4csozksxel2r
}

func ExampleClusterList_Candidates() {
	client, err := pinarkive.NewClient(pinarkive.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	list, err := client.ListClusters(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	candidates, err := list.Candidates("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL", "cl1-eu")
	if err != nil {
		log.Fatal(err)
	}
	for _, candidate := range candidates[:3] {
		fmt.Println(candidate.URL[:40], candidate.ClusterID, candidate.Reason)
	}
	// Output:
	// https://eu1.gateway.pinarkive.com/ipfs/Q cl1-eu asked for
	// https://gateway.pinarkive.com/ipfs/QmYwA cl1-eu asked for
	// https://ipfs.io/ipfs/QmYwAPJzv5CZsnA625s cl0-global other cluster
}

func ExampleParseCID() {
	cid, err := pinarkive.ParseCID("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cid.V1(), cid.CodecName(), cid.HashName())
	// Output: bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf47n2jou dag-pb sha2-256
}
