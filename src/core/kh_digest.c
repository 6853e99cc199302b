#include "kh_digest.h"

#include <openssl/evp.h>

kh_status kh_digest_sha256(kh_str text, char hex[KH_DIGEST_HEX_BYTES + 1], kh_error *error)
{
	static const char DIGITS[] = "0123456789abcdef";
	unsigned char digest[KH_DIGEST_HEX_BYTES / 2];
	unsigned int size = 0;
	if (EVP_Digest(text.len ? text.data : "", text.len, digest, &size, EVP_sha256(), NULL) != 1 ||
		size != sizeof(digest)) {
		return kh_error_set(error, KH_ERR_CRYPTO, "OpenSSL can't compute SHA-256.");
	}
	for (size_t i = 0; i < sizeof(digest); i++) {
		hex[2 * i] = DIGITS[digest[i] >> 4];
		hex[2 * i + 1] = DIGITS[digest[i] & 15];
	}
	hex[KH_DIGEST_HEX_BYTES] = '\0';
	return KH_OK;
}
