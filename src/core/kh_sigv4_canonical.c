#include "kh_sigv4_canonical.h"

#include "kh_hex.h"
#include "kh_url.h"

#include <stdlib.h>

/* Decodes and encodes again, so that every way to write a character becomes the one that AWS has.
 * slashes: they stay. */
static kh_status recode(kh_str text, bool slashes, kh_buf *out)
{
	kh_status status = KH_OK;
	size_t i;

	for (i = 0; i < text.len && status == KH_OK; i++) {
		char c = text.data[i];
		if (c == '%' && i + 2 < text.len && kh_hex_digit(text.data[i + 1]) >= 0 &&
			kh_hex_digit(text.data[i + 2]) >= 0) {
			c = (char)(kh_hex_digit(text.data[i + 1]) << 4 | kh_hex_digit(text.data[i + 2]));
			i += 2;
		}
		status =
			slashes && c == '/' ? kh_buf_append_char(out, c) : kh_url_encode(out, (kh_str){&c, 1});
	}
	return status;
}

kh_status kh_sigv4_canonical_path(kh_str path, bool once, kh_buf *out)
{
	kh_status status = KH_OK;
	size_t i;

	if (path.len == 0) {
		return kh_buf_append_char(out, '/');
	}
	if (once) {
		return recode(path, true, out);
	}
	for (i = 0; i < path.len && status == KH_OK; i++) {
		if (path.data[i] != '/') {
			status = kh_url_encode(out, (kh_str){path.data + i, 1});
		} else if (i == 0 || path.data[i - 1] != '/') {
			status = kh_buf_append_char(out, '/');
		}
	}
	return status;
}

typedef struct parameter {
	size_t name_at, name_len; /* in a buffer that still grows */
	size_t value_at, value_len;
	const char *base; /* of that buffer, once it is complete */
} parameter;

static int compare_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t shared = a_len < b_len ? a_len : b_len;
	int order = shared > 0 ? memcmp(a, b, shared) : 0;

	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

/* By name, then by value, as they are encoded. */
static int compare_parameters(const void *left, const void *right)
{
	const parameter *a = left, *b = right;
	int order = compare_bytes(a->base + a->name_at, a->name_len, b->base + b->name_at, b->name_len);

	return order != 0 ? order
					  : compare_bytes(a->base + a->value_at, a->value_len, b->base + b->value_at,
							b->value_len);
}

/* Encodes "name=value" into a buffer. */
static kh_status recode_parameter(kh_str pair, kh_buf *text, parameter *out)
{
	const char *equals = memchr(pair.data, '=', pair.len);
	size_t name_len = equals != NULL ? (size_t)(equals - pair.data) : pair.len;
	kh_status status;

	out->name_at = text->len;
	status = recode((kh_str){pair.data, name_len}, false, text);
	out->name_len = text->len - out->name_at;
	out->value_at = text->len;
	if (status == KH_OK && equals != NULL) {
		status = recode((kh_str){equals + 1, pair.len - name_len - 1}, false, text);
	}
	out->value_len = text->len - out->value_at;
	return status;
}

static kh_status recode_query(kh_str query, kh_buf *text, parameter *parameters, size_t *count)
{
	kh_status status = KH_OK;
	size_t at = 0, end;

	for (*count = 0; at < query.len && status == KH_OK; at = end + 1) {
		for (end = at; end < query.len && query.data[end] != '&'; end++) {
		}
		if (end > at) {
			status = recode_parameter(
				(kh_str){query.data + at, end - at}, text, &parameters[(*count)++]);
		}
	}
	return status;
}

static kh_status write_parameters(
	parameter *parameters, size_t count, const kh_buf *text, kh_buf *out)
{
	kh_status status = KH_OK;
	size_t i;

	for (i = 0; i < count; i++) {
		parameters[i].base = text->data != NULL ? text->data : "";
	}
	qsort(parameters, count, sizeof(*parameters), compare_parameters);
	for (i = 0; i < count && status == KH_OK; i++) {
		const parameter *p = &parameters[i];
		status = i > 0 ? kh_buf_append_char(out, '&') : KH_OK;
		if (status == KH_OK) {
			status = kh_buf_append(out, p->base + p->name_at, p->name_len);
		}
		if (status == KH_OK) {
			status = kh_buf_append_char(out, '=');
		}
		if (status == KH_OK) {
			status = kh_buf_append(out, p->base + p->value_at, p->value_len);
		}
	}
	return status;
}

kh_status kh_sigv4_canonical_query(kh_str query, kh_buf *out, kh_error *error)
{
	parameter *parameters;
	kh_buf text;
	size_t i, count = 1;
	kh_status status;

	for (i = 0; i < query.len; i++) {
		count += query.data[i] == '&';
	}
	parameters = calloc(count, sizeof(*parameters));
	if (parameters == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for the signature");
	}
	kh_buf_init(&text, KH_SIGV4_MAX_CANONICAL_BYTES);
	status = recode_query(query, &text, parameters, &count);
	if (status == KH_OK) {
		status = write_parameters(parameters, count, &text, out);
	}
	kh_buf_wipe(&text);
	free(parameters);
	return status;
}
