/*
 * The state machine behind kh_json_check and the template compiler: JSON byte by byte, so that
 * text can be fed in pieces and the place between two of them is known. A scan owns nothing but its
 * stack of levels, one bit each.
 */
#ifndef KH_JSON_SCAN_H
#define KH_JSON_SCAN_H

#include "kh_json.h"

#include <stdint.h>

typedef enum kh_scan_state {
	KH_SCAN_VALUE,         /* a value must come */
	KH_SCAN_FIRST_ELEMENT, /* behind [ */
	KH_SCAN_FIRST_KEY,     /* behind { */
	KH_SCAN_KEY,           /* behind a comma in an object */
	KH_SCAN_COLON,
	KH_SCAN_AFTER, /* a value has ended */
	KH_SCAN_STRING,
	KH_SCAN_ESCAPE, /* behind a backslash */
	KH_SCAN_HEX,    /* in \uXXXX */
	KH_SCAN_WORD,   /* in true, false, null */
	KH_SCAN_MINUS,
	KH_SCAN_ZERO,
	KH_SCAN_INTEGER,
	KH_SCAN_POINT,
	KH_SCAN_FRACTION,
	KH_SCAN_EXPONENT,
	KH_SCAN_EXPONENT_SIGN,
	KH_SCAN_EXPONENT_DIGITS
} kh_scan_state;

typedef struct kh_json_scan {
	kh_scan_state state;
	kh_json_mode mode;
	bool in_key; /* the string is a member's name */
	size_t depth;
	uint64_t first_levels; /* bit n: level n is an object */
	uint64_t *more_levels; /* from level 64; only the grammar mode gets there */
	size_t more_capacity;
	const char *word; /* what must still come of true, false, null */
	unsigned hex_left, code;
	bool high_surrogate; /* its other half must follow */
	unsigned utf8_left, utf8_seen, utf8_min, utf8_max;
	size_t back; /* with an error: how many bytes before the fed one the mistake began */
} kh_json_scan;

void kh_json_scan_init(kh_json_scan *scan, kh_json_mode mode);
void kh_json_scan_free(kh_json_scan *scan);
/* Both leave a message without a position: only the caller knows it. */
kh_status kh_json_scan_byte(kh_json_scan *scan, unsigned char c, kh_error *error);
kh_status kh_json_scan_end(kh_json_scan *scan, kh_error *error);
/* The innermost level is an object; false outside of everything. */
bool kh_json_scan_in_object(const kh_json_scan *scan);
/* In a string, between two whole characters. */
bool kh_json_scan_in_text(const kh_json_scan *scan);

/* A byte in words: 'x', or U+0007, or byte 0xFF. out: at least 16 bytes. */
const char *kh_json_scan_name(unsigned char c, char *out);

/* What stands between the quotes of a checked string, without its escapes. out: at least len bytes.
 */
size_t kh_json_unescape(const char *in, size_t len, char *out);

#endif
