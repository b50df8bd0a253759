//go:build cgo

package pinarkive

// With content_cgo.go the one file that calls C. Everything that C returns is copied into Go values at
// once and released.

// The header beside this file comes before an installed one, which may be of another version.

/*
#cgo CPPFLAGS: -I${SRCDIR}
#cgo pkg-config: pinarkive
#include <stdlib.h>
#include <string.h>
#include "pinarkive.h"
*/
import "C"

import (
	"time"
	"unsafe"
)

// Why the library that is loaded cannot be used, or nil.
var unusable = misfit(C.PK_VERSION, C.PK_ABI_VERSION, libraryVersion(), int(C.pk_abi_version()))

func libraryVersion() string   { return C.GoString(C.pk_version()) }
func libraryBuildInfo() string { return C.GoString(C.pk_build_info()) }

// clientHandle is a client in C.
type clientHandle struct{ client *C.pk_client }

func newClientHandle(options *Options) (clientHandle, error) {
	if unusable != nil {
		return clientHandle{}, unusable
	}
	var texts cTexts
	defer texts.free()
	settings := C.pk_client_options{
		struct_size:        C.sizeof_pk_client_options,
		api_key:            texts.add(options.APIKey),
		bearer_token:       texts.add(options.BearerToken),
		base_url:           texts.add(options.BaseURL),
		user_agent:         texts.add(options.UserAgent),
		ca_file:            texts.add(options.CAFile),
		proxy:              texts.add(options.Proxy),
		timeout_ms:         C.int64_t(milliseconds(options.Timeout)),
		attempt_timeout_ms: C.int64_t(milliseconds(options.AttemptTimeout)),
		connect_timeout_ms: C.int64_t(milliseconds(options.ConnectTimeout)),
		max_attempts:       C.int32_t(int32Of(options.MaxAttempts)),
		max_connections:    C.int32_t(int32Of(options.MaxConnections)),
		cache_ttl_ms:       C.int64_t(milliseconds(options.CacheTTL)),
		stale_if_error_ms:  C.int64_t(milliseconds(options.StaleIfError)),
	}
	if options.NoProxy {
		settings.proxy = texts.addEvenEmpty("")
	}
	var failed *C.pk_error
	client := C.pk_client_new(&settings, &failed)
	if client == nil {
		return clientHandle{}, takeError(failed)
	}
	return clientHandle{client}, nil
}

// free releases the client. Not while a call is inside listClusters.
func (h clientHandle) free() { C.pk_free(unsafe.Pointer(h.client)) }

// listClusters calls C, and blocks its thread until there is a result. The time-out is in
// milliseconds; 0 means the client's.
func (h clientHandle) listClusters(token cancellation, timeout int64, refresh bool) (*ClusterList, *Error) {
	options := C.pk_call_options{
		struct_size:  C.sizeof_pk_call_options,
		cancellation: token.cancellation,
		timeout_ms:   C.int64_t(timeout),
	}
	if refresh {
		options.refresh = 1
	}
	var failed *C.pk_error
	list := C.pk_list_clusters(h.client, &options, &failed)
	if list == nil {
		return nil, takeError(failed)
	}
	defer C.pk_free(unsafe.Pointer(list))
	return copyList(list), nil
}

// cancellation ends one call.
type cancellation struct{ cancellation *C.pk_cancellation }

func newCancellation() (cancellation, bool) {
	token := cancellation{C.pk_cancellation_new()}
	return token, token.cancellation != nil
}

func (t cancellation) cancel() { C.pk_cancel(t.cancellation) }
func (t cancellation) free()   { C.pk_free(unsafe.Pointer(t.cancellation)) }

// takeError copies an error and releases it.
func takeError(failed *C.pk_error) *Error {
	// C always stores one: it has one that takes no memory for when there is none.
	if failed == nil {
		return failure(ErrInternal, "The library failed without saying why: please report it.", nil)
	}
	defer C.pk_free(unsafe.Pointer(failed))
	return copyError(failed)
}

func copyError(failed *C.pk_error) *Error {
	err := failure(Status(failed.status), C.GoString(failed.message), nil)
	err.HTTPStatus = int(failed.http_status)
	err.Code = C.GoString(failed.code)
	err.Required = C.GoString(failed.required)
	err.Suggestion = C.GoString(failed.suggestion)
	if failed.retry_after_ms >= 0 {
		err.RetryAfter = time.Duration(failed.retry_after_ms) * time.Millisecond
	}
	return err
}

// copyList copies an answer: all texts at once, of which the values have parts. No call into C for each.
func copyList(list *C.pk_cluster_list) *ClusterList {
	result := &ClusterList{
		Clusters:  make([]Cluster, list.count),
		JSON:      C.GoBytes(unsafe.Pointer(list.json), C.int(list.json_length)),
		FromCache: list.from_cache != 0,
		Attempts:  int(list.attempts),
		Age:       time.Duration(list.age_ms) * time.Millisecond,
		RateLimit: RateLimit{Limit: int64(list.rate_limit), Remaining: int64(list.rate_limit_remaining)},
	}
	if list.rate_limit_reset >= 0 {
		result.RateLimit.Reset = time.Unix(int64(list.rate_limit_reset), 0)
	}
	total := 0
	for _, cluster := range unsafe.Slice(list.clusters, list.count) {
		total += int(cluster.gateway_count)
	}
	// One piece of memory for all gateways. Each cluster's part has no room behind it, so that
	// appending to one cannot write into the next.
	gateways := make([]Gateway, total)
	fields := fieldReader{C.GoStringN(list.text, C.int(list.text_length))}
	for i := range result.Clusters {
		cluster := &result.Clusters[i]
		cluster.ID, cluster.Label = fields.text(), fields.text()
		cluster.Region, cluster.Country = fields.text(), fields.text()
		count := fields.number()
		cluster.Gateways, gateways = gateways[:count:count], gateways[count:]
		for j := range cluster.Gateways {
			gateway := &cluster.Gateways[j]
			gateway.BaseURL = fields.text()
			gateway.PublicURL = fields.textOr(gateway.BaseURL)
			gateway.URL = fields.textOr(gateway.BaseURL)
			gateway.Label, gateway.Order = fields.text(), fields.number()
		}
	}
	return result
}

// cTexts are texts in C's memory, for a struct: Go memory that C reads may not point to Go memory.
type cTexts []*C.char

// add returns a copy of a text, or NULL for "".
func (t *cTexts) add(text string) *C.char {
	if text == "" {
		return nil
	}
	return t.addEvenEmpty(text)
}

func (t *cTexts) addEvenEmpty(text string) *C.char {
	copied := C.CString(text)
	*t = append(*t, copied)
	return copied
}

// free wipes the texts, since one of them may be a key, and releases them.
func (t *cTexts) free() {
	for _, text := range *t {
		bytes := unsafe.Slice(text, C.strlen(text))
		for i := range bytes {
			bytes[i] = 0
		}
		C.free(unsafe.Pointer(text))
	}
}
