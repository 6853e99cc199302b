/*
 * What may be written to a log or shown on a screen: the values of secret headers and query
 * parameters become "***".
 */
#ifndef KH_REDACT_H
#define KH_REDACT_H

#include "kh_buf.h"

#define KH_REDACTED "***"

/* Authorization, Proxy-Authorization, Cookie, Set-Cookie, and names that speak of a key, token,
 * secret, password or signature. */
bool kh_redact_is_secret_name(kh_str name);
/* The URL with the values of secret query parameters masked. */
kh_status kh_redact_url(kh_buf *out, kh_str url);
/* Replaces every occurrence of each secret (and of its percent-encoded, JSON-escaped and base64
 * form) in text. Secrets under 4 bytes are left alone. */
kh_status kh_redact_text(kh_buf *out, kh_str text, const kh_str *secrets, size_t count);

#endif
