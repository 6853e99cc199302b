#include "kh_php_names.h"
#include "kh_php_run.h"

#include "../core/kh_breaker.h"
#include "../core/kh_clock.h"
#include "../core/kh_random.h"

/* ---- outcomes ---- */

static kh_php_name kh_php_state(kh_verdict verdict)
{
	switch (verdict) {
	case KH_VERDICT_SUCCEEDED:
		return KH_NAME_succeeded;
	case KH_VERDICT_RETRY:
		return KH_NAME_pending;
	case KH_VERDICT_HELD:
		return KH_NAME_held;
	default:
		return KH_NAME_failed;
	}
}

/* What an attempt says about the endpoint, as Store::settle() documents it. */
static zend_long kh_php_health(kh_breaker_result result)
{
	return result == KH_BREAKER_SUCCESS ? 1 : result == KH_BREAKER_FAILURE ? -1 : 0;
}

static void kh_php_outcome(kh_php_run *run, const kh_php_flight *flight, kh_decision decision,
	kh_breaker_result health, zval *trace)
{
	zval outcome, state, delay_ms;
	kh_php_name_value(&state, kh_php_state(decision.verdict));
	ZVAL_NULL(&delay_ms);
	if (decision.verdict == KH_VERDICT_RETRY) {
		ZVAL_LONG(&delay_ms, (zend_long)decision.delay_ms);
		run->left++;
	}
	array_init_size(&outcome, 16);
	zend_hash_real_init_mixed(Z_ARRVAL(outcome));
	kh_php_put_long(&outcome, KH_NAME_id, flight->delivery);
	kh_php_put_string(&outcome, KH_NAME_lease, flight->lease);
	kh_php_put_long(&outcome, KH_NAME_webhook, flight->webhook);
	kh_php_put_long(&outcome, KH_NAME_attempt, flight->attempt);
	kh_php_put(&outcome, KH_NAME_state, &state);
	kh_php_put(&outcome, KH_NAME_delay_ms, &delay_ms);
	kh_php_put_bool(&outcome, KH_NAME_switch_off, decision.verdict == KH_VERDICT_GONE);
	kh_php_put_long(&outcome, KH_NAME_health, kh_php_health(health));
	kh_php_put(&outcome, KH_NAME_trace, trace);

	if (zend_hash_num_elements(Z_ARRVAL(run->outcomes)) == 0) {
		run->outcomes_since_ms = kh_now_ms();
	}
	add_next_index_zval(&run->outcomes, &outcome);
	kh_php_lane_ended(run, flight->webhook, true);
	run->sent++;
	run->succeeded += decision.verdict == KH_VERDICT_SUCCEEDED;
}

void kh_php_outcome_of_error(
	kh_php_run *run, const kh_php_flight *flight, const kh_error *error, const char *code)
{
	zval trace;
	kh_php_trace_error(&trace, error, flight->started_ms, code);
	kh_php_outcome(run, flight,
		kh_retry_decide(&flight->retry, flight->attempt, 0, error->status, -1, kh_random_unit()),
		kh_breaker_judge(0, error->status, code), &trace);
}

/* libcurl's timer may come a little early. */
#define KH_PHP_CUT_SLACK_US 5000

/* Our own deadline ended it, which says nothing about the endpoint: the budget, or the shorter time
 * of somebody who has other things to do. */
static bool kh_php_was_cut(const kh_php_flight *flight, const kh_result *result)
{
	if (result->error_code && strcmp(result->error_code, "aborted") == 0) {
		return true;
	}
	return flight->cut_ms > 0 && result->problem == KH_ERR_TRANSPORT &&
		   result->timings.total_us >= flight->cut_ms * 1000 - KH_PHP_CUT_SLACK_US;
}

void kh_php_outcome_of_job(kh_php_run *run, const kh_php_flight *flight, const kh_job *job)
{
	const kh_result *result = &job->result;
	zval trace;
	kh_php_trace_job(&trace, job, flight->started_ms, &run->trace_before);
	if (kh_php_was_cut(flight, result)) {
		/* Due at once, for a driver with more time. */
		kh_php_outcome(run, flight, (kh_decision){.verdict = KH_VERDICT_RETRY, .delay_ms = 0},
			KH_BREAKER_IGNORED, &trace);
		return;
	}
	/* Neither chance nor a date is needed where nothing is tried again. */
	const bool good =
		result->problem == KH_OK && result->http_status >= 200 && result->http_status <= 299;
	kh_php_outcome(run, flight,
		kh_retry_decide(&flight->retry, flight->attempt, result->http_status, result->problem,
			good ? -1 : kh_retry_after_ms(result->retry_after, kh_clock_unix_ms() / 1000),
			good ? 0.5 : kh_random_unit()),
		kh_breaker_judge(result->http_status, result->problem, result->error_code), &trace);
}

/* ---- calls into the store ---- */

void kh_php_store_call(kh_php_run *run, const char *method, zval *result, zval *first, zval *second)
{
	zend_object *store = Z_OBJ(run->engine->store);
	zend_call_method(
		store, store->ce, NULL, method, strlen(method), result, second ? 2 : 1, first, second);
}

void kh_php_settle(kh_php_run *run)
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

void kh_php_release(kh_php_run *run, const kh_php_flight *flight)
{
	zval owner, ids, nothing;
	ZVAL_STR(&owner, run->engine->owner);
	array_init(&ids);
	add_next_index_long(&ids, (zend_long)flight->delivery);
	ZVAL_UNDEF(&nothing);
	kh_php_store_call(run, "release", &nothing, &owner, &ids);
	zval_ptr_dtor(&nothing);
	zval_ptr_dtor(&ids);
	kh_php_lane_ended(run, flight->webhook, false);
	run->left++;
}
