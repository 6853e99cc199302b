/*
 * The two parts of AWS's canonical request that are easily got wrong: the path and the query of a
 * URL in the one form that both sides sign.
 */
#ifndef KH_SIGV4_CANONICAL_H
#define KH_SIGV4_CANONICAL_H

#include "kh_buf.h"

/* A canonical request has the URL, at worst each byte as three, twice over, and every header. */
#define KH_SIGV4_MAX_CANONICAL_BYTES ((size_t)1024 * 1024)

/* Appends the path as it stands in a URL; once: see kh_sigv4.path_once. */
kh_status kh_sigv4_canonical_path(kh_str path, bool once, kh_buf *out);
/* Appends the query, without its question mark: encoded anew, sorted by name and value. */
kh_status kh_sigv4_canonical_query(kh_str query, kh_buf *out, kh_error *error);

#endif
