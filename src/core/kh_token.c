#include "kh_token.h"

#include "kh_json.h"
#include "kh_value.h"

#include <inttypes.h>
#include <stdio.h>

/* A token that ends while it is on its way is of no use. */
#define LAST_MS 2000

void kh_token_init(kh_token *token)
{
	*token = (kh_token){.left_ms = -1, .lifetime_ms = -1};
	kh_buf_init(&token->access, KH_TOKEN_MAX_BYTES);
	kh_buf_init(&token->refresh, KH_TOKEN_MAX_BYTES);
}

void kh_token_wipe(kh_token *token)
{
	kh_buf_wipe(&token->access);
	kh_buf_wipe(&token->refresh);
}

/* ---- as text ---- */

static kh_status write_text(kh_buf *out, const char *name, kh_str text)
{
	kh_status status = kh_buf_append_format(out, ",\"%s\":\"", name);

	if (status == KH_OK) {
		status = kh_json_escape(out, text);
	}
	return status == KH_OK ? kh_buf_append_char(out, '"') : status;
}

kh_status kh_token_write(const kh_token *token, kh_buf *out)
{
	kh_status status = kh_buf_append_format(out,
		"{\"left_ms\":%" PRId64 ",\"lifetime_ms\":%" PRId64 ",\"fetching_ms\":%" PRId64
		",\"pause_ms\":%" PRId64,
		token->left_ms, token->lifetime_ms, token->fetching_ms, token->pause_ms);

	if (status == KH_OK) {
		status = write_text(out, "access", kh_buf_str(&token->access));
	}
	if (status == KH_OK) {
		status = write_text(out, "refresh", kh_buf_str(&token->refresh));
	}
	if (status == KH_OK) {
		status = write_text(out, "why", (kh_str){token->why, strlen(token->why)});
	}
	return status == KH_OK ? kh_buf_append_char(out, '}') : status;
}

kh_status kh_token_read(kh_str text, kh_token *token, kh_error *error)
{
	const int64_t most = INT64_MAX / 4;
	kh_value *root = NULL;
	kh_status status = KH_ERR_SEALED;
	kh_str why;

	kh_token_wipe(token);
	kh_token_init(token);
	if (kh_value_parse(text, &root, NULL) == KH_OK && kh_value_kind(root) == KH_KIND_OBJECT) {
		why = kh_value_get_string(root, "why", KH_STR(""));
		token->left_ms = kh_value_get_int(root, "left_ms", -1, -1, most);
		token->lifetime_ms = kh_value_get_int(root, "lifetime_ms", -1, -1, most);
		token->fetching_ms = kh_value_get_int(root, "fetching_ms", 0, 0, KH_TOKEN_LEASE_MS);
		token->pause_ms = kh_value_get_int(root, "pause_ms", 0, 0, KH_TOKEN_PAUSE_MS);
		snprintf(token->why, sizeof(token->why), "%.*s", (int)why.len, why.data);
		status = kh_buf_append_str(&token->access, kh_value_get_string(root, "access", KH_STR("")));
		if (status == KH_OK) {
			status = kh_buf_append_str(
				&token->refresh, kh_value_get_string(root, "refresh", KH_STR("")));
		}
	}
	kh_value_wipe(root);
	if (status != KH_OK) {
		kh_token_wipe(token);
		kh_token_init(token);
		return kh_error_set(error, KH_ERR_SEALED, "the stored access token is damaged");
	}
	return KH_OK;
}

/* ---- what to do ---- */

static bool is_rejected(const kh_token *token, kh_str rejected)
{
	return rejected.len > 0 && kh_str_equals(kh_buf_str(&token->access), rejected);
}

/* -1: nobody knows. */
static int64_t left_ms(const kh_token *token, int64_t age_ms)
{
	if (token->left_ms < 0) {
		return -1;
	}
	return token->left_ms > age_ms ? token->left_ms - age_ms : 0;
}

static bool is_due(const kh_token *token, int64_t left)
{
	int64_t early = KH_TOKEN_EARLY_MS;

	if (left < 0) {
		return false;
	}
	if (token->lifetime_ms >= 0 && token->lifetime_ms / 10 < early) {
		early = token->lifetime_ms / 10;
	}
	return left <= early;
}

kh_token_step kh_token_judge(const kh_token *token, int64_t age_ms, kh_str rejected)
{
	int64_t age = age_ms > 0 ? age_ms : 0;
	int64_t left = left_ms(token, age);
	bool fetching = age < token->fetching_ms, paused = age < token->pause_ms;

	if (token->access.len > 0 && !is_rejected(token, rejected) && (left < 0 || left > LAST_MS)) {
		return !is_due(token, left) || fetching || paused ? KH_TOKEN_USE : KH_TOKEN_FETCH;
	}
	if (fetching) {
		return KH_TOKEN_WAIT;
	}
	return paused ? KH_TOKEN_FAILED : KH_TOKEN_FETCH;
}

static void grow_older(kh_token *token, int64_t age_ms)
{
	token->left_ms = left_ms(token, age_ms > 0 ? age_ms : 0);
	token->fetching_ms = 0;
	token->pause_ms = 0;
	token->why[0] = '\0';
}

void kh_token_mark(kh_token *token, int64_t age_ms, kh_str rejected)
{
	grow_older(token, age_ms);
	if (is_rejected(token, rejected)) {
		kh_buf_wipe(&token->access);
	}
	token->fetching_ms = KH_TOKEN_LEASE_MS;
}

void kh_token_fail(kh_token *token, int64_t age_ms, const char *why)
{
	kh_error cut;

	grow_older(token, age_ms);
	kh_error_set(&cut, KH_ERR_TRANSPORT, "%s", why); /* cuts between characters */
	memcpy(token->why, cut.message, sizeof(token->why));
	token->pause_ms = KH_TOKEN_PAUSE_MS;
}
