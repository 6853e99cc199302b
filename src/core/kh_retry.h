/*
 * Pure decisions: what an attempt's result means, and how long until the next one. No clock, no
 * random numbers of its own. Schedule: the webhook's own list, or quick tries of its form first,
 * then 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, each ±20 %.
 */
#ifndef KH_RETRY_H
#define KH_RETRY_H

#include "kh_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KH_RETRY_MAX_AFTER_MS (10LL * 3600 * 1000)
/* 25 delays of a day, each a fifth longer by chance, are the 30 days after which the queue gives up
 * what is still pending. */
#define KH_RETRY_MAX_SCHEDULE 25
#define KH_RETRY_MAX_DELAY_S (24 * 3600)
#define KH_RETRY_INLINE_MIN_MS 500
#define KH_RETRY_INLINE_MAX_MS 5000
#define KH_RETRY_INLINE_UNKNOWN_MS 2000
#define KH_RETRY_INLINE_LATENCIES 50

typedef struct kh_retry_plan {
	bool never;            /* KiviCare's form says 0 tries: one attempt, no retry at all */
	int32_t quick_tries;   /* 0 to 10 retries at the start */
	int32_t quick_delay_s; /* 1 to 60 */
	/* Instead of quick tries and the long schedule: the delay after each attempt but the last, 1 to
	 * KH_RETRY_MAX_DELAY_S. 0 delays: none is given. */
	int32_t schedule_s[KH_RETRY_MAX_SCHEDULE];
	int32_t schedule_count;
} kh_retry_plan;

typedef enum kh_verdict {
	KH_VERDICT_SUCCEEDED,
	KH_VERDICT_RETRY,
	KH_VERDICT_FAILED, /* no attempt is left */
	KH_VERDICT_GONE,   /* 410: failed, and the webhook must be switched off */
	KH_VERDICT_HELD    /* waits for a person: credentials can't be opened */
} kh_verdict;

typedef struct kh_decision {
	kh_verdict verdict;
	int64_t delay_ms; /* with KH_VERDICT_RETRY */
} kh_decision;

/*
 * http_status 0: no answer. problem: KH_OK, or why no complete answer came. retry_after_ms < 0: the
 * answer named none. attempt: the 1-based number of the attempt that just ended. unit_random in [0,
 * 1).
 */
kh_decision kh_retry_decide(const kh_retry_plan *plan, int64_t attempt, int http_status,
	kh_status problem, int64_t retry_after_ms, double unit_random);

/*
 * How long inline delivery may wait for an endpoint whose recent answers took latencies_us (newest
 * first; the first KH_RETRY_INLINE_LATENCIES count): twice what nearly all of them took and a
 * quarter of a second, from KH_RETRY_INLINE_MIN_MS to KH_RETRY_INLINE_MAX_MS, and never longer than
 * timeout_ms, the webhook's own. KH_RETRY_INLINE_UNKNOWN_MS while there are fewer than five. 0: the
 * endpoint is too slow to be waited for inline; leave it to a worker.
 */
int64_t kh_retry_inline_timeout_ms(const int64_t *latencies_us, size_t count, int64_t timeout_ms);

/* "120" or an HTTP date, relative to now_s; -1 when it is neither, or past. */
int64_t kh_retry_after_ms(const char *value, int64_t now_s);

#endif
