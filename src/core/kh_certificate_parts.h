/*
 * What PEM and PKCS#12 have in common: private to kh_certificate.c and kh_pkcs12.c.
 */
#ifndef KH_CERTIFICATE_PARTS_H
#define KH_CERTIFICATE_PARTS_H

#include "kh_certificate.h"

#include <openssl/x509.h>

/* Writes the certificate that the key belongs to, wherever it stands in the list, the others behind
 * it, and the key. KH_ERR_INVALID: it belongs to none of them. */
kh_status kh_certificate_fill(
	kh_certificate *out, STACK_OF(X509) * certificates, EVP_PKEY *key, kh_error *error);

/* OpenSSL's own words for its last error, which never repeat what was read. Empties its queue. */
const char *kh_certificate_reason(void);

#endif
