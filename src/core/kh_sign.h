/*
 * Standard Webhooks signatures: HMAC-SHA256 over "id.timestamp.body" (v1). A signing secret is
 * "whsec_" base64(24 to 64 random bytes).
 */
#ifndef KH_SIGN_H
#define KH_SIGN_H

#include "kh_base64.h"

#include <stdint.h>

#define KH_SIGN_DEFAULT_TOLERANCE_S 300

/* A fresh "whsec_…" of 32 random bytes. */
kh_status kh_sign_new_secret(kh_buf *out, kh_error *error);
kh_status kh_sign_check_secret(kh_str secret, kh_error *error);
/* Appends "v1,base64" for each secret, separated by a blank: several while a secret is being
 * rotated. */
kh_status kh_sign_v1(kh_buf *out, const kh_str *secrets, size_t count, kh_str id,
	int64_t timestamp_s, kh_str body, kh_error *error);
/*
 * *valid: one of the signatures in the header is one of the secrets', and the timestamp is within
 * tolerance_s of now_s. Compared in constant time. A malformed secret is an error; a malformed
 * header is just not valid.
 */
kh_status kh_sign_verify(const kh_str *secrets, size_t count, kh_str id, kh_str timestamp,
	kh_str header, kh_str body, int64_t now_s, int64_t tolerance_s, bool *valid, kh_error *error);

#endif
