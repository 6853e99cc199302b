/*
 * The ASCII form of an international host name (RFC 3492, RFC 5891), to be suggested, never used by
 * itself. libcurl's own conversion goes by the process' locale, which is C in most PHP workers.
 */
#ifndef KH_IDN_H
#define KH_IDN_H

#include "kh_buf.h"

/*
 * "bücher.example" → "xn--bcher-kva.example". False, and nothing in out, for what is no valid name,
 * and for letters of which this file doesn't know that they stand for themselves (capitals, accents
 * in pieces, rare scripts): those would need the tables of Unicode.
 */
bool kh_idn_to_ascii(kh_str host, kh_buf *out);

#endif
