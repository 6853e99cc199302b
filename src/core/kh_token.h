/*
 * An OAuth2 access token as all workers share it: one value in the store, replaced as a whole, and
 * the pure decision what to do with it. No clock: the store tells how long ago the value was
 * written, so that machines with different clocks agree. It holds secrets: wipe it.
 */
#ifndef KH_TOKEN_H
#define KH_TOKEN_H

#include "kh_buf.h"

#include <stdint.h>

#define KH_TOKEN_MAX_BYTES 8000 /* of one token; it has to fit into a header */
/* Whoever fetches has so long; then another may try. */
#define KH_TOKEN_LEASE_MS 30000
/* After a failure nobody asks again for so long; all get the same answer. */
#define KH_TOKEN_PAUSE_MS 10000
/* Fetched anew so long before it ends, or a tenth of its life before, whichever is less. */
#define KH_TOKEN_EARLY_MS 60000

typedef struct kh_token {
	kh_buf access;       /* empty: none */
	kh_buf refresh;      /* empty: none */
	int64_t left_ms;     /* of its life, when this was written; -1: nobody said */
	int64_t lifetime_ms; /* as it was issued; -1 */
	int64_t fetching_ms; /* > 0: for so long after it was written somebody is fetching a new one */
	int64_t pause_ms;    /* > 0: fetching failed, and is not tried again for so long */
	char why[KH_ERROR_MESSAGE_BYTES]; /* it failed */
} kh_token;

typedef enum kh_token_step {
	KH_TOKEN_USE,   /* it is good */
	KH_TOKEN_FETCH, /* mark it (kh_token_mark), and fetch a new one */
	KH_TOKEN_WAIT,  /* somebody else is fetching it: look again soon */
	KH_TOKEN_FAILED /* somebody has just failed: token->why */
} kh_token_step;

void kh_token_init(kh_token *token);
void kh_token_wipe(kh_token *token);

/* JSON, to be sealed. */
kh_status kh_token_write(const kh_token *token, kh_buf *out);
/* Replaces what is in token. A text that can't be read is KH_ERR_SEALED: it is treated as none. */
kh_status kh_token_read(kh_str text, kh_token *token, kh_error *error);

/* age_ms: since it was written. rejected: the access token that an endpoint answered 401 to, or
 * empty. */
kh_token_step kh_token_judge(const kh_token *token, int64_t age_ms, kh_str rejected);
/* "I am fetching": what is left of the present token goes on being used by the others, unless it
 * was rejected. */
void kh_token_mark(kh_token *token, int64_t age_ms, kh_str rejected);
/* "I have failed." */
void kh_token_fail(kh_token *token, int64_t age_ms, const char *why);

#endif
