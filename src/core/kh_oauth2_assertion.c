#include "kh_oauth2_parts.h"

#include "kh_json.h"
#include "kh_random.h"

#include <inttypes.h>

/* `,"name":"value"`; an empty value is left out. */
static kh_status add_claim(kh_buf *out, const char *name, kh_str value)
{
	kh_status status;

	if (value.len == 0) {
		return KH_OK;
	}
	status = kh_buf_append_format(out, ",\"%s\":\"", name);
	if (status == KH_OK) {
		status = kh_json_escape(out, value);
	}
	return status == KH_OK ? kh_buf_append_char(out, '"') : status;
}

static kh_status write_header(const kh_oauth2 *self, kh_buf *out)
{
	kh_status status =
		kh_buf_append_format(out, "{\"alg\":\"%s\",\"typ\":\"JWT\"", kh_jwt_name(self->algorithm));

	if (status == KH_OK) {
		status = add_claim(out, "kid", kh_oauth2_str(self->key_id));
	}
	return status == KH_OK ? kh_buf_append_char(out, '}') : status;
}

/* RFC 7523, 3. Google wants the scope among them. */
static kh_status write_claims(const kh_oauth2 *self, int64_t now_s, const char *id, kh_buf *out)
{
	const char *audience =
		self->assertion_audience[0] != '\0' ? self->assertion_audience : self->token_url;
	kh_status status = kh_buf_append_format(
		out, "{\"iat\":%" PRId64 ",\"exp\":%" PRId64, now_s, now_s + self->lifetime_s);

	if (status == KH_OK) {
		status = add_claim(out, "iss", kh_oauth2_str(self->issuer));
	}
	if (status == KH_OK) {
		status = add_claim(out, "sub", kh_oauth2_str(self->subject));
	}
	if (status == KH_OK) {
		status = add_claim(out, "aud", kh_oauth2_str(audience));
	}
	if (status == KH_OK) {
		status = add_claim(out, "scope", kh_oauth2_str(self->scope));
	}
	if (status == KH_OK) {
		status = add_claim(out, "jti", kh_oauth2_str(id));
	}
	return status == KH_OK ? kh_buf_append_char(out, '}') : status;
}

kh_status kh_oauth2_assertion(
	const kh_oauth2 *self, const kh_value *secrets, int64_t now_s, kh_buf *out, kh_error *error)
{
	kh_str key = kh_value_get_string(secrets, "jwt_key", KH_STR(""));
	char id[33];
	kh_buf header, claims;
	kh_status status;

	if (key.len == 0) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: the assertion's private key is missing: enter it (jwt_key)");
	}
	kh_buf_init(&header, KH_JWT_MAX_BYTES);
	kh_buf_init(&claims, KH_JWT_MAX_BYTES);
	status = kh_random_hex(id, 16, error);
	if (status == KH_OK) {
		status = write_header(self, &header);
		status = status == KH_OK ? write_claims(self, now_s, id, &claims) : status;
		if (status != KH_OK) {
			kh_error_set(
				error, status, "auth: the assertion is longer than %d bytes", KH_JWT_MAX_BYTES);
		}
	}
	if (status == KH_OK) {
		status =
			kh_jwt_sign(self->algorithm, key, kh_buf_str(&header), kh_buf_str(&claims), out, error);
	}
	kh_buf_free(&header);
	kh_buf_free(&claims);
	return status;
}
