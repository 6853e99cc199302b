#include "kh_oauth2_parts.h"

#include "kh_base64.h"
#include "kh_settings.h"
#include "kh_url.h"
#include "kh_version.h"

#include <stdlib.h>

#define CONNECT_TIMEOUT_MS 5000
#define TIMEOUT_MS 15000 /* less than KH_TOKEN_LEASE_MS */
#define MAX_FORM_BYTES 32768
#define DEFAULT_LIFETIME_S 300
#define MAX_LIFETIME_S 3600 /* Google takes no longer ones */

/* ---- configuration ---- */

void kh_oauth2_free(kh_oauth2 *self)
{
	if (self == NULL) {
		return;
	}
	free(self->token_url);
	free(self->authorization_url);
	free(self->client_id);
	free(self->scope);
	free(self->audience);
	free(self->key_id);
	free(self->issuer);
	free(self->subject);
	free(self->assertion_audience);
	free(self);
}

kh_oauth2_grant kh_oauth2_grant_of(const kh_oauth2 *self)
{
	return self->grant;
}

static kh_status get_choice(const kh_value *config, const char *name, const char *const *choices,
	int count, int fallback, int *out, kh_error *error)
{
	kh_str text;
	kh_status status = kh_auth_text(config, name, KH_STR(""), &text, error);
	int i;

	*out = fallback;
	if (status != KH_OK || text.len == 0) {
		return status;
	}
	for (i = 0; i < count; i++) {
		if (kh_str_equals(text, kh_oauth2_str(choices[i]))) {
			*out = i;
			return KH_OK;
		}
	}
	return kh_error_set(error, KH_ERR_INVALID,
		count == 4 ? "auth: %s must be %s, %s, %s or %s" : "auth: %s must be %s, %s or %s", name,
		choices[0], choices[1], choices[2], choices[3]);
}

static kh_status copy_text(const kh_value *config, const char *name, char **out, kh_error *error)
{
	kh_str text;
	kh_status status = kh_auth_text(config, name, KH_STR(""), &text, error);
	size_t i;

	for (i = 0; status == KH_OK && i < text.len; i++) {
		if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F) {
			status = kh_error_set(
				error, KH_ERR_INVALID, "auth: %s: has a line break or a control character", name);
		}
	}
	if (status != KH_OK) {
		return status;
	}
	*out = kh_str_copy(kh_auth_trim(text));
	return *out != NULL ? KH_OK : kh_auth_out_of_memory(error);
}

/* No template: where credentials are sent must not depend on data. */
static kh_status copy_url(
	const kh_value *config, const char *name, bool needed, char **out, kh_error *error)
{
	kh_buf normal;
	kh_status status = copy_text(config, name, out, error);

	if (status != KH_OK || ((*out)[0] == '\0' && !needed)) {
		return status;
	}
	if ((*out)[0] == '\0') {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: %s is missing: enter the address that the provider's documentation names", name);
	}
	kh_buf_init(&normal, KH_URL_MAX_BYTES);
	if (strstr(*out, "{{") != NULL) {
		status = kh_error_set(error, KH_ERR_URL, "has no variables: write it out");
	} else {
		status = kh_url_normalise(kh_oauth2_str(*out), &normal, NULL, error);
	}
	kh_buf_free(&normal);
	return status == KH_OK ? KH_OK : kh_settings_in_field(error, status, "auth: %s", name);
}

static kh_status parse_assertion(const kh_value *config, kh_oauth2 *self, kh_error *error)
{
	kh_str algorithm;
	kh_status status = kh_auth_text(config, "algorithm", KH_STR("RS256"), &algorithm, error);

	if (status == KH_OK) {
		self->algorithm = kh_jwt_find(algorithm);
		if (self->algorithm == NULL) {
			return kh_error_set(error, KH_ERR_INVALID, "auth: algorithm: must be " KH_JWT_NAMES);
		}
		status = copy_text(config, "key_id", &self->key_id, error);
	}
	if (status == KH_OK) {
		status = copy_text(config, "issuer", &self->issuer, error);
	}
	if (status == KH_OK && self->issuer[0] == '\0') {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: issuer is missing: enter who signs the assertion (Google: the service account's "
			"address; Salesforce: the consumer key)");
	}
	if (status == KH_OK) {
		status = copy_text(config, "subject", &self->subject, error);
	}
	if (status == KH_OK) {
		status = copy_text(config, "assertion_audience", &self->assertion_audience, error);
	}
	if (status == KH_OK) {
		status = kh_settings_number(
			config, "lifetime_s", DEFAULT_LIFETIME_S, 10, MAX_LIFETIME_S, &self->lifetime_s, error);
		status = status == KH_OK ? KH_OK : kh_settings_in_field(error, status, "auth");
	}
	return status;
}

static kh_status parse_client(const kh_value *config, kh_oauth2 *self, kh_error *error)
{
	static const char *const CLIENTS[] = {"basic", "post", "none", ""};
	bool assertion = self->grant == KH_OAUTH2_JWT_BEARER;
	int choice;
	kh_status status = get_choice(config, "client_authentication", CLIENTS, 3,
		assertion ? KH_OAUTH2_NONE : KH_OAUTH2_BASIC, &choice, error);

	if (status != KH_OK) {
		return status;
	}
	self->client = (kh_oauth2_client)choice;
	status = copy_text(config, "client_id", &self->client_id, error);
	if (status == KH_OK && self->client_id[0] == '\0' &&
		!(assertion && self->client == KH_OAUTH2_NONE)) {
		return kh_error_set(
			error, KH_ERR_INVALID, "auth: the client id is missing: enter it (client_id)");
	}
	if (status == KH_OK && self->grant == KH_OAUTH2_CLIENT_CREDENTIALS &&
		self->client == KH_OAUTH2_NONE) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: client_authentication: client credentials need the client's secret: choose "
			"basic or post");
	}
	return status;
}

static kh_status parse_into(const kh_value *config, kh_oauth2 *self, kh_error *error)
{
	static const char *const GRANTS[] = {
		"client_credentials", "refresh_token", "authorization_code", "jwt_bearer"};
	int choice;
	kh_status status =
		get_choice(config, "grant", GRANTS, 4, KH_OAUTH2_CLIENT_CREDENTIALS, &choice, error);

	if (status != KH_OK) {
		return status;
	}
	self->grant = (kh_oauth2_grant)choice;
	status = copy_url(config, "token_url", true, &self->token_url, error);
	if (status == KH_OK) {
		status = copy_url(config, "authorization_url", self->grant == KH_OAUTH2_AUTHORIZATION_CODE,
			&self->authorization_url, error);
	}
	if (status == KH_OK) {
		status = parse_client(config, self, error);
	}
	if (status == KH_OK) {
		status = copy_text(config, "scope", &self->scope, error);
	}
	if (status == KH_OK) {
		status = copy_text(config, "audience", &self->audience, error);
	}
	if (status == KH_OK && self->grant == KH_OAUTH2_JWT_BEARER) {
		status = parse_assertion(config, self, error);
	}
	return status;
}

kh_status kh_oauth2_parse(const kh_value *config, kh_oauth2 **out, kh_error *error)
{
	kh_oauth2 *self = calloc(1, sizeof(*self));
	kh_status status;

	*out = NULL;
	if (self == NULL) {
		return kh_auth_out_of_memory(error);
	}
	status = parse_into(config, self, error);
	if (status != KH_OK) {
		kh_oauth2_free(self);
		return status;
	}
	*out = self;
	return KH_OK;
}

/* ---- the token's name ---- */

/* With its length, so that two lists of parts never look the same. */
static kh_status add_part(kh_buf *out, kh_str part)
{
	kh_status status = kh_buf_append_format(out, "%zu:", part.len);

	return status == KH_OK ? kh_buf_append_str(out, part) : status;
}

kh_status kh_oauth2_key(const kh_oauth2 *self, const kh_value *secrets, const kh_vault *vault,
	size_t index, char key[KH_OAUTH2_KEY_BYTES + 1], kh_error *error)
{
	static const char *const SECRETS[] = {
		"client_secret", "refresh_token", "access_token", "jwt_key"};
	const char *const settings[] = {self->token_url, self->client_id, self->scope, self->audience,
		self->issuer, self->subject, self->assertion_audience, self->key_id};
	kh_buf all;
	kh_status status;
	size_t i;

	kh_buf_init(&all, (size_t)1 << 20);
	status = kh_buf_append_format(&all, "oauth2 %d %d,", (int)self->grant, (int)self->client);
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]) && status == KH_OK; i++) {
		status = add_part(&all, kh_oauth2_str(settings[i] != NULL ? settings[i] : ""));
	}
	for (i = 0; i < sizeof(SECRETS) / sizeof(SECRETS[0]) && status == KH_OK; i++) {
		status = add_part(&all, kh_value_get_string(secrets, SECRETS[i], KH_STR("")));
	}
	status = status == KH_OK ? kh_vault_name(vault, index, kh_buf_str(&all), key, error)
							 : kh_error_set(error, status, "auth: the credentials are too long");
	kh_buf_wipe(&all);
	return status;
}

kh_status kh_oauth2_first(
	const kh_oauth2 *self, const kh_value *secrets, kh_token *out, kh_error *error)
{
	kh_status status = KH_OK;

	if (self->grant == KH_OAUTH2_REFRESH_TOKEN || self->grant == KH_OAUTH2_AUTHORIZATION_CODE) {
		status = kh_buf_append_str(
			&out->access, kh_auth_trim(kh_value_get_string(secrets, "access_token", KH_STR(""))));
	}
	return status == KH_OK ? KH_OK
						   : kh_error_set(error, status,
								 "auth: the access token is longer than %d "
								 "bytes (access_token)",
								 KH_TOKEN_MAX_BYTES);
}

/* ---- requests ---- */

kh_status kh_oauth2_add(kh_buf *form, const char *name, kh_str value)
{
	kh_status status;

	if (value.len == 0) {
		return KH_OK;
	}
	status = kh_buf_append_format(form, "%s%s=", form->len > 0 ? "&" : "", name);
	return status == KH_OK ? kh_url_encode(form, value) : status;
}

/* RFC 6749, 2.3.1: both are form-encoded before they are put together. */
static kh_status set_basic(
	const kh_oauth2 *self, kh_str client_secret, kh_request *request, kh_error *error)
{
	kh_buf pair, encoded;
	kh_status status;

	kh_buf_init(&pair, KH_REQUEST_MAX_HEADER_BYTES);
	kh_buf_init(&encoded, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_url_encode(&pair, kh_oauth2_str(self->client_id));
	if (status == KH_OK) {
		status = kh_buf_append_char(&pair, ':');
	}
	if (status == KH_OK) {
		status = kh_url_encode(&pair, client_secret);
	}
	if (status == KH_OK) {
		status = kh_base64_append(&encoded, kh_buf_str(&pair));
	}
	status = status == KH_OK
				 ? kh_auth_set_header(request, KH_STR("Authorization"), KH_STR("Basic"),
					   kh_buf_str(&encoded), error)
				 : kh_error_set(error, status, "auth: client id and secret are too long");
	kh_buf_wipe(&pair);
	kh_buf_wipe(&encoded);
	return status;
}

static kh_status add_client(
	const kh_oauth2 *self, const kh_value *secrets, kh_request *request, kh_error *error)
{
	kh_str client_secret = KH_STR("");
	kh_status status = KH_OK;

	if (self->client != KH_OAUTH2_NONE) {
		status = kh_auth_credential(
			secrets, "client_secret", "the client secret", &client_secret, error);
		client_secret = kh_auth_trim(client_secret);
	}
	if (status == KH_OK) {
		status = kh_request_add_secret(request, client_secret, error);
	}
	if (status != KH_OK || self->client == KH_OAUTH2_BASIC) {
		return status == KH_OK ? set_basic(self, client_secret, request, error) : status;
	}
	status = kh_oauth2_add(&request->body, "client_id", kh_oauth2_str(self->client_id));
	if (status == KH_OK) {
		status = kh_oauth2_add(&request->body, "client_secret", client_secret);
	}
	return status == KH_OK ? KH_OK
						   : kh_error_set(error, status, "auth: the token request is too long");
}

static kh_status finish(
	const kh_oauth2 *self, const kh_value *secrets, kh_request *request, kh_error *error)
{
	static const struct {
		kh_str name, value;
	} headers[] = {{{"Content-Type", 12}, {"application/x-www-form-urlencoded", 33}},
		{{"Accept", 6}, {"application/json", 16}},
		{{"User-Agent", 10}, {"KiviHook/" KH_VERSION, sizeof("KiviHook/" KH_VERSION) - 1}}};
	kh_status status = add_client(self, secrets, request, error);
	size_t i;

	for (i = 0; i < sizeof(headers) / sizeof(headers[0]) && status == KH_OK; i++) {
		status = kh_request_set_header(request, headers[i].name, headers[i].value, false, error);
	}
	if (status == KH_OK) {
		status = kh_url_normalise(
			kh_oauth2_str(self->token_url), &request->url, &request->plain_http, error);
	}
	request->has_body = true;
	request->connect_timeout_ms = CONNECT_TIMEOUT_MS;
	request->timeout_ms = TIMEOUT_MS;
	request->method = kh_str_copy(KH_STR("POST"));
	return status == KH_OK && request->method == NULL ? kh_auth_out_of_memory(error) : status;
}

static kh_status refresh_fields(
	const kh_value *secrets, kh_str refresh, kh_request *request, kh_error *error)
{
	kh_status status = KH_OK;

	if (refresh.len == 0) {
		refresh = kh_auth_trim(kh_value_get_string(secrets, "refresh_token", KH_STR("")));
	}
	if (refresh.len == 0) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: there is no refresh token to get a new access token with: connect to the "
			"provider again (refresh_token)");
	}
	status = kh_oauth2_add(&request->body, "grant_type", KH_STR("refresh_token"));
	if (status == KH_OK) {
		status = kh_oauth2_add(&request->body, "refresh_token", refresh);
	}
	if (status != KH_OK) {
		return kh_error_set(error, status, "auth: the token request is too long");
	}
	return kh_request_add_secret(request, refresh, error);
}

static kh_status assertion_fields(const kh_oauth2 *self, const kh_value *secrets, int64_t now_s,
	kh_request *request, kh_error *error)
{
	kh_buf assertion;
	kh_status status;

	kh_buf_init(&assertion, KH_JWT_MAX_BYTES);
	status = kh_oauth2_assertion(self, secrets, now_s, &assertion, error);
	if (status == KH_OK) {
		status = kh_request_add_secret(request, kh_buf_str(&assertion), error);
	}
	if (status == KH_OK) {
		status = kh_oauth2_add(
			&request->body, "grant_type", KH_STR("urn:ietf:params:oauth:grant-type:jwt-bearer"));
	}
	if (status == KH_OK) {
		status = kh_oauth2_add(&request->body, "assertion", kh_buf_str(&assertion));
	}
	kh_buf_wipe(&assertion);
	return status;
}

/* scope and audience: the refresh token stands for what was granted to it. */
static kh_status scope_fields(const kh_oauth2 *self, kh_request *request, kh_error *error)
{
	kh_status status = kh_oauth2_add(&request->body, "scope", kh_oauth2_str(self->scope));

	if (status == KH_OK) {
		status = kh_oauth2_add(&request->body, "audience", kh_oauth2_str(self->audience));
	}
	return status == KH_OK ? KH_OK
						   : kh_error_set(error, status, "auth: the token request is too long");
}

static kh_status grant_fields(const kh_oauth2 *self, const kh_value *secrets, kh_str refresh,
	int64_t now_s, kh_request *request, kh_error *error)
{
	kh_status status;

	switch (self->grant) {
	case KH_OAUTH2_CLIENT_CREDENTIALS:
		status = kh_oauth2_add(&request->body, "grant_type", KH_STR("client_credentials"));
		break;
	case KH_OAUTH2_JWT_BEARER:
		status = assertion_fields(self, secrets, now_s, request, error);
		break;
	default:
		return refresh_fields(secrets, refresh, request, error);
	}
	return status == KH_OK ? scope_fields(self, request, error) : status;
}

static kh_request *new_request(void)
{
	kh_request *request = kh_request_new();

	if (request != NULL) {
		kh_buf_init(&request->body, MAX_FORM_BYTES);
	}
	return request;
}

kh_status kh_oauth2_request(const kh_oauth2 *self, const kh_value *secrets, kh_str refresh,
	int64_t now_s, kh_request **out, kh_error *error)
{
	kh_request *request = new_request();
	kh_status status;

	*out = NULL;
	if (request == NULL) {
		return kh_auth_out_of_memory(error);
	}
	status = grant_fields(self, secrets, refresh, now_s, request, error);
	if (status == KH_OK) {
		status = finish(self, secrets, request, error);
	}
	if (status != KH_OK) {
		kh_request_free(request);
		return status;
	}
	*out = request;
	return KH_OK;
}

kh_status kh_oauth2_code_request(const kh_oauth2 *self, const kh_value *secrets, kh_str code,
	kh_str verifier, kh_str redirect_uri, kh_request **out, kh_error *error)
{
	kh_request *request = new_request();
	kh_status status;

	*out = NULL;
	if (request == NULL) {
		return kh_auth_out_of_memory(error);
	}
	status = kh_oauth2_add(&request->body, "grant_type", KH_STR("authorization_code"));
	if (status == KH_OK) {
		status = kh_oauth2_add(&request->body, "code", code);
	}
	if (status == KH_OK) {
		status = kh_oauth2_add(&request->body, "redirect_uri", redirect_uri);
	}
	/* Whoever began without a challenge has no verifier: KiviCare's own form. */
	if (status == KH_OK && verifier.len > 0) {
		status = kh_oauth2_add(&request->body, "code_verifier", verifier);
	}
	status = status != KH_OK ? kh_error_set(error, status, "auth: the token request is too long")
							 : kh_request_add_secret(request, code, error);
	if (status == KH_OK && verifier.len > 0) {
		status = kh_request_add_secret(request, verifier, error);
	}
	if (status == KH_OK) {
		status = finish(self, secrets, request, error);
	}
	if (status != KH_OK) {
		kh_request_free(request);
		return status;
	}
	*out = request;
	return KH_OK;
}
