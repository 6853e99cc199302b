/*
 * Deliveries that need an access token. They wait in memory, at most max_in_flight of them together
 * with what is on its way, while others go on; and they are kept until their answer is there, since
 * a 401 may mean that the token was revoked.
 */
#include "kh_php_run.h"

static void kh_php_waiter_free(kh_php_waiter *self)
{
	if (self->used) {
		kh_compat_wipe(self->used);
		efree(self->used);
	}
	zval_ptr_dtor(&self->row);
	efree(self);
}

static void kh_php_wait_remove(kh_php_run *run, kh_php_waiter *self)
{
	kh_php_waiter **at = &run->waiters;
	while (*at && *at != self) {
		at = &(*at)->next;
	}
	if (*at) {
		*at = self->next;
	}
	run->waiting -= self->used == NULL;
	kh_php_waiter_free(self);
}

static kh_php_waiter *kh_php_wait_find(const kh_php_run *run, int64_t delivery)
{
	kh_php_waiter *self = run->waiters;
	while (self && self->flight.delivery != delivery) {
		self = self->next;
	}
	return self;
}

void kh_php_wait_forget(kh_php_run *run, int64_t delivery)
{
	kh_php_waiter *self = kh_php_wait_find(run, delivery);
	if (self) {
		kh_php_wait_remove(run, self);
	}
}

static void kh_php_wait_send(kh_php_run *run, kh_php_waiter *self, const kh_webhook *webhook)
{
	const kh_str text = kh_php_token_text(self->token);
	self->used = estrndup(text.data, text.len);
	run->waiting--;
	if (!kh_php_send(
			run, &self->row, webhook, &self->flight, (kh_str){self->used, strlen(self->used)})) {
		kh_php_wait_remove(run, self);
	}
}

static void kh_php_wait_fail(kh_php_run *run, kh_php_waiter *self, const kh_error *error)
{
	kh_php_outcome_of_error(run, &self->flight, error, "oauth2");
	kh_php_wait_remove(run, self);
}

/* What becomes of one that waits. */
static void kh_php_wait_look(kh_php_run *run, kh_php_waiter *self, const kh_webhook *webhook)
{
	kh_error error = {0};
	switch (kh_php_token_look(run->engine, run->transport, webhook, self->token, &error)) {
	case KH_PHP_TOKEN_READY:
		kh_php_wait_send(run, self, webhook);
		break;
	case KH_PHP_TOKEN_FAILED:
		if (!EG(exception)) {
			kh_php_wait_fail(run, self, &error);
		}
		break;
	case KH_PHP_TOKEN_PENDING:
		break;
	}
}

void kh_php_wait(kh_php_run *run, zval *row, const kh_php_flight *flight, const kh_webhook *webhook)
{
	kh_error error = {0};
	kh_php_token *token = kh_php_token_for(run->engine, webhook, &error);
	if (token == NULL) {
		kh_php_outcome_of_error(run, flight, &error, "oauth2");
		return;
	}
	kh_php_waiter *self = ecalloc(1, sizeof(*self));
	ZVAL_COPY(&self->row, row);
	self->flight = *flight;
	self->token = token;
	self->next = run->waiters;
	run->waiters = self;
	run->waiting++;
	if (kh_php_token_look_ms(token) <= kh_now_ms()) {
		kh_php_wait_look(run, self, webhook);
	}
}

void kh_php_wait_over(kh_php_run *run)
{
	kh_php_waiter *self = run->waiting > 0 ? run->waiters : NULL, *next;
	for (; self && !EG(exception); self = next) {
		kh_error error = {0};
		next = self->next;
		if (self->used || kh_php_token_look_ms(self->token) > kh_now_ms()) {
			continue;
		}
		zval *config = kh_php_member(Z_ARRVAL(self->row), "webhook");
		const kh_webhook *webhook = kh_php_run_webhook(run, config, &error);
		if (webhook) {
			kh_php_wait_look(run, self, webhook);
		} else if (!EG(exception)) {
			kh_php_wait_fail(run, self, &error);
		}
	}
	run->last_config = NULL; /* the row may be gone, and its address in use again */
}

void kh_php_wait_end(kh_php_run *run)
{
	kh_php_waiter *self = run->waiting > 0 ? run->waiters : NULL, *next;
	for (; self && !EG(exception); self = next) {
		next = self->next;
		if (!self->used) {
			kh_php_release(run, &self->flight);
			kh_php_wait_remove(run, self);
		}
	}
}

bool kh_php_wait_again(kh_php_run *run, const kh_job *job)
{
	kh_php_flight *flight = job->owner_data;
	kh_php_waiter *self = run->waiters ? kh_php_wait_find(run, flight->delivery) : NULL;
	if (self == NULL || job->result.problem != KH_OK || job->result.http_status != 401) {
		return false;
	}
	if (self->flight.token_replaced) {
		return false;
	}
	self->flight.token_replaced = true;
	kh_php_token_reject(self->token, self->used);
	kh_compat_wipe(self->used);
	efree(self->used);
	self->used = NULL;
	run->waiting++;
	return true;
}

int64_t kh_php_wait_wake_ms(const kh_php_run *run)
{
	int64_t wake_ms = INT64_MAX;
	for (const kh_php_waiter *self = run->waiters; self && run->waiting > 0; self = self->next) {
		if (!self->used) {
			wake_ms = MIN(wake_ms, kh_php_token_look_ms(self->token));
		}
	}
	return wake_ms;
}

void kh_php_wait_free(kh_php_run *run)
{
	while (run->waiters) {
		kh_php_wait_remove(run, run->waiters);
	}
}
