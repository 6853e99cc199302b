/*
 * What is known of an endpoint, and what follows from it: the core's pure decisions for stores that
 * keep the state where all workers see it.
 */
#include "kh_php.h"

#include "../core/kh_breaker.h"
#include "../core/kh_retry.h"

/* The minutes of a window, and one that has just begun or ended. */
#define KH_PHP_MINUTES_MAX 16

ZEND_METHOD(KiviHook_Endpoint, __construct)
{
	ZEND_PARSE_PARAMETERS_NONE();
}

static kh_breaker kh_php_breaker(HashTable *array)
{
	const zend_long state = kh_php_member_long(array, "state", KH_BREAKER_CLOSED);
	const zend_long trips = kh_php_member_long(array, "trips", 0);
	return (kh_breaker){
		.state = state == KH_BREAKER_OPEN || state == KH_BREAKER_HALF_OPEN ? (kh_breaker_state)state
																		   : KH_BREAKER_CLOSED,
		.since_ms = kh_php_member_long(array, "since_ms", 0),
		.probe_at_ms = kh_php_member_long(array, "probe_at_ms", 0),
		.trips = (int32_t)MAX(0, MIN(trips, INT32_MAX)),
	};
}

static void kh_php_breaker_array(zval *out, const kh_breaker *breaker)
{
	array_init_size(out, 4);
	add_assoc_long(out, "state", breaker->state);
	add_assoc_long(out, "since_ms", (zend_long)breaker->since_ms);
	add_assoc_long(out, "probe_at_ms", (zend_long)breaker->probe_at_ms);
	add_assoc_long(out, "trips", breaker->trips);
}

ZEND_METHOD(KiviHook_Endpoint, ask)
{
	static const char *const passes[] = {
		[KH_BREAKER_SEND] = "send", [KH_BREAKER_PROBE] = "probe", [KH_BREAKER_WAIT] = "wait"};
	HashTable *array;
	zend_long now_ms, probing_ms;
	ZEND_PARSE_PARAMETERS_START(3, 3)
	Z_PARAM_ARRAY_HT(array)
	Z_PARAM_LONG(now_ms)
	Z_PARAM_LONG(probing_ms)
	ZEND_PARSE_PARAMETERS_END();

	kh_breaker breaker = kh_php_breaker(array);
	int64_t wait_ms;
	const kh_breaker_pass pass = kh_breaker_ask(&breaker, now_ms, probing_ms, &wait_ms);
	zval changed;
	kh_php_breaker_array(&changed, &breaker);
	array_init_size(return_value, 3);
	add_assoc_string(return_value, "pass", (char *)passes[pass]);
	add_assoc_long(return_value, "wait_ms", (zend_long)wait_ms);
	add_assoc_zval(return_value, "breaker", &changed);
}

static size_t kh_php_minutes(HashTable *list, kh_breaker_minute minutes[KH_PHP_MINUTES_MAX])
{
	size_t count = 0;
	zval *entry;
	ZEND_HASH_FOREACH_VAL(list, entry)
	{
		ZVAL_DEREF(entry);
		if (Z_TYPE_P(entry) == IS_ARRAY && count < KH_PHP_MINUTES_MAX) {
			HashTable *minute = Z_ARRVAL_P(entry);
			minutes[count++] = (kh_breaker_minute){
				.begin_ms = kh_php_member_long(minute, "begin_ms", 0),
				.total = kh_php_member_long(minute, "total", 0),
				.failures = kh_php_member_long(minute, "failures", 0),
			};
		}
	}
	ZEND_HASH_FOREACH_END();
	return count;
}

ZEND_METHOD(KiviHook_Endpoint, watch)
{
	HashTable *array, *list;
	zend_long now_ms;
	ZEND_PARSE_PARAMETERS_START(3, 3)
	Z_PARAM_ARRAY_HT(array)
	Z_PARAM_ARRAY_HT(list)
	Z_PARAM_LONG(now_ms)
	ZEND_PARSE_PARAMETERS_END();

	kh_breaker breaker = kh_php_breaker(array);
	kh_breaker_minute minutes[KH_PHP_MINUTES_MAX];
	const size_t count = kh_php_minutes(list, minutes);
	if (kh_breaker_watch(&breaker, kh_breaker_sum(&breaker, minutes, count, now_ms), now_ms)) {
		kh_php_breaker_array(return_value, &breaker);
	}
}

ZEND_METHOD(KiviHook_Endpoint, probed)
{
	HashTable *array;
	zend_long health, now_ms;
	ZEND_PARSE_PARAMETERS_START(3, 3)
	Z_PARAM_ARRAY_HT(array)
	Z_PARAM_LONG(health)
	Z_PARAM_LONG(now_ms)
	ZEND_PARSE_PARAMETERS_END();

	kh_breaker breaker = kh_php_breaker(array);
	const kh_breaker_result result = health > 0   ? KH_BREAKER_SUCCESS
									 : health < 0 ? KH_BREAKER_FAILURE
												  : KH_BREAKER_IGNORED;
	if (kh_breaker_probed(&breaker, result, now_ms)) {
		kh_php_breaker_array(return_value, &breaker);
	}
}

ZEND_METHOD(KiviHook_Endpoint, inlineTimeoutMs)
{
	HashTable *list;
	zend_long timeout_ms;
	ZEND_PARSE_PARAMETERS_START(2, 2)
	Z_PARAM_ARRAY_HT(list)
	Z_PARAM_LONG(timeout_ms)
	ZEND_PARSE_PARAMETERS_END();

	int64_t latencies_us[KH_RETRY_INLINE_LATENCIES];
	size_t count = 0;
	zval *entry;
	ZEND_HASH_FOREACH_VAL(list, entry)
	{
		ZVAL_DEREF(entry);
		if (Z_TYPE_P(entry) == IS_LONG && count < KH_RETRY_INLINE_LATENCIES) {
			latencies_us[count++] = Z_LVAL_P(entry);
		}
	}
	ZEND_HASH_FOREACH_END();
	RETURN_LONG((zend_long)kh_retry_inline_timeout_ms(latencies_us, count, timeout_ms));
}
