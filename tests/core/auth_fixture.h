/*
 * For the tests of authentication: a configuration and secrets, as JSON, put on a request.
 */
#ifndef KH_AUTH_FIXTURE_H
#define KH_AUTH_FIXTURE_H

#include "check.h"
#include "kh_auth.h"
#include "kh_url.h"

#include <stdlib.h>

__attribute__((unused)) static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static const kh_attempt ATTEMPT = {
	.message_id = {"msg_1", 5}, .number = 1, .timestamp_s = 1440938160};

/* What a configuration and secrets make of a request. */
typedef struct outcome {
	kh_status status;
	kh_error error;
	kh_request *request;
} outcome;

/* A request to authenticate; body NULL: none is sent. */
__attribute__((unused)) static kh_request *request_to(
	const char *method, const char *url, const char *body)
{
	kh_request *request = kh_request_new();

	request->method = kh_str_copy(str(method));
	kh_buf_append_str(&request->url, str(url));
	request->has_body = body != NULL;
	if (body != NULL) {
		kh_buf_append_str(&request->body, str(body));
	}
	return request;
}

/* Takes the request into what it gives back. */
__attribute__((unused)) static outcome apply_to(
	kh_request *request, const char *config_json, const char *secrets_json)
{
	outcome result = {.status = KH_OK, .request = request};
	kh_value *config = NULL, *secrets = NULL;
	kh_auth *auth = NULL;

	CHECK_STATUS(kh_value_parse(str(config_json), &config, NULL), KH_OK);
	CHECK_STATUS(kh_value_parse(str(secrets_json), &secrets, NULL), KH_OK);
	result.status = kh_auth_parse(config, &auth, &result.error);
	if (result.status == KH_OK) {
		const kh_auth_input input = {.secrets = secrets, .attempt = &ATTEMPT};
		result.status = kh_auth_apply(auth, &input, result.request, &result.error);
	} else {
		CHECK(auth == NULL);
	}
	kh_auth_free(auth);
	kh_value_free(config);
	kh_value_wipe(secrets);
	return result;
}

/* The same for a POST without a body to https://example.com/. */
__attribute__((unused)) static outcome apply(const char *config_json, const char *secrets_json)
{
	outcome result =
		apply_to(request_to("POST", "https://example.com/", NULL), config_json, secrets_json);

	if (result.status != KH_OK) {
		CHECK_INT(result.request->header_count, 0);
		CHECK_BYTES(result.request->url, "https://example.com/");
	}
	return result;
}

/* A header's value; NULL when there is none. */
__attribute__((unused)) static const char *header(const kh_request *request, const char *name)
{
	size_t i;

	for (i = 0; i < request->header_count; i++) {
		if (kh_request_same_name(str(request->headers[i].name), str(name))) {
			return request->headers[i].value;
		}
	}
	return NULL;
}

__attribute__((unused)) static bool notes_secret(const kh_request *request, const char *secret)
{
	size_t i;

	for (i = 0; i < request->secret_count; i++) {
		if (strcmp(request->secrets[i], secret) == 0) {
			return true;
		}
	}
	return false;
}

__attribute__((unused)) static void check_header(
	const char *config, const char *secrets, const char *name, const char *value)
{
	outcome result = apply(config, secrets);

	CHECK_STATUS(result.status, KH_OK);
	CHECK_INT(result.request->header_count, 1);
	if (result.request->header_count == 1) {
		CHECK_STR(result.request->headers[0].name, name);
		CHECK_STR(result.request->headers[0].value, value);
		CHECK(result.request->headers[0].secret);
	}
	kh_request_free(result.request);
}

__attribute__((unused)) static void check_refused(
	const char *config, const char *secrets, const char *words)
{
	outcome result = apply(config, secrets);

	CHECK_STATUS(result.status, KH_ERR_INVALID);
	CHECK_CONTAINS(result.error.message, words);
	kh_request_free(result.request);
}

#endif
