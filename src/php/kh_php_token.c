/*
 * Access tokens for deliveries: read from the store, fetched over the same transport and guard when
 * they are due, written back by compare-and-swap. Who wins the mark "I am fetching" fetches; all
 * others use what is left of the old token, or look again until the mark ends. What one run or test
 * knows lies in the module globals, so that a fatal error in PHP can't lose it, and is wiped with
 * it.
 */
#include "kh_php_run.h"

#include "../core/kh_clock.h"
#include "../core/kh_digest.h"

/* How often one looks whether somebody else has fetched it. */
#define KH_PHP_TOKEN_LOOK_MS 200
/* A swap that is lost is judged anew, so often. */
#define KH_PHP_TOKEN_SWAPS 4
/* Sealed it has a third more: no stored value over 32 kB (DECISIONS 4). */
#define KH_PHP_TOKEN_MAX_BYTES 24000

struct kh_php_token {
	kh_php_token *next;
	kh_webhook_token_keys keys;
	kh_token token;
	int64_t written_ms;                     /* kh_now_ms: when what is in token was written */
	char expected[KH_DIGEST_HEX_BYTES + 1]; /* of the value in the store; "": there is none */
	bool known;                             /* token is what the store had, not long ago */
	bool fetching;                          /* our own request is on its way */
	int64_t look_ms;                        /* not before then */
	kh_buf rejected;                        /* the access token that an endpoint refused */
	kh_token first;                         /* what was entered with the credentials */
	/* Here, and not on the stack, while PHP is called. */
	kh_token proposed;
	kh_request *request;
};

static void kh_php_token_free(kh_php_token *self)
{
	kh_token_wipe(&self->token);
	kh_token_wipe(&self->first);
	kh_token_wipe(&self->proposed);
	kh_request_free(self->request);
	kh_buf_wipe(&self->rejected);
	free(self);
}

void kh_php_tokens_free(void)
{
	kh_php_token *self;
	while ((self = KIVIHOOK_G(tokens)) != NULL) {
		KIVIHOOK_G(tokens) = self->next;
		kh_php_token_free(self);
	}
}

static kh_php_token *kh_php_token_new(kh_error *error)
{
	kh_php_token *self = calloc(1, sizeof(*self));
	if (self == NULL) {
		kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
		return NULL;
	}
	kh_token_init(&self->token);
	kh_token_init(&self->first);
	kh_token_init(&self->proposed);
	kh_buf_init(&self->rejected, KH_TOKEN_MAX_BYTES);
	return self;
}

kh_php_token *kh_php_token_find(const char *key)
{
	kh_php_token *self = KIVIHOOK_G(tokens);
	while (self && strcmp(self->keys.now, key) != 0) {
		self = self->next;
	}
	return self;
}

kh_php_token *kh_php_token_for(kh_php_engine *engine, const kh_webhook *webhook, kh_error *error)
{
	const kh_vault *vault = kh_php_vault_of(&engine->vault);
	if (vault == NULL) {
		kh_error_set(error, KH_ERR_INVALID,
			"auth: OAuth2 needs the engine's option \"vault\": tokens are only kept sealed");
		return NULL;
	}
	kh_php_token *self = kh_php_token_new(error);
	if (self == NULL) {
		return NULL;
	}
	if (kh_webhook_token_key(webhook, vault, &self->keys, &self->first, error) != KH_OK) {
		kh_php_token_free(self);
		return NULL;
	}
	kh_php_token *known = kh_php_token_find(self->keys.now);
	if (known) {
		kh_php_token_free(self);
		return known;
	}
	self->next = KIVIHOOK_G(tokens);
	KIVIHOOK_G(tokens) = self;
	return self;
}

kh_str kh_php_token_text(const kh_php_token *self)
{
	return kh_buf_str(&self->token.access);
}

int64_t kh_php_token_look_ms(const kh_php_token *self)
{
	return self->fetching ? INT64_MAX : self->look_ms;
}

void kh_php_token_reject(kh_php_token *self, const char *used)
{
	const kh_str text = {used, strlen(used)};
	if (kh_str_equals(kh_php_token_text(self), text)) {
		kh_buf_wipe(&self->rejected);
		kh_buf_append_str(&self->rejected, text);
		self->known = false;
	}
}

void kh_php_token_reject_current(kh_php_token *self)
{
	kh_buf_wipe(&self->rejected);
	kh_buf_append_str(&self->rejected, kh_php_token_text(self));
	self->known = false;
}

static int64_t kh_php_token_age_ms(const kh_php_token *self)
{
	return kh_now_ms() - self->written_ms;
}

/* ---- the store ---- */

static void kh_php_token_context(const char *key, char context[128])
{
	snprintf(context, 128, "kivihook:token:%s", key);
}

/* What the store has: into token. One that can't be opened counts as none, and is replaced. */
static void kh_php_token_decode(
	kh_php_engine *engine, kh_php_token *self, const char *key, HashTable *row)
{
	const kh_str value = kh_php_str(kh_php_member_string(row, "value"));
	char context[128];
	kh_buf plain;
	kh_buf_init(&plain, KH_PHP_TOKEN_MAX_BYTES);
	kh_php_token_context(key, context);
	kh_digest_sha256(value, self->expected, NULL);
	if (kh_vault_open(kh_php_vault_of(&engine->vault), value, (kh_str){context, strlen(context)},
			&plain, NULL) != KH_OK ||
		kh_token_read(kh_buf_str(&plain), &self->token, NULL) != KH_OK) {
		kh_token_wipe(&self->token);
		kh_token_init(&self->token);
	}
	kh_buf_wipe(&plain);
	self->written_ms = kh_now_ms() - MAX(0, kh_php_member_long(row, "age_ms", 0));
}

static kh_status kh_php_token_none(kh_php_token *self)
{
	self->expected[0] = '\0';
	kh_token_wipe(&self->token);
	kh_token_init(&self->token);
	self->written_ms = kh_now_ms();
	return kh_buf_append_str(&self->token.access, kh_buf_str(&self->first.access));
}

/* Calls Store::token(). replace NULL: only reads. result is undef after an exception. */
static kh_status kh_php_token_ask(kh_php_engine *engine, const char *key, zend_string *replace,
	const char *expected, zval *result, kh_error *error)
{
	zval function, args[3];
	ZVAL_STRING(&function, "token");
	ZVAL_STRING(&args[0], key);
	ZVAL_NULL(&args[1]);
	ZVAL_NULL(&args[2]);
	if (replace) {
		array_init(&args[1]);
		add_assoc_str(&args[1], "value", zend_string_copy(replace));
		if (expected[0]) {
			ZVAL_STRING(&args[2], expected);
		}
	}
	ZVAL_UNDEF(result);
	call_user_function(NULL, &engine->store, &function, result, 3, args);
	zval_ptr_dtor(&function);
	for (size_t i = 0; i < 3; i++) {
		zval_ptr_dtor(&args[i]);
	}
	if (!EG(exception)) {
		return KH_OK;
	}
	if (!kh_compat_is_exit(EG(exception))) {
		kh_php_engine_log(engine, "Store::token() failed.");
	}
	return kh_error_set(error, KH_ERR_TRANSPORT,
		"The stored access token could not be reached: see the error log.");
}

/* Nothing has this token's name: perhaps it was kept under the name that an older sealing key gave
 * it. A refresh token that the provider has rotated is nowhere else. */
static kh_status kh_php_token_inherit(kh_php_engine *engine, kh_php_token *self, kh_error *error)
{
	kh_status status = kh_php_token_none(self);
	for (size_t i = 0; status == KH_OK && i < self->keys.older_count; i++) {
		zval result;
		status = kh_php_token_ask(engine, self->keys.older[i], NULL, "", &result, error);
		const bool found = status == KH_OK && Z_TYPE(result) == IS_ARRAY;
		if (found) {
			kh_php_token_decode(engine, self, self->keys.older[i], Z_ARRVAL(result));
			self->expected[0] = '\0'; /* nothing is there yet under the present name */
		}
		zval_ptr_dtor(&result);
		if (found && (self->token.access.len > 0 || self->token.refresh.len > 0)) {
			return KH_OK;
		}
	}
	return status == KH_OK && self->token.access.len == 0 && self->token.refresh.len == 0
			   ? kh_php_token_none(self)
			   : status;
}

/* What the store has, after it has replaced it, goes into token. replace NULL: only reads. */
static kh_status kh_php_token_call(
	kh_php_engine *engine, kh_php_token *self, zend_string *replace, kh_error *error)
{
	zval result;
	kh_status status =
		kh_php_token_ask(engine, self->keys.now, replace, self->expected, &result, error);
	if (status == KH_OK && Z_TYPE(result) == IS_ARRAY) {
		kh_php_token_decode(engine, self, self->keys.now, Z_ARRVAL(result));
	} else if (status == KH_OK) {
		status = kh_php_token_inherit(engine, self, error);
	}
	self->known = self->known || status == KH_OK;
	zval_ptr_dtor(&result);
	return status;
}

/* What is proposed, sealed. NULL: *error says why. digest: of it. */
static zend_string *kh_php_token_seal(kh_php_engine *engine, const kh_php_token *self,
	char digest[KH_DIGEST_HEX_BYTES + 1], kh_error *error)
{
	char context[128];
	kh_buf plain, sealed;
	zend_string *value = NULL;
	kh_buf_init(&plain, KH_PHP_TOKEN_MAX_BYTES);
	kh_buf_init(&sealed, 2 * KH_PHP_TOKEN_MAX_BYTES);
	kh_php_token_context(self->keys.now, context);
	if (kh_token_write(&self->proposed, &plain) != KH_OK) {
		kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	} else if (kh_vault_seal(kh_php_vault_of(&engine->vault), kh_buf_str(&plain),
				   (kh_str){context, strlen(context)}, &sealed, error) == KH_OK &&
			   kh_digest_sha256(kh_buf_str(&sealed), digest, error) == KH_OK) {
		value = zend_string_init(sealed.data, sealed.len, 0);
	}
	kh_buf_wipe(&plain);
	kh_buf_free(&sealed);
	return value;
}

/* Writes what is proposed if nobody has written since; won: it is in the store now. */
static kh_status kh_php_token_swap(
	kh_php_engine *engine, kh_php_token *self, bool *won, kh_error *error)
{
	char written[KH_DIGEST_HEX_BYTES + 1];
	zend_string *value = kh_php_token_seal(engine, self, written, error);
	*won = false;
	if (value == NULL) {
		return error->status;
	}
	const kh_status status = kh_php_token_call(engine, self, value, error);
	zend_string_release(value);
	*won = status == KH_OK && strcmp(self->expected, written) == 0;
	return status;
}

/* ---- fetching ---- */

static kh_status kh_php_token_submit(kh_php_token *self, kh_transport *transport, kh_error *error)
{
	kh_job *job = kh_job_new_take(self->request);
	self->request = NULL;
	kh_php_flight *flight = job ? calloc(1, sizeof(*flight)) : NULL;
	if (flight == NULL) {
		kh_job_free(job);
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	memcpy(flight->token_key, self->keys.now, sizeof(flight->token_key));
	flight->started_ms = kh_clock_unix_ms();
	job->owner_data = flight;
	self->fetching = true;
	kh_transport_submit_take(transport, job);
	return KH_OK;
}

/* What is known becomes what is proposed, to be changed. */
static kh_status kh_php_token_propose(kh_php_token *self)
{
	kh_token *proposed = &self->proposed;
	kh_token_wipe(proposed);
	kh_token_init(proposed);
	proposed->left_ms = self->token.left_ms;
	proposed->lifetime_ms = self->token.lifetime_ms;
	if (kh_buf_append_str(&proposed->access, kh_buf_str(&self->token.access)) != KH_OK) {
		return KH_ERR_MEMORY;
	}
	return kh_buf_append_str(&proposed->refresh, kh_buf_str(&self->token.refresh));
}

/* The request is built before the mark is set: what can't be asked for must not hold up others. */
static kh_status kh_php_token_fetch(kh_php_engine *engine, kh_transport *transport,
	const kh_webhook *webhook, kh_php_token *self, bool *won, kh_error *error)
{
	kh_status status = kh_webhook_token_request(webhook, kh_php_vault_of(&engine->vault),
		kh_buf_str(&self->token.refresh), kh_clock_unix_ms() / 1000, &self->request, error);
	if (status == KH_OK && kh_php_token_propose(self) != KH_OK) {
		status = kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	if (status == KH_OK) {
		kh_token_mark(&self->proposed, kh_php_token_age_ms(self), kh_buf_str(&self->rejected));
		status = kh_php_token_swap(engine, self, won, error);
	}
	if (status == KH_OK && *won) {
		return kh_php_token_submit(self, transport, error);
	}
	kh_request_free(self->request);
	self->request = NULL;
	return status;
}

static kh_token_step kh_php_token_judge(const kh_php_token *self)
{
	return kh_token_judge(&self->token, kh_php_token_age_ms(self), kh_buf_str(&self->rejected));
}

kh_php_token_state kh_php_token_look(kh_php_engine *engine, kh_transport *transport,
	const kh_webhook *webhook, kh_php_token *self, kh_error *error)
{
	if (self->fetching) {
		return KH_PHP_TOKEN_PENDING;
	}
	if (self->known && kh_php_token_judge(self) == KH_TOKEN_USE) {
		return KH_PHP_TOKEN_READY;
	}
	if (self->known && kh_php_token_judge(self) == KH_TOKEN_FAILED) {
		kh_error_set(error, KH_ERR_TRANSPORT, "%s", self->token.why);
		return KH_PHP_TOKEN_FAILED;
	}
	if (kh_php_token_call(engine, self, NULL, error) != KH_OK) {
		return KH_PHP_TOKEN_FAILED;
	}
	for (int i = 0; i < KH_PHP_TOKEN_SWAPS; i++) {
		bool won = false;
		switch (kh_php_token_judge(self)) {
		case KH_TOKEN_USE:
			return KH_PHP_TOKEN_READY;
		case KH_TOKEN_FAILED:
			kh_error_set(error, KH_ERR_TRANSPORT, "%s", self->token.why);
			return KH_PHP_TOKEN_FAILED;
		case KH_TOKEN_WAIT:
			self->look_ms = kh_now_ms() + KH_PHP_TOKEN_LOOK_MS;
			return KH_PHP_TOKEN_PENDING;
		case KH_TOKEN_FETCH:
			if (kh_php_token_fetch(engine, transport, webhook, self, &won, error) != KH_OK) {
				return KH_PHP_TOKEN_FAILED;
			}
			if (won) {
				return KH_PHP_TOKEN_PENDING;
			}
			break;
		}
	}
	self->look_ms = kh_now_ms() + KH_PHP_TOKEN_LOOK_MS;
	return KH_PHP_TOKEN_PENDING;
}

/* ---- the answer ---- */

kh_status kh_php_token_answer(const kh_job *job, kh_token *token, kh_error *error)
{
	const kh_result *result = &job->result;
	if (result->problem != KH_OK || result->http_status == 0) {
		return kh_error_set(error, KH_ERR_TRANSPORT,
			"No access token: the token endpoint could not be reached. %s", result->error);
	}
	if (result->response_bytes > (int64_t)result->response_body.len) {
		return kh_error_set(error, KH_ERR_TRANSPORT,
			"No access token: the token endpoint's answer is longer than %d bytes.",
			KH_RESPONSE_KEPT_BYTES);
	}
	return kh_oauth2_answer(
		job->request, result->http_status, kh_buf_str(&result->response_body), token, error);
}

/* What was fetched is used by this process even when the store could not take it. */
static void kh_php_token_keep(kh_php_engine *engine, kh_php_token *self)
{
	kh_error error = {0};
	bool won = false;
	const kh_status status = kh_php_token_swap(engine, self, &won, &error);
	if (status == KH_OK && (won || kh_php_token_judge(self) == KH_TOKEN_USE)) {
		return; /* or somebody else has put a good one there */
	}
	kh_token_wipe(&self->token);
	self->token = self->proposed;
	kh_token_init(&self->proposed);
	self->written_ms = kh_now_ms();
	self->known = true;
}

void kh_php_token_done(kh_php_engine *engine, kh_job *job)
{
	const kh_php_flight *flight = job->owner_data;
	kh_php_token *self = kh_php_token_find(flight->token_key);
	kh_error error = {0};
	if (self == NULL) {
		return;
	}
	self->fetching = false;
	self->look_ms = 0;
	if (kh_php_token_propose(self) != KH_OK) {
		return; /* the mark ends by itself */
	}
	if (kh_php_token_answer(job, &self->proposed, &error) != KH_OK) {
		kh_token_fail(&self->proposed, kh_php_token_age_ms(self), error.message);
		if (job->result.error_code && strcmp(job->result.error_code, "aborted") == 0) {
			self->proposed.pause_ms = 0; /* our own time was up: the next one may try at once */
		}
	}
	kh_php_token_keep(engine, self);
}
