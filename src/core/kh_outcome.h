/*
 * What a transfer's end means: fills a kh_result with facts, a stable code, and plain words that
 * say what to change.
 */
#ifndef KH_OUTCOME_H
#define KH_OUTCOME_H

#include "kh_curl.h"

/* From the finished transfer in job->wire, which must still exist. */
void kh_outcome_of_transfer(kh_job *job, CURLcode code);
/* One that never started; error says why. */
void kh_outcome_of_error(kh_job *job, const kh_error *error);
/* One that was ended by us. */
void kh_outcome_of_abort(kh_job *job, const char *why);

#endif
