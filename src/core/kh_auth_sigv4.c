/*
 * AWS Signature Version 4: what is configured, for kh_sigv4.
 */
#include "kh_auth_parts.h"

#include "kh_settings.h"
#include "kh_sigv4.h"

#include <stdlib.h>

typedef struct sigv4 {
	char *region;
	char *service;
	bool path_once;
	bool content_hash;
} sigv4;

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static void free_sigv4(void *state)
{
	sigv4 *self = state;

	if (self == NULL) {
		return;
	}
	free(self->region);
	free(self->service);
	free(self);
}

/* A part of the scope, which slashes separate. */
static kh_status parse_name(
	const kh_value *config, const char *member, const char *example, char **out, kh_error *error)
{
	kh_str name;
	size_t i;
	kh_status status = kh_auth_text(config, member, KH_STR(""), &name, error);

	if (status != KH_OK) {
		return status;
	}
	for (i = 0; i < name.len; i++) {
		char c = name.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
			break;
		}
	}
	if (name.len == 0 || i < name.len || name.len > 64) {
		return kh_error_set(error, KH_ERR_INVALID,
			"auth: %s: enter it in small letters, as AWS writes it, such as %s", member, example);
	}
	*out = kh_str_copy(name);
	return *out != NULL ? KH_OK : kh_auth_out_of_memory(error);
}

static kh_status parse_path(const kh_value *config, sigv4 *self, kh_error *error)
{
	kh_str word;
	bool is_s3 = strncmp(self->service, "s3", 2) == 0;
	kh_status status = kh_auth_text(
		config, "path_encoding", is_s3 ? KH_STR("once") : KH_STR("twice"), &word, error);

	if (status != KH_OK) {
		return status;
	}
	self->path_once = kh_str_equals(word, KH_STR("once"));
	return self->path_once || kh_str_equals(word, KH_STR("twice"))
			   ? KH_OK
			   : kh_error_set(
					 error, KH_ERR_INVALID, "auth: path_encoding: must be once (S3) or twice");
}

static kh_status parse_sigv4(const kh_value *config, void **state, kh_error *error)
{
	sigv4 *self = calloc(1, sizeof(*self));
	bool omitted = false;
	kh_status status;

	*state = self;
	if (self == NULL) {
		return kh_auth_out_of_memory(error);
	}
	status = parse_name(config, "region", "eu-central-1", &self->region, error);
	if (status == KH_OK) {
		status = parse_name(config, "service", "execute-api", &self->service, error);
	}
	if (status == KH_OK) {
		status = parse_path(config, self, error);
	}
	if (status == KH_OK) {
		status = kh_settings_flag(config, "omit_content_hash", &omitted, error);
		self->content_hash = !omitted;
		if (status != KH_OK) {
			kh_settings_in_field(error, status, "auth");
		}
	}
	return status;
}

static kh_str sigv4_header(const void *state, size_t index)
{
	static const char *const NAMES[] = {
		"Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256"};

	return index < sizeof(NAMES) / sizeof(NAMES[0]) ? str(NAMES[index]) : KH_STR("");
}

static kh_status get_key_id(const kh_value *secrets, kh_str *out, kh_error *error)
{
	size_t i;
	kh_status status =
		kh_auth_credential(secrets, "access_key_id", "the access key id", out, error);

	*out = kh_auth_trim(*out);
	for (i = 0; i < out->len && status == KH_OK; i++) {
		unsigned char c = (unsigned char)out->data[i];
		if (c <= ' ' || c >= 0x7F || c == ',' || c == '/') {
			status = kh_error_set(error, KH_ERR_INVALID,
				"auth: the access key id has a blank, a comma, a slash or another character that "
				"AWS has in none: enter it again (access_key_id)");
		}
	}
	return status;
}

static kh_status apply_sigv4(
	const void *state, const kh_auth_input *input, kh_request *request, kh_error *error)
{
	const sigv4 *self = state;
	const kh_value *token = NULL;
	kh_sigv4 with = {
		.session_token = KH_STR(""),
		.region = str(self->region),
		.service = str(self->service),
		.path_once = self->path_once,
		.content_hash = self->content_hash,
		.timestamp_s = input->attempt->timestamp_s,
	};
	kh_status status = get_key_id(input->secrets, &with.access_key_id, error);

	if (status == KH_OK) {
		status = kh_auth_credential(input->secrets, "secret_access_key", "the secret access key",
			&with.secret_access_key, error);
	}
	kh_value_get(input->secrets, KH_STR("session_token"), &token);
	if (status == KH_OK && kh_value_kind(token) != KH_KIND_NULL &&
		!(kh_value_kind(token) == KH_KIND_STRING && kh_value_string(token).len == 0)) {
		status = kh_auth_credential(
			input->secrets, "session_token", "the session token", &with.session_token, error);
	}
	if (status != KH_OK) {
		return status;
	}
	with.secret_access_key = kh_auth_trim(with.secret_access_key);
	with.session_token = kh_auth_trim(with.session_token);
	status = kh_sigv4_sign(&with, request, error);
	return status == KH_OK ? KH_OK : kh_settings_in_field(error, status, "auth");
}

const kh_auth_method kh_auth_aws_sigv4 = {
	.name = "aws_sigv4",
	.parse = parse_sigv4,
	.free_state = free_sigv4,
	.header = sigv4_header,
	.apply = apply_sigv4,
};
