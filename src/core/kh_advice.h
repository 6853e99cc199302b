/*
 * What to do about a failed attempt, in plain words, for the person who looks at the log.
 */
#ifndef KH_ADVICE_H
#define KH_ADVICE_H

#include "kh_transport.h"

/* Fills job->result.advice, unless something more exact is there. host: "" when not known. */
void kh_advise(kh_job *job, const char *host);
/* The same for an attempt that ended before there was a request; a literal. */
const char *kh_advice_of(kh_status status);

#endif
