/*
 * HMAC over the body as it is sent, byte for byte; where no body is sent, over the URL's query as
 * it is before the authentication adds to it. Header or query, hexadecimal or base64.
 */
#include "kh_auth_parts.h"

#include "kh_base64.h"
#include "kh_hex.h"
#include "kh_mac.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#define MAX_PREFIX_BYTES 64

typedef struct hmac_algorithm {
	const char *name;
	const char *digest;
	const char *warning;
} hmac_algorithm;

static const hmac_algorithm ALGORITHMS[] = {
	{"HMAC-SHA256", "SHA256", NULL},
	{"HMAC-SHA512", "SHA512", NULL},
	{"HMAC-SHA1", "SHA1",
		"HMAC-SHA1 is weak: use it only for a receiver that knows nothing better, and choose "
		"HMAC-SHA256 otherwise"},
	{"HMAC-MD5", "MD5",
		"HMAC-MD5 is weak: use it only for a receiver that knows nothing better, and choose "
		"HMAC-SHA256 otherwise"},
};

typedef struct hmac {
	const hmac_algorithm *algorithm;
	kh_auth_key_encoding key_encoding;
	bool in_query;
	bool base64;
	char *name;            /* of the header or query parameter */
	char *access_key_name; /* likewise; NULL: the access key is not sent */
	char *prefix;
} hmac;

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static void free_hmac(void *state)
{
	hmac *self = state;

	if (self == NULL) {
		return;
	}
	free(self->name);
	free(self->access_key_name);
	free(self->prefix);
	free(self);
}

static kh_status parse_algorithm(const kh_value *config, hmac *self, kh_error *error)
{
	kh_str name;
	size_t i;
	kh_status status = kh_auth_text(config, "algorithm", KH_STR("HMAC-SHA256"), &name, error);

	for (i = 0; i < sizeof(ALGORITHMS) / sizeof(ALGORITHMS[0]) && status == KH_OK; i++) {
		if (kh_str_equals(name, str(ALGORITHMS[i].name))) {
			self->algorithm = &ALGORITHMS[i];
			return kh_auth_parse_key_encoding(config, &self->key_encoding, error);
		}
	}
	return status != KH_OK ? status
						   : kh_error_set(error, KH_ERR_INVALID,
								 "auth: algorithm: must be HMAC-SHA256, HMAC-SHA512, HMAC-SHA1 or "
								 "HMAC-MD5");
}

/* One of two words. */
static kh_status parse_choice(const kh_value *config, const char *member, const char *first,
	const char *second, bool *is_second, kh_error *error)
{
	kh_str word;
	kh_status status = kh_auth_text(config, member, str(first), &word, error);

	if (status != KH_OK) {
		return status;
	}
	*is_second = kh_str_equals(word, str(second));
	if (!*is_second && !kh_str_equals(word, str(first))) {
		return kh_error_set(
			error, KH_ERR_INVALID, "auth: %s: must be %s or %s", member, first, second);
	}
	return KH_OK;
}

static kh_status parse_name(const kh_value *config, const char *member, kh_str fallback,
	const char *what, hmac *self, char **out, kh_error *error)
{
	kh_str name;
	kh_status status = kh_auth_text(config, member, fallback, &name, error);

	if (status != KH_OK || name.len == 0) {
		return status;
	}
	if (!self->in_query) {
		status = kh_auth_check_header_name(name, what, error);
		if (status != KH_OK) {
			return status;
		}
	}
	*out = kh_str_copy(name);
	return *out != NULL ? KH_OK : kh_auth_out_of_memory(error);
}

static kh_status parse_prefix(const kh_value *config, hmac *self, kh_error *error)
{
	kh_str prefix;
	size_t i;
	kh_status status = kh_auth_text(config, "prefix", KH_STR(""), &prefix, error);

	if (status != KH_OK) {
		return status;
	}
	for (i = 0; i < prefix.len; i++) {
		unsigned char c = (unsigned char)prefix.data[i];
		if (c < 0x20 || c >= 0x7F) {
			return kh_error_set(
				error, KH_ERR_INVALID, "auth: prefix: must be printable ASCII, such as sha256=");
		}
	}
	if (prefix.len > MAX_PREFIX_BYTES) {
		return kh_error_set(error, KH_ERR_TOO_LARGE, "auth: prefix: is longer than %d characters",
			MAX_PREFIX_BYTES);
	}
	self->prefix = kh_str_copy(prefix);
	return self->prefix != NULL ? KH_OK : kh_auth_out_of_memory(error);
}

static kh_status parse_names(const kh_value *config, hmac *self, kh_error *error)
{
	kh_status status = parse_name(
		config, "name", KH_STR("X-Signature"), "the signature", self, &self->name, error);

	if (status == KH_OK) {
		status = parse_name(config, "access_key_name", KH_STR(""), "the access key", self,
			&self->access_key_name, error);
	}
	if (status != KH_OK) {
		return status;
	}
	if (self->name == NULL) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: name: enter the name of the %s that carries the signature",
			self->in_query ? "query parameter" : "header");
	}
	if (self->access_key_name != NULL &&
		kh_request_same_name(str(self->access_key_name), str(self->name))) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: access_key_name: is the name of the signature, too: choose another");
	}
	return KH_OK;
}

static kh_status parse_hmac(const kh_value *config, void **state, kh_error *error)
{
	hmac *self = calloc(1, sizeof(*self));
	kh_status status;

	*state = self;
	if (self == NULL) {
		return kh_auth_out_of_memory(error);
	}
	status = parse_algorithm(config, self, error);
	if (status == KH_OK) {
		status = parse_choice(config, "location", "header", "query", &self->in_query, error);
	}
	if (status == KH_OK) {
		status = parse_choice(config, "encoding", "hex", "base64", &self->base64, error);
	}
	if (status == KH_OK) {
		status = parse_names(config, self, error);
	}
	return status == KH_OK ? parse_prefix(config, self, error) : status;
}

static kh_str hmac_header(const void *state, size_t index)
{
	const hmac *self = state;

	if (self->in_query || index > 1) {
		return KH_STR("");
	}
	if (index == 0) {
		return str(self->name);
	}
	return self->access_key_name != NULL ? str(self->access_key_name) : KH_STR("");
}

static const char *hmac_warning(const void *state)
{
	return ((const hmac *)state)->algorithm->warning;
}

static kh_str signed_text(const kh_request *request)
{
	const char *mark;
	size_t behind;

	if (request->has_body) {
		return kh_buf_str(&request->body);
	}
	mark = request->url.len > 0 ? memchr(request->url.data, '?', request->url.len) : NULL;
	if (mark == NULL) {
		return KH_STR("");
	}
	behind = (size_t)(mark - request->url.data) + 1;
	return (kh_str){request->url.data + behind, request->url.len - behind};
}

/* Appends prefix and signature. */
static kh_status sign(
	const hmac *self, const kh_value *secrets, kh_str text, kh_buf *out, kh_error *error)
{
	static const char LABEL[] = "the secret key of the signature";
	kh_str secret;
	kh_buf key;
	kh_mac mac;
	kh_status status = kh_auth_credential(secrets, "hmac_secret_key", LABEL, &secret, error);

	if (status != KH_OK) {
		return status;
	}
	kh_buf_init(&key, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_auth_decode_key(
		self->key_encoding, kh_auth_trim(secret), LABEL, "hmac_secret_key", &key, error);
	if (status == KH_OK) {
		status = kh_mac_compute(self->algorithm->digest, kh_buf_str(&key), &text, 1, &mac, error);
	}
	kh_buf_wipe(&key);
	if (status != KH_OK) {
		return status;
	}
	status = kh_buf_append_str(out, str(self->prefix));
	if (status == KH_OK) {
		status = self->base64 ? kh_base64_append(out, kh_mac_str(&mac))
							  : kh_hex_append(out, kh_mac_str(&mac));
	}
	OPENSSL_cleanse(&mac, sizeof(mac));
	return status == KH_OK ? KH_OK : kh_error_set(error, status, "auth: no room for a signature");
}

static kh_status put(const hmac *self, const char *name, kh_str value, const char *what,
	kh_request *request, kh_error *error)
{
	kh_status status;

	if (!self->in_query) {
		return kh_auth_set_header(request, str(name), KH_STR(""), value, error);
	}
	status = kh_auth_append_query(request, str(name), value, what, error);
	return status == KH_OK ? kh_request_add_secret(request, value, error) : status;
}

static kh_status apply_hmac(
	const void *state, const kh_auth_input *input, kh_request *request, kh_error *error)
{
	const hmac *self = state;
	kh_str access_key = KH_STR("");
	kh_buf signature;
	kh_status status = KH_OK;

	if (self->access_key_name != NULL) {
		status = kh_auth_credential(
			input->secrets, "hmac_access_key", "the access key", &access_key, error);
	}
	if (status != KH_OK) {
		return status;
	}
	kh_buf_init(&signature, KH_REQUEST_MAX_HEADER_BYTES);
	status = sign(self, input->secrets, signed_text(request), &signature, error);
	if (status == KH_OK && self->access_key_name != NULL) {
		status = put(self, self->access_key_name, kh_auth_trim(access_key), "the access key",
			request, error);
	}
	if (status == KH_OK) {
		status = put(self, self->name, kh_buf_str(&signature), "the signature", request, error);
	}
	kh_buf_wipe(&signature);
	if (status == KH_OK) {
		status = kh_request_add_secret(request,
			kh_auth_trim(kh_value_get_string(input->secrets, "hmac_secret_key", KH_STR(""))),
			error);
	}
	return status;
}

const kh_auth_method kh_auth_hmac = {
	.name = "hmac",
	.parse = parse_hmac,
	.free_state = free_hmac,
	.header = hmac_header,
	.warning = hmac_warning,
	.apply = apply_hmac,
};
