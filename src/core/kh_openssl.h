/*
 * OpenSSL's refusals as errors of ours. A function that calls OpenSSL sets a mark before
 * (ERR_set_mark) and pops to it behind, so that it leaves the process's error queue as it was.
 */
#ifndef KH_OPENSSL_H
#define KH_OPENSSL_H

#include "kh_status.h"

/* KH_ERR_CRYPTO: "OpenSSL can't <what>: <its reason>". Call it before ERR_pop_to_mark, which
 * forgets the reason. */
kh_status kh_openssl_refused(kh_error *error, const char *what);

#endif
