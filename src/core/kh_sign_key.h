/*
 * The keys of Standard Webhooks: "whsec_" a shared secret (v1, HMAC-SHA256), "whsk_" a private and
 * "whpk_" a public key (v1a, Ed25519). A decoded key is the caller's, who wipes it with
 * OPENSSL_cleanse.
 */
#ifndef KH_SIGN_KEY_H
#define KH_SIGN_KEY_H

#include "kh_buf.h"

#define KH_SIGN_SECRET_MAX_BYTES 64
#define KH_SIGN_MAX_SIGNATURE_CHARS 100 /* "v1a," and base64 of 64 bytes, rounded up */

typedef enum kh_sign_kind { KH_SIGN_SHARED, KH_SIGN_PRIVATE, KH_SIGN_PUBLIC } kh_sign_kind;

typedef struct kh_sign_key {
	kh_sign_kind kind;
	unsigned char bytes[KH_SIGN_SECRET_MAX_BYTES + 4]; /* a private key: its seed */
	size_t len;
} kh_sign_key;

/* Without a prefix it is a shared secret. No part of the text gets into the error. */
kh_status kh_sign_key_decode(kh_str text, kh_sign_key *out, kh_error *error);
/* Appends a fresh key pair: "whsk_" seed and public key, as Svix writes it, and "whpk_". */
kh_status kh_sign_key_new_pair(kh_buf *private_key, kh_buf *public_key, kh_error *error);
/* Appends "v1,base64" or "v1a,base64" of a text in parts. A public key can't: KH_ERR_INVALID. */
kh_status kh_sign_key_sign(
	const kh_sign_key *key, const kh_str *parts, size_t count, kh_buf *out, kh_error *error);
/* *valid: header, signatures with a blank between them, has one of this key. */
kh_status kh_sign_key_verify(const kh_sign_key *key, const kh_str *parts, size_t count,
	kh_str header, bool *valid, kh_error *error);

#endif
