// Command peer does with Go's standard library what the library does.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"sort"
	"strings"
	"time"

	"benchmarks/driver"
)

const many = 100_000

type gateway struct {
	BaseURL   string `json:"-"`
	PublicURL string `json:"publicUrl"`
	URL       string `json:"url"`
	Label     string `json:"label"`
	Order     int64  `json:"order"`
}

type cluster struct {
	ID       string    `json:"clusterId"`
	Label    string    `json:"label"`
	Region   string    `json:"region"`
	Country  string    `json:"country"`
	Gateways []gateway `json:"gateways"`
}

// As net/http is used by default, with as many kept connections as there are callers.
var client = func() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}()

func list(url string) ([]cluster, error) {
	request, err := http.NewRequest("GET", url+"/users/me/clusters", nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("X-API-Key", "benchmark")
	request.Header.Set("Accept", "application/json")
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP %s", answer.Status)
	}
	var clusters []cluster
	if err := json.NewDecoder(answer.Body).Decode(&clusters); err != nil {
		return nil, err
	}
	for _, one := range clusters {
		for place := range one.Gateways {
			setBaseURL(&one.Gateways[place])
		}
		sort.SliceStable(one.Gateways, func(a, b int) bool {
			return one.Gateways[a].Order < one.Gateways[b].Order
		})
	}
	return clusters, nil
}

func setBaseURL(of *gateway) {
	of.BaseURL = of.PublicURL
	if of.BaseURL == "" {
		of.BaseURL = of.URL
	}
	if !strings.HasSuffix(of.BaseURL, "/") {
		of.BaseURL += "/"
	}
}

func read(clusters []cluster) driver.Found {
	found := driver.Found{Clusters: len(clusters)}
	for _, cluster := range clusters {
		found.Gateways += len(cluster.Gateways)
		found.Sum += len(cluster.ID) + len(cluster.Label) + len(cluster.Region) + len(cluster.Country)
		for _, gateway := range cluster.Gateways {
			found.Sum += len(gateway.BaseURL) + len(gateway.PublicURL) + len(gateway.URL)
			found.Sum += len(gateway.Label) + int(gateway.Order)
		}
	}
	return found
}

func look(clusters []cluster) driver.Found {
	first := clusters[0]
	return driver.Found{Clusters: len(clusters), Sum: len(first.ID) + len(first.Gateways[0].BaseURL)}
}

func listing(name string, task driver.Task) driver.Work {
	use, looks := read, strings.HasSuffix(name, "-look")
	if looks {
		use = look
	}
	return driver.Work{
		Operations: 1,
		Call: func() any {
			clusters, err := list(task.URL)
			if err != nil {
				log.Fatal(err)
			}
			return use(clusters)
		},
		Check: func(answer any) { driver.ExpectFound(task, answer.(driver.Found), looks) },
	}
}

// What may stand at each place of a CID, by its first letter.
var base32, base58 = table("abcdefghijklmnopqrstuvwxyz234567"),
	table("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")

func table(letters string) (of [256]bool) {
	for _, letter := range []byte(letters) {
		of[letter] = true
	}
	return of
}

// looksLikeCID looks at letters and length alone: not at version, codec and length of the digest.
func looksLikeCID(content string) bool {
	var allowed *[256]bool
	switch {
	case len(content) == 46 && content[:2] == "Qm":
		allowed = &base58
	case len(content) > 58 && content[0] == 'b':
		allowed = &base32
	default:
		return false
	}
	for place := 0; place < len(content); place++ {
		if !allowed[content[place]] {
			return false
		}
	}
	return true
}

func checkedURL(content string) string {
	if !looksLikeCID(content) {
		log.Fatalf("%s is no CID", content)
	}
	return driver.Base + content
}

func concatenatedURL(content string) string { return driver.Base + content }

func main() {
	driver.Main(func(name string, task driver.Task) driver.Work {
		switch name {
		case "content-table":
			return driver.URLOfEach(task, many, checkedURL)
		case "content-concatenation":
			return driver.URLOfEach(task, many, concatenatedURL)
		}
		return listing(name, task)
	})
}
