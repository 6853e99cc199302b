/*
 * Lease, send, settle, refill: one loop for inline delivery and for workers. PHP is called between
 * transfers only, and whatever is on its way is reachable from the module globals, so that a fatal
 * error in PHP loses nothing but time.
 */
#include "kh_php_run.h"

#include "../core/kh_clock.h"

#include <unistd.h>

/* A settle waits for this many results or this long, whichever comes first (DECISIONS 9). */
#define KH_PHP_SETTLE_MAX 256
#define KH_PHP_SETTLE_WAIT_MS 50
/* A worker that has nothing to do looks so often: half of it is what a delivery waits. */
#define KH_PHP_WAIT_MS 100
#define KH_PHP_TICK_MS 1000
/* Between two leases while there is work, unless half of the slots are free: a batch costs the
 * database as much as a single row. */
#define KH_PHP_REFILL_MS 5
/* A lease needs no more than one transfer: a worker that dies must not keep its rows for its hour.
 */
#define KH_PHP_LEASE_MS (60 * 1000)

void kh_php_job_free(kh_job *job)
{
	if (job) {
		free(job->owner_data);
		kh_job_free(job);
	}
}

static void kh_php_transport_empty(kh_transport *transport)
{
	kh_transport_abort(transport);
	kh_job *job;
	while ((job = kh_transport_next_done(transport)) != NULL) {
		kh_php_job_free(job);
	}
}

void kh_php_delivery_abandon(void)
{
	kh_php_job_free(KIVIHOOK_G(telling));
	KIVIHOOK_G(telling) = NULL;
	KIVIHOOK_G(sending) = false;
	if (KIVIHOOK_G(transport) && kh_transport_is_mine(KIVIHOOK_G(transport))) {
		kh_php_transport_empty(KIVIHOOK_G(transport));
	}
	kh_php_tokens_free();
	kh_webhook_free(KIVIHOOK_G(trying));
	KIVIHOOK_G(trying) = NULL;
}

static void kh_php_note_token(const kh_php_flight *flight, kh_job *job)
{
	char *note = job->result.note;
	if (flight->token_replaced && note[0] == '\0') {
		snprintf(note, sizeof(job->result.note), "%s", KH_PHP_TOKEN_REPLACED);
	}
}

static void kh_php_collect(kh_php_run *run)
{
	kh_job *job;
	while ((job = kh_transport_next_done(run->transport)) != NULL) {
		KIVIHOOK_G(telling) = job;
		kh_php_flight *flight = job->owner_data;
		if (flight->token_key[0]) {
			kh_php_token_done(run->engine, job);
		} else if (!kh_php_wait_again(run, job)) {
			kh_php_note_token(flight, job);
			kh_php_outcome_of_job(run, flight, job);
			kh_php_wait_forget(run, flight->delivery);
		}
		KIVIHOOK_G(telling) = NULL;
		kh_php_job_free(job);
	}
}

static void kh_php_demand(kh_php_run *run, zend_long limit, zend_long free_slots, zval *demand)
{
	object_init_ex(demand, kh_php_ce_demand);
	zend_object *object = Z_OBJ_P(demand);
	zend_update_property_long(kh_php_ce_demand, object, ZEND_STRL("limit"), limit);
	zend_update_property_str(kh_php_ce_demand, object, ZEND_STRL("owner"), run->engine->owner);
	zend_update_property_long(kh_php_ce_demand, object, ZEND_STRL("leaseMs"),
		(zend_long)MAX(0, MIN(run->end_ms - kh_now_ms(), KH_PHP_LEASE_MS)));
	kh_php_lanes_share(run, object, free_slots);
	if (run->bounds->events) {
		zval events;
		ZVAL_ARR(&events, zend_array_dup(run->bounds->events));
		zend_update_property(kh_php_ce_demand, object, ZEND_STRL("events"), &events);
		zval_ptr_dtor(&events);
	}
}

/* ---- from a leased row to a transfer ---- */

static bool kh_php_row(zval *row, int64_t leased_ms, kh_php_flight *flight, zval **webhook)
{
	if (Z_TYPE_P(row) != IS_ARRAY) {
		return false;
	}
	HashTable *fields = Z_ARRVAL_P(row);
	zval *event_array = kh_php_member(fields, "event");
	*webhook = kh_php_member(fields, "webhook");
	const zend_string *lease = kh_php_member_string(fields, "lease");
	if (!event_array || Z_TYPE_P(event_array) != IS_ARRAY || !*webhook ||
		Z_TYPE_P(*webhook) != IS_ARRAY || ZSTR_LEN(lease) == 0 ||
		ZSTR_LEN(lease) >= sizeof(flight->lease)) {
		return false;
	}
	memset(flight, 0, sizeof(*flight));
	flight->delivery = kh_php_member_long(fields, "id", 0);
	flight->attempt = kh_php_member_long(fields, "attempt", 1);
	flight->webhook = kh_php_member_long(Z_ARRVAL_P(*webhook), "id", 0);
	flight->started_ms = kh_clock_unix_ms();
	flight->cut_ms = MAX(0, kh_php_member_long(fields, "timeout_ms", 0));
	flight->lease_ends_ms =
		leased_ms + MIN(kh_php_member_long(fields, "remaining_ms", INT32_MAX), INT32_MAX);
	memcpy(flight->lease, ZSTR_VAL(lease), ZSTR_LEN(lease));
	return flight->delivery > 0;
}

static kh_event kh_php_event(HashTable *fields)
{
	return (kh_event){
		.id = kh_php_str(kh_php_member_string(fields, "id")),
		.type = kh_php_str(kh_php_member_string(fields, "type")),
		.timestamp = kh_php_str(kh_php_member_string(fields, "timestamp")),
		.json = kh_php_str(kh_php_member_string(fields, "data")),
	};
}

const kh_webhook *kh_php_run_webhook(kh_php_run *run, zval *config, kh_error *error)
{
	if (run->last_config != Z_ARRVAL_P(config)) {
		run->last_config = NULL;
		run->last_webhook = kh_php_webhook(config, error);
		run->last_config = run->last_webhook ? Z_ARRVAL_P(config) : NULL;
	}
	return run->last_config ? run->last_webhook : NULL;
}

static kh_status kh_php_build(kh_php_run *run, HashTable *row, const kh_webhook *webhook,
	const kh_php_flight *flight, kh_str access_token, kh_request **request, kh_error *error)
{
	kh_event event = kh_php_event(Z_ARRVAL_P(kh_php_member(row, "event")));
	const kh_attempt attempt = {
		.message_id = kh_php_str(kh_php_member_string(row, "message_id")),
		.number = flight->attempt,
		.timestamp_s = flight->started_ms / 1000,
		.resend = kh_php_member(row, "resend") && zend_is_true(kh_php_member(row, "resend")),
		.access_token = access_token,
	};
	kh_status status = kh_webhook_open_event(webhook, &event, error);
	if (status == KH_OK) {
		status = kh_webhook_build(
			webhook, kh_php_vault_of(&run->engine->vault), &event, &attempt, request, error);
	}
	kh_event_clear(&event);
	return status;
}

static void kh_php_submit(
	kh_php_run *run, kh_request *request, const kh_php_flight *flight, kh_error *error)
{
	kh_job *job = kh_job_new_take(request);
	kh_php_flight *kept = job ? malloc(sizeof(*kept)) : NULL;
	if (kept == NULL) {
		kh_php_job_free(job);
		kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
		kh_php_outcome_of_error(run, flight, error, NULL);
		return;
	}
	*kept = *flight;
	job->owner_data = kept;
	kh_transport_submit_take(run->transport, job);
}

bool kh_php_send(kh_php_run *run, zval *row, const kh_webhook *webhook, const kh_php_flight *flight,
	kh_str access_token)
{
	kh_request *request = NULL;
	kh_error error = {0};
	if (kh_php_build(run, Z_ARRVAL_P(row), webhook, flight, access_token, &request, &error) !=
		KH_OK) {
		kh_php_outcome_of_error(run, flight, &error, NULL);
		return false;
	}
	if (flight->cut_ms > 0 && flight->cut_ms < request->timeout_ms) {
		request->timeout_ms = flight->cut_ms;
	}
	if (flight->lease_ends_ms - kh_now_ms() < request->timeout_ms + KH_PHP_LEASE_RESERVE_MS) {
		kh_request_free(request);
		kh_php_release(run, flight);
		return false;
	}
	kh_php_submit(run, request, flight, &error);
	return true;
}

void kh_php_begin(kh_php_run *run, zval *row, int64_t leased_ms)
{
	kh_php_flight flight;
	zval *config;
	if (!kh_php_row(row, leased_ms, &flight, &config)) {
		zend_throw_exception(kh_php_ce_exception,
			"Store::lease() gave a delivery without id, lease, event or webhook: see the stub for "
			"its shape.",
			0);
		return;
	}
	kh_error error = {0};
	const kh_webhook *webhook = kh_php_run_webhook(run, config, &error);
	if (webhook == NULL) {
		if (!EG(exception)) {
			kh_php_outcome_of_error(run, &flight, &error, NULL);
		}
		return;
	}
	flight.retry = *kh_webhook_retry(webhook);
	if (kh_webhook_needs_token(webhook)) {
		kh_php_wait(run, row, &flight, webhook);
	} else {
		kh_php_send(run, row, webhook, &flight, KH_STR(""));
	}
}

static int64_t kh_php_idle_ms(const kh_php_run *run)
{
	return run->bounds->wait ? KH_PHP_WAIT_MS : KH_PHP_IDLE_MS;
}

static zend_long kh_php_most(const kh_php_run *run)
{
	const zend_long allowed = KIVIHOOK_G(policy).max_in_flight;
	return run->bounds->most > 0 ? MIN(run->bounds->most, allowed) : allowed;
}

zend_long kh_php_free_slots(const kh_php_run *run)
{
	return kh_php_most(run) - (zend_long)kh_transport_in_flight(run->transport) - run->waiting;
}

/* Nothing was taken that has no outcome yet. */
static bool kh_php_is_alone(const kh_php_run *run)
{
	return kh_transport_in_flight(run->transport) == 0 && run->waiting == 0 && run->queued == 0;
}

static bool kh_php_may_take(const kh_php_run *run, int64_t now_ms)
{
	return !run->engine->stop && now_ms < run->bounds->lease_until_ms;
}

/* How many deliveries to lease now. */
static zend_long kh_php_asked(kh_php_run *run, int64_t now_ms, zend_long free_slots)
{
	/* Endpoints that answer quickly must not wait for the next lease. */
	const bool paced = now_ms < run->refill_ms && free_slots < kh_php_most(run) / 2;
	/* What was held back for the sake of others may come as soon as nothing else is on its way. */
	const bool early = now_ms < run->ask_again_ms && (run->drained || !kh_php_is_alone(run));
	if (!kh_php_may_take(run, now_ms) || free_slots <= 0 || paced || early) {
		return 0;
	}
	const zend_long wanted = kh_php_lanes_wanted(run, free_slots);
	return run->bounds->limit > 0 ? MIN(wanted, run->bounds->limit - run->taken) : wanted;
}

static void kh_php_lease(kh_php_run *run, zend_long asked, zend_long free_slots)
{
	const int64_t now_ms = kh_now_ms();
	const bool alone = kh_php_is_alone(run);
	zval demand, rows, *row;
	kh_php_demand(run, asked, free_slots, &demand);
	ZVAL_UNDEF(&rows);
	kh_php_store_call(run, "lease", &rows, &demand, NULL);
	zval_ptr_dtor(&demand);
	if (!EG(exception) && Z_TYPE(rows) == IS_ARRAY) {
		const zend_long count = zend_hash_num_elements(Z_ARRVAL(rows));
		/* With more than the slots' share asked for, fewer may be all that a webhook may have. */
		run->drained = alone && (count == 0 || (count < asked && asked <= (free_slots + 1) / 2));
		run->ask_again_ms = count == 0      ? now_ms + kh_php_idle_ms(run)
							: count < asked ? now_ms + KH_PHP_REFILL_MS
											: 0;
		run->refill_ms = now_ms + KH_PHP_REFILL_MS;
		ZEND_HASH_FOREACH_VAL(Z_ARRVAL(rows), row)
		{
			ZVAL_DEREF(row); /* foreach by reference in the store leaves them behind */
			kh_php_lanes_add(run, row);
		}
		ZEND_HASH_FOREACH_END();
	}
	zval_ptr_dtor(&rows);
}

static void kh_php_refill(kh_php_run *run)
{
	const int64_t now_ms = kh_now_ms();
	const zend_long free_slots = kh_php_free_slots(run);
	if (!kh_php_may_take(run, now_ms)) {
		kh_php_lanes_give_back(run);
		return;
	}
	const zend_long asked = kh_php_asked(run, now_ms, free_slots);
	if (asked > 0) {
		kh_php_lease(run, asked, free_slots);
	}
	if (!EG(exception)) {
		kh_php_lanes_begin(run);
	}
}

/* ---- the loop ---- */

static bool kh_php_settle_is_due(const kh_php_run *run, int64_t now_ms)
{
	const uint32_t waiting = zend_hash_num_elements(Z_ARRVAL(run->outcomes));
	return waiting > 0 && (waiting >= KH_PHP_SETTLE_MAX ||
							  now_ms - run->outcomes_since_ms >= KH_PHP_SETTLE_WAIT_MS ||
							  (kh_transport_in_flight(run->transport) == 0 && run->queued == 0));
}

/* Nothing is on its way, nothing waits to be settled, and nothing more will be taken. */
static bool kh_php_is_over(const kh_php_run *run, int64_t now_ms)
{
	return kh_php_is_alone(run) && zend_hash_num_elements(Z_ARRVAL(run->outcomes)) == 0 &&
		   ((run->drained && !run->bounds->wait) || run->engine->stop ||
			   now_ms >= run->bounds->lease_until_ms ||
			   (run->bounds->limit > 0 && run->taken >= run->bounds->limit));
}

static int64_t kh_php_wake_ms(const kh_php_run *run, int64_t now_ms)
{
	int64_t wake_ms = MIN(run->end_ms, now_ms + kh_php_idle_ms(run));
	wake_ms = MIN(wake_ms, kh_php_wait_wake_ms(run));
	const int64_t ask_ms = MAX(run->ask_again_ms, run->refill_ms);
	if (!run->drained && !run->engine->stop && now_ms < ask_ms) {
		wake_ms = MIN(wake_ms, ask_ms);
	}
	if (zend_hash_num_elements(Z_ARRVAL(run->outcomes)) > 0) {
		wake_ms = MIN(wake_ms, run->outcomes_since_ms + KH_PHP_SETTLE_WAIT_MS);
	}
	return wake_ms;
}

void kh_php_rest(kh_transport *transport, int64_t until_ms)
{
	const int64_t left_ms = until_ms - kh_now_ms();
	if (kh_transport_in_flight(transport) > 0) {
		kh_transport_drive(transport, until_ms);
	} else if (left_ms > 0) {
		/* Another process fetches the token that is waited for. A signal ends it, which is right.
		 */
		usleep((useconds_t)MIN(left_ms, KH_PHP_IDLE_MS) * 1000);
	}
}

/* Signals, and what the caller wants to do now and then. */
static void kh_php_tick(kh_php_run *run)
{
	kh_compat_interrupts();
	const int64_t now_ms = kh_now_ms();
	if (run->bounds->tick && !EG(exception) && now_ms >= run->tick_ms) {
		zval nothing;
		ZVAL_UNDEF(&nothing);
		run->tick_ms = now_ms + KH_PHP_TICK_MS;
		call_user_function(NULL, NULL, run->bounds->tick, &nothing, 0, NULL);
		zval_ptr_dtor(&nothing);
	}
	if (run->engine->stop && !run->stopping && run->bounds->grace_ms > 0) {
		run->stopping = true;
		run->end_ms = MIN(run->end_ms, now_ms + run->bounds->grace_ms);
	}
}

static void kh_php_loop(kh_php_run *run)
{
	for (;;) {
		kh_php_tick(run);
		kh_php_collect(run); /* so that slots are free when they are counted */
		if (!EG(exception)) {
			kh_php_refill(run);
		}
		if (EG(exception)) {
			return;
		}
		int64_t now_ms = kh_now_ms();
		if (now_ms >= run->end_ms) {
			kh_transport_abort(run->transport);
		}
		kh_php_collect(run);
		if (now_ms >= run->end_ms) {
			kh_php_wait_end(run);
		} else {
			kh_php_wait_over(run);
		}
		if (EG(exception)) {
			return;
		}
		if (kh_php_settle_is_due(run, now_ms)) {
			kh_php_settle(run);
			if (EG(exception)) {
				return;
			}
		}
		if (kh_php_is_over(run, kh_now_ms())) {
			return;
		}
		kh_php_rest(run->transport, kh_php_wake_ms(run, kh_now_ms()));
	}
}

void kh_php_deliver(kh_php_engine *engine, const kh_php_bounds *bounds, zval *return_value)
{
	kh_error error = {0};
	kh_php_run run = {.engine = engine,
		.bounds = bounds,
		.transport = kh_php_transport(&error),
		.end_ms = bounds->end_ms};
	if (run.transport == NULL) {
		kh_php_throw(&error);
		return;
	}
	array_init(&run.outcomes);
	kh_php_lanes_init(&run);
	KIVIHOOK_G(sending) = true;
	kh_php_loop(&run);
	KIVIHOOK_G(sending) = false;
	kh_php_transport_empty(run.transport); /* only after an exception is there anything left */
	kh_php_wait_free(&run);
	kh_php_tokens_free();
	zval_ptr_dtor(&run.outcomes);
	kh_php_trace_before_free(&run.trace_before);
	kh_php_lanes_free(&run);
	if (!EG(exception)) {
		array_init(return_value);
		add_assoc_long(return_value, "sent", run.sent);
		add_assoc_long(return_value, "succeeded", run.succeeded);
		add_assoc_long(return_value, "left", run.left);
	}
}
