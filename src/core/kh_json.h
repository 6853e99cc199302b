/*
 * RFC 8259 as a scanner of our own: no recursion, no allocation per value, line and column of the
 * first mistake. json-c 0.16 accepts 15 of the invalid cases of JSONTestSuite, duplicate keys and
 * lone surrogates; nothing gets there before it has passed here.
 */
#ifndef KH_JSON_H
#define KH_JSON_H

#include "kh_buf.h"

#define KH_JSON_MAX_DEPTH 64

typedef enum kh_json_mode {
	KH_JSON_GRAMMAR, /* the grammar alone */
	KH_JSON_REQUEST  /* also refuses duplicate keys (after unescaping), lone surrogates, depth over
						KH_JSON_MAX_DEPTH */
} kh_json_mode;

kh_status kh_json_check(kh_str text, kh_json_mode mode, kh_error *error);

/* Appends text as the inside of a JSON string (no quotes around it). Invalid UTF-8 is refused with
 * KH_ERR_JSON. */
kh_status kh_json_escape(kh_buf *out, kh_str text);

/* True when text is well-formed UTF-8 (no surrogates, no overlong forms). */
bool kh_utf8_valid(kh_str text);

#endif
