#include "check.h"
#include "kh_breaker.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define NOW INT64_C(1795000000000)

static kh_breaker opened(int64_t now_ms)
{
	kh_breaker breaker = {0};

	CHECK(kh_breaker_watch(&breaker, (kh_breaker_sums){10, 10}, now_ms));
	return breaker;
}

static void it_opens_at_seventy_of_a_hundred_of_ten_or_more(void)
{
	int64_t total, failures;

	for (total = 0; total <= 200; total++) {
		for (failures = 0; failures <= total; failures++) {
			kh_breaker breaker = {0};
			bool opens = kh_breaker_watch(&breaker, (kh_breaker_sums){total, failures}, NOW);
			CHECK_INT(opens, total >= 10 && failures * 100 >= total * 70);
			CHECK_INT(breaker.state, opens ? KH_BREAKER_OPEN : KH_BREAKER_CLOSED);
		}
	}
}

static void open_waits_probes_once_and_closes(void)
{
	kh_breaker breaker = opened(NOW);
	int64_t wait_ms;

	CHECK_INT(kh_breaker_ask(&breaker, NOW, 90 * SECOND, &wait_ms), KH_BREAKER_WAIT);
	CHECK_INT(wait_ms, 30 * SECOND);
	CHECK_INT(
		kh_breaker_ask(&breaker, NOW + 30 * SECOND - 1, 90 * SECOND, &wait_ms), KH_BREAKER_WAIT);
	CHECK_INT(wait_ms, 1);
	CHECK_INT(kh_breaker_ask(&breaker, NOW + 30 * SECOND, 90 * SECOND, &wait_ms), KH_BREAKER_PROBE);
	CHECK_INT(breaker.state, KH_BREAKER_HALF_OPEN);
	/* Everything else waits until the probe is back, or its worker's lease is over. */
	CHECK_INT(kh_breaker_ask(&breaker, NOW + 31 * SECOND, 90 * SECOND, &wait_ms), KH_BREAKER_WAIT);
	CHECK_INT(wait_ms, 89 * SECOND);
	CHECK(kh_breaker_probed(&breaker, KH_BREAKER_SUCCESS, NOW + 32 * SECOND));
	CHECK_INT(breaker.state, KH_BREAKER_CLOSED);
	CHECK_INT(breaker.trips, 0);
	CHECK_INT(kh_breaker_ask(&breaker, NOW + 32 * SECOND, 1, &wait_ms), KH_BREAKER_SEND);
	CHECK(!kh_breaker_probed(&breaker, KH_BREAKER_FAILURE, NOW + 33 * SECOND));
}

static void each_failed_probe_doubles_the_delay_up_to_a_quarter_of_an_hour(void)
{
	static const int64_t delays_s[] = {30, 60, 120, 240, 480, 900, 900, 900};
	kh_breaker breaker = opened(NOW);
	int64_t now_ms = NOW, wait_ms;
	size_t i;

	for (i = 0; i < sizeof(delays_s) / sizeof(*delays_s); i++) {
		CHECK_INT(kh_breaker_ask(&breaker, now_ms, MINUTE, &wait_ms), KH_BREAKER_WAIT);
		CHECK_INT(wait_ms, delays_s[i] * SECOND);
		now_ms += wait_ms;
		CHECK_INT(kh_breaker_ask(&breaker, now_ms, MINUTE, &wait_ms), KH_BREAKER_PROBE);
		CHECK(kh_breaker_probed(&breaker, KH_BREAKER_FAILURE, now_ms));
		CHECK_INT(breaker.state, KH_BREAKER_OPEN);
	}
	breaker.trips = INT32_MAX;
	breaker.state = KH_BREAKER_HALF_OPEN;
	CHECK(kh_breaker_probed(&breaker, KH_BREAKER_FAILURE, now_ms));
	CHECK_INT(breaker.trips, INT32_MAX);
}

static void a_probe_that_says_nothing_is_given_back(void)
{
	kh_breaker breaker = opened(NOW);
	int64_t wait_ms, trips = breaker.trips;

	CHECK_INT(kh_breaker_ask(&breaker, NOW + MINUTE, MINUTE, &wait_ms), KH_BREAKER_PROBE);
	CHECK(kh_breaker_probed(&breaker, KH_BREAKER_IGNORED, NOW + MINUTE));
	CHECK_INT(breaker.state, KH_BREAKER_OPEN);
	CHECK_INT(breaker.trips, trips);
	CHECK_INT(kh_breaker_ask(&breaker, NOW + MINUTE, MINUTE, &wait_ms), KH_BREAKER_PROBE);
	/* A worker that died with it holds it up for its lease, ten minutes at most. */
	CHECK_INT(kh_breaker_ask(&breaker, NOW + 2 * MINUTE, MINUTE, &wait_ms), KH_BREAKER_PROBE);
	CHECK_INT(kh_breaker_ask(&breaker, NOW + 4 * MINUTE, INT64_MAX, &wait_ms), KH_BREAKER_PROBE);
	CHECK_INT(kh_breaker_ask(&breaker, NOW + 14 * MINUTE, MINUTE, &wait_ms), KH_BREAKER_PROBE);
}

static void only_the_endpoints_own_results_count(void)
{
	static const kh_status ours[] = {KH_ERR_MEMORY, KH_ERR_INVALID, KH_ERR_TOO_LARGE, KH_ERR_JSON,
		KH_ERR_TEMPLATE, KH_ERR_URL, KH_ERR_BLOCKED, KH_ERR_SEALED, KH_ERR_CRYPTO};
	size_t i;
	int status;

	for (status = 100; status < 600; status++) {
		CHECK_INT(kh_breaker_judge(status, KH_OK, ""),
			status >= 200 && status <= 299 ? KH_BREAKER_SUCCESS : KH_BREAKER_FAILURE);
	}
	CHECK_INT(kh_breaker_judge(0, KH_ERR_TRANSPORT, "timeout"), KH_BREAKER_FAILURE);
	CHECK_INT(kh_breaker_judge(200, KH_ERR_TRANSPORT, "closed"), KH_BREAKER_FAILURE);
	CHECK_INT(kh_breaker_judge(0, KH_ERR_TRANSPORT, NULL), KH_BREAKER_FAILURE);
	CHECK_INT(kh_breaker_judge(0, KH_ERR_TRANSPORT, "aborted"), KH_BREAKER_IGNORED);
	for (i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		CHECK_INT(kh_breaker_judge(0, ours[i], "other"), KH_BREAKER_IGNORED);
	}
}

static void the_sums_are_of_five_minutes_and_of_this_side_of_the_last_closing(void)
{
	const kh_breaker_minute minutes[] = {{NOW - 6 * MINUTE, 100, 100}, {NOW - 5 * MINUTE, 1, 1},
		{NOW - 3 * MINUTE, 10, 4}, {NOW - MINUTE, 5, 7}, {NOW, -3, -3}, {NOW + MINUTE, 50, 50}};
	const size_t count = sizeof(minutes) / sizeof(*minutes);
	kh_breaker breaker = {0};
	kh_breaker_sums sums = kh_breaker_sum(&breaker, minutes, count, NOW);

	CHECK_INT(sums.total, 16);
	CHECK_INT(sums.failures, 10); /* no more than there are results in a minute */
	breaker.since_ms = NOW - 2 * MINUTE;
	sums = kh_breaker_sum(&breaker, minutes, count, NOW);
	CHECK_INT(sums.total, 5);
	CHECK_INT(sums.failures, 5);
	breaker.since_ms = NOW + MINUTE; /* the clock was set back */
	CHECK_INT(kh_breaker_sum(&breaker, minutes, count, NOW).total, 16);
}

/* xorshift64*: the same numbers in every run. */
static uint64_t any(void)
{
	static uint64_t state = 0x2545F4914F6CDD1Du;

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x9E3779B97F4A7C15u;
}

static int64_t any_int(void)
{
	static const int64_t edges[] = {
		INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX, NOW};

	return any() % 2 == 0 ? (int64_t)any() : edges[any() % 8];
}

/* Whatever a store holds and a clock says: no wait is over its bound, nothing overflows (the
 * sanitizers look on), and waiting as long as was said leads to a probe. */
static void any_numbers_keep_to_the_bounds(void)
{
	int i;

	for (i = 0; i < 200000; i++) {
		kh_breaker breaker = {(kh_breaker_state)(any() % 4), any_int(), any_int(), (int32_t)any()};
		const kh_breaker_minute minutes[] = {
			{any_int(), any_int(), any_int()}, {any_int(), any_int(), any_int()}};
		int64_t now_ms = any_int(), wait_ms = -1;
		kh_breaker_sums sums = kh_breaker_sum(&breaker, minutes, 2, now_ms);

		CHECK(sums.total >= 0 && sums.failures >= 0 && sums.failures <= sums.total);
		if (kh_breaker_watch(&breaker, (kh_breaker_sums){any_int(), any_int()}, now_ms)) {
			CHECK(breaker.state == KH_BREAKER_OPEN && breaker.trips >= 1);
		}
		if (kh_breaker_ask(&breaker, now_ms, any_int(), &wait_ms) == KH_BREAKER_WAIT) {
			CHECK(wait_ms >= 1 && wait_ms <= KH_BREAKER_MAX_PROBE_MS);
		} else {
			CHECK_INT(wait_ms, 0);
		}
		kh_breaker_probed(&breaker, (kh_breaker_result)(any() % 3), any_int());
		if (breaker.state == KH_BREAKER_OPEN && breaker.since_ms <= NOW && breaker.since_ms > 0 &&
			breaker.probe_at_ms >= breaker.since_ms) {
			int64_t later_ms = breaker.since_ms;
			if (kh_breaker_ask(&breaker, later_ms, MINUTE, &wait_ms) == KH_BREAKER_WAIT &&
				breaker.probe_at_ms - later_ms == wait_ms) {
				CHECK_INT(kh_breaker_ask(&breaker, later_ms + wait_ms, MINUTE, &wait_ms),
					KH_BREAKER_PROBE);
			}
		}
	}
}

int main(void)
{
	RUN(it_opens_at_seventy_of_a_hundred_of_ten_or_more);
	RUN(open_waits_probes_once_and_closes);
	RUN(each_failed_probe_doubles_the_delay_up_to_a_quarter_of_an_hour);
	RUN(a_probe_that_says_nothing_is_given_back);
	RUN(only_the_endpoints_own_results_count);
	RUN(the_sums_are_of_five_minutes_and_of_this_side_of_the_last_closing);
	RUN(any_numbers_keep_to_the_bounds);
	return check_done();
}
