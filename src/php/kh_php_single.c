/*
 * One request outside the queue: test, preview, and the exchange of an OAuth2 code.
 */
#include "kh_php_run.h"

#include "../core/kh_clock.h"
#include "../core/kh_random.h"
#include "../core/kh_url.h"

/* A test waits for a token as long as another may take to fetch it, and for its own request. */
#define KH_PHP_TOKEN_PATIENCE_MS (KH_TOKEN_LEASE_MS + 20000)

static kh_request *kh_php_single(kh_php_engine *engine, const kh_webhook *webhook,
	zend_string *json, zend_string *type, kh_str access_token, kh_error *error)
{
	const int64_t now_ms = kh_clock_unix_ms();
	char id[KH_UUID_BYTES + 1] = "", timestamp[KH_CLOCK_ISO_BYTES + 1];
	kh_clock_iso8601(now_ms, timestamp);
	kh_event event = {.type = kh_php_str(type),
		.timestamp = {timestamp, strlen(timestamp)},
		.json = kh_php_str(json)};
	kh_request *request = NULL;
	if (kh_random_uuid7(now_ms, id, error) == KH_OK) {
		event.id = (kh_str){id, strlen(id)};
		const kh_attempt attempt = {.message_id = event.id,
			.number = 1,
			.timestamp_s = now_ms / 1000,
			.test = true,
			.access_token = access_token};
		if (kh_webhook_open_event(webhook, &event, error) == KH_OK) {
			kh_webhook_build(
				webhook, kh_php_vault_of(&engine->vault), &event, &attempt, &request, error);
		}
	}
	kh_event_clear(&event);
	return request;
}

static void kh_php_add_warning(zval *out, const kh_webhook *webhook)
{
	const char *warning = kh_webhook_warning(webhook);
	add_assoc_string(out, "warning", warning ? (char *)warning : "");
}

void kh_php_deliver_preview(
	kh_php_engine *engine, zval *config, zval *data, zend_string *type, zval *return_value)
{
	kh_error error = {0};
	kh_request *request = NULL;
	kh_webhook *webhook = kh_php_webhook_uncached(config, &error);
	zend_string *json = webhook ? kh_php_json(data, "The test's data") : NULL;
	if (json) {
		/* Masked like a real one; none is fetched for a look. */
		request = kh_php_single(engine, webhook, json, type, KH_STR("access-token"), &error);
		zend_string_release(json);
	}
	if (request) {
		kh_php_trace_request(return_value, request);
		kh_php_add_warning(return_value, webhook);
		kh_request_free(request);
	} else if (!EG(exception)) {
		kh_php_throw(&error);
	}
	kh_webhook_free(webhook);
}

/* The one job that is in flight, ended. */
static kh_job *kh_php_single_send(kh_transport *transport, kh_request *request)
{
	const int64_t end_ms = kh_now_ms() + request->timeout_ms + KH_PHP_IDLE_MS;
	kh_job *job = kh_job_new_take(request);
	if (job == NULL) {
		return NULL;
	}
	kh_transport_submit_take(transport, job);
	kh_job *done;
	while ((done = kh_transport_next_done(transport)) == NULL) {
		if (kh_now_ms() >= end_ms) {
			kh_transport_abort(transport);
		} else {
			kh_transport_drive(transport, end_ms);
		}
	}
	return done;
}

/* ---- a test ---- */

static kh_status kh_php_single_token(kh_php_engine *engine, kh_transport *transport,
	const kh_webhook *webhook, kh_php_token **out, kh_error *error)
{
	const int64_t end_ms = kh_now_ms() + KH_PHP_TOKEN_PATIENCE_MS;
	kh_php_token *token = kh_php_token_for(engine, webhook, error);
	*out = token;
	while (token) {
		switch (kh_php_token_look(engine, transport, webhook, token, error)) {
		case KH_PHP_TOKEN_READY:
			return KH_OK;
		case KH_PHP_TOKEN_FAILED:
			return EG(exception) ? KH_ERR_TRANSPORT : error->status;
		case KH_PHP_TOKEN_PENDING:
			break;
		}
		if (kh_now_ms() >= end_ms) {
			return kh_error_set(error, KH_ERR_TRANSPORT,
				"No access token: another process is fetching it, and has not ended.");
		}
		kh_php_rest(transport, MIN(end_ms, kh_php_token_look_ms(token)));
		kh_job *job;
		while ((job = kh_transport_next_done(transport)) != NULL) {
			KIVIHOOK_G(telling) = job;
			kh_php_token_done(engine, job);
			KIVIHOOK_G(telling) = NULL;
			kh_php_job_free(job);
		}
	}
	return error->status;
}

/* One try. True: it was refused for its token, which is replaced now. */
static bool kh_php_single_try(kh_php_engine *engine, kh_transport *transport, zend_string *json,
	zend_string *type, bool again, zval *trace)
{
	const int64_t started_ms = kh_clock_unix_ms();
	const kh_webhook *webhook = KIVIHOOK_G(trying);
	kh_error error = {0};
	kh_php_token *token = NULL;
	if (kh_webhook_needs_token(webhook) &&
		kh_php_single_token(engine, transport, webhook, &token, &error) != KH_OK) {
		if (!EG(exception)) {
			kh_php_trace_error(trace, &error, started_ms, "oauth2");
		}
		return false;
	}
	kh_request *request = kh_php_single(
		engine, webhook, json, type, token ? kh_php_token_text(token) : KH_STR(""), &error);
	if (request == NULL) {
		kh_php_trace_error(trace, &error, started_ms, NULL);
		return false;
	}
	kh_job *job = kh_php_single_send(transport, request);
	if (job == NULL) {
		zend_throw_exception(kh_php_ce_exception, "Out of memory.", 0);
		return false;
	}
	const bool refused =
		token && !again && job->result.problem == KH_OK && job->result.http_status == 401;
	if (refused) {
		kh_php_token_reject_current(token);
	} else {
		if (again && job->result.note[0] == '\0') {
			snprintf(job->result.note, sizeof(job->result.note), "%s", KH_PHP_TOKEN_REPLACED);
		}
		KIVIHOOK_G(telling) = job;
		kh_php_trace_job(trace, job, started_ms, NULL);
		KIVIHOOK_G(telling) = NULL;
	}
	kh_php_job_free(job);
	return refused;
}

void kh_php_deliver_test(
	kh_php_engine *engine, zval *config, zval *data, zend_string *type, zval *return_value)
{
	const int64_t started_ms = kh_clock_unix_ms();
	kh_error error = {0};
	kh_transport *transport = kh_php_transport(&error);
	KIVIHOOK_G(trying) = transport ? kh_php_webhook_uncached(config, &error) : NULL;
	zend_string *json = KIVIHOOK_G(trying) ? kh_php_json(data, "The test's data") : NULL;
	if (json) {
		KIVIHOOK_G(sending) = true;
		if (kh_php_single_try(engine, transport, json, type, false, return_value)) {
			kh_php_single_try(engine, transport, json, type, true, return_value);
		}
		KIVIHOOK_G(sending) = false;
		if (Z_TYPE_P(return_value) == IS_ARRAY) {
			kh_php_add_warning(return_value, KIVIHOOK_G(trying));
		}
		kh_php_tokens_free();
		zend_string_release(json);
	} else if (!EG(exception)) {
		kh_php_trace_error(return_value, &error, started_ms, NULL);
		add_assoc_string(return_value, "warning", "");
	}
	kh_webhook_free(KIVIHOOK_G(trying));
	KIVIHOOK_G(trying) = NULL;
}

/* ---- OAuth2's browser part ---- */

void kh_php_authorization_url(zval *config, zend_string *redirect_uri, zval *return_value)
{
	char verifier[KH_OAUTH2_VERIFIER_BYTES + 1], state[KH_OAUTH2_STATE_BYTES + 1];
	kh_error error = {0};
	kh_buf url;
	kh_buf_init(&url, KH_URL_MAX_BYTES);
	kh_webhook *webhook = kh_php_webhook_uncached(config, &error);
	const kh_oauth2 *oauth2 = webhook ? kh_webhook_oauth2(webhook, &error) : NULL;
	if (oauth2 && kh_oauth2_authorization_url(
					  oauth2, kh_php_str(redirect_uri), verifier, state, &url, &error) == KH_OK) {
		array_init(return_value);
		kh_php_add_str(return_value, "url", kh_buf_str(&url));
		add_assoc_string(return_value, "state", state);
		add_assoc_string(return_value, "verifier", verifier);
	} else if (!EG(exception)) {
		kh_php_throw(&error);
	}
	kh_buf_free(&url);
	kh_webhook_free(webhook);
}

static void kh_php_token_array(zval *out, const kh_token *token)
{
	array_init(out);
	kh_php_add_str(out, "access_token", kh_buf_str(&token->access));
	if (token->refresh.len > 0) {
		kh_php_add_str(out, "refresh_token", kh_buf_str(&token->refresh));
	} else {
		add_assoc_null(out, "refresh_token");
	}
	if (token->lifetime_ms >= 0) {
		add_assoc_long(out, "expires_in", (zend_long)(token->lifetime_ms / 1000));
	} else {
		add_assoc_null(out, "expires_in");
	}
}

/* Sends a token request, which it takes, and makes an array of the answer. */
static void kh_php_single_tokens_take(
	kh_transport *transport, kh_request *request, kh_error *error, zval *return_value)
{
	kh_job *job = request ? kh_php_single_send(transport, request) : NULL;
	kh_token token;
	kh_token_init(&token);
	if (job && kh_php_token_answer(job, &token, error) == KH_OK) {
		kh_php_token_array(return_value, &token);
	} else if (!EG(exception)) {
		kh_php_throw(error);
	}
	kh_token_wipe(&token);
	kh_php_job_free(job);
}

void kh_php_exchange_code(
	kh_php_engine *engine, zval *config, const kh_php_code *code, zval *return_value)
{
	kh_error error = {0};
	kh_request *request = NULL;
	kh_transport *transport = kh_php_transport(&error);
	kh_webhook *webhook = transport ? kh_php_webhook_uncached(config, &error) : NULL;
	if (webhook) {
		kh_webhook_code_request(webhook, kh_php_vault_of(&engine->vault), kh_php_str(code->code),
			kh_php_str(code->verifier), kh_php_str(code->redirect_uri), &request, &error);
		kh_webhook_free(webhook);
	}
	kh_php_single_tokens_take(transport, request, &error, return_value);
}

void kh_php_refresh_token(kh_php_engine *engine, zval *config, zval *return_value)
{
	kh_error error = {0};
	kh_request *request = NULL;
	kh_transport *transport = kh_php_transport(&error);
	kh_webhook *webhook = transport ? kh_php_webhook_uncached(config, &error) : NULL;
	if (webhook && !kh_webhook_needs_token(webhook)) {
		kh_error_set(&error, KH_ERR_INVALID, "auth: this webhook uses no access token");
	} else if (webhook) {
		kh_webhook_token_request(webhook, kh_php_vault_of(&engine->vault), KH_STR(""),
			kh_clock_unix_ms() / 1000, &request, &error);
	}
	kh_webhook_free(webhook);
	kh_php_single_tokens_take(transport, request, &error, return_value);
}

void kh_php_renew_token(kh_php_engine *engine, zval *config)
{
	kh_error error = {0};
	kh_transport *transport = kh_php_transport(&error);
	const kh_webhook *webhook = KIVIHOOK_G(trying) =
		transport ? kh_php_webhook_uncached(config, &error) : NULL;
	if (webhook && !kh_webhook_needs_token(webhook)) {
		kh_error_set(&error, KH_ERR_INVALID, "auth: this webhook uses no access token");
	} else if (webhook) {
		kh_php_token *token = NULL;
		KIVIHOOK_G(sending) = true;
		if (kh_php_single_token(engine, transport, webhook, &token, &error) == KH_OK) {
			kh_php_token_reject_current(token);
			kh_php_single_token(engine, transport, webhook, &token, &error);
		}
		KIVIHOOK_G(sending) = false;
		kh_php_tokens_free();
	}
	if (!EG(exception) && error.status != KH_OK) {
		kh_php_throw(&error);
	}
	kh_webhook_free(KIVIHOOK_G(trying));
	KIVIHOOK_G(trying) = NULL;
}
