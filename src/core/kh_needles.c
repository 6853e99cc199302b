#include "kh_needles.h"

#include "kh_base64.h"
#include "kh_hex.h"

#include <stdint.h>
#include <stdlib.h>

/* As it is; base64 with and without its padding; and of base64 in something larger what depends on
 * the secret alone, at each of the three places where it may begin. */
#define FORMS_PER_SECRET 6
#define SHORTEST_IN_BASE64 6

typedef struct needle {
	kh_buf text;
	bool base64; /* + and / may be - and _ */
} needle;

struct kh_needles {
	needle *list;
	size_t count;
	size_t *begin; /* by first byte: from begin[c] to begin[c + 1] */
};

/* ---- what is looked for ---- */

static void add(kh_needles *n, kh_buf *text, bool base64)
{
	for (size_t i = 0; i < n->count; i++) {
		if (n->list[i].base64 == base64 &&
			kh_str_equals(kh_buf_str(&n->list[i].text), kh_buf_str(text))) {
			kh_buf_wipe(text);
			return;
		}
	}
	n->list[n->count++] = (needle){*text, base64};
	kh_buf_init(text, text->max_bytes);
}

/* The characters of base64 that stand for whole bits of the secret when `before` bytes come before
 * it. */
static kh_status add_in_base64(kh_needles *n, kh_str secret, size_t before)
{
	static const size_t UNSURE[] = {0, 2, 3};
	kh_buf bytes, text;
	kh_status status;

	kh_buf_init(&bytes, secret.len + 3);
	kh_buf_init(&text, 2 * secret.len + 16);
	status = kh_buf_append(&bytes, "\0\0", before);
	if (status == KH_OK) {
		status = kh_buf_append_str(&bytes, secret);
	}
	if (status == KH_OK) {
		status = kh_base64_append(&text, kh_buf_str(&bytes));
	}
	if (status == KH_OK) {
		size_t begin = UNSURE[before], end = (before + secret.len) * 8 / 6;
		kh_buf core;
		kh_buf_init(&core, text.len);
		status = kh_buf_append(&core, text.data + begin, end - begin);
		if (status == KH_OK) {
			add(n, &core, true);
		}
		kh_buf_wipe(&core);
	}
	kh_buf_wipe(&bytes);
	kh_buf_wipe(&text);
	return status;
}

/* With its padding, and without. */
static kh_status add_base64(kh_needles *n, kh_str secret)
{
	kh_buf padded, bare;
	kh_status status;

	kh_buf_init(&padded, 2 * secret.len + 16);
	kh_buf_init(&bare, 2 * secret.len + 16);
	status = kh_base64_append(&padded, secret);
	if (status == KH_OK) {
		status = kh_buf_append(&bare, padded.data, strcspn(padded.data, "="));
	}
	if (status == KH_OK) {
		add(n, &padded, true);
		add(n, &bare, true);
	}
	kh_buf_wipe(&padded);
	kh_buf_wipe(&bare);
	return status;
}

static kh_status add_secret(kh_needles *n, kh_str secret)
{
	kh_buf text;
	kh_status status;

	kh_buf_init(&text, secret.len);
	status = kh_buf_append_str(&text, secret);
	if (status == KH_OK) {
		add(n, &text, false);
		status = add_base64(n, secret);
	}
	kh_buf_wipe(&text);
	for (size_t before = 0; status == KH_OK && before < 3 && secret.len >= SHORTEST_IN_BASE64;
		 before++) {
		status = add_in_base64(n, secret, before);
	}
	return status;
}

static int compare(const void *left, const void *right)
{
	const needle *a = left, *b = right;

	return (int)(unsigned char)a->text.data[0] - (int)(unsigned char)b->text.data[0];
}

kh_status kh_needles_new(const kh_str *secrets, size_t count, kh_needles **out)
{
	kh_needles *n = calloc(1, sizeof(*n));
	kh_status status = KH_OK;
	size_t at = 0;

	*out = n;
	if (n == NULL || count == 0) {
		return n != NULL ? KH_OK : KH_ERR_MEMORY;
	}
	n->list = calloc(count, FORMS_PER_SECRET * sizeof(*n->list));
	n->begin = calloc(257, sizeof(*n->begin));
	status = n->list != NULL && n->begin != NULL ? KH_OK : KH_ERR_MEMORY;
	for (size_t i = 0; status == KH_OK && i < count; i++) {
		if (secrets[i].len >= KH_NEEDLES_SHORTEST_BYTES) {
			status = add_secret(n, secrets[i]);
		}
	}
	if (status != KH_OK) {
		kh_needles_free(n);
		*out = NULL;
		return status;
	}
	qsort(n->list, n->count, sizeof(*n->list), compare);
	for (size_t c = 0; c < 256; c++) {
		n->begin[c] = at;
		while (at < n->count && (unsigned char)n->list[at].text.data[0] == c) {
			at++;
		}
	}
	n->begin[256] = at;
	return KH_OK;
}

void kh_needles_free(kh_needles *n)
{
	if (n == NULL) {
		return;
	}
	for (size_t i = 0; i < n->count; i++) {
		kh_buf_wipe(&n->list[i].text);
	}
	free(n->list);
	free(n->begin);
	free(n);
}

bool kh_needles_empty(const kh_needles *n)
{
	return n->count == 0;
}

/* ---- how it may be written ---- */

/* The character at i, and its bytes; one that is no UTF-8 is its byte alone, and no character. */
static size_t read_utf8(kh_str text, size_t i, uint32_t *code)
{
	unsigned char first = (unsigned char)text.data[i];
	size_t len = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;

	*code = first < 0x80 ? first : UINT32_MAX;
	if (len == 1 || len > text.len - i) {
		return 1;
	}
	*code = first & (0x7Fu >> len);
	for (size_t k = 1; k < len; k++) {
		if (((unsigned char)text.data[i + k] & 0xC0) != 0x80) {
			*code = UINT32_MAX;
			return 1;
		}
		*code = *code << 6 | ((unsigned char)text.data[i + k] & 0x3Fu);
	}
	return len;
}

static bool read_hex(kh_str text, size_t at, size_t digits, uint32_t *out)
{
	*out = 0;
	if (at > text.len || digits > text.len - at) {
		return false;
	}
	for (size_t i = 0; i < digits; i++) {
		int digit = kh_hex_digit(text.data[at + i]);
		if (digit < 0) {
			return false;
		}
		*out = *out << 4 | (uint32_t)digit;
	}
	return true;
}

/* A JSON escape; 0: there is none. */
static size_t read_escape(kh_str text, size_t at, uint32_t *code)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	uint32_t low;

	if (at + 1 >= text.len || text.data[at] != '\\') {
		return 0;
	}
	if (text.data[at + 1] != 'u') {
		found = text.data[at + 1] != '\0' ? strchr(from, text.data[at + 1]) : NULL;
		*code = found != NULL ? (uint32_t)to[found - from] : 0;
		return found != NULL ? 2 : 0;
	}
	if (!read_hex(text, at + 2, 4, code)) {
		return 0;
	}
	if (*code < 0xD800 || *code > 0xDBFF) {
		return 6;
	}
	if (at + 8 > text.len || memcmp(text.data + at + 6, "\\u", 2) != 0 ||
		!read_hex(text, at + 8, 4, &low) || low < 0xDC00 || low > 0xDFFF) {
		return 0;
	}
	*code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
	return 12;
}

static size_t read_number_entity(kh_str name, uint32_t *code)
{
	bool hex = name.len > 1 && (name.data[1] | 0x20) == 'x';
	size_t i = hex ? 2 : 1;

	*code = 0;
	for (; i < name.len; i++) {
		int digit = kh_hex_digit(name.data[i]);
		if (digit < 0 || (!hex && digit > 9) || *code > 0x10FFFF) {
			return 0;
		}
		*code = *code * (hex ? 16 : 10) + (uint32_t)digit;
	}
	return name.len + 2;
}

/* &amp; &#39; &#x27; … ; 0: there is none. */
static size_t read_entity(kh_str text, size_t at, uint32_t *code)
{
	static const struct {
		kh_str name;
		char stands_for;
	} named[] = {{{"amp", 3}, '&'}, {{"lt", 2}, '<'}, {{"gt", 2}, '>'}, {{"quot", 4}, '"'},
		{{"apos", 4}, '\''}};
	size_t left = text.len - at;
	const char *end =
		text.data[at] == '&' ? memchr(text.data + at, ';', left < 12 ? left : 12) : NULL;
	kh_str name;

	if (end == NULL) {
		return 0;
	}
	name = (kh_str){text.data + at + 1, (size_t)(end - text.data) - at - 1};
	if (name.len > 1 && name.data[0] == '#') {
		return read_number_entity(name, code);
	}
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (kh_str_equals(name, named[i].name)) {
			*code = (uint32_t)named[i].stands_for;
			return name.len + 2;
		}
	}
	return 0;
}

/* Whole characters, whatever stands for them. */
static size_t read_code(kh_str text, size_t at, uint32_t *code)
{
	return text.data[at] == '\\' ? read_escape(text, at, code) : read_entity(text, at, code);
}

/*
 * What of the needle, from *i on, stands at `at`: the bytes of text, and *i is moved. 0: it does
 * not. What may be an escape is one: text is written in one way throughout.
 */
static size_t take(kh_str text, size_t at, const needle *n, size_t *i)
{
	char wanted = n->text.data[*i], c = text.data[at];
	uint32_t code, byte;
	size_t len, read;

	if (c == '\\' || c == '&') {
		read = read_code(text, at, &code);
		if (read > 0) {
			uint32_t character;
			len = read_utf8(kh_buf_str(&n->text), *i, &character);
			if (character == code) {
				*i += len;
				return read;
			}
		}
	} else if (c == '%' && read_hex(text, at + 1, 2, &byte) && byte == (unsigned char)wanted) {
		(*i)++;
		return 3;
	}
	if (c == wanted || (c == '+' && wanted == ' ') ||
		(n->base64 && ((c == '-' && wanted == '+') || (c == '_' && wanted == '/')))) {
		(*i)++;
		return 1;
	}
	return 0;
}

/* An escape that the end cuts off may be anything. */
static bool is_cut_escape(kh_str text, size_t at)
{
	return text.len - at < 12 && strchr("%\\&", text.data[at]) != NULL && text.data[at] != '\0';
}

/* Written in whatever way. */
static size_t match_written(const needle *n, kh_str text, size_t begin, bool was_cut)
{
	size_t at = begin, i = 0;

	while (i < n->text.len && at < text.len) {
		size_t taken = take(text, at, n, &i);
		if (taken == 0) {
			return was_cut && at - begin >= KH_NEEDLES_SHORTEST_BYTES && is_cut_escape(text, at)
					   ? text.len - begin
					   : 0;
		}
		at += taken;
	}
	if (i == n->text.len) {
		return at - begin;
	}
	return was_cut && at - begin >= KH_NEEDLES_SHORTEST_BYTES ? at - begin : 0;
}

/* A secret with a backslash may be there as it is, and be the beginning of itself with escapes. */
static size_t match(const needle *n, kh_str text, size_t begin, bool was_cut)
{
	bool plain = n->text.len <= text.len - begin &&
				 memcmp(n->text.data, text.data + begin, n->text.len) == 0;
	size_t written = match_written(n, text, begin, was_cut);

	return plain && n->text.len > written ? n->text.len : written;
}

static size_t longest(
	const kh_needles *n, unsigned char first, kh_str text, size_t at, bool was_cut)
{
	size_t most = 0;

	for (size_t i = n->begin[first]; i < n->begin[first + 1]; i++) {
		size_t len = match(&n->list[i], text, at, was_cut);
		most = len > most ? len : most;
	}
	return most;
}

/* The first byte of the character that an escape stands for. */
static bool read_first_byte(kh_str text, size_t at, unsigned char *first)
{
	uint32_t code = 0;

	if (text.data[at] == '%') {
		if (!read_hex(text, at + 1, 2, &code)) {
			return false;
		}
		*first = (unsigned char)code;
		return true;
	}
	if (read_code(text, at, &code) == 0) {
		return false;
	}
	*first = (unsigned char)(code < 0x80      ? code
							 : code < 0x800   ? 0xC0 | code >> 6
							 : code < 0x10000 ? 0xE0 | code >> 12
											  : 0xF0 | (code >> 18 & 7));
	return true;
}

size_t kh_needles_at(const kh_needles *n, kh_str text, size_t at, bool was_cut)
{
	unsigned char c = (unsigned char)text.data[at], first = c;
	size_t most = n->begin[c] < n->begin[c + 1] ? longest(n, c, text, at, was_cut) : 0, len = 0;

	switch (c) {
	case '%':
	case '\\':
	case '&':
		if (read_first_byte(text, at, &first) && first != c) {
			len = longest(n, first, text, at, was_cut);
		}
		break;
	case '+':
		len = longest(n, ' ', text, at, was_cut);
		break;
	case '-':
		len = longest(n, '+', text, at, was_cut);
		break;
	case '_':
		len = longest(n, '/', text, at, was_cut);
		break;
	default:
		break;
	}
	return len > most ? len : most;
}
