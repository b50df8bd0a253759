package pinarkive_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pinarkive.com/go/pinarkive"
)

const (
	cidV0      = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL"
	cidV0AsV1  = "bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf47n2jou"
	lowered    = "qmywapjzv5czsna625s3xf2nemtygpphdwez79ojwkr9nl"
	base36Key  = "k51qzi5uqu5dgutdk6i1ynyzgkqngpha5xpgia3a5qqp4jsh0u4csozksxel2r"
	ownGateway = "https://gw.example"
)

func TestURLOptions(t *testing.T) {
	for _, test := range []struct {
		expected string
		options  []pinarkive.URLOption
	}{
		{ownGateway + "/ipfs/" + cidV0, nil},
		{ownGateway + "/ipfs/" + cidV0 + "/a%20b/100%25%231%3F.png",
			[]pinarkive.URLOption{pinarkive.WithPath("a b/100%#1?.png")}},
		{"https://" + cidV0AsV1 + ".ipfs.gw.example/",
			[]pinarkive.URLOption{pinarkive.WithStyle(pinarkive.StyleSubdomain)}},
		{"ipfs://" + cidV0AsV1, []pinarkive.URLOption{pinarkive.WithStyle(pinarkive.StyleNative)}},
		{"ipfs://" + cidV0, []pinarkive.URLOption{
			pinarkive.WithStyle(pinarkive.StyleNative), pinarkive.WithRootForm(pinarkive.RootGiven)}},
		{ownGateway + "/ipfs/" + cidV0AsV1,
			[]pinarkive.URLOption{pinarkive.WithRootForm(pinarkive.RootCanonical)}},
		{ownGateway + "/ipfs/" + cidV0 + "?filename=a%20b.png&download=true", []pinarkive.URLOption{
			pinarkive.WithFilename("a b.png"), pinarkive.Download()}},
		{ownGateway + "/ipfs/" + cidV0 + "?format=car",
			[]pinarkive.URLOption{pinarkive.WithFormat("car")}},
	} {
		url, err := pinarkive.GatewayURL(ownGateway, cidV0, test.options...)
		if err != nil || url != test.expected {
			t.Errorf("%q, %v, not %q", url, err, test.expected)
		}
	}
	names, err := pinarkive.GatewayURL("http://gw.example", "/ipns/docs.ipfs.tech",
		pinarkive.WithStyle(pinarkive.StyleSubdomain), pinarkive.InlineNames())
	if err != nil || names != "http://docs-ipfs-tech.ipns.gw.example/" {
		t.Errorf("%q, %v", names, err)
	}
	for name, option := range map[string]pinarkive.URLOption{
		"style": pinarkive.WithStyle(9), "root form": pinarkive.WithRootForm(-1),
		"format": pinarkive.WithFormat("pdf"), "NUL in the path": pinarkive.WithPath("a\x00b"),
		"NUL in the file name": pinarkive.WithFilename("a\x00b"), "slash": pinarkive.WithFilename("a/b"),
		"NUL in the format": pinarkive.WithFormat("raw\x00"),
	} {
		if url, err := pinarkive.GatewayURL("", cidV0, option); !errors.Is(err, pinarkive.ErrInvalidArgument) {
			t.Errorf("%s: %q, %v", name, url, err)
		}
	}
}

func TestARefusalSuggestsWhatWasMeant(t *testing.T) {
	_, err := pinarkive.GatewayURL("", "/ipfs/"+base36Key)
	var failure *pinarkive.Error
	if !errors.As(err, &failure) || failure.Status != pinarkive.ErrInvalidContent ||
		failure.Suggestion != "/ipns/"+base36Key {
		t.Errorf("%+v", failure)
	}
	_, err = pinarkive.ParseCID(lowered)
	if !errors.As(err, &failure) || failure.Status != pinarkive.ErrInvalidContent || failure.Suggestion != "" {
		t.Errorf("%+v", failure)
	}
}

func TestGatewayURLsKeepsEachContentsOwnError(t *testing.T) {
	contents := []string{cid, lowered, "", cidV0 + "/x y", cid + "\x00", "/ipfs/" + base36Key}
	results, err := pinarkive.GatewayURLs(ownGateway, contents)
	if err != nil || len(results) != len(contents) {
		t.Fatal(results, err)
	}
	for i, content := range contents {
		url, err := pinarkive.GatewayURL(ownGateway, content)
		if results[i].URL != url || fmt.Sprint(results[i].Err) != fmt.Sprint(err) {
			t.Errorf("%q: %+v, alone %q, %v", content, results[i], url, err)
		}
		if err != nil && !errors.Is(results[i].Err, pinarkive.ErrInvalidContent) {
			t.Errorf("%q: %v", content, results[i].Err)
		}
	}
	if results[0].Err != nil || results[1].Err == nil || results[4].Err == nil {
		t.Error(results)
	}
	none, err := pinarkive.GatewayURLs("", nil)
	if err != nil || len(none) != 0 {
		t.Error(none, err)
	}
	for _, gateway := range []string{"ftp://gw.example", "https://gw.example\x00"} {
		if _, err := pinarkive.GatewayURLs(gateway, contents); !errors.Is(err, pinarkive.ErrInvalidArgument) {
			t.Error(gateway, err)
		}
	}
	if _, err := pinarkive.GatewayURLs("", contents, pinarkive.WithFormat("pdf")); !errors.Is(err,
		pinarkive.ErrInvalidArgument) {
		t.Error(err)
	}
}

// More than fit in one group, with refused ones among them and texts of many lengths.
func TestManyGatewayURLs(t *testing.T) {
	contents := make([]string, 5000)
	for i := range contents {
		contents[i] = fmt.Sprintf("%s/%d/%s", cid, i, strings.Repeat("x", i%300))
	}
	contents[4000] = cid + "/" + strings.Repeat("y", 8000)
	refused := map[int]string{0: "", 511: lowered, 512: cid + "\x00", 2000: cid + "/" + strings.Repeat("z", 99_999), 4999: "x"}
	for i, content := range refused {
		contents[i] = content
	}
	results, err := pinarkive.GatewayURLs("", contents)
	if err != nil {
		t.Fatal(err)
	}
	for i, result := range results {
		if content, is := refused[i]; is {
			_, err := pinarkive.GatewayURL("", content)
			if result.URL != "" || !errors.Is(result.Err, pinarkive.ErrInvalidContent) || result.Err.Error() != err.Error() {
				t.Errorf("%d: %+v, alone %v", i, result, err)
			}
		} else if result.URL != "https://gateway.pinarkive.com/ipfs/"+contents[i] || result.Err != nil {
			t.Fatalf("%d: %+v", i, result)
		}
	}
	_, err = pinarkive.GatewayURLs("", make([]string, 1_000_001))
	asError(t, err, pinarkive.ErrInvalidArgument)
	for _, gateway := range []string{"ftp://gw.example", ""} {
		results, err = pinarkive.GatewayURLs(gateway, nil)
		if len(results) != 0 || (err == nil) != (gateway == "") {
			t.Errorf("%q, no contents: %v, %v", gateway, results, err)
		}
	}
}

func TestCandidates(t *testing.T) {
	list := &pinarkive.ClusterList{Clusters: []pinarkive.Cluster{
		{ID: "empty"},
		{ID: "one", Label: "One", Gateways: []pinarkive.Gateway{
			{BaseURL: "https://a.example/ipfs/", Label: "A", Order: 1},
			{BaseURL: "http://203.0.113.1/ipfs/", Order: 2}}},
		{ID: "two", Gateways: []pinarkive.Gateway{
			{BaseURL: "https://b.example/ipfs/", Order: -3}, {BaseURL: "https://a.example/ipfs/", Order: 7}}},
	}}
	a := pinarkive.Candidate{URL: "https://a.example/ipfs/" + cid, ClusterID: "one", ClusterLabel: "One",
		GatewayLabel: "A", Order: 1, Reason: pinarkive.ReasonFirstCluster}
	ip := pinarkive.Candidate{URL: "http://203.0.113.1/ipfs/" + cid, ClusterID: "one", ClusterLabel: "One",
		Order: 2, Reason: pinarkive.ReasonFirstCluster}
	b := pinarkive.Candidate{URL: "https://b.example/ipfs/" + cid, ClusterID: "two", Order: -3,
		Reason: pinarkive.ReasonOtherCluster}
	found, err := list.Candidates(cid, "")
	if expected := []pinarkive.Candidate{a, ip, b}; err != nil || fmt.Sprint(found) != fmt.Sprint(expected) {
		t.Errorf("%v, %v, not %v", found, err, expected)
	}
	found, err = list.Candidates(cid, "two")
	if err != nil || len(found) != 3 || found[0].Reason != pinarkive.ReasonAskedFor ||
		found[0].URL != b.URL || found[1].ClusterID != "two" || found[2].URL != ip.URL {
		t.Errorf("%v, %v", found, err)
	}
	found, err = list.Candidates(cid, "", pinarkive.WithStyle(pinarkive.StyleSubdomain))
	if err != nil || len(found) != 2 || found[0].URL != "https://"+cid+".ipfs.a.example/" {
		t.Errorf("%v, %v", found, err)
	}
	for _, test := range []struct {
		content, cluster string
		options          []pinarkive.URLOption
		status           pinarkive.Status
	}{
		{lowered, "", nil, pinarkive.ErrInvalidContent},
		{cid + "\x00", "", nil, pinarkive.ErrInvalidContent},
		{cid, "three", nil, pinarkive.ErrInvalidArgument},
		{cid, "two\x00", nil, pinarkive.ErrInvalidArgument},
		{cid, "", []pinarkive.URLOption{pinarkive.WithStyle(pinarkive.StyleNative)}, pinarkive.ErrInvalidArgument},
	} {
		if _, err := list.Candidates(test.content, test.cluster, test.options...); !errors.Is(err, test.status) {
			t.Errorf("%+v: %v", test, err)
		}
	}
	odd := &pinarkive.ClusterList{Clusters: []pinarkive.Cluster{{ID: "a\x00b"}}}
	if _, err := odd.Candidates(cid, ""); !errors.Is(err, pinarkive.ErrInvalidArgument) {
		t.Error(err)
	}
	var none *pinarkive.ClusterList
	if found, err := none.Candidates(cid, ""); err != nil || len(found) != 0 {
		t.Error(found, err)
	}
}

func TestCID(t *testing.T) {
	v0, err := pinarkive.ParseCID(cidV0)
	if err != nil {
		t.Fatal(err)
	}
	if v0.Version() != 0 || v0.Codec() != 0x70 || v0.CodecName() != "dag-pb" || v0.Hash() != 0x12 ||
		v0.HashName() != "sha2-256" || v0.Base() != "base58btc" || v0.V0() != cidV0 ||
		v0.V1() != cidV0AsV1 || v0.String() != cidV0 || len(v0.Digest()) != 32 || len(v0.Bytes()) != 34 {
		t.Errorf("%+v", v0)
	}
	v1, err := pinarkive.ParseCID(v0.V1())
	if err != nil || v1.Version() != 1 || v1.Equal(v0) || v1.V0() != cidV0 || v1.String() != cidV0AsV1 {
		t.Errorf("%+v, %v", v1, err)
	}
	text, err := v0.Format("base36")
	if err != nil || !strings.HasPrefix(text, "k") {
		t.Error(text, err)
	}
	other, err := pinarkive.ParseCID(text)
	if err != nil || !other.Equal(v1) || other.Base() != "base36" || other.String() != text {
		t.Errorf("%+v, %v", other, err)
	}
	binary, err := pinarkive.CIDFromBytes(v1.Bytes())
	if err != nil || binary != v1 {
		t.Errorf("%+v, %v", binary, err)
	}
	// What is returned is a copy.
	v1.Digest()[0]++
	v1.Bytes()[0]++
	if !v1.Equal(binary) {
		t.Error("a caller can change a CID")
	}
	for _, bad := range []string{"", "x", lowered, cidV0 + "\x00", "/ipfs/" + cidV0, cidV0[:40]} {
		if parsed, err := pinarkive.ParseCID(bad); !errors.Is(err, pinarkive.ErrInvalidContent) {
			t.Errorf("%q: %+v, %v", bad, parsed, err)
		}
	}
	for _, bad := range [][]byte{nil, {}, {0x12}, append(v0.Bytes(), 0)} {
		if parsed, err := pinarkive.CIDFromBytes(bad); !errors.Is(err, pinarkive.ErrInvalidContent) {
			t.Errorf("%x: %+v, %v", bad, parsed, err)
		}
	}
	for _, base := range []string{"", "base99", "base36\x00"} {
		if text, err := v1.Format(base); !errors.Is(err, pinarkive.ErrInvalidArgument) {
			t.Errorf("%q: %q, %v", base, text, err)
		}
	}
	if _, err := (pinarkive.CID{}).Format("base32"); !errors.Is(err, pinarkive.ErrInvalidArgument) {
		t.Error(err)
	}
	if zero := (pinarkive.CID{}); zero.String() != "" || len(zero.Bytes()) != 0 || len(zero.Digest()) != 0 {
		t.Error(zero)
	}
}

func TestACIDInJSON(t *testing.T) {
	var value struct{ Root, Missing pinarkive.CID }
	if err := json.Unmarshal([]byte(`{"Root": "`+cidV0+`", "Missing": ""}`), &value); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(value)
	if err != nil || string(text) != `{"Root":"`+cidV0+`","Missing":""}` {
		t.Errorf("%s, %v", text, err)
	}
	if err := json.Unmarshal([]byte(`{"Root": "Qm"}`), &value); !errors.Is(err, pinarkive.ErrInvalidContent) {
		t.Error(err)
	}
	if value.Root.String() != cidV0 {
		t.Error("a refused text has changed the value")
	}
}

func BenchmarkGatewayURLs(b *testing.B) {
	const count = 100_000
	contents := make([]string, count)
	for i := range contents {
		contents[i] = cid
	}
	b.ResetTimer()
	began := time.Now()
	for i := 0; i < b.N; i++ {
		if results, err := pinarkive.GatewayURLs("", contents); err != nil || len(results) != count {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(time.Since(began))/float64(b.N)/count, "ns/URL")
}

func BenchmarkGatewayURL(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if _, err := pinarkive.GatewayURL("", cid); err != nil {
			b.Fatal(err)
		}
	}
}
