#include "kh_filter.h"

/*
 * Upper and lower case by a table of our own, so that a result depends neither on the machine's
 * locales nor on a C library: Latin (with Extended-A, Additional and what of Extended-B is in use),
 * Greek, Cyrillic, Armenian. Other letters stay as they are. One letter becomes one letter, but for
 * ß, whose upper case is SS.
 */
typedef struct case_range {
	uint16_t first, last; /* upper case */
	uint8_t step;         /* 2: upper and lower case alternate */
	int16_t to_lower;
} case_range;

static const case_range RANGES[] = {
	{0x0041, 0x005A, 1, 32},
	{0x00C0, 0x00D6, 1, 32},
	{0x00D8, 0x00DE, 1, 32},
	{0x0100, 0x012E, 2, 1},
	{0x0132, 0x0136, 2, 1},
	{0x0139, 0x0147, 2, 1},
	{0x014A, 0x0176, 2, 1},
	{0x0178, 0x0178, 1, -121},
	{0x0179, 0x017D, 2, 1},
	{0x018F, 0x018F, 1, 202},
	{0x01A0, 0x01A4, 2, 1},
	{0x01AF, 0x01AF, 1, 1},
	{0x01CD, 0x01DB, 2, 1},
	{0x01DE, 0x01EE, 2, 1},
	{0x01F8, 0x021E, 2, 1},
	{0x0222, 0x0232, 2, 1},
	{0x0386, 0x0386, 1, 38},
	{0x0388, 0x038A, 1, 37},
	{0x038C, 0x038C, 1, 64},
	{0x038E, 0x038F, 1, 63},
	{0x0391, 0x03A1, 1, 32},
	{0x03A3, 0x03AB, 1, 32},
	{0x03D8, 0x03EE, 2, 1},
	{0x0400, 0x040F, 1, 80},
	{0x0410, 0x042F, 1, 32},
	{0x0460, 0x0480, 2, 1},
	{0x048A, 0x04BE, 2, 1},
	{0x04C0, 0x04C0, 1, 15},
	{0x04C1, 0x04CD, 2, 1},
	{0x04D0, 0x052E, 2, 1},
	{0x0531, 0x0556, 1, 48},
	{0x1E00, 0x1E94, 2, 1},
	{0x1EA0, 0x1EFE, 2, 1},
};

static unsigned to_lower(unsigned c)
{
	if (c == 0x0130) { /* İ */
		return 'i';
	}
	if (c == 0x1E9E) { /* ẞ */
		return 0xDF;
	}
	for (size_t i = 0; i < sizeof(RANGES) / sizeof(RANGES[0]); i++) {
		const case_range *r = &RANGES[i];
		if (c >= r->first && c <= r->last && (c - r->first) % r->step == 0) {
			return (unsigned)((int)c + r->to_lower);
		}
	}
	return c;
}

static unsigned to_upper(unsigned c)
{
	switch (c) {
	case 0x00B5: /* the micro sign is a Greek letter */
		return 0x039C;
	case 0x0131: /* ı */
		return 'I';
	case 0x017F: /* ſ */
		return 'S';
	case 0x03C2: /* ς at a word's end */
		return 0x03A3;
	default:
		break;
	}
	for (size_t i = 0; i < sizeof(RANGES) / sizeof(RANGES[0]); i++) {
		const case_range *r = &RANGES[i];
		int upper = (int)c - r->to_lower;
		if (upper >= r->first && upper <= r->last && (upper - r->first) % r->step == 0) {
			return (unsigned)upper;
		}
	}
	return c;
}

/* The table ends below U+FFFF, and three bytes are never mapped to more. */
static kh_status append_character(kh_buf *out, unsigned c)
{
	char bytes[3];

	if (c < 0x80) {
		return kh_buf_append_char(out, (char)c);
	}
	if (c < 0x800) {
		bytes[0] = (char)(0xC0 | (c >> 6));
		bytes[1] = (char)(0x80 | (c & 0x3F));
		return kh_buf_append(out, bytes, 2);
	}
	bytes[0] = (char)(0xE0 | (c >> 12));
	bytes[1] = (char)(0x80 | ((c >> 6) & 0x3F));
	bytes[2] = (char)(0x80 | (c & 0x3F));
	return kh_buf_append(out, bytes, 3);
}

/* text is UTF-8, which every value is; of anything else the bytes are kept. */
static kh_status map(kh_str text, unsigned (*mapping)(unsigned), bool sharp_s, kh_buf *out)
{
	const unsigned char *bytes = (const unsigned char *)text.data;
	kh_status status = KH_OK;
	size_t i = 0;

	while (status == KH_OK && i < text.len) {
		unsigned c = bytes[i];
		size_t len = 1;

		if (c >= 0xC2 && c <= 0xDF && i + 1 < text.len) {
			len = 2;
			c = (c & 0x1Fu) << 6 | (bytes[i + 1] & 0x3Fu);
		} else if (c >= 0xE0 && c <= 0xEF && i + 2 < text.len) {
			len = 3;
			c = (c & 0x0Fu) << 12 | (bytes[i + 1] & 0x3Fu) << 6 | (bytes[i + 2] & 0x3Fu);
		} else if (c >= 0x80) {
			status = kh_buf_append_char(out, text.data[i++]);
			continue;
		}
		status =
			sharp_s && c == 0xDF ? kh_buf_append(out, "SS", 2) : append_character(out, mapping(c));
		i += len;
	}
	return status;
}

kh_status kh_filter_upper(kh_str text, kh_buf *out)
{
	return map(text, to_upper, true, out);
}

kh_status kh_filter_lower(kh_str text, kh_buf *out)
{
	return map(text, to_lower, false, out);
}
