/*
 * Fingerprints for the log: which bytes were sent, without keeping them.
 */
#ifndef KH_DIGEST_H
#define KH_DIGEST_H

#include "kh_buf.h"

#define KH_DIGEST_HEX_BYTES 64

/* SHA-256 as lower-case hexadecimal, NUL-terminated. */
kh_status kh_digest_sha256(kh_str text, char hex[KH_DIGEST_HEX_BYTES + 1], kh_error *error);

#endif
