/*
 * The methods whose credential is sent as it was entered: API key, Basic (RFC 7617), Bearer.
 */
#include "kh_auth_parts.h"

#include "kh_base64.h"
#include "kh_json.h"

#include <stdlib.h>

#define AUTHORIZATION KH_STR("Authorization")

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static kh_str authorization_header(const void *state, size_t index)
{
	return index == 0 ? AUTHORIZATION : KH_STR("");
}

typedef struct apikey {
	bool in_query;
	char *name; /* of the header or query parameter */
} apikey;

static void free_apikey(void *state)
{
	apikey *self = state;

	if (self != NULL) {
		free(self->name);
		free(self);
	}
}

static kh_status parse_apikey(const kh_value *config, void **state, kh_error *error)
{
	apikey *self = calloc(1, sizeof(*self));
	kh_str location, name;
	kh_status status;

	*state = self;
	if (self == NULL) {
		return kh_auth_out_of_memory(error);
	}
	status = kh_auth_text(config, "location", KH_STR("header"), &location, error);
	if (status == KH_OK) {
		status = kh_auth_text(config, "name", KH_STR(""), &name, error);
	}
	if (status != KH_OK) {
		return status;
	}
	self->in_query = kh_str_equals(location, KH_STR("query"));
	if (!self->in_query && !kh_str_equals(location, KH_STR("header"))) {
		return kh_error_set(
			error, KH_ERR_INVALID, "auth: the API key's location must be header or query");
	}
	if (name.len == 0) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: enter the name of the %s that carries the API key",
			self->in_query ? "query parameter" : "header");
	}
	if (!self->in_query) {
		status = kh_auth_check_header_name(name, "the API key", error);
		if (status != KH_OK) {
			return status;
		}
	}
	self->name = kh_str_copy(name);
	return self->name != NULL ? KH_OK : kh_auth_out_of_memory(error);
}

static kh_str apikey_header(const void *state, size_t index)
{
	const apikey *self = state;

	return index > 0 || self->in_query ? KH_STR("") : str(self->name);
}

static kh_status apply_apikey(
	const void *state, const kh_auth_input *input, kh_request *request, kh_error *error)
{
	const apikey *self = state;
	kh_str key;
	kh_status status = kh_auth_credential(input->secrets, "api_key", "the API key", &key, error);

	if (status != KH_OK) {
		return status;
	}
	key = kh_auth_trim(key);
	if (!self->in_query) {
		return kh_auth_set_header(request, str(self->name), KH_STR(""), key, error);
	}
	status = kh_auth_append_query(request, str(self->name), key, "the API key", error);
	return status == KH_OK ? kh_request_add_secret(request, key, error) : status;
}

/*
 * An empty password is legal where it was entered as such: some APIs take the key as the user name
 * alone. A password that is not there at all was forgotten.
 */
static kh_status get_user(
	const kh_value *secrets, kh_str *username, kh_str *password, kh_error *error)
{
	const kh_value *member;
	kh_status status = kh_auth_credential(secrets, "username", "the user name", username, error);

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
		status = kh_auth_credential(secrets, "password", "the password", password, error);
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

static kh_status apply_basic(
	const void *state, const kh_auth_input *input, kh_request *request, kh_error *error)
{
	kh_str username, password;
	kh_buf encoded;
	kh_status status = get_user(input->secrets, &username, &password, error);

	if (status != KH_OK) {
		return status;
	}
	kh_buf_init(&encoded, KH_REQUEST_MAX_HEADER_BYTES);
	status = encode_user(&encoded, username, password);
	if (status == KH_OK) {
		status = kh_auth_set_header(
			request, AUTHORIZATION, KH_STR("Basic"), kh_buf_str(&encoded), error);
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

static kh_status parse_bearer(const kh_value *config, void **state, kh_error *error)
{
	kh_str scheme;
	kh_status status = kh_auth_scheme(config, "scheme", KH_STR("Bearer"), &scheme, error);

	*state = NULL;
	if (status == KH_OK) {
		*state = kh_str_copy(scheme);
		status = *state != NULL ? KH_OK : kh_auth_out_of_memory(error);
	}
	return status;
}

static kh_status apply_bearer(
	const void *state, const kh_auth_input *input, kh_request *request, kh_error *error)
{
	kh_str token;
	kh_status status =
		kh_auth_credential(input->secrets, "bearer_token", "the token", &token, error);

	return status != KH_OK
			   ? status
			   : kh_auth_set_header(request, AUTHORIZATION, str(state), kh_auth_trim(token), error);
}

const kh_auth_method kh_auth_apikey = {
	.name = "apikey",
	.parse = parse_apikey,
	.free_state = free_apikey,
	.header = apikey_header,
	.apply = apply_apikey,
};

const kh_auth_method kh_auth_basic = {
	.name = "basic",
	.header = authorization_header,
	.apply = apply_basic,
};

const kh_auth_method kh_auth_bearer = {
	.name = "bearer",
	.parse = parse_bearer,
	.free_state = free,
	.header = authorization_header,
	.apply = apply_bearer,
};
