#include "kh_redact.h"
#include "kh_json.h"
#include "kh_base64.h"
#include "kh_url.h"

#include <stdlib.h>
#include <strings.h>

#define SHORTEST_SECRET_BYTES 4
#define MAX_NEEDLE_BYTES (1024 * 1024)

static bool contains(kh_str name, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= name.len; i++) {
		if (strncasecmp(name.data + i, word, len) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* A whole word, between other characters than letters and digits: "x-sig", but not "design". */
static bool has_word(kh_str name, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= name.len; i++) {
		if (strncasecmp(name.data + i, word, len) == 0 &&
			(i == 0 || !is_letter_or_digit(name.data[i - 1])) &&
			(i + len == name.len || !is_letter_or_digit(name.data[i + len]))) {
			return true;
		}
	}
	return false;
}

bool kh_redact_is_secret_name(kh_str name)
{
	static const char *const anywhere[] = {"authorization", "cookie", "key", "token", "secret",
		"password", "passwd", "passphrase", "signature", "credential"};
	static const char *const words[] = {"auth", "pass", "pwd", "sig", "hmac", "jwt"};

	for (size_t i = 0; i < sizeof(anywhere) / sizeof(anywhere[0]); i++) {
		if (contains(name, anywhere[i])) {
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (has_word(name, words[i])) {
			return true;
		}
	}
	return false;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A parameter's name may itself be written with %XX. */
static bool is_secret_parameter(kh_str name)
{
	char decoded[256];
	size_t i, len = 0;

	for (i = 0; i < name.len && len < sizeof(decoded); i++) {
		if (name.data[i] == '%' && i + 2 < name.len && hex(name.data[i + 1]) >= 0 &&
			hex(name.data[i + 2]) >= 0) {
			decoded[len++] = (char)(hex(name.data[i + 1]) * 16 + hex(name.data[i + 2]));
			i += 2;
		} else {
			decoded[len++] = name.data[i];
		}
	}
	return kh_redact_is_secret_name((kh_str){decoded, len});
}

static size_t find(kh_str text, size_t begin, const char *wanted)
{
	while (begin < text.len && memchr(wanted, text.data[begin], strlen(wanted)) == NULL) {
		begin++;
	}
	return begin;
}

static kh_status append_span(kh_buf *out, kh_str text, size_t begin, size_t end)
{
	return begin < end ? kh_buf_append(out, text.data + begin, end - begin) : KH_OK;
}

/* Up to and with the ? of the query; user:password@ is masked as well. */
static kh_status append_front(kh_buf *out, kh_str url, size_t end)
{
	const char *scheme = url.len > 0 ? memmem(url.data, end, "://", 3) : NULL;
	size_t host = scheme != NULL ? (size_t)(scheme - url.data) + 3 : 0;
	size_t host_end = find((kh_str){url.data, end}, host, "/?#"), at = host_end;
	kh_status status;

	while (at > host && url.data[at - 1] != '@') {
		at--;
	}
	status = append_span(out, url, 0, host);
	if (status == KH_OK && at > host) {
		status = kh_buf_append_str(out, KH_STR(KH_REDACTED "@"));
	}
	return status == KH_OK ? append_span(out, url, at, end) : status;
}

kh_status kh_redact_url(kh_buf *out, kh_str url)
{
	size_t at = find(url, 0, "?#");
	kh_status status = append_front(out, url, at);

	while (status == KH_OK && at < url.len) {
		size_t name = at + 1;
		size_t end = find(url, name, "&#;");
		size_t equals = find((kh_str){url.data, end}, name, "=");

		if (equals < end && is_secret_parameter((kh_str){url.data + name, equals - name})) {
			end = find(url, equals, "&#"); /* a ; may belong to the value */
			status = append_span(out, url, at, equals + 1);
			if (status == KH_OK) {
				status = kh_buf_append_str(out, KH_STR(KH_REDACTED));
			}
		} else {
			status = append_span(out, url, at, end);
		}
		at = end;
	}
	return status;
}

/* The forms in which secrets are looked for, longest first. Each is a copy, wiped in the end. */
typedef struct needles {
	kh_buf *list;
	size_t count;
} needles;

#define FORMS_PER_SECRET 9

static kh_status add_needle(needles *n, kh_buf *form)
{
	for (size_t i = 0; i < n->count; i++) {
		if (kh_str_equals(kh_buf_str(&n->list[i]), kh_buf_str(form))) {
			kh_buf_wipe(form);
			return KH_OK;
		}
	}
	n->list[n->count++] = *form;
	kh_buf_init(form, MAX_NEEDLE_BYTES);
	return KH_OK;
}

/* A copy with every `from` in `text` written as `to`. */
static kh_status append_replaced(kh_buf *out, kh_str text, kh_str from, kh_str to)
{
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < text.len;) {
		if (i + from.len <= text.len && memcmp(text.data + i, from.data, from.len) == 0) {
			status = kh_buf_append_str(out, to);
			i += from.len;
		} else {
			status = kh_buf_append_char(out, text.data[i++]);
		}
	}
	return status;
}

/* %2f and %2F mean the same. */
static kh_status append_small_hex(kh_buf *out, kh_str encoded)
{
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < encoded.len; i++) {
		bool in_hex =
			(i >= 1 && encoded.data[i - 1] == '%') || (i >= 2 && encoded.data[i - 2] == '%');
		char c = encoded.data[i];
		status = kh_buf_append_char(out, in_hex && c >= 'A' && c <= 'F' ? (char)(c | 0x20) : c);
	}
	return status;
}

static kh_status append_unpadded(kh_buf *out, kh_str secret)
{
	kh_status status = kh_base64_append(out, secret);

	while (status == KH_OK && out->len > 0 && out->data[out->len - 1] == '=') {
		out->data[--out->len] = '\0';
	}
	return status;
}

static kh_status append_form(kh_buf *out, kh_str secret, kh_str encoded, int form)
{
	switch (form) {
	case 0:
		return kh_buf_append_str(out, secret);
	case 1:
		return kh_buf_append_str(out, encoded);
	case 2:
		return append_small_hex(out, encoded);
	case 3:
		return append_replaced(out, encoded, KH_STR("%20"), KH_STR("+"));
	case 4:
		/* Not UTF-8: it can't be in a JSON text. */
		return kh_utf8_valid(secret) ? kh_json_escape(out, secret) : kh_buf_append_str(out, secret);
	case 5:
		return append_replaced(out, secret, KH_STR("/"), KH_STR("\\/"));
	case 6:
		return kh_base64_append(out, secret);
	case 7:
		return append_unpadded(out, secret);
	default:
		return kh_base64_append_url(out, secret);
	}
}

static kh_status add_secret(needles *n, kh_str secret)
{
	kh_status status;
	kh_buf encoded, form;

	kh_buf_init(&encoded, MAX_NEEDLE_BYTES);
	kh_buf_init(&form, MAX_NEEDLE_BYTES);
	status = kh_url_encode(&encoded, secret);
	for (int i = 0; status == KH_OK && i < FORMS_PER_SECRET; i++) {
		status = append_form(&form, secret, kh_buf_str(&encoded), i);
		if (status == KH_OK) {
			status = add_needle(n, &form);
		}
	}
	kh_buf_wipe(&encoded);
	kh_buf_wipe(&form);
	return status;
}

static int compare_needles(const void *left, const void *right)
{
	const kh_buf *a = left, *b = right;

	return (a->len < b->len) - (a->len > b->len);
}

static const kh_buf *needle_at(const needles *n, kh_str text, size_t at)
{
	for (size_t i = 0; i < n->count; i++) {
		const kh_buf *needle = &n->list[i];
		if (needle->data[0] == text.data[at] && needle->len <= text.len - at &&
			memcmp(needle->data, text.data + at, needle->len) == 0) {
			return needle;
		}
	}
	return NULL;
}

/* Of a needle that lies across the text's end at least so much must be seen. */
static bool is_cut_needle(const needles *n, kh_str text, size_t at)
{
	size_t left = text.len - at;

	for (size_t i = 0; left >= SHORTEST_SECRET_BYTES && i < n->count; i++) {
		const kh_buf *needle = &n->list[i];
		if (needle->len > left && memcmp(needle->data, text.data + at, left) == 0) {
			return true;
		}
	}
	return false;
}

static kh_status replace(kh_buf *out, kh_str text, const needles *n, bool was_cut)
{
	bool begins[256] = {false};
	size_t done = 0; /* what lies before is in out */
	kh_status status = KH_OK;

	for (size_t i = 0; i < n->count; i++) {
		begins[(unsigned char)n->list[i].data[0]] = true;
	}
	/* Looks inside a match as well: another secret may begin there and end later. */
	for (size_t at = 0; status == KH_OK && at < text.len; at++) {
		const kh_buf *needle = begins[(unsigned char)text.data[at]] ? needle_at(n, text, at) : NULL;
		bool cut = was_cut && begins[(unsigned char)text.data[at]] && is_cut_needle(n, text, at);
		if (!cut && (needle == NULL || at + needle->len <= done)) {
			continue;
		}
		if (at >= done) {
			status = append_span(out, text, done, at);
			if (status == KH_OK) {
				status = kh_buf_append_str(out, KH_STR(KH_REDACTED));
			}
		}
		done = cut ? text.len : at + needle->len;
	}
	return status == KH_OK ? append_span(out, text, done, text.len) : status;
}

static kh_status redact(kh_buf *out, kh_str text, const kh_str *secrets, size_t count, bool was_cut)
{
	needles n = {0};
	size_t start = out->len;
	kh_status status = KH_OK;

	n.list = calloc(count > 0 ? count : 1, FORMS_PER_SECRET * sizeof(*n.list));
	if (n.list == NULL) {
		return KH_ERR_MEMORY;
	}
	for (size_t i = 0; status == KH_OK && i < count; i++) {
		if (secrets[i].len >= SHORTEST_SECRET_BYTES) {
			status = add_secret(&n, secrets[i]);
		}
	}
	if (status == KH_OK) {
		qsort(n.list, n.count, sizeof(*n.list), compare_needles);
		status = replace(out, text, &n, was_cut);
	}
	if (status != KH_OK && out->data != NULL) {
		out->len = start;
		out->data[start] = '\0';
	}
	for (size_t i = 0; i < n.count; i++) {
		kh_buf_wipe(&n.list[i]);
	}
	free(n.list);
	return status;
}

kh_status kh_redact_text(kh_buf *out, kh_str text, const kh_str *secrets, size_t count)
{
	return redact(out, text, secrets, count, false);
}

kh_status kh_redact_cut_text(kh_buf *out, kh_str text, const kh_str *secrets, size_t count)
{
	return redact(out, text, secrets, count, true);
}
