//go:build cgo

package pinarkive

// Content and URLs by C. What C returns is copied into Go values at once and released.

/*
#include <stdlib.h>
#include "pinarkive.h"
*/
import "C"

import (
	"bytes"
	"strings"
	"unsafe"
)

// cBlock is a piece of C's memory that is handed out from its start: Go memory that C reads may not
// point to Go memory.
type cBlock struct{ start, next unsafe.Pointer }

func newCBlock(size uintptr) (cBlock, *Error) {
	// calloc, so that what is not written is NULL.
	start := C.calloc(1, C.size_t(size))
	if start == nil {
		return cBlock{}, failure(ErrOutOfMemory, "There is not enough memory for the call.", nil)
	}
	return cBlock{start, start}, nil
}

// take hands out memory. Structs have to be taken before texts, because of their alignment.
func (b *cBlock) take(size uintptr) unsafe.Pointer {
	place := b.next
	b.next = unsafe.Add(b.next, size)
	return place
}

// text copies a text and the NUL that ends it.
func (b *cBlock) text(text string) *C.char {
	place := b.take(uintptr(len(text)) + 1)
	copy(unsafe.Slice((*byte)(place), len(text)), text)
	return (*C.char)(place)
}

// optional copies a text, or gives NULL for "".
func (b *cBlock) optional(text string) *C.char {
	if text == "" {
		return nil
	}
	return b.text(text)
}

func (b *cBlock) free() { C.free(b.start) }

// size is what options takes of a block.
func (s *urlSettings) size() uintptr {
	if s == nil {
		return 0
	}
	return C.sizeof_pk_url_options + textSize(s.filename) + textSize(s.format) + textSize(s.path)
}

// pointer is the size of one.
const pointer = unsafe.Sizeof(uintptr(0))

func textSize(text string) uintptr { return uintptr(len(text)) + 1 }

// options writes the settings into a block; NULL for none.
func (b *cBlock) options(settings *urlSettings) *C.pk_url_options {
	if settings == nil {
		return nil
	}
	options := (*C.pk_url_options)(b.take(C.sizeof_pk_url_options))
	options.struct_size = C.sizeof_pk_url_options
	options.style = C.int32_t(settings.style)
	options.root_form = C.int32_t(settings.rootForm)
	if settings.download {
		options.download = 1
	}
	if settings.inlineNames {
		options.inline_names = 1
	}
	options.filename = b.optional(settings.filename)
	options.format = b.optional(settings.format)
	options.path = b.optional(settings.path)
	return options
}

func gatewayURL(gateway, content string, settings *urlSettings) (string, error) {
	if unusable != nil {
		return "", unusable
	}
	var options *C.pk_url_options
	if settings != nil {
		block, err := newCBlock(settings.size())
		if err != nil {
			return "", err
		}
		defer block.free()
		options = block.options(settings)
	}
	// Both texts in one piece of Go memory, which C may read during the call: no allocation in C.
	texts := make([]byte, len(gateway)+len(content)+2)
	copy(texts, gateway)
	copy(texts[len(gateway)+1:], content)
	var base *C.char
	if gateway != "" {
		base = (*C.char)(unsafe.Pointer(&texts[0]))
	}
	var failed *C.pk_error
	url := C.pk_gateway_url(base, (*C.char)(unsafe.Pointer(&texts[len(gateway)+1])), options, &failed)
	if url == nil {
		return "", takeError(failed)
	}
	defer C.pk_free(unsafe.Pointer(url))
	return C.GoString(url), nil
}

// URLs are made in groups, whose contents lie in the same memory one group after the other: it stays
// in the processor's cache.
const groupSize = 512

func gatewayURLs(gateway string, contents []string, settings *urlSettings) ([]URLResult, error) {
	if unusable != nil {
		return nil, unusable
	}
	if len(contents) > mostContents {
		return nil, failure(ErrInvalidArgument, "There are more than 1,000,000 contents: split the call.", nil)
	}
	block, err := newCBlock(settings.size() + textSize(gateway))
	if err != nil {
		return nil, err
	}
	defer block.free()
	options := block.options(settings)
	base := block.optional(gateway)
	var texts textArray
	defer texts.free()
	results := make([]URLResult, len(contents))
	// At least once, because the gateway and the options may be wrong without any content.
	for done := 0; done == 0 || done < len(contents); done += groupSize {
		group := contents[done:]
		if len(group) > groupSize {
			group = group[:groupSize]
		}
		if err := texts.fill(group); err != nil {
			return nil, err
		}
		var failed *C.pk_error
		list := C.pk_gateway_urls(base, texts.array(), C.uint64_t(len(group)), options, &failed)
		if list == nil {
			return nil, takeError(failed)
		}
		copyURLs(results[done:], list, group)
		C.pk_free(unsafe.Pointer(list))
	}
	return results, nil
}

// textArray is an array of texts in C's memory, and can be filled again.
type textArray struct {
	block cBlock
	size  uintptr
}

func (a *textArray) array() **C.char { return (**C.char)(a.block.start) }
func (a *textArray) free()           { a.block.free() }

// fill copies the texts. One that holds a NUL byte becomes NULL: C would only see its beginning.
func (a *textArray) fill(texts []string) *Error {
	// With a byte more, so that it is never nothing.
	size := uintptr(len(texts))*pointer + 1
	for _, text := range texts {
		size += textSize(text)
	}
	if size > a.size {
		a.free()
		a.size = size + size/4
		var err *Error
		if a.block, err = newCBlock(a.size); err != nil {
			return err
		}
	}
	addresses := uintptr(len(texts)) * pointer
	start := unsafe.Add(a.block.start, addresses)
	memory := unsafe.Slice((*byte)(start), size-addresses)
	// Numbers, not pointers: the garbage collector need not hear of C's memory.
	array := unsafe.Slice((*uintptr)(a.block.start), len(texts))
	next := 0
	for i, text := range texts {
		array[i] = uintptr(start) + uintptr(next)
		next += copy(memory[next:], text)
		memory[next] = 0
		next++
	}
	if bytes.Count(memory[:next], []byte{0}) == len(texts) {
		return nil
	}
	for i, text := range texts {
		if strings.IndexByte(text, 0) >= 0 {
			array[i] = 0
		}
	}
	return nil
}

func copyURLs(results []URLResult, list *C.pk_url_list, contents []string) {
	// All URLs at once, each with a NUL behind it, and then parts of that.
	text := C.GoStringN(list.text, C.int(list.text_length))
	for i := range contents {
		end := strings.IndexByte(text, 0)
		results[i].URL, text = text[:end], text[end+1:]
	}
	if list.error_count == 0 {
		return
	}
	for i, result := range unsafe.Slice(list.results, list.count) {
		if result.url == nil {
			results[i].Err = refusal(result.error, contents[i])
		}
	}
}

// refusal is the error of one of many contents.
func refusal(failed *C.pk_error, content string) *Error {
	if err := refuseNUL(ErrInvalidContent, "The content", content); err != nil {
		return err
	}
	return copyError(failed)
}

func candidates(clusters []Cluster, content, cluster string, settings *urlSettings) ([]Candidate, error) {
	if unusable != nil {
		return nil, unusable
	}
	size := C.sizeof_pk_cluster_list + settings.size() + textSize(content) + textSize(cluster)
	for i := range clusters {
		size += pointer + C.sizeof_pk_cluster + textSize(clusters[i].ID) + textSize(clusters[i].Label)
		for _, gateway := range clusters[i].Gateways {
			size += pointer + C.sizeof_pk_gateway + textSize(gateway.BaseURL) + textSize(gateway.Label)
		}
	}
	block, failure := newCBlock(size)
	if failure != nil {
		return nil, failure
	}
	defer block.free()
	list := block.list(clusters)
	options := block.options(settings)
	for i, cluster := range clusters {
		native := unsafe.Slice(list.clusters, len(clusters))[i]
		native.id, native.label = block.text(cluster.ID), block.optional(cluster.Label)
		for j, gateway := range cluster.Gateways {
			native := unsafe.Slice(native.gateways, len(cluster.Gateways))[j]
			native.base_url, native.label = block.text(gateway.BaseURL), block.optional(gateway.Label)
			native.order = C.int64_t(gateway.Order)
		}
	}
	var failed *C.pk_error
	found := C.pk_candidates(list, block.text(content), block.optional(cluster), options, &failed)
	if found == nil {
		return nil, takeError(failed)
	}
	defer C.pk_free(unsafe.Pointer(found))
	results := make([]Candidate, found.count)
	for i, candidate := range unsafe.Slice(found.candidates, found.count) {
		results[i] = Candidate{
			URL:          C.GoString(candidate.url),
			ClusterID:    C.GoString(candidate.cluster_id),
			ClusterLabel: C.GoString(candidate.cluster_label),
			GatewayLabel: C.GoString(candidate.gateway_label),
			Order:        int64(candidate.order),
			Reason:       Reason(candidate.reason),
		}
	}
	return results, nil
}

// list takes the structs of a list with its clusters and gateways, still without their texts.
func (b *cBlock) list(clusters []Cluster) *C.pk_cluster_list {
	list := (*C.pk_cluster_list)(b.take(C.sizeof_pk_cluster_list))
	list.count = C.size_t(len(clusters))
	list.clusters = (**C.pk_cluster)(b.take(uintptr(len(clusters)) * pointer))
	for i := range clusters {
		native := (*C.pk_cluster)(b.take(C.sizeof_pk_cluster))
		unsafe.Slice(list.clusters, len(clusters))[i] = native
		count := len(clusters[i].Gateways)
		native.gateway_count = C.size_t(count)
		native.gateways = (**C.pk_gateway)(b.take(uintptr(count) * pointer))
		for j := 0; j < count; j++ {
			unsafe.Slice(native.gateways, count)[j] = (*C.pk_gateway)(b.take(C.sizeof_pk_gateway))
		}
	}
	return list
}

func parseCID(text string) (CID, error) {
	if unusable != nil {
		return CID{}, unusable
	}
	bytes := make([]byte, len(text)+1)
	copy(bytes, text)
	var failed *C.pk_error
	return takeCID(C.pk_cid_parse((*C.char)(unsafe.Pointer(&bytes[0])), &failed), failed)
}

func cidFromBytes(bytes []byte) (CID, error) {
	if unusable != nil {
		return CID{}, unusable
	}
	var none [1]byte // an empty slice may be nil, which is another error
	start := unsafe.Pointer(&none[0])
	if len(bytes) > 0 {
		start = unsafe.Pointer(&bytes[0])
	}
	var failed *C.pk_error
	return takeCID(C.pk_cid_from_bytes((*C.uint8_t)(start), C.uint64_t(len(bytes)), &failed), failed)
}

// takeCID copies a CID and releases it.
func takeCID(cid *C.pk_cid, failed *C.pk_error) (CID, error) {
	if cid == nil {
		return CID{}, takeError(failed)
	}
	defer C.pk_free(unsafe.Pointer(cid))
	result := CID{
		version:      int(cid.version),
		codec:        uint64(cid.codec),
		hash:         uint64(cid.hash),
		codecName:    C.GoString(cid.codec_name),
		hashName:     C.GoString(cid.hash_name),
		base:         C.GoString(cid.base),
		v0:           C.GoString(cid.v0),
		v1:           C.GoString(cid.v1),
		bytes:        C.GoStringN((*C.char)(unsafe.Pointer(cid.bytes)), C.int(cid.length)),
		digestLength: int(cid.digest_length),
	}
	switch {
	case result.version == 0:
		result.text = result.v0
	case result.base == "base32":
		result.text = result.v1
	default:
		text, err := format(cid, nil)
		if err != nil {
			return CID{}, err
		}
		result.text = text
	}
	return result, nil
}

func formatCID(cid CID, base string) (string, error) {
	if unusable != nil {
		return "", unusable
	}
	block, err := newCBlock(C.sizeof_pk_cid + textSize(cid.bytes) + textSize(base))
	if err != nil {
		return "", err
	}
	defer block.free()
	native := (*C.pk_cid)(block.take(C.sizeof_pk_cid))
	native.version = C.int32_t(cid.version)
	native.length = C.size_t(len(cid.bytes))
	native.bytes = (*C.uint8_t)(unsafe.Pointer(block.text(cid.bytes)))
	return format(native, block.text(base))
}

func format(cid *C.pk_cid, base *C.char) (string, error) {
	var failed *C.pk_error
	text := C.pk_cid_format(cid, base, &failed)
	if text == nil {
		return "", takeError(failed)
	}
	defer C.pk_free(unsafe.Pointer(text))
	return C.GoString(text), nil
}
