/* Gateway URLs in plain C: what pk_gateway_url is compared with. Release the URL with free. */
#ifndef GATEWAY_URL_H
#define GATEWAY_URL_H

#include <stdbool.h>

/* Whether content is a CIDv0, or a CIDv1 in base32. */
bool ref_is_cid(const char *content);

/* Joins base and content, and checks neither. */
char *ref_url_copied(const char *base, const char *content);

/* The same, after checking that content is a CIDv0, or a CIDv1 in base32. NULL if it is not. */
char *ref_url_checked(const char *base, const char *content);

#endif
