#include "kh_mac.h"

#include "kh_openssl.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>

static bool run(EVP_MAC_CTX *context, const char *digest, kh_str key, const kh_str *parts,
	size_t count, kh_mac *out)
{
	char name[16];
	OSSL_PARAM params[2];
	/* A key of no bytes is one, too; NULL would be "the key of last time". */
	const char *key_bytes = key.len > 0 ? key.data : "";
	size_t i;

	/* OpenSSL wants a text that it may change, and measures it here. */
	snprintf(name, sizeof(name), "%s", digest);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
	params[1] = OSSL_PARAM_construct_end();
	if (EVP_MAC_init(context, (const unsigned char *)key_bytes, key.len, params) != 1) {
		return false;
	}
	for (i = 0; i < count; i++) {
		if (parts[i].len > 0 &&
			EVP_MAC_update(context, (const unsigned char *)parts[i].data, parts[i].len) != 1) {
			return false;
		}
	}
	return EVP_MAC_final(context, out->bytes, &out->len, sizeof(out->bytes)) == 1;
}

kh_status kh_mac_compute(
	const char *digest, kh_str key, const kh_str *parts, size_t count, kh_mac *out, kh_error *error)
{
	EVP_MAC *mac;
	EVP_MAC_CTX *context = NULL;
	kh_status status = KH_OK;
	char what[40];

	ERR_set_mark();
	mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
	if (mac != NULL) {
		context = EVP_MAC_CTX_new(mac);
	}
	if (context == NULL || !run(context, digest, key, parts, count, out)) {
		snprintf(what, sizeof(what), "compute HMAC with %s", digest);
		status = kh_openssl_refused(error, what);
	}
	EVP_MAC_CTX_free(context);
	EVP_MAC_free(mac);
	ERR_pop_to_mark();
	return status;
}
