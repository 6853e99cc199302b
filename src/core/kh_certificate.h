/*
 * A client certificate for mutual TLS: opened from PEM, proved to belong to its key, and written
 * anew for libcurl, the key in clear. The buffers hold a private key: wipe them.
 */
#ifndef KH_CERTIFICATE_H
#define KH_CERTIFICATE_H

#include "kh_buf.h"

#include <stdint.h>

#define KH_CERTIFICATE_MAX_BYTES (64 * 1024) /* of each file that is read */
#define KH_CERTIFICATE_MAX_COUNT 16          /* in one chain */

typedef struct kh_certificate {
	kh_buf certificate; /* PEM; the one that the key belongs to, and behind it the others */
	size_t own_bytes;   /* of the first one */
	kh_buf key;         /* PEM (PKCS#8), not encrypted */
	int64_t not_before_s;
	int64_t not_after_s;
} kh_certificate;

void kh_certificate_init(kh_certificate *certificate);
void kh_certificate_wipe(kh_certificate *certificate);

/*
 * From PEM texts. The key may be encrypted; its password is not used otherwise. Out of its words
 * one learns what to change: no certificate, no key, a wrong password, a key of another
 * certificate. out: initialised, filled on success, empty otherwise.
 */
kh_status kh_certificate_open(kh_str certificate_pem, kh_str key_pem, kh_str key_password,
	kh_certificate *out, kh_error *error);

/*
 * From PKCS#12 (.p12, .pfx), also from those that old software encrypted with RC2 or 3DES:
 * OpenSSL's legacy provider is loaded into a context of its own, which nothing else sees.
 */
kh_status kh_pkcs12_to_pem(kh_str p12, kh_str password, kh_certificate *out, kh_error *error);

/* KH_ERR_INVALID, with the day, when it has ended or has not begun. */
kh_status kh_certificate_check_time(
	const kh_certificate *certificate, int64_t now_s, kh_error *error);

#endif
