#include "kh_digest.h"

#include <openssl/evp.h>
#include <stdio.h>

kh_status kh_digest_sha256(kh_str text, char hex[KH_DIGEST_HEX_BYTES + 1], kh_error *error)
{
	unsigned char digest[KH_DIGEST_HEX_BYTES / 2];
	unsigned int size = 0;
	if (EVP_Digest(text.len ? text.data : "", text.len, digest, &size, EVP_sha256(), NULL) != 1 ||
		size != sizeof(digest)) {
		return kh_error_set(error, KH_ERR_CRYPTO, "OpenSSL can't compute SHA-256.");
	}
	for (size_t i = 0; i < sizeof(digest); i++) {
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	}
	return KH_OK;
}
