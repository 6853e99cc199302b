#include "kh_auth_parts.h"

#include <stdio.h>
#include <stdlib.h>

static kh_status apply_none(
	const void *state, const kh_auth_input *input, kh_request *request, kh_error *error)
{
	return KH_OK;
}

static const kh_auth_method NONE = {.name = "none", .apply = apply_none};

static const kh_auth_method *const METHODS[] = {
	&NONE,
	&kh_auth_apikey,
	&kh_auth_basic,
	&kh_auth_bearer,
	&kh_auth_jwt,
	&kh_auth_hmac,
	&kh_auth_aws_sigv4,
	&kh_auth_oauth2,
};

#define METHOD_COUNT (sizeof(METHODS) / sizeof(METHODS[0]))

struct kh_auth {
	const kh_auth_method *method;
	void *state; /* the method's own */
};

void kh_auth_free(kh_auth *auth)
{
	if (auth == NULL) {
		return;
	}
	if (auth->state != NULL) {
		auth->method->free_state(auth->state);
	}
	free(auth);
}

static kh_status unknown_method(kh_error *error)
{
	char names[KH_ERROR_MESSAGE_BYTES / 2];
	size_t i, at = 0;

	for (i = 0; i < METHOD_COUNT; i++) {
		const char *before = i == 0 ? "" : i + 1 < METHOD_COUNT ? ", " : " or ";
		int written = snprintf(names + at, sizeof(names) - at, "%s%s", before, METHODS[i]->name);
		if (written < 0 || (size_t)written >= sizeof(names) - at) {
			break;
		}
		at += (size_t)written;
	}
	return kh_error_set(error, KH_ERR_INVALID, "auth: the method must be %s", names);
}

static kh_status find_method(const kh_value *config, const kh_auth_method **out, kh_error *error)
{
	kh_str name;
	kh_status status = kh_auth_text(config, "method", KH_STR("none"), &name, error);
	size_t i;

	if (status != KH_OK) {
		return status;
	}
	for (i = 0; i < METHOD_COUNT; i++) {
		if (kh_str_equals(name, (kh_str){METHODS[i]->name, strlen(METHODS[i]->name)})) {
			*out = METHODS[i];
			return KH_OK;
		}
	}
	return unknown_method(error);
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
		return kh_auth_out_of_memory(error);
	}
	status = find_method(config, &auth->method, error);
	if (status == KH_OK && auth->method->parse != NULL) {
		status = auth->method->parse(config, &auth->state, error);
	}
	if (status != KH_OK) {
		kh_auth_free(auth);
		return status;
	}
	*out = auth;
	return KH_OK;
}

kh_str kh_auth_header(const kh_auth *auth, size_t index)
{
	return auth->method->header != NULL ? auth->method->header(auth->state, index) : KH_STR("");
}

const char *kh_auth_warning(const kh_auth *auth)
{
	return auth->method->warning != NULL ? auth->method->warning(auth->state) : NULL;
}

kh_status kh_auth_apply(
	const kh_auth *auth, const kh_auth_input *input, kh_request *request, kh_error *error)
{
	return auth->method->apply(auth->state, input, request, error);
}

const struct kh_oauth2 *kh_auth_tokens(const kh_auth *auth)
{
	return auth->method == &kh_auth_oauth2 ? kh_auth_oauth2_of(auth->state) : NULL;
}
