#include "kh_breaker.h"

#include <string.h>

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Both stop at the end of the range: clocks and stored rows may hold anything. */
static int64_t add(int64_t time_ms, int64_t positive_ms)
{
	return time_ms > INT64_MAX - positive_ms ? INT64_MAX : time_ms + positive_ms;
}

static int64_t subtract(int64_t time_ms, int64_t positive_ms)
{
	return time_ms < INT64_MIN + positive_ms ? INT64_MIN : time_ms - positive_ms;
}

static int64_t probe_delay_ms(int32_t trips)
{
	int64_t delay_ms = KH_BREAKER_FIRST_PROBE_MS;

	while (trips > 1 && delay_ms < KH_BREAKER_MAX_PROBE_MS) {
		delay_ms *= 2;
		trips--;
	}
	return clamp(delay_ms, KH_BREAKER_FIRST_PROBE_MS, KH_BREAKER_MAX_PROBE_MS);
}

static void enter(kh_breaker *breaker, kh_breaker_state state, int64_t now_ms, int64_t delay_ms)
{
	breaker->state = state;
	breaker->since_ms = now_ms;
	breaker->probe_at_ms = add(now_ms, delay_ms);
}

static void open_again(kh_breaker *breaker, int64_t now_ms)
{
	breaker->trips = breaker->trips < 0 ? 1 : breaker->trips + (breaker->trips < INT32_MAX);
	enter(breaker, KH_BREAKER_OPEN, now_ms, probe_delay_ms(breaker->trips));
}

kh_breaker_result kh_breaker_judge(int http_status, kh_status problem, const char *error_code)
{
	if (problem == KH_ERR_TRANSPORT) {
		return error_code != NULL && strcmp(error_code, "aborted") == 0 ? KH_BREAKER_IGNORED
																		: KH_BREAKER_FAILURE;
	}
	if (problem != KH_OK) {
		/* An answer that is too long, or a request that was never sent. */
		return KH_BREAKER_IGNORED;
	}
	return http_status >= 200 && http_status <= 299 ? KH_BREAKER_SUCCESS : KH_BREAKER_FAILURE;
}

kh_breaker_sums kh_breaker_sum(
	const kh_breaker *breaker, const kh_breaker_minute *minutes, size_t count, int64_t now_ms)
{
	const int64_t most = INT64_MAX / 1000; /* leaves room for percentages */
	int64_t begin_ms = subtract(now_ms, KH_BREAKER_WINDOW_MS);
	kh_breaker_sums sums = {0, 0};

	/* A minute that began before it was closed still has results of the bad time. */
	if (breaker->state == KH_BREAKER_CLOSED && breaker->since_ms > begin_ms &&
		breaker->since_ms <= now_ms) {
		begin_ms = breaker->since_ms;
	}
	for (size_t i = 0; i < count; i++) {
		if (minutes[i].begin_ms >= begin_ms && minutes[i].begin_ms <= now_ms) {
			int64_t total = clamp(minutes[i].total, 0, most);
			sums.total = clamp(sums.total + total, 0, most);
			sums.failures = clamp(sums.failures + clamp(minutes[i].failures, 0, total), 0, most);
		}
	}
	return sums;
}

bool kh_breaker_watch(kh_breaker *breaker, kh_breaker_sums sums, int64_t now_ms)
{
	const int64_t most = INT64_MAX / 1000;
	int64_t total = clamp(sums.total, 0, most), failures = clamp(sums.failures, 0, total);

	if (breaker->state != KH_BREAKER_CLOSED || total < KH_BREAKER_MIN_RESULTS ||
		failures * 100 < total * KH_BREAKER_FAILED_PERCENT) {
		return false;
	}
	open_again(breaker, now_ms);
	return true;
}

/* How long until the next probe. A clock that was set back must not make it longer than any delay
 * that was ever decided. */
static int64_t wait_for(const kh_breaker *breaker, int64_t now_ms, int64_t most_ms)
{
	if (breaker->probe_at_ms <= now_ms) {
		return 0;
	}
	if (now_ms < 0 && breaker->probe_at_ms > INT64_MAX + now_ms) {
		return most_ms; /* the difference has no number */
	}
	return clamp(breaker->probe_at_ms - now_ms, 0, most_ms);
}

kh_breaker_pass kh_breaker_ask(
	kh_breaker *breaker, int64_t now_ms, int64_t probing_ms, int64_t *wait_ms)
{
	*wait_ms = 0;
	if (breaker->state != KH_BREAKER_OPEN && breaker->state != KH_BREAKER_HALF_OPEN) {
		return KH_BREAKER_SEND;
	}
	*wait_ms = wait_for(breaker, now_ms,
		breaker->state == KH_BREAKER_OPEN ? KH_BREAKER_MAX_PROBE_MS : KH_BREAKER_MAX_PROBING_MS);
	if (*wait_ms > 0) {
		return KH_BREAKER_WAIT;
	}
	enter(breaker, KH_BREAKER_HALF_OPEN, now_ms, clamp(probing_ms, 1, KH_BREAKER_MAX_PROBING_MS));
	return KH_BREAKER_PROBE;
}

bool kh_breaker_probed(kh_breaker *breaker, kh_breaker_result result, int64_t now_ms)
{
	if (breaker->state != KH_BREAKER_HALF_OPEN) {
		return false;
	}
	if (result == KH_BREAKER_SUCCESS) {
		*breaker = (kh_breaker){.state = KH_BREAKER_CLOSED, .since_ms = now_ms};
	} else if (result == KH_BREAKER_FAILURE) {
		open_again(breaker, now_ms);
	} else {
		enter(breaker, KH_BREAKER_OPEN, now_ms, 0);
	}
	return true;
}
