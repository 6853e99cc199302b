#include "kh_idn.h"

#include "kh_json.h"

#include <stdint.h>

#define MOST_LETTERS 63 /* of a label */

/* Small letters and letters without case, in the form that NFC gives them. */
static bool stands_for_itself(uint32_t c)
{
	static const uint32_t ranges[][2] = {{0xDF, 0xF6}, {0xF8, 0xFF}, {0x3AC, 0x3CE}, {0x430, 0x45F},
		{0x5D0, 0x5EA}, {0x621, 0x63A}, {0x641, 0x64A}, {0x904, 0x928}, {0x92A, 0x930},
		{0x3041, 0x3096}, {0x30A1, 0x30FA}, {0x4E00, 0x9FFF}, {0xAC00, 0xD7A3}};

	if (c >= 0x100 && c <= 0x137) {
		return c % 2 == 1 && c != 0x133; /* Latin Extended-A: small letters are odd, … */
	}
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) {
		return c % 2 == 0 && c != 0x140; /* … then even, … */
	}
	if (c >= 0x14B && c <= 0x177) {
		return c % 2 == 1; /* … and odd again */
	}
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		if (c >= ranges[i][0] && c <= ranges[i][1]) {
			return true;
		}
	}
	return false;
}

/* Checked UTF-8. */
static uint32_t next_letter(kh_str text, size_t *at)
{
	unsigned char first = (unsigned char)text.data[(*at)++];
	unsigned more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
	uint32_t letter = more == 0 ? first : first & (0x3Fu >> more);

	while (more-- > 0) {
		letter = letter << 6 | ((unsigned char)text.data[(*at)++] & 0x3F);
	}
	return letter;
}

/* RFC 3492, 6.1, with the parameters of section 5. */
static uint32_t adapt(uint32_t delta, uint32_t count, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / 700 : delta / 2;
	delta += delta / count;
	for (; delta > 455; k += 36) {
		delta /= 35;
	}
	return k + 36 * delta / (delta + 38);
}

static kh_status append_number(kh_buf *out, uint32_t number, uint32_t bias)
{
	kh_status status = KH_OK;

	for (uint32_t k = 36; status == KH_OK; k += 36) {
		uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
		uint32_t digit = number < t ? number : t + (number - t) % (36 - t);
		status = kh_buf_append_char(out, (char)(digit < 26 ? 'a' + digit : '0' + digit - 26));
		if (number < t) {
			break;
		}
		number = (number - t) / (36 - t);
	}
	return status;
}

/* RFC 3492, 6.3. A label's size keeps every number far from its limits. */
static kh_status append_punycode(kh_buf *out, const uint32_t *letters, size_t count)
{
	uint32_t n = 128, delta = 0, bias = 72;
	size_t basic = 0, done;
	kh_status status = kh_buf_append_str(out, KH_STR("xn--"));

	for (size_t i = 0; status == KH_OK && i < count; i++) {
		if (letters[i] < 128) {
			status = kh_buf_append_char(out, (char)letters[i]);
			basic++;
		}
	}
	if (status == KH_OK && basic > 0) {
		status = kh_buf_append_char(out, '-');
	}
	for (done = basic; status == KH_OK && done < count; n++, delta++) {
		uint32_t next = UINT32_MAX;
		for (size_t i = 0; i < count; i++) {
			next = letters[i] >= n && letters[i] < next ? letters[i] : next;
		}
		delta += (next - n) * (uint32_t)(done + 1);
		n = next;
		for (size_t i = 0; status == KH_OK && i < count; i++) {
			delta += letters[i] < n;
			if (letters[i] == n) {
				status = append_number(out, delta, bias);
				bias = adapt(delta, (uint32_t)done + 1, done == basic);
				delta = 0;
				done++;
			}
		}
	}
	return status;
}

static bool append_label(kh_buf *out, kh_str label)
{
	uint32_t letters[MOST_LETTERS];
	size_t count = 0, at = 0, start = out->len;
	bool ascii = true;

	while (at < label.len) {
		uint32_t letter = next_letter(label, &at);
		bool plain =
			(letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
		if (letter >= 'A' && letter <= 'Z') {
			letter |= 0x20;
			plain = true;
		}
		if (count == MOST_LETTERS || !(plain || (letter >= 128 && stands_for_itself(letter)))) {
			return false;
		}
		ascii = ascii && plain;
		letters[count++] = letter;
	}
	if (!ascii) {
		return append_punycode(out, letters, count) == KH_OK && out->len - start <= 63;
	}
	for (size_t i = 0; i < count; i++) {
		if (kh_buf_append_char(out, (char)letters[i]) != KH_OK) {
			return false;
		}
	}
	return count > 0;
}

bool kh_idn_to_ascii(kh_str host, kh_buf *out)
{
	size_t begin = 0, end, start = out->len;
	bool good = host.len > 0 && kh_utf8_valid(host);

	for (; good && begin <= host.len; begin = end + 1) {
		for (end = begin; end < host.len && host.data[end] != '.'; end++) {
		}
		good = (begin == 0 || kh_buf_append_char(out, '.') == KH_OK) &&
			   append_label(out, (kh_str){host.data + begin, end - begin});
	}
	if (!good && out->data != NULL) {
		out->len = start;
		out->data[start] = '\0';
	}
	return good;
}
