/*
 * HMAC (RFC 2104) over a text in parts, so that a large body is not copied.
 */
#ifndef KH_MAC_H
#define KH_MAC_H

#include "kh_buf.h"

#define KH_MAC_MAX_BYTES 64

typedef struct kh_mac {
	unsigned char bytes[KH_MAC_MAX_BYTES];
	size_t len;
} kh_mac;

/* digest: OpenSSL's name, "SHA256". The key may be empty. */
kh_status kh_mac_compute(const char *digest, kh_str key, const kh_str *parts, size_t count,
	kh_mac *out, kh_error *error);

static inline kh_str kh_mac_str(const kh_mac *mac)
{
	return (kh_str){(const char *)mac->bytes, mac->len};
}

#endif
