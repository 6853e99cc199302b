/*
 * URLs: what may be configured, how a request's URL is put together, and how it is shown. Parsing
 * is libcurl's own, so that what is checked is what is used.
 */
#ifndef KH_URL_H
#define KH_URL_H

#include "kh_template.h"

#define KH_URL_MAX_BYTES 8192

/*
 * A URL template as configured: http or https, a literal host and port (a variable there could send
 * data to the wrong place), no user:password@, no fragment.
 */
kh_status kh_url_check_template(kh_str source, kh_error *error);

/* Appends name=value, percent-encoded, with the ? or & that is due. */
kh_status kh_url_append_query(kh_buf *url, kh_str name, kh_str value);

/* Parsed and normalised; refuses what kh_url_check_template refuses. is_http: the scheme is plain
 * http. */
kh_status kh_url_normalise(kh_str url, kh_buf *out, bool *is_http, kh_error *error);

/* Percent-encodes everything but RFC 3986 "unreserved". */
kh_status kh_url_encode(kh_buf *out, kh_str text);

#endif
