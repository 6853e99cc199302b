/*
 * What the files that send share: private to kh_php_delivery.c, kh_php_outcome.c, kh_php_waiting.c,
 * kh_php_single.c and kh_php_token.c.
 */
#ifndef KH_PHP_RUN_H
#define KH_PHP_RUN_H

#include "kh_php.h"

/* While something is in flight, the store is asked for more at most this often once it had nothing.
 */
#define KH_PHP_IDLE_MS 250
/* What is left of a lease when a transfer may still be started: its timeout and this. */
#define KH_PHP_LEASE_RESERVE_MS 5000

/* What is known of a leased delivery while its request is on its way; or that it is a token's. */
typedef struct kh_php_flight {
	int64_t delivery;
	int64_t webhook;
	int64_t attempt;
	int64_t started_ms;    /* wall clock */
	int64_t lease_ends_ms; /* kh_now_ms */
	int64_t cut_ms;        /* it may take so long; 0: the webhook's own timeout */
	kh_retry_plan retry;
	char lease[65];
	char token_key[KH_OAUTH2_KEY_BYTES + 1]; /* "": a delivery */
	bool token_replaced;                     /* after a 401 */
} kh_php_flight;

typedef struct kh_php_token kh_php_token;
typedef struct kh_php_lane kh_php_lane;

/* A delivery that needs an access token: while it waits for one, and while it is on its way, since
 * a 401 may send it back. */
typedef struct kh_php_waiter {
	struct kh_php_waiter *next;
	zval row;
	kh_php_flight flight;
	kh_php_token *token;
	char *used; /* the token it was sent with; NULL: it waits */
} kh_php_waiter;

typedef struct kh_php_run {
	kh_php_engine *engine;
	const kh_php_bounds *bounds;
	kh_transport *transport;
	zval outcomes;
	kh_php_trace_before trace_before;
	int64_t end_ms;  /* of the bounds, until stop() brings it forward */
	int64_t tick_ms; /* the next tick */
	bool stopping;
	HashTable *lanes;  /* webhook => kh_php_lane */
	zend_long queued;  /* in all of them */
	int64_t moment_ms; /* the end of the present moment, see kh_php_lanes.c */
	int64_t outcomes_since_ms;
	int64_t ask_again_ms; /* it had too little: not before then */
	int64_t refill_ms;    /* for a few free slots not before then */
	bool drained;         /* it had less than was asked for, though nothing held it back */
	zend_long taken;
	zend_long sent;
	zend_long succeeded;
	zend_long left;
	/* The webhook array that was looked up last: rows of one lease share it */
	const zend_array *last_config;
	const kh_webhook *last_webhook;
	/* Of Zend's memory: after a fatal error it goes with the request */
	kh_php_waiter *waiters;
	zend_long waiting;
} kh_php_run;

#define KH_PHP_TOKEN_REPLACED                                                                      \
	"The endpoint answered 401 at first; this is its answer to a new access token."

void kh_php_job_free(kh_job *job);
/* Drives what is in flight, or rests. */
void kh_php_rest(kh_transport *transport, int64_t until_ms);

/* ---- kh_php_outcome.c ---- */

void kh_php_outcome_of_job(kh_php_run *run, const kh_php_flight *flight, const kh_job *job);
void kh_php_outcome_of_error(
	kh_php_run *run, const kh_php_flight *flight, const kh_error *error, const char *code);
void kh_php_settle(kh_php_run *run);
void kh_php_release(kh_php_run *run, const kh_php_flight *flight);
/* Calls into the store; EG(exception) is checked by the loop. */
void kh_php_store_call(
	kh_php_run *run, const char *method, zval *result, zval *first, zval *second);

/* ---- kh_php_delivery.c ---- */

const kh_webhook *kh_php_run_webhook(kh_php_run *run, zval *config, kh_error *error);
/* Builds and submits one delivery. False: it was not sent, and its outcome is known, or it was
 * given back. */
bool kh_php_send(kh_php_run *run, zval *row, const kh_webhook *webhook, const kh_php_flight *flight,
	kh_str access_token);

/* Begins a leased row: its outcome follows at once or later. */
void kh_php_begin(kh_php_run *run, zval *row, int64_t leased_ms);
zend_long kh_php_free_slots(const kh_php_run *run);

/* ---- kh_php_lanes.c ---- */

void kh_php_lanes_init(kh_php_run *run);
void kh_php_lanes_free(kh_php_run *run);
/* How many deliveries to lease now; 0: enough are here. */
zend_long kh_php_lanes_wanted(kh_php_run *run, zend_long free_slots);
/* How many of each webhook, into the demand. */
void kh_php_lanes_share(kh_php_run *run, zend_object *demand, zend_long free_slots);
/* A row that was leased just now. */
void kh_php_lanes_add(kh_php_run *run, zval *row);
/* Begins what there are slots for, the lanes in turn. EG(exception) may be set afterwards. */
void kh_php_lanes_begin(kh_php_run *run);
/* A delivery that was begun has its outcome, or was given back. */
void kh_php_lane_ended(kh_php_run *run, int64_t webhook, bool answered);
/* Nothing new: what has not begun is given back, in one call. */
void kh_php_lanes_give_back(kh_php_run *run);

/* ---- kh_php_waiting.c ---- */

/* A leased row whose webhook needs a token: sent at once where there is one. */
void kh_php_wait(
	kh_php_run *run, zval *row, const kh_php_flight *flight, const kh_webhook *webhook);
/* Sends what no longer has to wait. */
void kh_php_wait_over(kh_php_run *run);
/* The time is up: whatever still waits is given back. */
void kh_php_wait_end(kh_php_run *run);
/* True: it was refused for its token, and is tried again with a new one. */
bool kh_php_wait_again(kh_php_run *run, const kh_job *job);
void kh_php_wait_forget(kh_php_run *run, int64_t delivery);
int64_t kh_php_wait_wake_ms(const kh_php_run *run);
void kh_php_wait_free(kh_php_run *run);

/* ---- kh_php_token.c ---- */

typedef enum kh_php_token_state {
	KH_PHP_TOKEN_READY,
	KH_PHP_TOKEN_PENDING, /* look again when a transfer has ended, or at kh_php_token_look_ms */
	KH_PHP_TOKEN_FAILED
} kh_php_token_state;

/* The token of a webhook's credentials. NULL: *error says why. Lives until kh_php_tokens_free. */
kh_php_token *kh_php_token_for(kh_php_engine *engine, const kh_webhook *webhook, kh_error *error);
kh_php_token *kh_php_token_find(const char *key);
/* May call the store and submit a request; after exit() in the store EG(exception) is set. */
kh_php_token_state kh_php_token_look(kh_php_engine *engine, kh_transport *transport,
	const kh_webhook *webhook, kh_php_token *token, kh_error *error);
/* With KH_PHP_TOKEN_READY. */
kh_str kh_php_token_text(const kh_php_token *token);
int64_t kh_php_token_look_ms(const kh_php_token *token);
void kh_php_token_reject(kh_php_token *token, const char *used);
void kh_php_token_reject_current(kh_php_token *token);
/* Reads a token out of a finished job. */
kh_status kh_php_token_answer(const kh_job *job, kh_token *token, kh_error *error);
/* A token's request has ended. */
void kh_php_token_done(kh_php_engine *engine, kh_job *job);

#endif
