#include "check.h"
#include "kh_retry.h"

#include <math.h>
#include <stddef.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

static const int64_t schedule[9] = {5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR,
	10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR};

static const kh_status repairable[] = {
	KH_ERR_INVALID, KH_ERR_TOO_LARGE, KH_ERR_JSON, KH_ERR_TEMPLATE, KH_ERR_URL, KH_ERR_BLOCKED};

static kh_decision after_500(const kh_retry_plan *plan, int64_t attempt, double unit)
{
	return kh_retry_decide(plan, attempt, 500, KH_OK, -1, unit);
}

static bool near(int64_t actual, double expected)
{
	return fabs((double)actual - expected) <= 1.0;
}

static void two_hundreds_succeed(void)
{
	const kh_retry_plan plan = {.quick_tries = 3, .quick_delay_s = 5}, never = {.never = true};
	int status;

	for (status = 0; status < 600; status++) {
		bool good = status >= 200 && status <= 299;
		CHECK_INT(kh_retry_decide(&plan, 1, status, KH_OK, -1, 0.5).verdict == KH_VERDICT_SUCCEEDED,
			good);
		CHECK_INT(
			kh_retry_decide(&never, 99, status, KH_OK, -1, 0.5).verdict == KH_VERDICT_SUCCEEDED,
			good);
		/* An answer that broke off is none. */
		CHECK(kh_retry_decide(&plan, 1, status, KH_ERR_TRANSPORT, -1, 0.5).verdict ==
			  KH_VERDICT_RETRY);
	}
}

static void gone_held_and_never(void)
{
	const kh_retry_plan plan = {.quick_tries = 3, .quick_delay_s = 5}, never = {.never = true};

	CHECK_INT(kh_retry_decide(&plan, 1, 410, KH_OK, -1, 0.5).verdict, KH_VERDICT_GONE);
	CHECK_INT(kh_retry_decide(&never, 1, 410, KH_OK, -1, 0.5).verdict, KH_VERDICT_GONE);
	CHECK_INT(kh_retry_decide(&plan, 50, 410, KH_OK, -1, 0.5).verdict, KH_VERDICT_GONE);
	CHECK_INT(kh_retry_decide(&plan, 1, 0, KH_ERR_SEALED, -1, 0.5).verdict, KH_VERDICT_HELD);
	CHECK_INT(kh_retry_decide(&never, 9, 0, KH_ERR_SEALED, -1, 0.5).verdict, KH_VERDICT_HELD);
	CHECK_INT(kh_retry_decide(&never, 1, 500, KH_OK, -1, 0.5).verdict, KH_VERDICT_FAILED);
	CHECK_INT(kh_retry_decide(&never, 1, 0, KH_ERR_TRANSPORT, -1, 0.5).verdict, KH_VERDICT_FAILED);
	CHECK_INT(kh_retry_decide(&never, 1, 0, KH_ERR_TEMPLATE, -1, 0.5).verdict, KH_VERDICT_FAILED);
	CHECK_INT(kh_retry_decide(&never, 1, 503, KH_OK, 5000, 0.5).verdict, KH_VERDICT_FAILED);
}

static void quick_tries_come_first_then_the_schedule(void)
{
	int32_t quick, delay_s;
	int64_t attempt;

	for (quick = 0; quick <= 10; quick++) {
		for (delay_s = 1; delay_s <= 60; delay_s += 7) {
			const kh_retry_plan plan = {.quick_tries = quick, .quick_delay_s = delay_s};
			int64_t attempts = 1;
			for (attempt = 1;; attempt++, attempts++) {
				kh_decision middle = after_500(&plan, attempt, 0.5);
				if (middle.verdict == KH_VERDICT_FAILED) {
					break;
				}
				CHECK_INT(middle.verdict, KH_VERDICT_RETRY);
				CHECK(near(middle.delay_ms, attempt <= quick
												? (double)delay_s * SECOND
												: (double)schedule[attempt - quick - 1]));
			}
			CHECK_INT(attempts, 1 + quick + 9);
			CHECK_INT(after_500(&plan, INT64_MAX, 0.5).verdict, KH_VERDICT_FAILED);
		}
	}
}

static void jitter_stays_within_a_fifth_and_grows_with_its_number(void)
{
	const kh_retry_plan plan = {.quick_tries = 2, .quick_delay_s = 10};
	int64_t attempt, last;
	int step;

	for (attempt = 1; attempt < 1 + 2 + 9; attempt++) {
		int64_t middle = attempt <= 2 ? 10 * SECOND : schedule[attempt - 3];
		last = 0;
		for (step = 0; step < 100; step++) {
			int64_t delay = after_500(&plan, attempt, step / 100.0).delay_ms;
			CHECK((double)delay >= (double)middle * 0.8 - 1);
			CHECK((double)delay <= (double)middle * 1.2 + 1);
			CHECK(delay > last);
			last = delay;
		}
		CHECK(near(after_500(&plan, attempt, 0.0).delay_ms, (double)middle * 0.8));
	}
}

static void what_waits_for_repair_skips_the_quick_tries(void)
{
	const kh_retry_plan plan = {.quick_tries = 3, .quick_delay_s = 1};
	size_t i;
	int64_t attempt, delay, last;

	for (i = 0; i < sizeof(repairable) / sizeof(*repairable); i++) {
		last = 0;
		for (attempt = 1; attempt < 1 + 3 + 9; attempt++) {
			kh_decision decision = kh_retry_decide(&plan, attempt, 0, repairable[i], -1, 0.5);
			CHECK_INT(decision.verdict, KH_VERDICT_RETRY);
			delay = decision.delay_ms;
			CHECK(near(delay, (double)schedule[attempt <= 9 ? attempt - 1 : 8]));
			CHECK(delay >= last);
			last = delay;
		}
		CHECK_INT(
			kh_retry_decide(&plan, attempt, 0, repairable[i], -1, 0.5).verdict, KH_VERDICT_FAILED);
	}
}

static void odd_plans_and_numbers_are_brought_into_range(void)
{
	const kh_retry_plan wild = {.quick_tries = 1000000, .quick_delay_s = INT32_MAX},
						negative = {.quick_tries = -5, .quick_delay_s = -5};

	CHECK(near(after_500(&wild, 10, 0.5).delay_ms, 60.0 * SECOND));
	CHECK(near(after_500(&wild, 11, 0.5).delay_ms, 5.0 * SECOND));
	CHECK_INT(after_500(&wild, 20, 0.5).verdict, KH_VERDICT_FAILED);
	CHECK(near(after_500(&negative, 1, 0.5).delay_ms, 5.0 * SECOND));
	CHECK_INT(after_500(&negative, 10, 0.5).verdict, KH_VERDICT_FAILED);
	CHECK(near(after_500(&negative, 0, 0.5).delay_ms, 5.0 * SECOND));
	CHECK(near(after_500(&negative, INT64_MIN, 0.5).delay_ms, 5.0 * SECOND));
	CHECK(near(after_500(&negative, 1, NAN).delay_ms, 5.0 * SECOND));
	CHECK(near(after_500(&negative, 1, 7.0).delay_ms, 5.0 * SECOND));
	CHECK(near(after_500(&negative, 1, -1.0).delay_ms, 5.0 * SECOND));
}

static void retry_after_never_shortens_and_ends_at_ten_hours(void)
{
	static const int64_t hints[] = {
		-1, 0, 1, SECOND, MINUTE, HOUR, 9 * HOUR, 10 * HOUR, 11 * HOUR, 24 * HOUR, INT64_MAX};
	static const int statuses[] = {0, 200, 301, 408, 429, 500, 502, 503, 504};
	const kh_retry_plan plan = {.quick_tries = 3, .quick_delay_s = 5};
	size_t h, s;
	int64_t attempt;

	for (attempt = 1; attempt < 1 + 3 + 9; attempt++) {
		int64_t plain = after_500(&plan, attempt, 0.9).delay_ms;
		for (s = 0; s < sizeof(statuses) / sizeof(*statuses); s++) {
			bool heard = statuses[s] >= 300;
			for (h = 0; h < sizeof(hints) / sizeof(*hints); h++) {
				int64_t hint = hints[h] > 10 * HOUR ? 10 * HOUR : hints[h];
				kh_decision decision =
					kh_retry_decide(&plan, attempt, statuses[s], KH_ERR_TRANSPORT, hints[h], 0.9);
				CHECK_INT(decision.verdict, KH_VERDICT_RETRY);
				CHECK_INT(decision.delay_ms, heard && hint > plain ? hint : plain);
			}
		}
	}
	CHECK_INT(kh_retry_decide(&plan, 1, 429, KH_OK, HOUR, 0.5).delay_ms, HOUR);
}

static void retry_after_in_seconds(void)
{
	CHECK_INT(kh_retry_after_ms("120", 0), 120 * SECOND);
	CHECK_INT(kh_retry_after_ms("  7\t", 0), 7 * SECOND);
	CHECK_INT(kh_retry_after_ms("0", 0), 0);
	CHECK_INT(kh_retry_after_ms("00060", 0), MINUTE);
	CHECK_INT(kh_retry_after_ms("36000", 0), KH_RETRY_MAX_AFTER_MS);
	CHECK_INT(kh_retry_after_ms("99999999999999999999999999999999", 0), KH_RETRY_MAX_AFTER_MS);
}

static void retry_after_as_a_date(void)
{
	const int64_t then = 784111777; /* Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110 */

	CHECK_INT(kh_retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", then - 60), MINUTE);
	CHECK_INT(kh_retry_after_ms("Sunday, 06-Nov-94 08:49:37 GMT", then - 60), MINUTE);
	CHECK_INT(kh_retry_after_ms("Sun Nov  6 08:49:37 1994", then - 60), MINUTE);
	CHECK_INT(kh_retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", then), 0);
	CHECK_INT(kh_retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", then + 1), -1);
	CHECK_INT(kh_retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", 0), KH_RETRY_MAX_AFTER_MS);
	/* 2000-02-29 and the turn of a year: 951782400 = Tue, 29 Feb 2000 00:00:00 GMT */
	CHECK_INT(kh_retry_after_ms("Tue, 29 Feb 2000 00:00:09 GMT", 951782400), 9 * SECOND);
	CHECK_INT(kh_retry_after_ms("Fri, 31 Dec 1999 23:59:60 GMT", 946684800 - 1), SECOND);
	CHECK_INT(kh_retry_after_ms("Thu, 01 Jan 2026 00:00:00 GMT", 1767225600 - 5), 5 * SECOND);
	/* Two digits: at most fifty years ahead. */
	CHECK_INT(kh_retry_after_ms("Thursday, 01-Jan-26 00:00:00 GMT", 1767225600 - 5), 5 * SECOND);
	CHECK_INT(kh_retry_after_ms("Thursday, 01-Jan-99 00:00:00 GMT", 1767225600), -1);
}

static void what_is_neither_is_refused(void)
{
	static const char *const wrong[] = {"", " ", "-1", "+1", "1.5", "1e3", "12 s", "0x10", "soon",
		"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
		"Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 32 Nov 2094 08:49:37 GMT",
		"Sun, 06 Nov 2094 24:49:37 GMT", "Sun, 06 Nov 2094 08:60:37 GMT",
		"Sun, 06 Nov 2094 08:49:37 GMT x", "2094-11-06T08:49:37Z", "Sun Nov  6 08:49:37 2094 GMT",
		"Sun, 06 Nov 1960 08:49:37 GMT",
		"111111111111111111111111111111111111111111111111111111111111111111111111111111111111"};
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (kh_retry_after_ms(wrong[i], 0) != -1) {
			check_fail(__FILE__, __LINE__, "accepted: %s", wrong[i]);
		}
	}
	CHECK_INT(kh_retry_after_ms(NULL, 0), -1);
}

static void a_schedule_of_its_own_replaces_the_others(void)
{
	const kh_retry_plan plan = {
		.quick_tries = 9, .quick_delay_s = 60, .schedule_s = {7, 3600, 60}, .schedule_count = 3};
	const kh_retry_plan never = {.never = true, .schedule_s = {5}, .schedule_count = 1};
	size_t i;

	CHECK(near(after_500(&plan, 1, 0.5).delay_ms, 7.0 * SECOND));
	CHECK(near(after_500(&plan, 2, 0.5).delay_ms, (double)HOUR));
	CHECK(near(after_500(&plan, 3, 0.5).delay_ms, 60.0 * SECOND));
	CHECK_INT(after_500(&plan, 4, 0.5).verdict, KH_VERDICT_FAILED);
	CHECK_INT(after_500(&never, 1, 0.5).verdict, KH_VERDICT_FAILED);
	for (i = 0; i < sizeof(repairable) / sizeof(*repairable); i++) {
		CHECK(near(kh_retry_decide(&plan, 1, 0, repairable[i], -1, 0.5).delay_ms, 7.0 * SECOND));
	}
}

/* xorshift64*: the same numbers in every run. */
static uint64_t any(void)
{
	static uint64_t state = 0x9E3779B97F4A7C15u;

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545F4914F6CDD1Du;
}

/* Half of them near the ends of what a number can be. */
static int64_t any_int(void)
{
	static const int64_t edges[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT32_MIN, INT32_MAX,
		INT64_MAX - 1, INT64_MAX, KH_RETRY_MAX_AFTER_MS, KH_RETRY_MAX_DELAY_S};

	return any() % 2 == 0 ? (int64_t)any() : (int64_t)((uint64_t)edges[any() % 11] + any() % 3 - 1);
}

static void any_numbers_give_a_delay_within_its_bounds(void)
{
	static const int statuses[] = {0, 200, 301, 404, 410, 429, 500, 503, -7, INT32_MAX};
	const double longest = 1.2 * KH_RETRY_MAX_DELAY_S * SECOND;
	int i, step;

	for (i = 0; i < 200000; i++) {
		kh_retry_plan plan = {.never = any() % 16 == 0,
			.quick_tries = (int32_t)any_int(),
			.quick_delay_s = (int32_t)any_int(),
			.schedule_count = any() % 2 == 0 ? 0 : (int32_t)any_int()};
		int64_t attempt = any() % 2 == 0 ? (int64_t)(any() % 40) : any_int();
		int64_t after_ms = any_int();
		double unit = (double)(any() % 1000) / 1000;
		int status = statuses[any() % 10];
		kh_status problem = (kh_status)(any() % (KH_ERR_TRANSPORT + 1));
		kh_decision with, without;

		for (step = 0; step < KH_RETRY_MAX_SCHEDULE; step++) {
			plan.schedule_s[step] = (int32_t)any_int();
		}
		with = kh_retry_decide(&plan, attempt, status, problem, after_ms, unit);
		without = kh_retry_decide(&plan, attempt, status, problem, -1, unit);
		CHECK_INT(with.verdict, without.verdict);
		if (with.verdict != KH_VERDICT_RETRY) {
			CHECK_INT(with.delay_ms, 0);
			continue;
		}
		/* Never sooner than the schedule, nor than the endpoint asked for, up to the cap. */
		CHECK(without.delay_ms >= (int64_t)(0.8 * SECOND));
		CHECK((double)without.delay_ms <= longest);
		CHECK(with.delay_ms >= without.delay_ms);
		if (status >= 300) {
			CHECK(with.delay_ms >=
				  (after_ms < KH_RETRY_MAX_AFTER_MS ? after_ms : KH_RETRY_MAX_AFTER_MS));
		}
		/* Never later than the cap, unless the schedule itself says so. */
		CHECK(with.delay_ms <= KH_RETRY_MAX_AFTER_MS || with.delay_ms == without.delay_ms);
	}
}

static void every_delivery_comes_to_an_end(void)
{
	kh_retry_plan plan = {0};
	int64_t attempt;

	for (plan.schedule_count = 0; plan.schedule_count <= KH_RETRY_MAX_SCHEDULE + 2;
		 plan.schedule_count++) {
		for (attempt = 1; after_500(&plan, attempt, 0.99).verdict == KH_VERDICT_RETRY; attempt++) {
		}
		CHECK(attempt <= 1 + KH_RETRY_MAX_SCHEDULE);
	}
}

static void a_date_is_understood_whatever_the_clock_says(void)
{
	static const char *const values[] = {"Fri, 31 Dec 9999 23:59:59 GMT",
		"Thu, 01 Jan 1970 00:00:00 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994", "99999999999999999999999999", "0"};
	int i;

	for (i = 0; i < 60000; i++) {
		int64_t after_ms = kh_retry_after_ms(values[i % 6], any_int());
		CHECK(after_ms >= -1 && after_ms <= KH_RETRY_MAX_AFTER_MS);
	}
}

static void inline_waits_as_long_as_the_endpoint_usually_takes(void)
{
	int64_t latencies[100];
	size_t i;

	for (i = 0; i < 100; i++) {
		latencies[i] = 300000;
	}
	CHECK_INT(kh_retry_inline_timeout_ms(NULL, 0, 30000), KH_RETRY_INLINE_UNKNOWN_MS);
	CHECK_INT(kh_retry_inline_timeout_ms(latencies, 4, 30000), KH_RETRY_INLINE_UNKNOWN_MS);
	CHECK_INT(kh_retry_inline_timeout_ms(latencies, 4, 1000), 1000);
	CHECK_INT(kh_retry_inline_timeout_ms(latencies, 100, 30000), 850);
	CHECK_INT(kh_retry_inline_timeout_ms(latencies, 100, 700), 700);
	latencies[7] = 60000000; /* one in fifty tells nothing */
	CHECK_INT(kh_retry_inline_timeout_ms(latencies, 100, 30000), 850);
	CHECK_INT(kh_retry_inline_timeout_ms(latencies, 10, 30000), 0); /* one in ten does */
	latencies[7] = 2375000;
	CHECK_INT(kh_retry_inline_timeout_ms(latencies, 10, 30000), KH_RETRY_INLINE_MAX_MS);
	latencies[7] = 2376000;
	CHECK_INT(kh_retry_inline_timeout_ms(latencies, 10, 30000), 0);
	for (i = 0; i < 100; i++) {
		latencies[i] = 10;
	}
	CHECK_INT(kh_retry_inline_timeout_ms(latencies, 100, 30000), KH_RETRY_INLINE_MIN_MS);
}

static void inline_never_waits_longer_than_allowed(void)
{
	int64_t latencies[60];
	size_t i, count;
	int round;

	for (round = 0; round < 20000; round++) {
		int64_t timeout_ms = any_int(), got;
		count = any() % 60;
		for (i = 0; i < count; i++) {
			latencies[i] = any() % 2 == 0 ? (int64_t)(any() % 4000000) : any_int();
		}
		got = kh_retry_inline_timeout_ms(latencies, count, timeout_ms);
		CHECK(got >= 0 && got <= KH_RETRY_INLINE_MAX_MS);
		CHECK(got <= 1 || got <= timeout_ms);
	}
}

int main(void)
{
	RUN(two_hundreds_succeed);
	RUN(gone_held_and_never);
	RUN(quick_tries_come_first_then_the_schedule);
	RUN(jitter_stays_within_a_fifth_and_grows_with_its_number);
	RUN(what_waits_for_repair_skips_the_quick_tries);
	RUN(odd_plans_and_numbers_are_brought_into_range);
	RUN(retry_after_never_shortens_and_ends_at_ten_hours);
	RUN(retry_after_in_seconds);
	RUN(retry_after_as_a_date);
	RUN(what_is_neither_is_refused);
	RUN(a_schedule_of_its_own_replaces_the_others);
	RUN(any_numbers_give_a_delay_within_its_bounds);
	RUN(every_delivery_comes_to_an_end);
	RUN(a_date_is_understood_whatever_the_clock_says);
	RUN(inline_waits_as_long_as_the_endpoint_usually_takes);
	RUN(inline_never_waits_longer_than_allowed);
	return check_done();
}
