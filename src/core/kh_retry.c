#include "kh_retry.h"

#include "kh_buf.h"

#include <stdio.h>
#include <stdlib.h>

#define SECOND_MS 1000LL
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)

#define MOST_QUICK_TRIES 10
#define MOST_QUICK_DELAY_S 60

#define FEWEST_LATENCIES 5
/* The year 9999, the last that an HTTP date can name. */
#define LAST_SECOND 253402300799LL

/* The schedule that Standard Webhooks recommends: three days and three hours in all. */
static const int64_t long_delays_ms[] = {
	5 * SECOND_MS,
	5 * MINUTE_MS,
	30 * MINUTE_MS,
	2 * HOUR_MS,
	5 * HOUR_MS,
	10 * HOUR_MS,
	14 * HOUR_MS,
	20 * HOUR_MS,
	24 * HOUR_MS,
};

#define LONG_TRIES ((int64_t)(sizeof(long_delays_ms) / sizeof(*long_delays_ms)))

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Nothing went out, and the same will happen again until somebody changes a setting. */
static bool waits_for_repair(kh_status problem)
{
	switch (problem) {
	case KH_ERR_INVALID:
	case KH_ERR_TOO_LARGE:
	case KH_ERR_JSON:
	case KH_ERR_TEMPLATE:
	case KH_ERR_URL:
	case KH_ERR_BLOCKED:
		return true;
	default:
		return false;
	}
}

static int64_t retries_of(const kh_retry_plan *plan)
{
	if (plan->schedule_count > 0) {
		return clamp(plan->schedule_count, 1, KH_RETRY_MAX_SCHEDULE);
	}
	return clamp(plan->quick_tries, 0, MOST_QUICK_TRIES) + LONG_TRIES;
}

/*
 * The delay after attempt number `attempt`, without jitter. What waits for repair has no use for
 * quick tries: it walks the long schedule from its first attempt on, and stays on the last step for
 * as many attempts as the quick tries would have taken. So every delivery has the same number of
 * attempts, also one that fails for different reasons in turn.
 */
static int64_t scheduled_ms(const kh_retry_plan *plan, int64_t attempt, bool by_long_schedule)
{
	int64_t quick_tries = clamp(plan->quick_tries, 0, MOST_QUICK_TRIES);
	int64_t step = attempt - 1;

	if (plan->schedule_count > 0) {
		step = clamp(step, 0, retries_of(plan) - 1);
		return clamp(plan->schedule_s[step], 1, KH_RETRY_MAX_DELAY_S) * SECOND_MS;
	}
	if (!by_long_schedule) {
		if (step < quick_tries) {
			return clamp(plan->quick_delay_s, 1, MOST_QUICK_DELAY_S) * SECOND_MS;
		}
		step -= quick_tries;
	}
	return long_delays_ms[step < LONG_TRIES ? step : LONG_TRIES - 1];
}

kh_decision kh_retry_decide(const kh_retry_plan *plan, int64_t attempt, int http_status,
	kh_status problem, int64_t retry_after_ms, double unit_random)
{
	int64_t delay_ms;

	if (problem == KH_OK && http_status >= 200 && http_status <= 299) {
		return (kh_decision){KH_VERDICT_SUCCEEDED, 0};
	}
	if (problem == KH_OK && http_status == 410) {
		return (kh_decision){KH_VERDICT_GONE, 0};
	}
	if (problem == KH_ERR_SEALED) {
		return (kh_decision){KH_VERDICT_HELD, 0};
	}
	if (plan->never || attempt >= 1 + retries_of(plan)) {
		return (kh_decision){KH_VERDICT_FAILED, 0};
	}
	if (!(unit_random >= 0.0 && unit_random < 1.0)) { /* also what is no number */
		unit_random = 0.5;
	}
	delay_ms = scheduled_ms(plan, attempt < 1 ? 1 : attempt, waits_for_repair(problem));
	delay_ms = (int64_t)((double)delay_ms * (0.8 + 0.4 * unit_random));
	/* Most send it with 429 and 503 (RFC 6585, 9110), but whoever names a time means it. */
	if (http_status >= 300 && retry_after_ms > delay_ms) {
		/* The cap must not shorten what the schedule says by itself. */
		retry_after_ms = clamp(retry_after_ms, 0, KH_RETRY_MAX_AFTER_MS);
		delay_ms = retry_after_ms > delay_ms ? retry_after_ms : delay_ms;
	}
	return (kh_decision){KH_VERDICT_RETRY, delay_ms};
}

static int compare_latencies(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

int64_t kh_retry_inline_timeout_ms(const int64_t *latencies_us, size_t count, int64_t timeout_ms)
{
	int64_t sorted[KH_RETRY_INLINE_LATENCIES], wanted_ms;

	if (count > KH_RETRY_INLINE_LATENCIES) {
		count = KH_RETRY_INLINE_LATENCIES;
	}
	if (count < FEWEST_LATENCIES) {
		return clamp(timeout_ms, 1, KH_RETRY_INLINE_UNKNOWN_MS);
	}
	memcpy(sorted, latencies_us, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare_latencies);
	/* 19 of 20 (with fewer than 20: all of them), far from where twice as much has no number. */
	wanted_ms = clamp(sorted[(count * 95 + 99) / 100 - 1], 0, HOUR_MS * 1000) / 1000;
	wanted_ms = 2 * wanted_ms + 250;
	if (wanted_ms > KH_RETRY_INLINE_MAX_MS) {
		return 0;
	}
	wanted_ms = clamp(wanted_ms, KH_RETRY_INLINE_MIN_MS, KH_RETRY_INLINE_MAX_MS);
	return clamp(timeout_ms, 1, wanted_ms);
}

struct http_date {
	int year, month, day, hour, minute, second;
};

/* Days since 1970-01-01 in the Gregorian calendar; timegm is in no standard that we build for. */
static int64_t days_since_1970(int64_t year, int64_t month, int64_t day)
{
	int64_t era, year_of_era, day_of_year;

	year -= month <= 2; /* a year that begins in March has its odd day at the end */
	era = year / 400;
	year_of_era = year % 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
		   719468;
}

static int month_number(const char *name)
{
	static const char names[12][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int i;

	for (i = 0; i < 12; i++) {
		if (memcmp(names[i], name, sizeof(names[i])) == 0) {
			return i + 1;
		}
	}
	return 0;
}

/* RFC 9110, 5.6.7: the present format, that of RFC 850, and that of C's asctime. */
static bool scan_date(const char *text, struct http_date *date, bool *short_year)
{
	char month[4] = "";
	int end = -1;

	*short_year = false;
	if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &date->day, month,
			&date->year, &date->hour, &date->minute, &date->second, &end) != 6 ||
		end < 0) {
		*short_year =
			sscanf(text, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &date->day, month,
				&date->year, &date->hour, &date->minute, &date->second, &end) == 6 &&
			end > 0;
	}
	if (end < 0 && sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", month, &date->day,
					   &date->hour, &date->minute, &date->second, &date->year, &end) != 6) {
		return false;
	}
	date->month = month_number(month);
	return end > 0 && text[end] == '\0' && date->month > 0 && date->day >= 1 && date->day <= 31 &&
		   date->hour >= 0 && date->hour <= 23 && date->minute >= 0 && date->minute <= 59 &&
		   date->second >= 0 && date->second <= 60 && date->year >= 0 &&
		   (*short_year || date->year >= 1970);
}

static int64_t date_seconds(const struct http_date *date)
{
	return days_since_1970(date->year, date->month, date->day) * 86400 + date->hour * 3600LL +
		   date->minute * 60LL + date->second;
}

/* -1: no HTTP date. */
static int64_t parse_date(const char *text, int64_t now_s)
{
	const int64_t fifty_years_s = 50LL * 365 * 86400 + 13 * 86400;
	struct http_date date = {0};
	bool short_year;
	int64_t seconds;

	if (!scan_date(text, &date, &short_year)) {
		return -1;
	}
	if (short_year) {
		/* RFC 9110: more than fifty years ahead means the past. */
		date.year += 2000;
		seconds = date_seconds(&date);
		if (seconds > now_s + fifty_years_s) {
			date.year -= 100;
		}
	}
	seconds = date_seconds(&date);
	return seconds < 0 ? -1 : seconds;
}

int64_t kh_retry_after_ms(const char *value, int64_t now_s)
{
	const int64_t most_s = KH_RETRY_MAX_AFTER_MS / SECOND_MS;
	char text[64];
	int64_t seconds = 0;
	size_t len, i;

	if (value == NULL) {
		return -1;
	}
	now_s = clamp(now_s, 0, LAST_SECOND);
	value += strspn(value, " \t");
	len = strlen(value);
	while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t')) {
		len--;
	}
	if (len == 0 || len >= sizeof(text)) {
		return -1;
	}
	memcpy(text, value, len);
	text[len] = '\0';
	for (i = 0; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
		seconds = clamp(seconds * 10 + (text[i] - '0'), 0, most_s);
	}
	if (i < len) {
		seconds = parse_date(text, now_s);
		if (seconds < 0 || seconds < now_s) {
			return -1;
		}
		seconds = clamp(seconds - now_s, 0, most_s);
	}
	return seconds * SECOND_MS;
}
