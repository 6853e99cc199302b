#include "kh_decimal.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool add_digit(kh_decimal *d, char c)
{
	if (d->count == KH_DECIMAL_MAX_DIGITS) {
		return false;
	}
	d->digits[d->count++] = c;
	return true;
}

static bool read_exponent(kh_str text, size_t at, int *exponent)
{
	bool negative = false;
	int number = 0;
	size_t digits = 0;

	if (at < text.len && (text.data[at] == '+' || text.data[at] == '-')) {
		negative = text.data[at] == '-';
		at++;
	}
	for (; at < text.len && is_digit(text.data[at]); at++) {
		number = number < 10000 ? number * 10 + (text.data[at] - '0') : number;
		digits++;
	}
	*exponent = negative ? -number : number;
	return digits > 0 && at == text.len;
}

/* Writes the exponent out by moving the point; zeros fill the gap. */
static bool shift_point(kh_decimal *d, int exponent)
{
	size_t zeros;

	if (exponent >= 0) {
		d->point += (size_t)exponent;
		while (d->count < d->point) {
			if (!add_digit(d, '0')) {
				return false;
			}
		}
		return d->point <= KH_DECIMAL_MAX_DIGITS;
	}
	zeros = (size_t)-exponent;
	if (zeros <= d->point) {
		d->point -= zeros;
		return true;
	}
	zeros -= d->point;
	if (d->count + zeros > KH_DECIMAL_MAX_DIGITS) {
		return false;
	}
	memmove(d->digits + zeros, d->digits, d->count);
	memset(d->digits, '0', zeros);
	d->count += zeros;
	d->point = 0;
	return true;
}

bool kh_decimal_read(kh_str text, kh_decimal *d)
{
	size_t at = 0;
	int exponent = 0;

	d->count = d->point = 0;
	d->negative = false;
	if (at < text.len && (text.data[at] == '-' || text.data[at] == '+')) {
		d->negative = text.data[at] == '-';
		at++;
	}
	for (; at < text.len && is_digit(text.data[at]); at++) {
		if (!add_digit(d, text.data[at])) {
			return false;
		}
	}
	d->point = d->count;
	if (at < text.len && text.data[at] == '.') {
		for (at++; at < text.len && is_digit(text.data[at]); at++) {
			if (!add_digit(d, text.data[at])) {
				return false;
			}
		}
	}
	if (d->count == 0) {
		return false;
	}
	if (at < text.len && (text.data[at] == 'e' || text.data[at] == 'E')) {
		return read_exponent(text, at + 1, &exponent) && shift_point(d, exponent);
	}
	return at == text.len;
}

static bool is_zero(const kh_decimal *d)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->digits[i] != '0') {
			return false;
		}
	}
	return true;
}

/* The digit that counts 10^place; 0 where none is written. */
static char digit_at(const kh_decimal *d, long place)
{
	long index = (long)d->point - 1 - place;

	return index >= 0 && index < (long)d->count ? d->digits[index] : '0';
}

static int compare_magnitude(const kh_decimal *a, const kh_decimal *b)
{
	long high = (long)(a->point > b->point ? a->point : b->point) - 1;
	long a_low = (long)a->point - (long)a->count, b_low = (long)b->point - (long)b->count;
	long low = a_low < b_low ? a_low : b_low;

	for (long place = high; place >= low; place--) {
		char x = digit_at(a, place), y = digit_at(b, place);
		if (x != y) {
			return x < y ? -1 : 1;
		}
	}
	return 0;
}

int kh_decimal_compare(const kh_decimal *a, const kh_decimal *b)
{
	bool a_negative = a->negative && !is_zero(a), b_negative = b->negative && !is_zero(b);

	if (a_negative != b_negative) {
		return a_negative ? -1 : 1;
	}
	return a_negative ? compare_magnitude(b, a) : compare_magnitude(a, b);
}
