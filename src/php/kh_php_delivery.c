/*
 * Lease, send, settle, refill: one loop for inline delivery and for workers. PHP is called between
 * transfers only, and whatever is on its way is reachable from the module globals, so that a fatal
 * error in PHP loses nothing but time.
 */
#include "kh_php.h"

#include "../core/kh_clock.h"
#include "../core/kh_random.h"

/* A settle waits for this many results or this long, whichever comes first (DECISIONS 9). */
#define KH_PHP_SETTLE_MAX 256
#define KH_PHP_SETTLE_WAIT_MS 50
#define KH_PHP_LEASE_MAX 64
/* While something is in flight, the store is asked for more at most this often once it had nothing.
 */
#define KH_PHP_IDLE_MS 250
/* What is left of a lease when a transfer may still be started: its timeout and this. */
#define KH_PHP_LEASE_RESERVE_MS 5000

/* What is known of a leased delivery while its request is on its way. */
typedef struct kh_php_flight {
	int64_t delivery;
	int64_t webhook;
	int64_t attempt;
	int64_t started_ms; /* wall clock */
	kh_retry_plan retry;
	char lease[65];
} kh_php_flight;

typedef struct kh_php_run {
	kh_php_engine *engine;
	const kh_php_bounds *bounds;
	kh_transport *transport;
	zval outcomes;
	int64_t outcomes_since_ms;
	int64_t ask_again_ms; /* the store is drained: not before then */
	bool drained;         /* it had less than was asked for */
	zend_long taken;
	zend_long sent;
	zend_long succeeded;
	zend_long left;
	/* The webhook array that was looked up last: rows of one lease share it */
	const zend_array *last_config;
	const kh_webhook *last_webhook;
} kh_php_run;

static void kh_php_job_free(kh_job *job)
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
}

/* ---- outcomes ---- */

static const char *kh_php_state(kh_verdict verdict)
{
	switch (verdict) {
	case KH_VERDICT_SUCCEEDED:
		return "succeeded";
	case KH_VERDICT_RETRY:
		return "pending";
	case KH_VERDICT_HELD:
		return "held";
	default:
		return "failed";
	}
}

static void kh_php_outcome(
	kh_php_run *run, const kh_php_flight *flight, kh_decision decision, zval *trace)
{
	zval outcome;
	array_init(&outcome);
	add_assoc_long(&outcome, "id", (zend_long)flight->delivery);
	add_assoc_string(&outcome, "lease", (char *)flight->lease);
	add_assoc_long(&outcome, "webhook", (zend_long)flight->webhook);
	add_assoc_long(&outcome, "attempt", (zend_long)flight->attempt);
	add_assoc_string(&outcome, "state", (char *)kh_php_state(decision.verdict));
	if (decision.verdict == KH_VERDICT_RETRY) {
		add_assoc_long(&outcome, "delay_ms", (zend_long)decision.delay_ms);
		run->left++;
	} else {
		add_assoc_null(&outcome, "delay_ms");
	}
	add_assoc_bool(&outcome, "switch_off", decision.verdict == KH_VERDICT_GONE);
	add_assoc_zval(&outcome, "trace", trace);

	if (zend_hash_num_elements(Z_ARRVAL(run->outcomes)) == 0) {
		run->outcomes_since_ms = kh_now_ms();
	}
	add_next_index_zval(&run->outcomes, &outcome);
	run->sent++;
	run->succeeded += decision.verdict == KH_VERDICT_SUCCEEDED;
}

static void kh_php_outcome_of_error(
	kh_php_run *run, const kh_php_flight *flight, const kh_error *error)
{
	zval trace;
	kh_php_trace_error(&trace, error, flight->started_ms);
	kh_php_outcome(run, flight,
		kh_retry_decide(&flight->retry, flight->attempt, 0, error->status, -1, kh_random_unit()),
		&trace);
}

static kh_decision kh_php_decide(const kh_php_flight *flight, const kh_result *result)
{
	if (result->error_code && strcmp(result->error_code, "aborted") == 0) {
		/* Our own budget ended, which says nothing about the endpoint: due at once, for a driver
		 * with more time. */
		return (kh_decision){.verdict = KH_VERDICT_RETRY, .delay_ms = 0};
	}
	return kh_retry_decide(&flight->retry, flight->attempt, result->http_status, result->problem,
		kh_retry_after_ms(result->retry_after, kh_clock_unix_ms() / 1000), kh_random_unit());
}

static void kh_php_collect(kh_php_run *run)
{
	kh_job *job;
	while ((job = kh_transport_next_done(run->transport)) != NULL) {
		KIVIHOOK_G(telling) = job;
		const kh_php_flight *flight = job->owner_data;
		zval trace;
		kh_php_trace_job(&trace, job, flight->started_ms);
		kh_php_outcome(run, flight, kh_php_decide(flight, &job->result), &trace);
		KIVIHOOK_G(telling) = NULL;
		kh_php_job_free(job);
	}
}

/* ---- calls into the store; EG(exception) is checked by the loop ---- */

static void kh_php_store_call(
	kh_php_run *run, const char *method, zval *result, zval *first, zval *second)
{
	zend_object *store = Z_OBJ(run->engine->store);
	zend_call_method(
		store, store->ce, NULL, method, strlen(method), result, second ? 2 : 1, first, second);
}

static void kh_php_settle(kh_php_run *run)
{
	if (zend_hash_num_elements(Z_ARRVAL(run->outcomes)) == 0) {
		return;
	}
	zval owner, lost;
	ZVAL_STR(&owner, run->engine->owner);
	ZVAL_UNDEF(&lost);
	kh_php_store_call(run, "settle", &lost, &owner, &run->outcomes);
	zval_ptr_dtor(&lost);
	zval_ptr_dtor(&run->outcomes);
	array_init(&run->outcomes);
}

static void kh_php_release(kh_php_run *run, int64_t delivery)
{
	zval owner, ids, nothing;
	ZVAL_STR(&owner, run->engine->owner);
	array_init(&ids);
	add_next_index_long(&ids, (zend_long)delivery);
	ZVAL_UNDEF(&nothing);
	kh_php_store_call(run, "release", &nothing, &owner, &ids);
	zval_ptr_dtor(&nothing);
	zval_ptr_dtor(&ids);
	run->left++;
}

static void kh_php_demand(kh_php_run *run, zend_long limit, zval *demand)
{
	object_init_ex(demand, kh_php_ce_demand);
	zend_object *object = Z_OBJ_P(demand);
	zend_update_property_long(kh_php_ce_demand, object, ZEND_STRL("limit"), limit);
	zend_update_property_str(kh_php_ce_demand, object, ZEND_STRL("owner"), run->engine->owner);
	zend_update_property_long(kh_php_ce_demand, object, ZEND_STRL("leaseMs"),
		(zend_long)MAX(0, run->bounds->end_ms - kh_now_ms()));
	if (run->bounds->events) {
		zval events;
		ZVAL_ARR(&events, zend_array_dup(run->bounds->events));
		zend_update_property(kh_php_ce_demand, object, ZEND_STRL("events"), &events);
		zval_ptr_dtor(&events);
	}
}

/* ---- from a leased row to a transfer ---- */

static bool kh_php_row(zval *row, kh_php_flight *flight, HashTable **event, zval **webhook)
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
	*event = Z_ARRVAL_P(event_array);
	memset(flight, 0, sizeof(*flight));
	flight->delivery = kh_php_member_long(fields, "id", 0);
	flight->attempt = kh_php_member_long(fields, "attempt", 1);
	flight->webhook = kh_php_member_long(Z_ARRVAL_P(*webhook), "id", 0);
	flight->started_ms = kh_clock_unix_ms();
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

static kh_status kh_php_build(kh_php_run *run, HashTable *row, HashTable *event_fields,
	zval *config, kh_php_flight *flight, kh_request **request, kh_error *error)
{
	if (run->last_config != Z_ARRVAL_P(config)) {
		run->last_config = NULL;
		run->last_webhook = kh_php_webhook(config, error);
		if (run->last_webhook == NULL) {
			return EG(exception) ? KH_ERR_INVALID : error->status;
		}
		run->last_config = Z_ARRVAL_P(config);
	}
	flight->retry = *kh_webhook_retry(run->last_webhook);

	kh_event event = kh_php_event(event_fields);
	const kh_attempt attempt = {
		.message_id = kh_php_str(kh_php_member_string(row, "message_id")),
		.number = flight->attempt,
		.timestamp_s = flight->started_ms / 1000,
		.resend = kh_php_member(row, "resend") && zend_is_true(kh_php_member(row, "resend")),
	};
	kh_status status = kh_event_open(&event, error);
	if (status == KH_OK) {
		status = kh_webhook_build(run->last_webhook, kh_php_vault_of(&run->engine->vault), &event,
			&attempt, request, error);
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
		kh_php_outcome_of_error(run, flight, error);
		return;
	}
	*kept = *flight;
	job->owner_data = kept;
	kh_transport_submit_take(run->transport, job);
}

static void kh_php_start(kh_php_run *run, zval *row)
{
	kh_php_flight flight;
	HashTable *event;
	zval *config;
	if (!kh_php_row(row, &flight, &event, &config)) {
		zend_throw_exception(kh_php_ce_exception,
			"Store::lease() gave a delivery without id, lease, event or webhook: see the stub for "
			"its shape.",
			0);
		return;
	}
	run->taken++;
	kh_request *request = NULL;
	kh_error error = {0};
	if (kh_php_build(run, Z_ARRVAL_P(row), event, config, &flight, &request, &error) != KH_OK) {
		if (!EG(exception)) {
			kh_php_outcome_of_error(run, &flight, &error);
		}
		return;
	}
	const zend_long remaining_ms =
		kh_php_member_long(Z_ARRVAL_P(row), "remaining_ms", ZEND_LONG_MAX);
	if (remaining_ms < request->timeout_ms + KH_PHP_LEASE_RESERVE_MS) {
		kh_request_free(request);
		kh_php_release(run, flight.delivery);
		return;
	}
	kh_php_submit(run, request, &flight, &error);
}

static void kh_php_refill(kh_php_run *run)
{
	const int64_t now_ms = kh_now_ms();
	zend_long free_slots =
		KIVIHOOK_G(policy).max_in_flight - (zend_long)kh_transport_in_flight(run->transport);
	if (run->bounds->limit > 0) {
		free_slots = MIN(free_slots, run->bounds->limit - run->taken);
	}
	if (run->engine->stop || now_ms >= run->bounds->lease_until_ms || now_ms < run->ask_again_ms ||
		free_slots <= 0) {
		return;
	}
	const zend_long asked = MIN(free_slots, KH_PHP_LEASE_MAX);
	zval demand, rows, *row;
	kh_php_demand(run, asked, &demand);
	ZVAL_UNDEF(&rows);
	kh_php_store_call(run, "lease", &rows, &demand, NULL);
	zval_ptr_dtor(&demand);
	run->last_config =
		NULL; /* arrays of an earlier lease may be gone, and their addresses in use again */
	if (!EG(exception) && Z_TYPE(rows) == IS_ARRAY) {
		run->drained = zend_hash_num_elements(Z_ARRVAL(rows)) < asked;
		run->ask_again_ms = run->drained ? now_ms + KH_PHP_IDLE_MS : 0;
		ZEND_HASH_FOREACH_VAL(Z_ARRVAL(rows), row)
		{
			ZVAL_DEREF(row); /* foreach by reference in the store leaves them behind */
			kh_php_start(run, row);
			if (EG(exception)) {
				break;
			}
		}
		ZEND_HASH_FOREACH_END();
	}
	run->last_config = NULL;
	zval_ptr_dtor(&rows);
}

/* ---- the loop ---- */

static bool kh_php_settle_is_due(const kh_php_run *run, int64_t now_ms)
{
	const uint32_t waiting = zend_hash_num_elements(Z_ARRVAL(run->outcomes));
	return waiting > 0 && (waiting >= KH_PHP_SETTLE_MAX ||
							  now_ms - run->outcomes_since_ms >= KH_PHP_SETTLE_WAIT_MS ||
							  kh_transport_in_flight(run->transport) == 0);
}

/* Nothing is on its way, nothing waits to be settled, and nothing more will be taken. */
static bool kh_php_is_over(const kh_php_run *run, int64_t now_ms)
{
	return kh_transport_in_flight(run->transport) == 0 &&
		   zend_hash_num_elements(Z_ARRVAL(run->outcomes)) == 0 &&
		   (run->drained || run->engine->stop || now_ms >= run->bounds->lease_until_ms ||
			   (run->bounds->limit > 0 && run->taken >= run->bounds->limit));
}

static int64_t kh_php_wake_ms(const kh_php_run *run, int64_t now_ms)
{
	int64_t wake_ms = MIN(run->bounds->end_ms, now_ms + KH_PHP_IDLE_MS);
	if (zend_hash_num_elements(Z_ARRVAL(run->outcomes)) > 0) {
		wake_ms = MIN(wake_ms, run->outcomes_since_ms + KH_PHP_SETTLE_WAIT_MS);
	}
	return wake_ms;
}

static void kh_php_loop(kh_php_run *run)
{
	for (;;) {
		kh_php_refill(run);
		if (EG(exception)) {
			return;
		}
		int64_t now_ms = kh_now_ms();
		if (now_ms >= run->bounds->end_ms) {
			kh_transport_abort(run->transport);
		}
		kh_php_collect(run);
		if (kh_php_settle_is_due(run, now_ms)) {
			kh_php_settle(run);
			if (EG(exception)) {
				return;
			}
		}
		if (kh_php_is_over(run, kh_now_ms())) {
			return;
		}
		kh_transport_drive(run->transport, kh_php_wake_ms(run, kh_now_ms()));
	}
}

void kh_php_deliver(kh_php_engine *engine, const kh_php_bounds *bounds, zval *return_value)
{
	kh_error error = {0};
	kh_php_run run = {.engine = engine, .bounds = bounds, .transport = kh_php_transport(&error)};
	if (run.transport == NULL) {
		kh_php_throw(&error);
		return;
	}
	array_init(&run.outcomes);
	KIVIHOOK_G(sending) = true;
	kh_php_loop(&run);
	KIVIHOOK_G(sending) = false;
	kh_php_transport_empty(run.transport); /* only after an exception is there anything left */
	zval_ptr_dtor(&run.outcomes);
	if (!EG(exception)) {
		array_init(return_value);
		add_assoc_long(return_value, "sent", run.sent);
		add_assoc_long(return_value, "succeeded", run.succeeded);
		add_assoc_long(return_value, "left", run.left);
	}
}

/* ---- one request outside the queue ---- */

static kh_request *kh_php_single(
	kh_php_engine *engine, zval *config, zval *data, zend_string *type, bool test, kh_error *error)
{
	kh_webhook *webhook = kh_php_webhook_uncached(config, error);
	zend_string *json = webhook ? kh_php_json(data, "The test's data") : NULL;
	if (json == NULL) {
		kh_webhook_free(webhook);
		return NULL;
	}
	const int64_t now_ms = kh_clock_unix_ms();
	char id[KH_UUID_BYTES + 1] = "", timestamp[KH_CLOCK_ISO_BYTES + 1];
	kh_clock_iso8601(now_ms, timestamp);
	kh_event event = {.type = kh_php_str(type),
		.timestamp = {timestamp, strlen(timestamp)},
		.json = kh_php_str(json)};
	kh_request *request = NULL;
	if (kh_random_uuid7(now_ms, id, error) == KH_OK) {
		event.id = (kh_str){id, strlen(id)};
		const kh_attempt attempt = {
			.message_id = event.id, .number = 1, .timestamp_s = now_ms / 1000, .test = test};
		if (kh_event_open(&event, error) == KH_OK) {
			kh_webhook_build(
				webhook, kh_php_vault_of(&engine->vault), &event, &attempt, &request, error);
		}
	}
	kh_event_clear(&event);
	kh_webhook_free(webhook);
	zend_string_release(json);
	return request;
}

void kh_php_deliver_preview(
	kh_php_engine *engine, zval *webhook, zval *data, zend_string *type, zval *return_value)
{
	kh_error error = {0};
	kh_request *request = kh_php_single(engine, webhook, data, type, true, &error);
	if (request == NULL) {
		if (!EG(exception)) {
			kh_php_throw(&error);
		}
		return;
	}
	kh_php_trace_request(return_value, request);
	if (request->warning != NULL) {
		add_assoc_string(return_value, "warning", request->warning);
	}
	kh_request_free(request);
}

void kh_php_deliver_test(
	kh_php_engine *engine, zval *webhook, zval *data, zend_string *type, zval *return_value)
{
	const int64_t started_ms = kh_clock_unix_ms();
	kh_error error = {0};
	kh_transport *transport = kh_php_transport(&error);
	kh_request *request =
		transport ? kh_php_single(engine, webhook, data, type, true, &error) : NULL;
	if (EG(exception)) {
		return;
	}
	if (request == NULL) {
		kh_php_trace_error(return_value, &error, started_ms);
		return;
	}
	const int64_t end_ms = kh_now_ms() + request->timeout_ms + KH_PHP_IDLE_MS;
	kh_job *job = kh_job_new_take(request);
	if (job == NULL) {
		zend_throw_exception(kh_php_ce_exception, "Out of memory.", 0);
		return;
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
	KIVIHOOK_G(telling) = done;
	kh_php_trace_job(return_value, done, started_ms);
	KIVIHOOK_G(telling) = NULL;
	kh_php_job_free(done);
}
