/*
 * JSON Web Tokens (RFC 7519) in compact form (RFC 7515), signed by HMAC, RSA, ECDSA on P-256 or
 * Ed25519. Stateless; a private key lives as long as one call and is wiped by OpenSSL.
 */
#ifndef KH_JWT_H
#define KH_JWT_H

#include "kh_buf.h"

#define KH_JWT_MAX_BYTES 8192
#define KH_JWT_MAX_KEY_BYTES 16384

typedef struct kh_jwt_algorithm kh_jwt_algorithm;

/* "HS256", "HS384", "HS512", "RS256", "ES256", "EdDSA"; NULL for any other. */
const kh_jwt_algorithm *kh_jwt_find(kh_str name);
const char *kh_jwt_name(const kh_jwt_algorithm *algorithm);
/* The names, for a message. */
#define KH_JWT_NAMES "HS256, HS384, HS512, RS256, ES256 or EdDSA"
/* HS…: the key is a shared secret, else a private key as PEM. */
bool kh_jwt_is_symmetric(const kh_jwt_algorithm *algorithm);

/*
 * Appends "header.claims.signature". header and claims are JSON texts, signed as they are. key: the
 * bytes of a shared secret, or a PEM (PKCS#8, PKCS#1, SEC 1) without passphrase; "\n" written out
 * in it, as it stands in a JSON file, counts as a line break. A key that does not fit the algorithm
 * is KH_ERR_INVALID, in plain words that repeat nothing of it. out holds a credential: wipe it.
 */
kh_status kh_jwt_sign(const kh_jwt_algorithm *algorithm, kh_str key, kh_str header, kh_str claims,
	kh_buf *out, kh_error *error);

#endif
