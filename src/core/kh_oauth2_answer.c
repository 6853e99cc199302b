#include "kh_oauth2_parts.h"

#include "kh_redact.h"

#include <stdlib.h>

#define DESCRIPTION_SHOWN 160
#define MAX_EXPIRES_S (10LL * 365 * 86400)

/* RFC 6749, 5.2 and 4.1.2.1, and what to do about it. */
static const struct {
	const char *code, *words;
} ERRORS[] = {
	{"invalid_client", "the token endpoint does not know this client id, or its secret is wrong: "
					   "check both"},
	{"invalid_grant", "what the access token is asked for with is no longer valid (refresh token, "
					  "code or assertion): connect to the provider again"},
	{"unauthorized_client", "this client may not use this grant: its registration at the provider "
							"has to allow it"},
	{"unsupported_grant_type", "the token endpoint does not offer this grant: choose another one"},
	{"invalid_scope", "the scope is unknown to the provider, or more than it grants: correct it"},
	{"invalid_target", "the audience is unknown to the provider: correct it"},
	{"invalid_request", "the token endpoint calls the request incomplete or wrong: check how the "
						"client authenticates"},
	{"access_denied", "the provider denied access"},
	{"temporarily_unavailable", "the token endpoint is unavailable for the moment"},
	{"server_error", "the token endpoint has an error of its own"},
};

static const char *words_for(kh_str code)
{
	size_t i;

	for (i = 0; i < sizeof(ERRORS) / sizeof(ERRORS[0]); i++) {
		if (kh_str_equals(code, kh_oauth2_str(ERRORS[i].code))) {
			return ERRORS[i].words;
		}
	}
	return NULL;
}

/* Somebody else's text: one line, no secret of the request, not long. */
static void print_foreign(const kh_request *request, kh_str text, char out[DESCRIPTION_SHOWN + 1])
{
	kh_str *secrets = calloc(request->secret_count + 1, sizeof(*secrets));
	kh_buf masked;
	size_t i, len = 0;

	kh_buf_init(&masked, (size_t)1 << 20);
	for (i = 0; secrets != NULL && i < request->secret_count; i++) {
		secrets[i] = kh_oauth2_str(request->secrets[i]);
	}
	if (secrets != NULL && text.len > 0 &&
		kh_redact_text(&masked, text, secrets, request->secret_count) == KH_OK) {
		len = masked.len < DESCRIPTION_SHOWN ? masked.len : DESCRIPTION_SHOWN;
		while (len > 0 && len < masked.len && ((unsigned char)masked.data[len] & 0xC0) == 0x80) {
			len--; /* not within a character */
		}
	}
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)masked.data[i];
		out[i] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
	}
	out[len] = '\0';
	kh_buf_wipe(&masked);
	free(secrets);
}

static kh_status tell_error(
	const kh_request *request, int http_status, const kh_value *answer, kh_error *error)
{
	kh_str code = kh_value_get_string(answer, "error", KH_STR(""));
	const char *words = words_for(code);
	char name[DESCRIPTION_SHOWN + 1], description[DESCRIPTION_SHOWN + 1];

	print_foreign(request, code, name);
	print_foreign(
		request, kh_value_get_string(answer, "error_description", KH_STR("")), description);
	if (code.len == 0) {
		return kh_error_set(error, KH_ERR_TRANSPORT,
			"No access token: the token endpoint answered %d without saying why.", http_status);
	}
	return kh_error_set(error, KH_ERR_TRANSPORT, "No access token: %s (%d %s%s%s).",
		words != NULL ? words : "the token endpoint refused", http_status, name,
		description[0] != '\0' ? ", " : "", description);
}

/* What may stand in a header as it is (RFC 6750: b64token; servers are looser). */
static bool is_header_text(kh_str text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if ((unsigned char)text.data[i] <= 0x20 || (unsigned char)text.data[i] >= 0x7F) {
			return false;
		}
	}
	return text.len > 0;
}

/* A number, or a text of digits as some servers send it; -1: none. */
static int64_t expires_ms(const kh_value *answer)
{
	kh_str text = kh_value_get_string(answer, "expires_in", KH_STR(""));
	int64_t seconds = kh_value_get_int(answer, "expires_in", -1, 0, MAX_EXPIRES_S);
	char digits[16];

	if (text.len > 0 && text.len < sizeof(digits)) {
		memcpy(digits, text.data, text.len);
		digits[text.len] = '\0';
		seconds =
			strspn(digits, "0123456789") == text.len ? (int64_t)strtoll(digits, NULL, 10) : -1;
	}
	return seconds <= 0 || seconds > MAX_EXPIRES_S ? -1 : seconds * 1000;
}

static bool is_bearer(kh_str type)
{
	/* Nobody sends "mac" any more; what is missing is taken for Bearer. */
	return type.len == 0 || kh_request_same_name(type, KH_STR("Bearer"));
}

static kh_status take_token(const kh_value *answer, kh_token *token, kh_error *error)
{
	kh_str access = kh_value_get_string(answer, "access_token", KH_STR(""));
	kh_str refresh = kh_value_get_string(answer, "refresh_token", KH_STR(""));
	kh_str type = kh_value_get_string(answer, "token_type", KH_STR(""));

	if (!is_header_text(access) || access.len > KH_TOKEN_MAX_BYTES) {
		return kh_error_set(error, KH_ERR_TRANSPORT,
			access.len == 0
				? "No access token: the token endpoint's answer has none."
				: "No access token: what the token endpoint gave can't be sent in a header.");
	}
	if (!is_bearer(type)) {
		return kh_error_set(error, KH_ERR_TRANSPORT,
			"No access token: the token endpoint gave one of another type than Bearer.");
	}
	kh_buf_wipe(&token->access);
	if (kh_buf_append_str(&token->access, access) != KH_OK) {
		return kh_auth_out_of_memory(error);
	}
	if (refresh.len > 0) {
		kh_buf_wipe(&token->refresh);
		if (kh_buf_append_str(&token->refresh, refresh) != KH_OK) {
			return kh_error_set(error, KH_ERR_TRANSPORT,
				"No access token: the refresh token is longer than %d bytes.", KH_TOKEN_MAX_BYTES);
		}
	}
	token->left_ms = token->lifetime_ms = expires_ms(answer);
	token->fetching_ms = token->pause_ms = 0;
	token->why[0] = '\0';
	return KH_OK;
}

kh_status kh_oauth2_answer(
	const kh_request *request, int http_status, kh_str body, kh_token *token, kh_error *error)
{
	kh_value *answer = NULL;
	kh_status status;

	if (kh_value_parse(body, &answer, NULL) != KH_OK || kh_value_kind(answer) != KH_KIND_OBJECT) {
		status = kh_error_set(error, KH_ERR_TRANSPORT,
			"No access token: the token endpoint answered %d, and not with JSON: check token_url.",
			http_status);
	} else if (http_status < 200 || http_status > 299 ||
			   kh_value_get_string(answer, "error", KH_STR("")).len > 0) {
		/* Some answer 200 with an error in it. */
		status = tell_error(request, http_status, answer, error);
	} else {
		status = take_token(answer, token, error);
	}
	kh_value_wipe(answer);
	return status;
}
