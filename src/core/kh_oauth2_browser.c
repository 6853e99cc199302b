#include "kh_oauth2_parts.h"

#include "kh_base64.h"
#include "kh_url.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#define RANDOM_BYTES 32 /* 43 characters of base64url, the least that RFC 7636 allows */

static kh_status append_random(kh_buf *out, kh_error *error)
{
	unsigned char bytes[RANDOM_BYTES];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1) {
		return kh_error_set(error, KH_ERR_CRYPTO, "OpenSSL's random generator is not ready.");
	}
	return kh_base64_append_url(out, (kh_str){(const char *)bytes, sizeof(bytes)});
}

static kh_status make_random(char *out, size_t len, kh_error *error)
{
	kh_buf text;
	kh_status status;

	kh_buf_init(&text, len);
	status = append_random(&text, error);
	if (status == KH_OK) {
		memcpy(out, text.data, len);
		out[len] = '\0';
	}
	kh_buf_wipe(&text);
	return status;
}

/* RFC 7636, 4.2 */
static kh_status append_challenge(kh_buf *out, const char *verifier, kh_error *error)
{
	unsigned char digest[32];
	unsigned int size = 0;

	if (EVP_Digest(verifier, strlen(verifier), digest, &size, EVP_sha256(), NULL) != 1 ||
		size != sizeof(digest)) {
		return kh_error_set(error, KH_ERR_CRYPTO, "OpenSSL can't compute SHA-256.");
	}
	return kh_base64_append_url(out, (kh_str){(const char *)digest, size});
}

static kh_status append_all(
	const kh_oauth2 *self, kh_str redirect_uri, const char *state, kh_str challenge, kh_buf *url)
{
	const struct {
		const char *name;
		kh_str value;
	} fields[] = {
		{"response_type", KH_STR("code")},
		{"client_id", kh_oauth2_str(self->client_id)},
		{"redirect_uri", redirect_uri},
		{"scope", kh_oauth2_str(self->scope)},
		{"audience", kh_oauth2_str(self->audience)},
		{"state", kh_oauth2_str(state)},
		{"code_challenge", challenge},
		{"code_challenge_method", KH_STR("S256")},
	};
	kh_status status = KH_OK;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]) && status == KH_OK; i++) {
		if (fields[i].value.len > 0) {
			status = kh_url_append_query(url, kh_oauth2_str(fields[i].name), fields[i].value);
		}
	}
	return status;
}

kh_status kh_oauth2_authorization_url(const kh_oauth2 *self, kh_str redirect_uri,
	char verifier[KH_OAUTH2_VERIFIER_BYTES + 1], char state[KH_OAUTH2_STATE_BYTES + 1], kh_buf *url,
	kh_error *error)
{
	kh_buf challenge;
	kh_status status;

	if (self->grant != KH_OAUTH2_AUTHORIZATION_CODE) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: only the grant authorization_code goes through a browser");
	}
	kh_buf_init(&challenge, 64);
	status = make_random(verifier, KH_OAUTH2_VERIFIER_BYTES, error);
	if (status == KH_OK) {
		status = make_random(state, KH_OAUTH2_STATE_BYTES, error);
	}
	if (status == KH_OK) {
		status = append_challenge(&challenge, verifier, error);
	}
	if (status == KH_OK) {
		bool plain = false;
		status = kh_url_normalise(kh_oauth2_str(self->authorization_url), url, &plain, error);
	}
	if (status == KH_OK) {
		status = append_all(self, redirect_uri, state, kh_buf_str(&challenge), url);
		if (status != KH_OK) {
			kh_error_set(
				error, status, "auth: authorization_url: longer than %zu bytes", url->max_bytes);
		}
	}
	kh_buf_wipe(&challenge);
	return status;
}
