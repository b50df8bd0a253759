// Command library lists clusters and makes URLs with the library.
package main

import (
	"context"
	"log"
	"strings"
	"time"

	"benchmarks/driver"
	"pinarkive.com/go/pinarkive"
)

const (
	many   = 100_000
	single = 1_000
	cached = 100 // calls that are measured as one
)

// All callers share one client, as users are told to.
var shared *pinarkive.Client

func read(list *pinarkive.ClusterList) driver.Found {
	found := driver.Found{Clusters: len(list.Clusters)}
	for _, cluster := range list.Clusters {
		found.Gateways += len(cluster.Gateways)
		found.Sum += len(cluster.ID) + len(cluster.Label) + len(cluster.Region) + len(cluster.Country)
		for _, gateway := range cluster.Gateways {
			found.Sum += len(gateway.BaseURL) + len(gateway.PublicURL) + len(gateway.URL)
			found.Sum += len(gateway.Label) + int(gateway.Order)
		}
	}
	return found
}

func look(list *pinarkive.ClusterList) driver.Found {
	first := list.Clusters[0]
	return driver.Found{Clusters: len(list.Clusters), Sum: len(first.ID) + len(first.Gateways[0].BaseURL)}
}

func list() *pinarkive.ClusterList {
	list, err := shared.ListClusters(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	return list
}

func listing(name string, task driver.Task) driver.Work {
	if shared == nil {
		options := pinarkive.Options{APIKey: "benchmark", BaseURL: task.URL}
		if name == "cached" {
			options.CacheTTL = time.Hour
		}
		client, err := pinarkive.NewClient(options)
		if err != nil {
			log.Fatal(err)
		}
		shared = client
	}
	use, looks := read, strings.HasSuffix(name, "-look")
	if looks {
		use = look
	}
	check := func(answer any) { driver.ExpectFound(task, answer.(driver.Found), looks) }
	if name == "cached" {
		return driver.Work{Operations: cached, Check: check, Call: func() any {
			for call := 1; call < cached; call++ {
				list()
			}
			return read(list())
		}}
	}
	return driver.Work{Operations: 1, Check: check, Call: func() any { return use(list()) }}
}

func makingURLs(task driver.Task) driver.Work {
	contents := driver.Contents(task, many)
	return driver.Work{
		Operations: many,
		Call: func() any {
			urls, err := pinarkive.GatewayURLs(driver.Base, contents)
			if err != nil {
				log.Fatal(err)
			}
			return urls
		},
		Check: func(answer any) {
			urls := answer.([]pinarkive.URLResult)
			driver.ExpectURLs(contents, func(place int) string { return urls[place].URL })
		},
	}
}

func gatewayURL(content string) string {
	url, err := pinarkive.GatewayURL(driver.Base, content)
	if err != nil {
		log.Fatal(err)
	}
	return url
}

func main() {
	driver.Main(func(name string, task driver.Task) driver.Work {
		switch name {
		case "content-urls":
			return makingURLs(task)
		case "content-single":
			return driver.URLOfEach(task, single, gatewayURL)
		}
		return listing(name, task)
	})
}
