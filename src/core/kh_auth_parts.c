#include "kh_auth_parts.h"

#include "kh_settings.h"
#include "kh_url.h"

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
