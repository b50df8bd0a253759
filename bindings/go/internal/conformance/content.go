package main

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"pinarkive.com/go/pinarkive"
)

// cluster is one of the clusters that a case gives to the call "candidates".
type cluster struct {
	ID       string `json:"id"`
	Label    string `json:"label"`
	Gateways []struct {
		BaseURL string `json:"base_url"`
		Label   string `json:"label"`
		Order   int64  `json:"order"`
	} `json:"gateways"`
}

// playContent makes the call of a case that needs no client. The third result is false if the call is
// none of these.
func playContent(test testCase) (outcome map[string]any, failure error, known bool, err error) {
	if test.Call != "gateway_url" && test.Call != "gateway_urls" && test.Call != "candidates" {
		if len(test.URLOptions) > 0 {
			return nil, nil, true, errors.New("url_options are for calls that make URLs")
		}
	}
	switch test.Call {
	case "gateway_url":
		outcome, failure, err = playURL(test)
	case "gateway_urls":
		outcome, failure, err = playURLs(test)
	case "candidates":
		outcome, failure, err = playCandidates(test)
	case "cid":
		outcome, failure, err = playCID(test)
	case "cid_format":
		outcome, failure, err = playFormat(test)
	default:
		return nil, nil, false, nil
	}
	return outcome, failure, true, err
}

func (test testCase) content() string { return test.Content + string(test.ContentBase64) }

func (test testCase) gateway() (string, error) {
	if test.Gateway == nil {
		return string(test.GatewayBase64), nil
	}
	if *test.Gateway == "" {
		return "", errors.New(`a gateway of "" means none in Go: say so with not_in`)
	}
	return *test.Gateway, nil
}

func playURL(test testCase) (map[string]any, error, error) {
	options, err := urlOptions(test.URLOptions)
	if err != nil {
		return nil, nil, err
	}
	gateway, err := test.gateway()
	if err != nil {
		return nil, nil, err
	}
	url, failure := pinarkive.GatewayURL(gateway, test.content(), options...)
	method, other := pinarkive.Gateway{BaseURL: gateway}.URLFor(test.content(), options...)
	if method != url || fmt.Sprint(other) != fmt.Sprint(failure) {
		return nil, nil, fmt.Errorf("URLFor gives %q, %v; GatewayURL %q, %v", method, other, url, failure)
	}
	return map[string]any{"url": url}, failure, nil
}

func playURLs(test testCase) (map[string]any, error, error) {
	options, err := urlOptions(test.URLOptions)
	if err != nil {
		return nil, nil, err
	}
	gateway, err := test.gateway()
	if err != nil {
		return nil, nil, err
	}
	contents := make([]string, len(test.Contents))
	for i, content := range test.Contents {
		switch content := content.(type) {
		case string:
			contents[i] = content
		case map[string]any:
			encoded, _ := content["base64"].(string)
			bytes, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil || len(content) != 1 {
				return nil, nil, fmt.Errorf("contents[%d]: %v", i, content)
			}
			contents[i] = string(bytes)
		default:
			return nil, nil, fmt.Errorf("contents[%d] is %v, which Go has no word for: say so with not_in", i, content)
		}
	}
	results, failure := pinarkive.GatewayURLs(gateway, contents, options...)
	return map[string]any{"urls": results}, failure, nil
}

// checkURLs compares what GatewayURLs gave with the list of texts and errors that is expected.
func checkURLs(expected []any, results []pinarkive.URLResult) error {
	if len(expected) != len(results) {
		return fmt.Errorf("%d URLs, not %d", len(results), len(expected))
	}
	for i, result := range results {
		var err error
		switch expected := expected[i].(type) {
		case string:
			if result.Err != nil || result.URL != expected {
				err = fmt.Errorf("%q, %v, not %q", result.URL, result.Err, expected)
			}
		case map[string]any:
			members, ok := expected["error"].(map[string]any)
			switch {
			case !ok || len(expected) != 1:
				err = fmt.Errorf("no error is expected, but %v", expected)
			case result.Err == nil || result.URL != "":
				err = fmt.Errorf("no error, but %q", result.URL)
			default:
				err = checkError(members, result.Err)
			}
		default:
			err = fmt.Errorf("%v is expected", expected)
		}
		if err != nil {
			return fmt.Errorf("urls[%d]: %w", i, err)
		}
	}
	return nil
}

func playCandidates(test testCase) (map[string]any, error, error) {
	options, err := urlOptions(test.URLOptions)
	if err != nil {
		return nil, nil, err
	}
	list := &pinarkive.ClusterList{}
	for _, given := range test.Clusters {
		made := pinarkive.Cluster{ID: given.ID, Label: given.Label}
		for _, gateway := range given.Gateways {
			made.Gateways = append(made.Gateways,
				pinarkive.Gateway{BaseURL: gateway.BaseURL, Label: gateway.Label, Order: gateway.Order})
		}
		list.Clusters = append(list.Clusters, made)
	}
	asked := ""
	if test.Cluster != nil {
		if asked = *test.Cluster; asked == "" {
			return nil, nil, errors.New(`a cluster of "" means none in Go: say so with not_in`)
		}
	}
	found, failure := list.Candidates(test.content(), asked, options...)
	members := []any{}
	for _, candidate := range found {
		members = append(members, map[string]any{
			"url": candidate.URL, "cluster_id": candidate.ClusterID,
			"cluster_label": optional(candidate.ClusterLabel),
			"gateway_label": optional(candidate.GatewayLabel), "order": candidate.Order,
			"reason": strings.ReplaceAll(candidate.Reason.String(), " ", "_"),
		})
	}
	return map[string]any{"candidates": members}, failure, nil
}

func playCID(test testCase) (map[string]any, error, error) {
	var cid pinarkive.CID
	var failure error
	switch test.From {
	case "":
		cid, failure = pinarkive.ParseCID(test.content())
	case "bytes":
		cid, failure = pinarkive.CIDFromBytes([]byte(test.content()))
	default:
		return nil, nil, fmt.Errorf("unknown from %q", test.From)
	}
	if failure != nil {
		return nil, failure, nil
	}
	formats := map[string]any{}
	if expected, ok := test.Expect["cid"].(map[string]any); ok {
		wanted, _ := expected["formats"].(map[string]any)
		for base := range wanted {
			text := cid.String()
			if base != "" {
				var err error
				if text, err = cid.Format(base); err != nil {
					return nil, nil, err
				}
			}
			formats[base] = text
		}
	}
	return map[string]any{"cid": map[string]any{
		"version": int64(cid.Version()), "codec": code(cid.Codec()), "hash": code(cid.Hash()),
		"codec_name": optional(cid.CodecName()), "hash_name": optional(cid.HashName()),
		"digest": hex.EncodeToString(cid.Digest()), "base": cid.Base(), "v0": optional(cid.V0()),
		"v1": cid.V1(), "bytes": hex.EncodeToString(cid.Bytes()), "formats": formats,
	}}, nil, nil
}

// code is a number in the table, or a text there if it is larger than JSON readers bear.
func code(number uint64) any {
	if number > 1<<63-1 {
		return fmt.Sprint(number)
	}
	return int64(number)
}

func playFormat(test testCase) (map[string]any, error, error) {
	cid, failure := pinarkive.ParseCID(test.content())
	if failure != nil {
		return nil, failure, nil
	}
	if test.Base == nil {
		return map[string]any{"text": cid.String()}, nil, nil
	}
	text, failure := cid.Format(*test.Base)
	return map[string]any{"text": text}, failure, nil
}

func urlOptions(given map[string]any) ([]pinarkive.URLOption, error) {
	var options []pinarkive.URLOption
	styles := map[string]int64{"path": 0, "subdomain": 1, "native": 2}
	forms := map[string]int64{"automatic": 0, "canonical": 1, "given": 2}
	for name, value := range given {
		var err error
		text, isText := value.(string)
		switch name {
		case "style", "root_form", "download", "inline_names":
			names := styles
			if name == "root_form" {
				names = forms
			}
			number, ok := names[text]
			if !ok {
				number, err = integer(value)
			}
			switch name {
			case "style":
				options = append(options, pinarkive.WithStyle(pinarkive.Style(number)))
			case "root_form":
				options = append(options, pinarkive.WithRootForm(pinarkive.RootForm(number)))
			case "download":
				options, err = flag(options, pinarkive.Download(), number, err)
			case "inline_names":
				options, err = flag(options, pinarkive.InlineNames(), number, err)
			}
		case "filename", "format", "path":
			if !isText || text == "" {
				err = errors.New(`neither a text nor expressible: "" means not given in Go`)
			}
			made := map[string]func(string) pinarkive.URLOption{
				"filename": pinarkive.WithFilename, "format": pinarkive.WithFormat, "path": pinarkive.WithPath,
			}[name]
			options = append(options, made(text))
		default:
			err = errors.New("unknown")
		}
		if err != nil {
			return nil, fmt.Errorf("url option %s: %w", name, err)
		}
	}
	return options, nil
}

func flag(options []pinarkive.URLOption, option pinarkive.URLOption, number int64, err error) (
	[]pinarkive.URLOption, error) {
	switch {
	case err != nil:
		return nil, err
	case number == 0:
		return options, nil
	case number == 1:
		return append(options, option), nil
	}
	return nil, errors.New("neither 0 nor 1: say so with not_in")
}
