/*
 * AES-256-GCM with 96-bit nonces and 128-bit tags, nothing else: what the vault seals with.
 */
#ifndef KH_GCM_H
#define KH_GCM_H

#include "kh_buf.h"

#define KH_GCM_KEY_BYTES 32
#define KH_GCM_NONCE_BYTES 12
#define KH_GCM_TAG_BYTES 16

/* OpenSSL's cipher, fetched once, since a fetch takes longer than sealing a short value. */
typedef struct evp_cipher_st kh_gcm;

/* NULL: OpenSSL has none. */
kh_gcm *kh_gcm_new(void);
void kh_gcm_free(kh_gcm *gcm);

/* bound: parts that are authenticated, not encrypted. Each part and the text have at most INT_MAX
 * bytes. out: room for the text and the tag behind it. False: OpenSSL refused, and its reason is in
 * its queue. */
bool kh_gcm_encrypt(const kh_gcm *gcm, const unsigned char *key, const unsigned char *nonce,
	const kh_str *bound, size_t bound_count, kh_str text, unsigned char *out);
/* text: the tag behind it; decrypted in place, and to be wiped unless *genuine says that the tag
 * was right. False as above. */
bool kh_gcm_decrypt(const kh_gcm *gcm, const unsigned char *key, const unsigned char *nonce,
	const kh_str *bound, size_t bound_count, unsigned char *text, size_t text_len, bool *genuine);

#endif
