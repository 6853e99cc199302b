#include "kh_decimal.h"
#include "kh_filter.h"

#include <stdlib.h>

#define MAX_PHONE_DIGITS 15
#define MIN_PHONE_DIGITS 5

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Half away from zero, on the digits as they are written: 1.005 gives 1.01. Room for one more digit
 * in front. */
static void round_to(kh_decimal *d, size_t decimals)
{
	size_t keep = d->point + decimals, i;
	bool up;

	if (keep >= d->count) {
		return;
	}
	up = d->digits[keep] >= '5';
	d->count = keep;
	for (i = keep; up && i > 0; i--) {
		up = d->digits[i - 1] == '9';
		d->digits[i - 1] = up ? '0' : (char)(d->digits[i - 1] + 1);
	}
	if (up) {
		memmove(d->digits + 1, d->digits, d->count);
		d->digits[0] = '1';
		d->count++;
		d->point++;
	}
}

static void drop_leading_zeros(kh_decimal *d)
{
	size_t zeros = 0;
	bool is_zero = true;

	while (zeros < d->point && d->digits[zeros] == '0') {
		zeros++;
	}
	memmove(d->digits, d->digits + zeros, d->count - zeros);
	d->count -= zeros;
	d->point -= zeros;
	for (size_t i = 0; i < d->count; i++) {
		is_zero = is_zero && d->digits[i] == '0';
	}
	d->negative = d->negative && !is_zero;
}

bool kh_filter_number(
	kh_str text, unsigned decimals, kh_str point, kh_str thousands, kh_buf *out, kh_status *status)
{
	kh_decimal d;

	if (!kh_decimal_read(text, &d)) {
		return false;
	}
	round_to(&d, decimals);
	drop_leading_zeros(&d);
	*status = d.negative ? kh_buf_append_char(out, '-') : KH_OK;
	if (*status == KH_OK && d.point == 0) {
		*status = kh_buf_append_char(out, '0');
	}
	for (size_t i = 0; *status == KH_OK && i < d.point; i++) {
		if (i > 0 && (d.point - i) % 3 == 0) {
			*status = kh_buf_append_str(out, thousands);
		}
		if (*status == KH_OK) {
			*status = kh_buf_append_char(out, d.digits[i]);
		}
	}
	if (*status == KH_OK && decimals > 0) {
		*status = kh_buf_append_str(out, point);
	}
	for (size_t i = 0; *status == KH_OK && i < decimals; i++) {
		size_t at = d.point + i;
		*status = kh_buf_append_char(out, at < d.count ? d.digits[at] : '0');
	}
	return true;
}

/* The digits of a telephone number; false when there is anything but digits and what people put
 * between them. "(0)", which is dialled only within the country, is left out. */
static bool read_phone(kh_str text, char *digits, size_t *count, bool *has_plus)
{
	*count = 0;
	*has_plus = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c == '(' && text.len - i >= 3 && memcmp(text.data + i, "(0)", 3) == 0 && *has_plus) {
			i += 2;
		} else if (c == '+' && *count == 0 && !*has_plus) {
			*has_plus = true;
		} else if (is_digit(c)) {
			if (*count == MAX_PHONE_DIGITS + 3) {
				return false;
			}
			digits[(*count)++] = c;
		} else if (c == '\0' || strchr(" \t-./()", c) == NULL) {
			return false;
		}
	}
	return true;
}

kh_status kh_filter_e164(kh_str text, kh_str country, kh_buf *out)
{
	char found[MAX_PHONE_DIGITS + 3] = {0};
	char *digits = found;
	size_t count;
	bool has_plus;
	kh_status status;

	if (!read_phone(text, digits, &count, &has_plus)) {
		return kh_buf_append_str(out, text);
	}
	if (!has_plus && count > 2 && digits[0] == '0' && digits[1] == '0') {
		has_plus = true;
		digits += 2;
		count -= 2;
	}
	if (has_plus) {
		country.len = 0;
	} else if (country.len == 0) {
		return kh_buf_append_str(out, text); /* whose number it is can't be told */
	} else if (digits[0] == '0' && !kh_str_equals(country, KH_STR("39"))) {
		digits++; /* the trunk prefix; Italy keeps it */
		count--;
	}
	if (count + country.len < MIN_PHONE_DIGITS || count + country.len > MAX_PHONE_DIGITS ||
		(has_plus && digits[0] == '0')) {
		return kh_buf_append_str(out, text);
	}
	status = kh_buf_append_char(out, '+');
	if (status == KH_OK) {
		status = kh_buf_append_str(out, country);
	}
	return status == KH_OK ? kh_buf_append(out, digits, count) : status;
}
