#include "kh_base64.h"

#include <stdint.h>

/* A multiple of 3, so that only the last piece is padded. */
#define PIECE_BYTES 768

static const char ALPHABET[2][65] = {
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

/* len: at most PIECE_BYTES; text: room for 4 characters for each 3 bytes begun. */
static size_t encode_piece(
	const unsigned char *bytes, size_t len, kh_base64_variant variant, char *text)
{
	const char *alphabet = ALPHABET[variant];
	size_t i, n = 0;

	for (i = 0; i + 2 < len; i += 3) {
		uint32_t bits = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
		text[n++] = alphabet[bits >> 18];
		text[n++] = alphabet[bits >> 12 & 63];
		text[n++] = alphabet[bits >> 6 & 63];
		text[n++] = alphabet[bits & 63];
	}
	if (i < len) {
		bool two = i + 1 < len;
		uint32_t bits = (uint32_t)bytes[i] << 16 | (two ? (uint32_t)bytes[i + 1] << 8 : 0);
		text[n++] = alphabet[bits >> 18];
		text[n++] = alphabet[bits >> 12 & 63];
		if (two) {
			text[n++] = alphabet[bits >> 6 & 63];
		}
		if (variant == KH_BASE64_STANDARD) {
			text[n++] = '=';
			if (!two) {
				text[n++] = '=';
			}
		}
	}
	return n;
}

static kh_status append(kh_buf *out, kh_str bytes, kh_base64_variant variant)
{
	char text[PIECE_BYTES / 3 * 4];
	size_t start = out->len, done, piece;
	kh_status status = KH_OK;

	for (done = 0; done < bytes.len && status == KH_OK; done += piece) {
		piece = bytes.len - done < PIECE_BYTES ? bytes.len - done : PIECE_BYTES;
		status = kh_buf_append(out, text,
			encode_piece((const unsigned char *)bytes.data + done, piece, variant, text));
	}
	if (status != KH_OK && out->data != NULL) {
		out->len = start;
		out->data[start] = '\0';
	}
	return status;
}

kh_status kh_base64_append(kh_buf *out, kh_str bytes)
{
	return append(out, bytes, KH_BASE64_STANDARD);
}

kh_status kh_base64_append_url(kh_buf *out, kh_str bytes)
{
	return append(out, bytes, KH_BASE64_URL);
}

/* What a character stands for, and one more, by its code; 0: it does not belong there. The last two
 * differ between the variants. */
/* clang-format off */
static const unsigned char ONE_MORE[256] = {
	['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
	['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
	['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62,
};
/* clang-format on */

/* A bit that no value has. */
#define BAD 0x80

static unsigned char decode_char(char c, kh_base64_variant variant)
{
	if (c == ALPHABET[variant][62]) {
		return 62;
	}
	return c == ALPHABET[variant][63] ? 63 : (unsigned char)(ONE_MORE[(unsigned char)c] - 1);
}

/* How many of text's characters carry bits; false when its length or padding is wrong. */
static bool measure(kh_str text, kh_base64_variant variant, size_t *carrying)
{
	size_t len = text.len;

	if (variant == KH_BASE64_STANDARD) {
		if (len % 4 != 0) {
			return false;
		}
		if (len > 0 && text.data[len - 1] == '=') {
			len -= text.data[len - 2] == '=' ? 2 : 1;
		}
	}
	*carrying = len;
	return len % 4 != 1;
}

bool kh_base64_decode(
	kh_str text, kh_base64_variant variant, unsigned char *out, size_t *decoded_len)
{
	size_t i, carrying, n = 0;
	uint32_t bits = 0;
	unsigned char bad = 0;
	int held = 0;

	if (!measure(text, variant, &carrying)) {
		return false;
	}
	for (i = 0; i + 4 <= carrying; i += 4) {
		unsigned char a = decode_char(text.data[i], variant),
					  b = decode_char(text.data[i + 1], variant),
					  c = decode_char(text.data[i + 2], variant),
					  d = decode_char(text.data[i + 3], variant);
		bad |= a | b | c | d;
		bits = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
		out[n++] = (unsigned char)(bits >> 16);
		out[n++] = (unsigned char)(bits >> 8);
		out[n++] = (unsigned char)bits;
	}
	for (bits = 0; i < carrying; i++) {
		unsigned char value = decode_char(text.data[i], variant);
		bad |= value;
		bits = bits << 6 | value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[n++] = (unsigned char)(bits >> held);
			bits &= (1U << held) - 1;
		}
	}
	if (bad & BAD) {
		return false;
	}
	*decoded_len = n;
	return bits == 0;
}
