#include "kh_hex.h"

int kh_hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

kh_status kh_hex_append(kh_buf *out, kh_str bytes)
{
	static const char DIGITS[] = "0123456789abcdef";
	const size_t start = out->len;
	kh_status status = KH_OK;
	size_t i;

	for (i = 0; i < bytes.len && status == KH_OK; i++) {
		unsigned char c = (unsigned char)bytes.data[i];
		char pair[] = {DIGITS[c >> 4], DIGITS[c & 15]};
		status = kh_buf_append(out, pair, sizeof(pair));
	}
	if (status != KH_OK && out->data != NULL) {
		out->len = start;
		out->data[start] = '\0';
	}
	return status;
}

bool kh_hex_decode(kh_str text, unsigned char *out, size_t *decoded_len)
{
	size_t i;

	for (i = 0; i + 1 < text.len; i += 2) {
		int high = kh_hex_digit(text.data[i]), low = kh_hex_digit(text.data[i + 1]);
		if (high < 0 || low < 0) {
			return false;
		}
		out[i / 2] = (unsigned char)(high << 4 | low);
	}
	*decoded_len = i / 2;
	return i == text.len;
}
