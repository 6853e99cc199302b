/*
 * Whether an endpoint is worth a try: a circuit breaker as pure decisions. No clock of its own, no
 * memory: the state and the sums of recent results are the store's, which keeps every change with
 * compare-and-swap, so that there is one probe in a whole cluster. Rule: at least 70 % failures of
 * at least 10 results within 5 minutes open it (Convoy's); one probe at a time finds out whether
 * the endpoint is back, at first after 30 s, then after twice as long each time, at most 15 min.
 */
#ifndef KH_BREAKER_H
#define KH_BREAKER_H

#include "kh_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KH_BREAKER_WINDOW_MS (5LL * 60 * 1000)
#define KH_BREAKER_MIN_RESULTS 10
#define KH_BREAKER_FAILED_PERCENT 70
#define KH_BREAKER_FIRST_PROBE_MS (30LL * 1000)
#define KH_BREAKER_MAX_PROBE_MS (15LL * 60 * 1000)
/* A probe that brought no result for so long died with its worker: more than the longest lease. */
#define KH_BREAKER_MAX_PROBING_MS (10LL * 60 * 1000)

typedef enum kh_breaker_state {
	KH_BREAKER_CLOSED,   /* deliveries pass */
	KH_BREAKER_OPEN,     /* they wait for the next probe */
	KH_BREAKER_HALF_OPEN /* one is on its way as the probe */
} kh_breaker_state;

/* Times are the store's clock in milliseconds. All zero is a closed breaker that never opened. */
typedef struct kh_breaker {
	kh_breaker_state state;
	int64_t since_ms;    /* when this state began */
	int64_t probe_at_ms; /* open: the next probe; half-open: when the present one counts as lost */
	int32_t trips;       /* openings in a row, without a success in between */
} kh_breaker;

/* What a store adds up per webhook and minute. */
typedef struct kh_breaker_minute {
	int64_t begin_ms;
	int64_t total, failures;
} kh_breaker_minute;

typedef struct kh_breaker_sums {
	int64_t total, failures;
} kh_breaker_sums;

typedef enum kh_breaker_result {
	KH_BREAKER_IGNORED, /* says nothing about the endpoint: our own mistake or deadline */
	KH_BREAKER_SUCCESS,
	KH_BREAKER_FAILURE /* no answer, or any but 2xx */
} kh_breaker_result;

typedef enum kh_breaker_pass {
	KH_BREAKER_SEND,
	KH_BREAKER_PROBE, /* send exactly this one, if the changed state could be kept */
	KH_BREAKER_WAIT   /* due again in wait_ms; no attempt is used up */
} kh_breaker_pass;

/* problem, http_status, error_code: as in kh_result. */
kh_breaker_result kh_breaker_judge(int http_status, kh_status problem, const char *error_code);

/* Adds up what counts now: the last five minutes, but nothing from before it was closed again. */
kh_breaker_sums kh_breaker_sum(
	const kh_breaker *breaker, const kh_breaker_minute *minutes, size_t count, int64_t now_ms);

/* After results: opens a closed breaker whose sums ask for it. True: *breaker was changed. */
bool kh_breaker_watch(kh_breaker *breaker, kh_breaker_sums sums, int64_t now_ms);

/*
 * Before a delivery is sent. probing_ms: how long a probe may take (its lease). *wait_ms, from 0 to
 * KH_BREAKER_MAX_PROBE_MS, is set with KH_BREAKER_WAIT. With KH_BREAKER_PROBE *breaker was changed.
 */
kh_breaker_pass kh_breaker_ask(
	kh_breaker *breaker, int64_t now_ms, int64_t probing_ms, int64_t *wait_ms);

/* What the probe brought: closes, or opens for longer. An ignored result gives the probe back: the
 * next delivery is one. True: *breaker was changed; false: it was not half-open. */
bool kh_breaker_probed(kh_breaker *breaker, kh_breaker_result result, int64_t now_ms);

#endif
