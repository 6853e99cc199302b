#include "kh_json.h"
#include "kh_json_scan.h"

#include <stdlib.h>

/* A member's name without escapes; at: where it stands in the text. */
typedef struct member_name {
	const char *data;
	size_t len;
	size_t at;
} member_name;

/* The names of all objects that are open, innermost last. */
typedef struct member_names {
	member_name *list;
	size_t count, capacity;
	size_t begin[KH_JSON_MAX_DEPTH]; /* by level: its first one in the list */
	char *unescaped;                 /* names that had escapes, as long as the text at most */
	size_t unescaped_len;
} member_names;

static kh_status out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
}

static kh_status add_name(
	member_names *names, kh_str text, size_t begin, size_t end, kh_error *error)
{
	member_name name = {text.data + begin, end - begin, begin - 1};

	if (memchr(name.data, '\\', name.len) != NULL) {
		if (names->unescaped == NULL) {
			names->unescaped = malloc(text.len);
			if (names->unescaped == NULL) {
				return out_of_memory(error);
			}
		}
		name.data = names->unescaped + names->unescaped_len;
		name.len = kh_json_unescape(
			text.data + begin, end - begin, names->unescaped + names->unescaped_len);
		names->unescaped_len += name.len;
	}
	if (names->count == names->capacity) {
		size_t capacity = names->capacity == 0 ? 32 : names->capacity * 2;
		member_name *list = realloc(names->list, capacity * sizeof(*list));
		if (list == NULL) {
			return out_of_memory(error);
		}
		names->list = list;
		names->capacity = capacity;
	}
	names->list[names->count++] = name;
	return KH_OK;
}

static int compare_bytes(const member_name *a, const member_name *b)
{
	size_t len = a->len < b->len ? a->len : b->len;
	int order = len > 0 ? memcmp(a->data, b->data, len) : 0;

	if (order != 0) {
		return order;
	}
	return (a->len > b->len) - (a->len < b->len);
}

static int compare_names(const void *left, const void *right)
{
	const member_name *a = left, *b = right;
	int order = compare_bytes(a, b);

	return order != 0 ? order : (a->at > b->at) - (a->at < b->at);
}

/* At the end of an object: the first name that was there before, or NULL. Forgets its names. */
static const member_name *close_object(member_names *names, size_t level)
{
	size_t count = names->count - names->begin[level];
	const member_name *found = NULL;
	member_name *list;

	names->count = names->begin[level];
	if (count < 2) {
		return NULL;
	}
	list = names->list + names->begin[level];
	qsort(list, count, sizeof(*list), compare_names);
	for (size_t i = 1; i < count; i++) {
		if (compare_bytes(&list[i - 1], &list[i]) == 0 &&
			(found == NULL || list[i].at < found->at)) {
			found = &list[i];
		}
	}
	return found;
}

static kh_status set_position(kh_error *error, kh_status status, kh_str text, size_t offset)
{
	/* Only for a mistake: it reads the text from its beginning. */
	if (status != KH_OK && error != NULL) {
		kh_str_position(text, offset, &error->line, &error->column);
	}
	return status;
}

/* Not which name: it may be made of a record's data, and errors are logged. */
static kh_status name_is_twice(kh_error *error)
{
	return kh_error_set(
		error, KH_ERR_JSON, "The name that begins here is there twice in one object.");
}

/* What has just happened between `before` and now, as far as names are concerned. */
static kh_status note_names(member_names *names, const kh_json_scan *scan, kh_scan_state before,
	size_t depth_before, bool was_object, kh_str text, size_t at, size_t *key_begin,
	kh_error *error)
{
	if (scan->state == KH_SCAN_STRING && before != KH_SCAN_STRING && scan->in_key &&
		(before == KH_SCAN_KEY || before == KH_SCAN_FIRST_KEY)) {
		*key_begin = at + 1;
	} else if (scan->state == KH_SCAN_COLON && before == KH_SCAN_STRING) {
		return set_position(error, add_name(names, text, *key_begin, at, error), text, at);
	} else if (scan->depth > depth_before) {
		names->begin[depth_before] = names->count;
	} else if (scan->depth < depth_before && was_object) {
		const member_name *twice = close_object(names, scan->depth);
		if (twice != NULL) {
			return set_position(error, name_is_twice(error), text, twice->at);
		}
	}
	return KH_OK;
}

/* What stands for itself within double quotes. */
static inline bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Is any of eight bytes not plain? (A byte x is below n, for n up to 0x80, where x - n borrows and
 * x has no high bit; what equals n is 0 after an exclusive or.) */
static inline bool any_is_special(uint64_t eight)
{
	uint64_t high = EACH(0x80), quote = eight ^ EACH('"'), slash = eight ^ EACH('\\');

	return ((eight | ((eight - EACH(0x20)) & ~eight) | ((quote - EACH(1)) & ~quote) |
				((slash - EACH(1)) & ~slash)) &
			   high) != 0;
}

/* Behind the plain bytes that begin at `at`. */
static size_t skip_plain(kh_str text, size_t at)
{
	uint64_t eight;

	for (; at + sizeof(eight) <= text.len; at += sizeof(eight)) {
		memcpy(&eight, text.data + at, sizeof(eight));
		if (any_is_special(eight)) {
			break;
		}
	}
	while (at < text.len && is_plain((unsigned char)text.data[at])) {
		at++;
	}
	return at;
}

static kh_status check(kh_json_scan *scan, member_names *names, kh_str text, kh_error *error)
{
	size_t i, key_begin = 0;
	kh_status status;

	for (i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		kh_scan_state before = scan->state;
		size_t depth = scan->depth;
		bool object;

		/* Most bytes of most texts: nothing to decide. */
		if (is_plain(c) && kh_json_scan_in_text(scan)) {
			i = skip_plain(text, i + 1) - 1;
			continue;
		}
		object = kh_json_scan_in_object(scan);
		status = kh_json_scan_byte(scan, c, error);
		if (status != KH_OK) {
			return set_position(error, status, text, i - scan->back);
		}
		if (scan->mode == KH_JSON_REQUEST && (scan->state != before || scan->depth != depth)) {
			status = note_names(names, scan, before, depth, object, text, i, &key_begin, error);
			if (status != KH_OK) {
				return status;
			}
		}
	}
	return set_position(error, kh_json_scan_end(scan, error), text, text.len);
}

kh_status kh_json_check(kh_str text, kh_json_mode mode, kh_error *error)
{
	member_names names = {0};
	kh_json_scan scan;
	kh_status status;

	kh_json_scan_init(&scan, mode);
	status = check(&scan, &names, text, error);
	kh_json_scan_free(&scan);
	free(names.list);
	free(names.unescaped);
	return status;
}

/* The length of the well-formed character at the beginning of text; 0: there is none. */
static size_t utf8_length(const unsigned char *text, size_t len)
{
	unsigned min = 0x80, max = 0xBF;
	size_t need, i;

	if (text[0] < 0x80) {
		return 1;
	}
	if (text[0] >= 0xC2 && text[0] <= 0xDF) {
		need = 2;
	} else if ((text[0] & 0xF0) == 0xE0) {
		need = 3;
		min = text[0] == 0xE0 ? 0xA0 : 0x80;
		max = text[0] == 0xED ? 0x9F : 0xBF;
	} else if (text[0] >= 0xF0 && text[0] <= 0xF4) {
		need = 4;
		min = text[0] == 0xF0 ? 0x90 : 0x80;
		max = text[0] == 0xF4 ? 0x8F : 0xBF;
	} else {
		return 0;
	}
	if (len < need || text[1] < min || text[1] > max) {
		return 0;
	}
	for (i = 2; i < need; i++) {
		if ((text[i] & 0xC0) != 0x80) {
			return 0;
		}
	}
	return need;
}

bool kh_utf8_valid(kh_str text)
{
	const unsigned char *bytes = (const unsigned char *)text.data;
	size_t i = 0, len;

	while (i < text.len) {
		len = utf8_length(bytes + i, text.len - i);
		if (len == 0) {
			return false;
		}
		i += len;
	}
	return true;
}

static kh_status escape_char(kh_buf *out, unsigned char c)
{
	switch (c) {
	case '"':
		return kh_buf_append(out, "\\\"", 2);
	case '\\':
		return kh_buf_append(out, "\\\\", 2);
	case '\b':
		return kh_buf_append(out, "\\b", 2);
	case '\f':
		return kh_buf_append(out, "\\f", 2);
	case '\n':
		return kh_buf_append(out, "\\n", 2);
	case '\r':
		return kh_buf_append(out, "\\r", 2);
	case '\t':
		return kh_buf_append(out, "\\t", 2);
	default:
		return kh_buf_append_format(out, "\\u%04x", c);
	}
}

kh_status kh_json_escape(kh_buf *out, kh_str text)
{
	size_t i, plain = 0;
	kh_status status;

	if (!kh_utf8_valid(text)) {
		return KH_ERR_JSON;
	}
	for (i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c >= 0x20 && c != '"' && c != '\\') {
			continue;
		}
		status = kh_buf_append(out, text.data + plain, i - plain);
		if (status == KH_OK) {
			status = escape_char(out, c);
		}
		if (status != KH_OK) {
			return status;
		}
		plain = i + 1;
	}
	return kh_buf_append(out, text.data != NULL ? text.data + plain : NULL, text.len - plain);
}
