//go:build cgo

package pinarkive

// Only for the layout test, which cannot use cgo itself. It has to be in the header's folder: Go does
// not build a package again because a header elsewhere has changed. Programs do not contain it.

// #include "pinarkive.h"
import "C"

import "reflect"

// layouts returns the structs of the header as cgo sees them, by their names in C.
func layouts() map[string]reflect.Type {
	return map[string]reflect.Type{
		"pk_error":          reflect.TypeOf(C.pk_error{}),
		"pk_client_options": reflect.TypeOf(C.pk_client_options{}),
		"pk_call_options":   reflect.TypeOf(C.pk_call_options{}),
		"pk_gateway":        reflect.TypeOf(C.pk_gateway{}),
		"pk_cluster":        reflect.TypeOf(C.pk_cluster{}),
		"pk_cluster_list":   reflect.TypeOf(C.pk_cluster_list{}),
		"pk_url_options":    reflect.TypeOf(C.pk_url_options{}),
		"pk_url_result":     reflect.TypeOf(C.pk_url_result{}),
		"pk_url_list":       reflect.TypeOf(C.pk_url_list{}),
		"pk_candidate":      reflect.TypeOf(C.pk_candidate{}),
		"pk_candidate_list": reflect.TypeOf(C.pk_candidate_list{}),
		"pk_cid":            reflect.TypeOf(C.pk_cid{}),
	}
}
