/*
 * The C types of the public interface, with their documentation, and the order in which the manual
 * tells its story. HeaderGenerator copies this file, puts the prototypes and documentation that
 * the compiler wrote for the exported functions where a line says @functions, an initialiser where
 * a line says @initializer, and calls the outcome include/pinarkive.h. @raw names a parameter that
 * is void * on purpose.
 *
 * Rules, because other languages read the header too (PHP's FFI::cdef, Python's cffi):
 * fixed-width integers; plain enums; no bit-fields, unions, variadics, structs by value, callbacks
 * or inline functions. Once released, numbers are never reused and fields are only appended.
 */
#ifndef PINARKIVE_TYPES_H
#define PINARKIVE_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* @manual */

/* ------------------------------------------------------------------------------------------------
 * Versions
 * --------------------------------------------------------------------------------------------- */

/** The version of the library that this header belongs to, as text. See pk_version. */
#define PK_VERSION "0.1.0"

/** The number of the binary interface that this header describes. See pk_abi_version. */
#define PK_ABI_VERSION 0

/* @functions pk_version pk_abi_version pk_build_info */

/* ------------------------------------------------------------------------------------------------
 * Memory
 *
 * One rule: whatever a pk_ function returns is released with pk_free, and everything that can be
 * reached from it lives exactly as long. What pk_version and pk_build_info return is constant and
 * is not released. Every pointer that goes in is copied before the call returns.
 * --------------------------------------------------------------------------------------------- */

/* @raw pk_free result */
/* @functions pk_free */

/* ------------------------------------------------------------------------------------------------
 * Errors
 *
 * A function that can fail takes `pk_error **error` last. On failure it returns NULL and, where
 * error is not NULL, stores a new pk_error there, to be released with pk_free. On success it leaves
 * *error as it was. There is no hidden "last error".
 * --------------------------------------------------------------------------------------------- */

/** What kind of failure an error is. The numbers are fixed and never reused. */
typedef enum pk_status {
  /** Success. Never the status of an error. */
  PK_OK = 0,
  /** An argument cannot be right: NULL where a value is needed, a wrong struct_size, a malformed
      key, URL or number. */
  PK_ERROR_INVALID_ARGUMENT = 1,
  /** The content is neither a content identifier (CID) nor an address of one. */
  PK_ERROR_INVALID_CONTENT = 2,
  /** Something in the environment is missing or wrong: no key, an unreadable CA bundle, a base URL
      of an API version that is switched off. */
  PK_ERROR_CONFIGURATION = 3,
  /** No answer: the name does not resolve, the connection is refused, reset or cut short, or the
      proxy refuses. */
  PK_ERROR_NETWORK = 4,
  /** The time given for the call ran out. */
  PK_ERROR_TIMEOUT = 5,
  /** The server's certificate or the TLS handshake was not acceptable. */
  PK_ERROR_TLS = 6,
  /** The call was cancelled with pk_cancel, or its client was freed while it ran. */
  PK_ERROR_CANCELLED = 7,
  /** HTTP 401: the service does not accept the key or token. */
  PK_ERROR_UNAUTHORIZED = 8,
  /** HTTP 403: the account may not do this (plan limit, unverified e-mail, disabled account). */
  PK_ERROR_FORBIDDEN = 9,
  /** HTTP 403 with the code missing_scope: the key lacks the scope that pk_error.required names. */
  PK_ERROR_MISSING_SCOPE = 10,
  /** HTTP 404: there is no such endpoint at the base URL. */
  PK_ERROR_NOT_FOUND = 11,
  /** HTTP 429: too many requests. See pk_error.retry_after_ms. */
  PK_ERROR_RATE_LIMITED = 12,
  /** HTTP 5xx: the service failed. */
  PK_ERROR_SERVER = 13,
  /** The answer is not what the service documents. */
  PK_ERROR_PROTOCOL = 14,
  /** The answer is larger than the library accepts, or the service called the request so. */
  PK_ERROR_TOO_LARGE = 15,
  /** Memory could not be allocated. */
  PK_ERROR_OUT_OF_MEMORY = 16,
  /** A fault of the library itself. Please report it. */
  PK_ERROR_INTERNAL = 17
} pk_status;

/** Why a call failed. Immutable; may be read from any thread. Release with pk_free. */
typedef struct pk_error {
  /** The kind of failure: a pk_status other than PK_OK. */
  int32_t status;
  /** The HTTP status of the answer, or 0 if there was none. */
  int32_t http_status;
  /** Milliseconds after which another call may succeed, or -1 if unknown. At most 86,400,000. */
  int64_t retry_after_ms;
  /** One English sentence: what happened and what to do. UTF-8. Never NULL, never holds the key. */
  const char *message;
  /** The service's own code, such as "INVALID_API_KEY", or NULL if it gave none. UTF-8. */
  const char *code;
  /** With PK_ERROR_MISSING_SCOPE the scope that is needed, such as "cluster:read"; else NULL. */
  const char *required;
  /** With PK_ERROR_INVALID_CONTENT what was meant, where one thing alone can be: content that is
      accepted in the place of that which was refused. Else NULL. UTF-8. */
  const char *suggestion;
} pk_error;

/* @functions pk_status_name */

/* ------------------------------------------------------------------------------------------------
 * Clients
 *
 * A client holds the credentials, the settings and the kept-alive connections. Make one, keep it,
 * share it: any number of threads may call with the same client at the same time.
 * --------------------------------------------------------------------------------------------- */

/** A client. Made by pk_client_new, released by pk_free. Safe to use from any number of threads. */
typedef struct pk_client pk_client;

/**
 * How a client is made. Start from PK_CLIENT_OPTIONS_INIT and set what you need: a field that is 0
 * or NULL means the default. The library copies everything before pk_client_new returns.
 */
typedef struct pk_client_options {
  /** sizeof(pk_client_options), filled in by PK_CLIENT_OPTIONS_INIT. A smaller one, from a caller
      built with an older header, is accepted; a larger one is refused. */
  size_t struct_size;
  /** The API key, sent as X-API-Key. 1 to 512 characters of printable ASCII without spaces.
      Default: $PINARKIVE_API_KEY, unless bearer_token is given. */
  const char *api_key;
  /** An API key or session token (JWT), sent as Authorization: Bearer. 1 to 4,096 characters of
      printable ASCII without spaces. May be given together with api_key; both are sent then. */
  const char *bearer_token;
  /** The base URL of the API. https, or http for a literal loopback address (127.0.0.0/8, [::1]).
      Default: $PINARKIVE_API_URL, else https://api.pinarkive.com/api/v3 */
  const char *base_url;
  /** The User-Agent header. Printable ASCII, at most 256 characters.
      Default: libpinarkive/VERSION */
  const char *user_agent;
  /** A PEM file of the certificate authorities to trust, and of no others. Default: the file
      $SSL_CERT_FILE, else the directories of hashed certificates $SSL_CERT_DIR, else the system's:
      its directory of hashed certificates, which makes the first connection fast, where there is
      one that holds the same as its bundle and that only root can change; else the bundle. */
  const char *ca_file;
  /** The proxy's URL. Default: $https_proxy, $HTTPS_PROXY, $all_proxy or $ALL_PROXY (and
      $no_proxy), read once; a loopback base URL uses none of these. "" means no proxy. The proxy
      only sees a tunnel (CONNECT), never the key. If its URL is https, the same authorities vouch
      for it as for the service. */
  const char *proxy;
  /** Milliseconds for a whole call, everything included. Default 10,000. Values from 1 are brought
      into 100 to 120,000; a negative one is refused. */
  int64_t timeout_ms;
  /** Milliseconds for one attempt (one request and its answer). Default 4,000. Same limits. */
  int64_t attempt_timeout_ms;
  /** Milliseconds for one connection, TLS included. Default 2,000. Same limits. */
  int64_t connect_timeout_ms;
  /** How often a request is tried at most, the first time included: 1 to 10. Default 3. Tried
      again are network failures, an attempt's time-out and HTTP 408, 429, 500, 502, 503, 504. */
  int32_t max_attempts;
  /** How many connections the client opens at most, hence how many requests run at the same time;
      further calls wait for a free one. 1 to 64. Default 4. */
  int32_t max_connections;
  /** Milliseconds for which an answer is kept and used again without a request; a tenth more or
      less, by chance. Default 0: answers are not kept. At most a week; a negative one is refused.
      Calls at the same time with such a client share one request, each with its own deadline and
      cancellation. An answer of HTTP 401 or 403 drops what is kept. */
  int64_t cache_ttl_ms;
  /** Milliseconds after that for which the kept answer stands in when a request fails with
      PK_ERROR_NETWORK, PK_ERROR_TIMEOUT, PK_ERROR_SERVER or PK_ERROR_RATE_LIMITED. Default 0: it
      does not. See pk_cluster_list.from_cache and age_ms. */
  int64_t stale_if_error_ms;
} pk_client_options;

/* @initializer PK_CLIENT_OPTIONS_INIT pk_client_options */

/* @functions pk_client_new */

/* ------------------------------------------------------------------------------------------------
 * Cancelling
 * --------------------------------------------------------------------------------------------- */

/**
 * A way to end one call from another thread. Made by pk_cancellation_new, handed to one call in
 * pk_call_options, released by pk_free. It stays fired: use a new one for each call. Safe to use
 * from any thread; it may be freed while the call still runs.
 */
typedef struct pk_cancellation pk_cancellation;

/* @functions pk_cancellation_new pk_cancel */

/* ------------------------------------------------------------------------------------------------
 * Clusters and gateways
 * --------------------------------------------------------------------------------------------- */

/** How one call is made. Start from PK_CALL_OPTIONS_INIT; 0 or NULL means the default. */
typedef struct pk_call_options {
  /** sizeof(pk_call_options), filled in by PK_CALL_OPTIONS_INIT. */
  size_t struct_size;
  /** Ends the call early when it is fired. Default: none. */
  pk_cancellation *cancellation;
  /** Milliseconds for this call, everything included. Default: the client's timeout_ms. Values
      from 1 are brought into 100 to 120,000; a negative one is refused. */
  int64_t timeout_ms;
  /** Not 0: make a request even if a kept answer is still fresh. Default 0. */
  int32_t refresh;
} pk_call_options;

/* @initializer PK_CALL_OPTIONS_INIT pk_call_options */

/** An HTTP gateway that shows the content of a cluster. */
typedef struct pk_gateway {
  /** What a CID is appended to: public_url where the service gave one, else url. An http or https
      URL that ends in "ipfs/", which is added where the service leaves it out. Never NULL. */
  const char *base_url;
  /** The member publicUrl as the service gave it, or NULL where it is missing or empty. */
  const char *public_url;
  /** The member url as the service gave it, or NULL where it is missing or empty. May be a
      plain-http node address. */
  const char *url;
  /** The gateway's name for people, or NULL. */
  const char *label;
  /** The place among the cluster's gateways, smallest first. 0 where the service gave none. */
  int64_t order;
} pk_gateway;

/** A cluster that the account's plan allows. */
typedef struct pk_cluster {
  /** The cluster's identifier, such as "cl0-global". Never NULL. */
  const char *id;
  /** The cluster's name for people, or NULL. */
  const char *label;
  /** The cluster's region, or NULL. */
  const char *region;
  /** The cluster's country, or NULL. */
  const char *country;
  /** How many gateways there are. May be 0. */
  size_t gateway_count;
  /** The gateways, sorted by order; equal ones keep the service's sequence. A gateway whose
      base_url would not be a usable http or https URL is left out here and only stands in
      pk_cluster_list.json. Never NULL: an array of gateway_count pointers. */
  const pk_gateway *const *gateways;
} pk_cluster;

/** The answer of pk_list_clusters. Immutable; may be read from any thread. Release with pk_free,
    which releases everything in it. All texts are UTF-8. */
typedef struct pk_cluster_list {
  /** How many clusters there are. May be 0. */
  size_t count;
  /** The clusters, in the service's sequence. Never NULL: an array of count pointers. */
  const pk_cluster *const *clusters;
  /** The body of the answer as it came (JSON), for members that this version does not know. */
  const char *json;
  /** The length of json in bytes, without the terminating NUL. */
  size_t json_length;
  /** 1 if this is an earlier answer that was kept (see pk_client_options.cache_ttl_ms), else 0. */
  int32_t from_cache;
  /** How many requests were made for this answer: more than 1 if it was tried again, 0 if it was
      kept. */
  int32_t attempts;
  /** Milliseconds since a kept answer arrived. 0 for a new one. */
  int64_t age_ms;
  /** Requests allowed in the present window (X-RateLimit-Limit), or -1 if the service said none. */
  int64_t rate_limit;
  /** Requests left in the present window (X-RateLimit-Remaining), or -1. */
  int64_t rate_limit_remaining;
  /** When the window ends, in seconds since 1970-01-01 UTC (X-RateLimit-Reset), or -1. */
  int64_t rate_limit_reset;
  /** The same list as one text, which is faster to read from another language than many structures:
      fields that each end with a NUL. For a cluster: id, label, region, country and gateway_count;
      then for each of its gateways: base_url, public_url, url, label and order. Numbers are
      decimal. An empty field stands for NULL. In place of a public_url or url that is the same as
      base_url stands "=", and one that begins with "=" has a second "=" before it. Never NULL; it
      may end without a further NUL. */
  const char *text;
  /** The length of text in bytes, with the last NUL. */
  size_t text_length;
} pk_cluster_list;

/* @functions pk_list_clusters */

/* ------------------------------------------------------------------------------------------------
 * Content and gateway URLs
 *
 * All of it is pure: no client, no request. Wherever content is asked for, each of these names it:
 *
 *   bafy...  Qm...  k51...           a CID or IPNS key, 12D3Koo... too; with /PATH ?QUERY #FRAGMENT
 *                                    behind it, as all of these
 *   /ipfs/CID  /ipns/KEY-OR-DOMAIN   a content path; the first slash may be missing
 *   ipfs://CID  ipns://NAME          also ipfs:CID, web+ipfs://, dweb:/ipfs/CID
 *   https://HOST/ipfs/CID            the URL of a path gateway
 *   https://CID.ipfs.HOST/           the URL of a subdomain gateway
 *
 * It is UTF-8, at most 8,192 bytes, and read as a URL is: "?" and "#" begin query and fragment, %XX
 * is an escape and is kept, and what a URL cannot hold (spaces, a % without digits, letters beyond
 * ASCII) is escaped. For file names that are not to be read so there is pk_url_options.path.
 * Nothing that could lead out of the CID is accepted: no "." and ".." as names, not in escapes
 * either.
 * --------------------------------------------------------------------------------------------- */

/** The form of the URL that is made. */
typedef enum pk_url_style {
  /** https://GATEWAY/ipfs/CID/path */
  PK_URL_PATH = 0,
  /** https://CID.ipfs.GATEWAY/path: each content has a web origin of its own. The CID is written as
      CIDv1 in base 32, or base 36 if only that has at most 63 characters; a DNSLink name as one
      label ("--" for "-", "-" for ".") where the gateway is https. The gateway's host must be a
      name, without a path. */
  PK_URL_SUBDOMAIN = 1,
  /** ipfs://CID/path or ipns://NAME/path. The gateway is not used. The CID is written in a form
      without upper case, because programs lower it. */
  PK_URL_NATIVE = 2
} pk_url_style;

/** How a CID or IPNS key is written in a URL. */
typedef enum pk_root_form {
  /** As given in a path; in a form without upper case elsewhere. Base 64, which has slashes,
      and emoji become base 32, or base 36 for an IPNS key. */
  PK_ROOT_AUTOMATIC = 0,
  /** As CIDv1 in lower-case base 32; an IPNS key in base 36. */
  PK_ROOT_CANONICAL = 1,
  /** As given, also with PK_URL_NATIVE; but base 64 and emoji as PK_ROOT_AUTOMATIC has them. */
  PK_ROOT_GIVEN = 2
} pk_root_form;

/** How a gateway URL is made. Start from PK_URL_OPTIONS_INIT; 0 or NULL means the default. */
typedef struct pk_url_options {
  /** sizeof(pk_url_options), filled in by PK_URL_OPTIONS_INIT. */
  size_t struct_size;
  /** A pk_url_style. Default: PK_URL_PATH */
  int32_t style;
  /** A pk_root_form. Default: PK_ROOT_AUTOMATIC */
  int32_t root_form;
  /** 1 to have the content saved, not shown (download=true). Default: 0 */
  int32_t download;
  /** 1 to write DNSLink names as one label for a subdomain gateway of http too. Default: 0 */
  int32_t inline_names;
  /** The name under which the content is to be saved or shown (filename=...). UTF-8, at most 1,024
      bytes, without slashes. Default: none */
  const char *filename;
  /** What the gateway is to answer (format=...): "raw", "car", "tar", "json", "cbor", "dag-json",
      "dag-cbor" or "ipns-record". Default: the content itself */
  const char *format;
  /** A path below the content, such as "a b/100%#1?.png". Its names are raw: each character that
      is special in a URL is escaped, "%", "?" and "#" too. UTF-8, at most 4,096 bytes.
      Default: none */
  const char *path;
} pk_url_options;

/* @initializer PK_URL_OPTIONS_INIT pk_url_options */

/* @functions pk_gateway_url */

/** One of the URLs of a pk_url_list. */
typedef struct pk_url_result {
  /** The URL, or NULL if this content was refused. */
  const char *url;
  /** Why, or NULL. Belongs to the list: never release it by itself. */
  const pk_error *error;
} pk_url_result;

/** The answer of pk_gateway_urls. Immutable; may be read from any thread. Release with pk_free,
    which releases everything in it. */
typedef struct pk_url_list {
  /** How many contents there were. */
  size_t count;
  /** How many of them were refused. */
  size_t error_count;
  /** One result for each content, in their order. Never NULL: an array of count pointers. */
  const pk_url_result *const *results;
  /** The same URLs one behind the other, each with a NUL at its end, and an empty one for each
      content that was refused: one text is faster to read from another language than many. Never
      NULL. */
  const char *text;
  /** The length of text in bytes, with the last NUL. */
  size_t text_length;
} pk_url_list;

/* @functions pk_gateway_urls */

/** Why a candidate stands where it does. */
typedef enum pk_reason {
  /** A gateway of the cluster that was asked for. */
  PK_REASON_ASKED_FOR = 1,
  /** No cluster was asked for, and this is a gateway of the first one that has any. */
  PK_REASON_FIRST_CLUSTER = 2,
  /** A gateway of another cluster. */
  PK_REASON_OTHER_CLUSTER = 3
} pk_reason;

/** A URL that may show the content. */
typedef struct pk_candidate {
  /** The URL. Never NULL. */
  const char *url;
  /** The cluster's identifier. Never NULL. */
  const char *cluster_id;
  /** The cluster's name for people, or NULL. */
  const char *cluster_label;
  /** The gateway's name for people, or NULL. */
  const char *gateway_label;
  /** The gateway's place among those of its cluster. */
  int64_t order;
  /** Why it stands here: a pk_reason. */
  int32_t reason;
} pk_candidate;

/** The answer of pk_candidates. Immutable; may be read from any thread. Release with pk_free, which
    releases everything in it. It does not depend on the cluster list. */
typedef struct pk_candidate_list {
  /** How many there are. 0 where no cluster has a gateway that can make the URL. */
  size_t count;
  /** The candidates, the best one first. Never NULL: an array of count pointers. */
  const pk_candidate *const *candidates;
} pk_candidate_list;

/* @functions pk_candidates */

/* ------------------------------------------------------------------------------------------------
 * Content identifiers
 * --------------------------------------------------------------------------------------------- */

/** A content identifier, taken apart. Immutable; may be read from any thread. Release with pk_free,
    which releases everything in it. */
typedef struct pk_cid {
  /** 0 or 1. */
  int32_t version;
  /** The multicodec of the content, such as 0x70 (dag-pb) or 0x55 (raw). */
  uint64_t codec;
  /** The multihash code of the hash function, such as 0x12 (sha2-256). */
  uint64_t hash;
  /** The codec's name, such as "dag-pb", or NULL if this version of the library knows none. */
  const char *codec_name;
  /** The hash function's name, such as "sha2-256", or NULL. */
  const char *hash_name;
  /** The hash: digest_length bytes. Never NULL. */
  const uint8_t *digest;
  /** 20 to 128 bytes; from 0 on for the identity function, which hashes nothing. */
  size_t digest_length;
  /** The multibase of the text that was parsed, such as "base32"; "base58btc" for a CIDv0; "base32"
      for a CIDv1 that came as bytes. Never NULL. */
  const char *base;
  /** The same content as CIDv1 in lower-case base 32. Never NULL. */
  const char *v1;
  /** The same content as CIDv0, or NULL: only dag-pb with sha2-256 of 32 bytes has one. */
  const char *v0;
  /** The CID in binary: length bytes. Never NULL. */
  const uint8_t *bytes;
  /** The length of bytes. */
  size_t length;
} pk_cid;

/* @functions pk_cid_parse pk_cid_from_bytes pk_cid_format */

/* @end */

#endif /* PINARKIVE_TYPES_H */
