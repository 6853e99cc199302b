/*
 * Standard Webhooks signatures over "id.timestamp.body": HMAC-SHA256 (v1) with a shared secret,
 * "whsec_" base64(24 to 64 random bytes), and Ed25519 (v1a) with a private key, "whsk_"
 * base64(seed, or seed and public key), which "whpk_" base64(public key) verifies.
 */
#ifndef KH_SIGN_H
#define KH_SIGN_H

#include "kh_base64.h"

#include <stdint.h>

#define KH_SIGN_DEFAULT_TOLERANCE_S 300

/* A fresh "whsec_…" of 32 random bytes. */
kh_status kh_sign_new_secret(kh_buf *out, kh_error *error);
/* A fresh "whsk_…" and its "whpk_…". */
kh_status kh_sign_new_pair(kh_buf *private_key, kh_buf *public_key, kh_error *error);
/* Is it one to sign with, "whsec_…" or "whsk_…"? */
kh_status kh_sign_check_secret(kh_str secret, kh_error *error);
/* Appends "v1,base64" or "v1a,base64" for each secret, separated by a blank: several while a secret
 * is being rotated, of either kind. */
kh_status kh_sign_message(kh_buf *out, const kh_str *secrets, size_t count, kh_str id,
	int64_t timestamp_s, kh_str body, kh_error *error);
/*
 * *valid: one of the signatures in the header is one of the secrets' (or of the public keys'), and
 * the timestamp is within tolerance_s of now_s. Compared in constant time. A malformed secret is an
 * error; a malformed header is just not valid.
 */
kh_status kh_sign_verify(const kh_str *secrets, size_t count, kh_str id, kh_str timestamp,
	kh_str header, kh_str body, int64_t now_s, int64_t tolerance_s, bool *valid, kh_error *error);

#endif
