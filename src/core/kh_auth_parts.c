#include "kh_auth_parts.h"

#include "kh_base64.h"
#include "kh_hex.h"
#include "kh_settings.h"
#include "kh_url.h"

#include <openssl/crypto.h>

kh_status kh_auth_out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "out of memory for the authentication");
}

kh_status kh_auth_text(
	const kh_value *config, const char *name, kh_str fallback, kh_str *out, kh_error *error)
{
	kh_status status = kh_settings_text(config, name, fallback, out, error);

	if (status == KH_OK && out->len > 0 && memchr(out->data, '\0', out->len) != NULL) {
		status = kh_error_set(error, KH_ERR_INVALID, "%s: has a NUL character", name);
	}
	return status == KH_OK ? KH_OK : kh_settings_in_field(error, status, "auth");
}

kh_status kh_auth_check_header_name(kh_str name, const char *what, kh_error *error)
{
	const char *reserved;

	if (!kh_request_is_token(name)) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: the header name of %s must be letters, digits and any of !#$%%&'*+-.^_`|~",
			what);
	}
	reserved = kh_request_reserved(name);
	if (reserved != NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "auth: %s can't go in the header \"%.*s\": %s",
			what, kh_settings_shown(name), name.data, reserved);
	}
	return KH_OK;
}

kh_status kh_auth_scheme(
	const kh_value *config, const char *name, kh_str fallback, kh_str *out, kh_error *error)
{
	kh_status status = kh_auth_text(config, name, KH_STR(""), out, error);

	if (status != KH_OK) {
		return status;
	}
	if (out->len == 0) {
		*out = fallback;
	}
	if (!kh_request_is_token(*out)) {
		return kh_error_set(
			error, KH_ERR_INVALID, "auth: the %s must be one word, such as Bearer or Token", name);
	}
	return KH_OK;
}

kh_status kh_auth_credential(
	const kh_value *secrets, const char *name, const char *label, kh_str *out, kh_error *error)
{
	size_t i;
	bool blank = true;

	*out = kh_value_get_string(secrets, name, KH_STR(""));
	for (i = 0; i < out->len; i++) {
		unsigned char c = (unsigned char)out->data[i];
		if (c < 0x20 || c == 0x7F) {
			return kh_error_set(error, KH_ERR_INVALID,
				"auth: %s has a line break or another control character: enter it again (%s)",
				label, name);
		}
		blank = blank && c == ' ';
	}
	if (blank) {
		return kh_error_set(
			error, KH_ERR_INVALID, "auth: %s is missing: enter it (%s)", label, name);
	}
	return KH_OK;
}

kh_str kh_auth_trim(kh_str text)
{
	while (text.len > 0 && text.data[0] == ' ') {
		text.data++;
		text.len--;
	}
	while (text.len > 0 && text.data[text.len - 1] == ' ') {
		text.len--;
	}
	return text;
}

static const char *const KEY_ENCODINGS[] = {"text", "base64", "hex"};

kh_status kh_auth_parse_key_encoding(
	const kh_value *config, kh_auth_key_encoding *out, kh_error *error)
{
	kh_str name;
	size_t i;
	kh_status status = kh_auth_text(config, "key_encoding", KH_STR("text"), &name, error);

	for (i = 0; i < sizeof(KEY_ENCODINGS) / sizeof(KEY_ENCODINGS[0]) && status == KH_OK; i++) {
		if (kh_str_equals(name, (kh_str){KEY_ENCODINGS[i], strlen(KEY_ENCODINGS[i])})) {
			*out = (kh_auth_key_encoding)i;
			return KH_OK;
		}
	}
	return status != KH_OK ? status
						   : kh_error_set(error, KH_ERR_INVALID,
								 "auth: key_encoding: must be text, base64 or hex");
}

kh_status kh_auth_decode_key(kh_auth_key_encoding encoding, kh_str key, const char *label,
	const char *name, kh_buf *out, kh_error *error)
{
	unsigned char bytes[KH_BASE64_DECODED_MAX(KH_REQUEST_MAX_HEADER_BYTES)];
	size_t len = 0;
	bool decoded;
	kh_status status;

	if (encoding == KH_AUTH_KEY_TEXT || key.len > KH_REQUEST_MAX_HEADER_BYTES) {
		status = encoding == KH_AUTH_KEY_TEXT ? kh_buf_append_str(out, key) : KH_ERR_TOO_LARGE;
		return status == KH_OK
				   ? KH_OK
				   : kh_error_set(error, status, "auth: %s is too long (%s)", label, name);
	}
	decoded = encoding == KH_AUTH_KEY_HEX
				  ? kh_hex_decode(key, bytes, &len)
				  : kh_base64_decode(key, KH_BASE64_STANDARD, bytes, &len) ||
						kh_base64_decode(key, KH_BASE64_URL, bytes, &len);
	status = decoded && len > 0
				 ? kh_buf_append(out, (const char *)bytes, len)
				 : kh_error_set(error, KH_ERR_INVALID,
					   "auth: %s is not %s, as its key_encoding says: enter it again (%s)", label,
					   KEY_ENCODINGS[encoding], name);
	if (status == KH_ERR_TOO_LARGE) {
		kh_error_set(error, status, "auth: %s is too long (%s)", label, name);
	}
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return status;
}

kh_status kh_auth_set_header(
	kh_request *request, kh_str name, kh_str scheme, kh_str credential, kh_error *error)
{
	kh_buf value;
	kh_status status;

	kh_buf_init(&value, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_buf_append_str(&value, scheme);
	if (status == KH_OK && scheme.len > 0) {
		status = kh_buf_append_char(&value, ' ');
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(&value, credential);
	}
	if (status == KH_OK) {
		status = kh_request_set_header(request, name, kh_buf_str(&value), true, error);
	} else {
		kh_error_set(error, status, "auth: the credential is longer than %d bytes",
			KH_REQUEST_MAX_HEADER_BYTES);
	}
	kh_buf_wipe(&value);
	return status == KH_OK ? kh_request_add_secret(request, credential, error) : status;
}

kh_status kh_auth_append_query(
	kh_request *request, kh_str name, kh_str value, const char *what, kh_error *error)
{
	kh_status status = kh_url_append_query(&request->url, name, value);

	return status == KH_OK ? KH_OK
						   : kh_error_set(error, status,
								 "auth: %s in the query makes the URL longer than %zu bytes", what,
								 request->url.max_bytes);
}
