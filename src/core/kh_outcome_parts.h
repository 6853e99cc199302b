/*
 * What the files of kh_outcome share: private to them.
 */
#ifndef KH_OUTCOME_PARTS_H
#define KH_OUTCOME_PARTS_H

#include "kh_outcome.h"

void kh_outcome_fail(kh_result *result, kh_status problem, const char *code, const char *format,
	...) KH_PRINTF(4, 5);

/* Why a handshake failed (kh_outcome_tls.c); with advice, since it depends on what exactly. */
void kh_outcome_tls(const kh_wire *wire, kh_result *result, CURLcode code);

/* What the endpoint thinks of our client certificate (kh_outcome_certificate.c). False: that is not
 * why the transfer failed. */
bool kh_outcome_certificate(const kh_wire *wire, kh_result *result, CURLcode code);

#endif
