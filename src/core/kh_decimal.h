/*
 * Decimal numbers on their digits as they are written: nothing is rounded by being read, 0.1 is a
 * tenth, and 20 digits stay 20 digits.
 */
#ifndef KH_DECIMAL_H
#define KH_DECIMAL_H

#include "kh_buf.h"

/* What a number may have in all, its exponent written out. */
#define KH_DECIMAL_MAX_DIGITS 400

/* Digits, most significant first; `point` of them stand before the decimal point. */
typedef struct kh_decimal {
	char digits[KH_DECIMAL_MAX_DIGITS + 1]; /* not terminated; room for one more when rounding */
	size_t count, point;
	bool negative;
} kh_decimal;

/* "12", "-0.50", "1e3". False: text is no number, or has more digits than that. */
bool kh_decimal_read(kh_str text, kh_decimal *out);
/* Below 0, 0, above 0; 1.50 equals 1.5, and -0 equals 0. */
int kh_decimal_compare(const kh_decimal *a, const kh_decimal *b);

#endif
