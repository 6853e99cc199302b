#include "kh_redact.h"

#include "kh_hex.h"
#include "kh_needles.h"

#include <stdlib.h>

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

typedef struct secret_word {
	const char *text; /* small letters */
	bool whole;       /* between other characters than letters and digits: "x-sig", not "design" */
} secret_word;

/* By their first letter, since each name of each body is asked about. */
static const secret_word *words_with(char first)
{
	static const secret_word A[] = {{"authorization", false}, {"auth", true}, {NULL, false}};
	static const secret_word C[] = {{"cookie", false}, {"credential", false}, {NULL, false}};
	static const secret_word H[] = {{"hmac", true}, {NULL, false}};
	static const secret_word J[] = {{"jwt", true}, {NULL, false}};
	static const secret_word K[] = {{"key", false}, {NULL, false}};
	static const secret_word P[] = {{"password", false}, {"passwd", false}, {"passphrase", false},
		{"pass", true}, {"pwd", true}, {NULL, false}};
	static const secret_word S[] = {
		{"secret", false}, {"signature", false}, {"sig", true}, {NULL, false}};
	static const secret_word T[] = {{"token", false}, {NULL, false}};

	switch (first | 0x20) {
	case 'a':
		return A;
	case 'c':
		return C;
	case 'h':
		return H;
	case 'j':
		return J;
	case 'k':
		return K;
	case 'p':
		return P;
	case 's':
		return S;
	case 't':
		return T;
	default:
		return NULL;
	}
}

static bool stands_at(kh_str name, size_t at, const secret_word *word)
{
	size_t i;

	for (i = 0; word->text[i] != '\0'; i++) {
		if (at + i == name.len || (name.data[at + i] | 0x20) != word->text[i]) {
			return false;
		}
	}
	return !word->whole || ((at == 0 || !is_letter_or_digit(name.data[at - 1])) &&
							   (at + i == name.len || !is_letter_or_digit(name.data[at + i])));
}

bool kh_redact_is_secret_name(kh_str name)
{
	for (size_t at = 0; at + 1 < name.len; at++) {
		const secret_word *word = words_with(name.data[at]);
		char second = (char)(name.data[at + 1] | 0x20);
		for (; word != NULL && word->text != NULL; word++) {
			if (word->text[1] == second && stands_at(name, at, word)) {
				return true;
			}
		}
	}
	return false;
}

/* A parameter's name may itself be written with %XX. */
static bool is_secret_parameter(kh_str name)
{
	char decoded[256];
	size_t i, len = 0;

	for (i = 0; i < name.len && len < sizeof(decoded); i++) {
		if (name.data[i] == '%' && i + 2 < name.len && kh_hex_digit(name.data[i + 1]) >= 0 &&
			kh_hex_digit(name.data[i + 2]) >= 0) {
			decoded[len++] =
				(char)(kh_hex_digit(name.data[i + 1]) * 16 + kh_hex_digit(name.data[i + 2]));
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

struct kh_redactor {
	kh_needles *needles;
};

kh_status kh_redactor_new(const kh_str *secrets, size_t count, kh_redactor **out)
{
	kh_redactor *redactor = calloc(1, sizeof(*redactor));
	kh_status status =
		redactor != NULL ? kh_needles_new(secrets, count, &redactor->needles) : KH_ERR_MEMORY;

	*out = status == KH_OK ? redactor : NULL;
	if (status != KH_OK) {
		free(redactor);
	}
	return status;
}

void kh_redactor_free(kh_redactor *redactor)
{
	if (redactor != NULL) {
		kh_needles_free(redactor->needles);
		free(redactor);
	}
}

bool kh_redactor_is_empty(const kh_redactor *redactor)
{
	return kh_needles_empty(redactor->needles);
}

static kh_status replace(kh_buf *out, kh_str text, const kh_needles *needles, bool was_cut)
{
	size_t done = 0; /* what lies before is in out */
	kh_status status = KH_OK;

	if (kh_needles_empty(needles)) {
		return kh_buf_append_str(out, text);
	}
	/* Looks inside a match as well: another secret may begin there and end later. */
	for (size_t at = 0; status == KH_OK && at < text.len; at++) {
		size_t len = kh_needles_at(needles, text, at, was_cut);
		if (len == 0 || at + len <= done) {
			continue;
		}
		if (at >= done) {
			status = append_span(out, text, done, at);
			if (status == KH_OK) {
				status = kh_buf_append_str(out, KH_STR(KH_REDACTED));
			}
		}
		done = at + len;
	}
	return status == KH_OK ? append_span(out, text, done, text.len) : status;
}

kh_status kh_redactor_apply(const kh_redactor *redactor, kh_buf *out, kh_str text, bool was_cut)
{
	size_t start = out->len;
	kh_status status = replace(out, text, redactor->needles, was_cut);

	if (status != KH_OK && out->data != NULL) {
		out->len = start;
		out->data[start] = '\0';
	}
	return status;
}

static kh_status redact(kh_buf *out, kh_str text, const kh_str *secrets, size_t count, bool was_cut)
{
	kh_redactor *redactor;
	kh_status status = kh_redactor_new(secrets, count, &redactor);

	if (status == KH_OK) {
		status = kh_redactor_apply(redactor, out, text, was_cut);
		kh_redactor_free(redactor);
	}
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
