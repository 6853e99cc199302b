#include "kh_auth.h"

#include "kh_base64.h"
#include "kh_json.h"
#include "kh_settings.h"
#include "kh_url.h"

#include <stdlib.h>

typedef enum auth_method { AUTH_NONE, AUTH_APIKEY, AUTH_BASIC, AUTH_BEARER } auth_method;

struct kh_auth {
	auth_method method;
	bool in_query;
	char *name;   /* of the API key's header or query parameter */
	char *scheme; /* of bearer */
};

static kh_status out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "out of memory for the authentication");
}

void kh_auth_free(kh_auth *auth)
{
	if (auth == NULL) {
		return;
	}
	free(auth->name);
	free(auth->scheme);
	free(auth);
}

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static kh_status get_text(
	const kh_value *config, const char *name, kh_str fallback, kh_str *out, kh_error *error)
{
	kh_status status = kh_settings_text(config, name, fallback, out, error);

	if (status == KH_OK && out->len > 0 && memchr(out->data, '\0', out->len) != NULL) {
		status = kh_error_set(error, KH_ERR_INVALID, "%s: has a NUL character", name);
	}
	return status == KH_OK ? KH_OK : kh_settings_in_field(error, status, "auth");
}

static kh_status parse_method(const kh_value *config, auth_method *out, kh_error *error)
{
	static const char *const NAMES[] = {"none", "apikey", "basic", "bearer"};
	kh_str method;
	kh_status status = get_text(config, "method", KH_STR("none"), &method, error);
	size_t i;

	if (status != KH_OK) {
		return status;
	}
	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		if (kh_str_equals(method, str(NAMES[i]))) {
			*out = (auth_method)i;
			return KH_OK;
		}
	}
	return kh_error_set(
		error, KH_ERR_INVALID, "auth: the method must be none, apikey, basic or bearer");
}

static kh_status parse_apikey(const kh_value *config, kh_auth *auth, kh_error *error)
{
	kh_str location, name;
	const char *reserved;
	kh_status status = get_text(config, "location", KH_STR("header"), &location, error);

	if (status == KH_OK) {
		status = get_text(config, "name", KH_STR(""), &name, error);
	}
	if (status != KH_OK) {
		return status;
	}
	auth->in_query = kh_str_equals(location, KH_STR("query"));
	if (!auth->in_query && !kh_str_equals(location, KH_STR("header"))) {
		return kh_error_set(
			error, KH_ERR_INVALID, "auth: the API key's location must be header or query");
	}
	if (name.len == 0) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: enter the name of the %s that carries the API key",
			auth->in_query ? "query parameter" : "header");
	}
	if (!auth->in_query) {
		if (!kh_request_is_token(name)) {
			return kh_error_set(error, KH_ERR_INVALID,
				"auth: the API key's header name must be letters, digits and any of "
				"!#$%%&'*+-.^_`|~");
		}
		reserved = kh_request_reserved(name);
		if (reserved != NULL) {
			return kh_error_set(error, KH_ERR_INVALID,
				"auth: the API key can't go in the header \"%.*s\": %s", (int)name.len, name.data,
				reserved);
		}
	}
	auth->name = kh_str_copy(name);
	return auth->name != NULL ? KH_OK : out_of_memory(error);
}

static kh_status parse_bearer(const kh_value *config, kh_auth *auth, kh_error *error)
{
	kh_str scheme;
	kh_status status = get_text(config, "scheme", KH_STR(""), &scheme, error);

	if (status != KH_OK) {
		return status;
	}
	if (scheme.len == 0) {
		scheme = KH_STR("Bearer");
	}
	if (!kh_request_is_token(scheme)) {
		return kh_error_set(
			error, KH_ERR_INVALID, "auth: the scheme must be one word, such as Bearer or Token");
	}
	auth->scheme = kh_str_copy(scheme);
	return auth->scheme != NULL ? KH_OK : out_of_memory(error);
}

kh_status kh_auth_parse(const kh_value *config, kh_auth **out, kh_error *error)
{
	kh_error local;
	kh_auth *auth;
	kh_kind kind = kh_value_kind(config);
	kh_status status;

	error = error != NULL ? error : &local;
	*out = NULL;
	/* An empty list: what PHP makes of an empty array. */
	if (kind != KH_KIND_NULL && kind != KH_KIND_OBJECT &&
		(kind != KH_KIND_LIST || kh_value_length(config) > 0)) {
		return kh_error_set(error, KH_ERR_INVALID, "auth: must be an object with a \"method\"");
	}
	auth = calloc(1, sizeof(*auth));
	if (auth == NULL) {
		return out_of_memory(error);
	}
	status = parse_method(config, &auth->method, error);
	if (status == KH_OK && auth->method == AUTH_APIKEY) {
		status = parse_apikey(config, auth, error);
	} else if (status == KH_OK && auth->method == AUTH_BEARER) {
		status = parse_bearer(config, auth, error);
	}
	if (status != KH_OK) {
		kh_auth_free(auth);
		return status;
	}
	*out = auth;
	return KH_OK;
}

kh_str kh_auth_header_name(const kh_auth *auth)
{
	switch (auth->method) {
	case AUTH_APIKEY:
		return auth->in_query ? KH_STR("") : str(auth->name);
	case AUTH_BASIC:
	case AUTH_BEARER:
		return KH_STR("Authorization");
	case AUTH_NONE:
		break;
	}
	return KH_STR("");
}

/*
 * A credential as it was entered; one that is missing, empty or blank is refused, since blanks
 * around a header's value don't arrive.
 */
static kh_status get_credential(
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

/* Keys and tokens never begin or end with a blank, but what is pasted does. */
static kh_str trim(kh_str text)
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

/* One header "Authorization: scheme credential", noted as secret. */
static kh_status set_authorization(
	kh_request *request, const char *scheme, kh_str credential, kh_error *error)
{
	kh_buf value;
	kh_status status;

	kh_buf_init(&value, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_buf_append_format(&value, "%s ", scheme);
	if (status == KH_OK) {
		status = kh_buf_append_str(&value, credential);
	}
	if (status == KH_OK) {
		status = kh_request_set_header(
			request, KH_STR("Authorization"), kh_buf_str(&value), true, error);
	} else {
		kh_error_set(error, status, "auth: the credential is longer than %d bytes",
			KH_REQUEST_MAX_HEADER_BYTES);
	}
	kh_buf_wipe(&value);
	if (status == KH_OK) {
		status = kh_request_add_secret(request, credential, error);
	}
	return status;
}

static kh_status apply_apikey(
	const kh_auth *auth, const kh_value *secrets, kh_request *request, kh_error *error)
{
	kh_str key;
	kh_status status = get_credential(secrets, "api_key", "the API key", &key, error);

	if (status != KH_OK) {
		return status;
	}
	key = trim(key);
	if (!auth->in_query) {
		status = kh_request_set_header(request, str(auth->name), key, true, error);
	} else {
		status = kh_url_append_query(&request->url, str(auth->name), key);
		if (status != KH_OK) {
			kh_error_set(error, status,
				"auth: the API key in the query makes the URL longer than %zu bytes",
				request->url.max_bytes);
		}
	}
	return status == KH_OK ? kh_request_add_secret(request, key, error) : status;
}

/*
 * RFC 7617. An empty password is legal where it was entered as such: some APIs take the key as the
 * user name alone. A password that is not there at all was forgotten.
 */
static kh_status get_user(
	const kh_value *secrets, kh_str *username, kh_str *password, kh_error *error)
{
	const kh_value *member;
	kh_status status = get_credential(secrets, "username", "the user name", username, error);

	if (status != KH_OK) {
		return status;
	}
	if (memchr(username->data, ':', username->len) != NULL) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: a user name for Basic authentication can't have a colon (username)");
	}
	*password = KH_STR("");
	if (!kh_value_get(secrets, KH_STR("password"), &member) ||
		kh_value_kind(member) != KH_KIND_STRING || kh_value_string(member).len > 0) {
		status = get_credential(secrets, "password", "the password", password, error);
	}
	if (status == KH_OK && (!kh_utf8_valid(*username) || !kh_utf8_valid(*password))) {
		status =
			kh_error_set(error, KH_ERR_INVALID, "auth: the user name or the password is not UTF-8");
	}
	return status;
}

static kh_status encode_user(kh_buf *out, kh_str username, kh_str password)
{
	kh_buf pair;
	kh_status status;

	kh_buf_init(&pair, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_buf_append_str(&pair, username);
	if (status == KH_OK) {
		status = kh_buf_append_char(&pair, ':');
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(&pair, password);
	}
	if (status == KH_OK) {
		status = kh_base64_append(out, kh_buf_str(&pair));
	}
	kh_buf_wipe(&pair);
	return status;
}

static kh_status apply_basic(const kh_value *secrets, kh_request *request, kh_error *error)
{
	kh_str username, password;
	kh_buf encoded;
	kh_status status = get_user(secrets, &username, &password, error);

	if (status != KH_OK) {
		return status;
	}
	kh_buf_init(&encoded, KH_REQUEST_MAX_HEADER_BYTES);
	status = encode_user(&encoded, username, password);
	if (status == KH_OK) {
		status = set_authorization(request, "Basic", kh_buf_str(&encoded), error);
	} else {
		kh_error_set(error, status, "auth: user name and password are longer than %d bytes",
			KH_REQUEST_MAX_HEADER_BYTES);
	}
	kh_buf_wipe(&encoded);
	if (status == KH_OK) {
		/* Without a password the user name is the secret; else it may be as common a word as
		 * "admin", which a log should be able to say. */
		status = kh_request_add_secret(request, password.len > 0 ? password : username, error);
	}
	return status;
}

kh_status kh_auth_apply(
	const kh_auth *auth, const kh_value *secrets, kh_request *request, kh_error *error)
{
	kh_str token;
	kh_status status;

	switch (auth->method) {
	case AUTH_NONE:
		return KH_OK;
	case AUTH_APIKEY:
		return apply_apikey(auth, secrets, request, error);
	case AUTH_BASIC:
		return apply_basic(secrets, request, error);
	case AUTH_BEARER:
		status = get_credential(secrets, "bearer_token", "the token", &token, error);
		return status != KH_OK ? status
							   : set_authorization(request, auth->scheme, trim(token), error);
	}
	return kh_error_set(error, KH_ERR_INVALID, "auth: unknown method");
}
