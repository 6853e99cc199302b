#include "kh_value.h"
#include "kh_json.h"
#include "kh_json_scan.h"

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#define SHORT_NAME_BYTES 128

/* Reads checked text, so it looks only at what tells one value from another. */
typedef struct builder {
	const char *at, *end;
	kh_value *open[KH_JSON_MAX_DEPTH];
	size_t depth;
	kh_value *root;
	char *scratch; /* one text without escapes, NUL-terminated; as long as the source at most */
	size_t scratch_size;
	char *name; /* the member whose value comes next, in its own buffer of the same size */
	kh_error *error;
} builder;

static kh_status out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
}

/* The string at the builder's place, in out; moves behind its closing quote. */
static size_t take_text(builder *b, char *out)
{
	const char *begin = ++b->at;
	size_t len;

	while (*b->at != '"') {
		b->at += *b->at == '\\' ? 2 : 1;
	}
	len = kh_json_unescape(begin, (size_t)(b->at - begin), out);
	out[len] = '\0';
	b->at++;
	return len;
}

/* int64 where the text comes out the same; else the text itself with a double beside it. */
static kh_value *take_number(builder *b)
{
	const char *begin = b->at;
	bool integer = true;
	size_t len;
	long long number;

	while (b->at < b->end && strchr("+-.0123456789eE", *b->at) != NULL && *b->at != '\0') {
		integer = integer && *b->at != '.' && *b->at != 'e' && *b->at != 'E';
		b->at++;
	}
	len = (size_t)(b->at - begin);
	memcpy(b->scratch, begin, len);
	b->scratch[len] = '\0';
	if (integer && strcmp(b->scratch, "-0") != 0) {
		errno = 0;
		number = strtoll(b->scratch, NULL, 10);
		if (errno == 0) {
			return json_object_new_int64(number);
		}
	}
	return json_object_new_double_s(strtod(b->scratch, NULL), b->scratch);
}

static kh_status put(builder *b, kh_value *value)
{
	kh_value *parent;
	int result;

	if (b->depth == 0) {
		b->root = value;
		return KH_OK;
	}
	parent = b->open[b->depth - 1];
	if (json_object_is_type(parent, json_type_object)) {
		result = json_object_object_add_ex(parent, b->name, value, JSON_C_OBJECT_ADD_KEY_IS_NEW);
	} else {
		result = json_object_array_add(parent, value);
	}
	if (result != 0) {
		json_object_put(value);
		return out_of_memory(b->error);
	}
	return KH_OK;
}

static kh_status put_made(builder *b, kh_value *value)
{
	return value == NULL ? out_of_memory(b->error) : put(b, value);
}

static kh_status open_container(builder *b)
{
	bool object = *b->at == '{';
	kh_value *value = object ? json_object_new_object() : json_object_new_array_ext(4);
	kh_status status = put_made(b, value);

	if (status == KH_OK) {
		b->open[b->depth++] = value;
		b->at++;
	}
	return status;
}

static kh_status take_name(builder *b)
{
	size_t len = take_text(b, b->name);

	if (strlen(b->name) != len) {
		return kh_error_set(
			b->error, KH_ERR_JSON, "A member's name contains \\u0000, which can't be kept.");
	}
	while (*b->at != ':') {
		b->at++;
	}
	b->at++;
	return KH_OK;
}

/* One token. A string is a name when it comes first in an object, or behind its commas. */
static kh_status take(builder *b, bool *name_next)
{
	bool in_object;

	switch (*b->at) {
	case '{':
		*name_next = true;
		return open_container(b);
	case '[':
		*name_next = false;
		return open_container(b);
	case '}':
	case ']':
		b->depth--;
		b->at++;
		return KH_OK;
	case ',':
		in_object = json_object_is_type(b->open[b->depth - 1], json_type_object);
		*name_next = in_object;
		b->at++;
		return KH_OK;
	case '"':
		if (*name_next) {
			*name_next = false;
			return take_name(b);
		}
		size_t len = take_text(b, b->scratch);
		return put_made(b, json_object_new_string_len(b->scratch, (int)len));
	case 't':
		b->at += 4;
		return put_made(b, json_object_new_boolean(1));
	case 'f':
		b->at += 5;
		return put_made(b, json_object_new_boolean(0));
	case 'n':
		b->at += 4;
		return put(b, NULL);
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		b->at++;
		return KH_OK;
	default:
		return put_made(b, take_number(b));
	}
}

static kh_status build(builder *b)
{
	bool name_next = false;
	kh_status status = KH_OK;

	while (status == KH_OK && b->at < b->end) {
		status = take(b, &name_next);
	}
	return status;
}

kh_status kh_value_parse(kh_str text, kh_value **out, kh_error *error)
{
	builder b = {.at = text.data, .error = error};
	kh_status status;

	*out = NULL;
	if (text.len > INT_MAX / 2) {
		return kh_error_set(error, KH_ERR_TOO_LARGE, "The JSON text is %zu bytes.", text.len);
	}
	/* Request mode bounds the depth, which the stack here and json-c's own recursion rely on. */
	b.end = text.len > 0 ? text.data + text.len : text.data;
	status = kh_json_check(text, KH_JSON_REQUEST, error);
	if (status != KH_OK) {
		return status;
	}
	b.scratch_size = text.len + 1;
	b.scratch = malloc(2 * b.scratch_size);
	if (b.scratch == NULL) {
		return out_of_memory(error);
	}
	b.name = b.scratch + b.scratch_size;
	status = build(&b);
	OPENSSL_cleanse(b.scratch, 2 * b.scratch_size);
	free(b.scratch);
	if (status != KH_OK) {
		kh_value_wipe(b.root);
		return status;
	}
	*out = b.root;
	return KH_OK;
}

void kh_value_free(kh_value *root)
{
	json_object_put(root);
}

/* Recursion here and below is bounded by KH_JSON_MAX_DEPTH: a tree comes only from kh_value_parse.
 */
static void wipe(kh_value *value)
{
	char *text;

	switch (json_object_get_type(value)) {
	case json_type_string:
		/* json-c has no writable access, but the bytes are its own, and ours to end. */
		text = (char *)json_object_get_string(value);
		OPENSSL_cleanse(text, (size_t)json_object_get_string_len(value));
		break;
	case json_type_double:
		text = json_object_get_userdata(value);
		if (text != NULL) {
			OPENSSL_cleanse(text, strlen(text));
		}
		break;
	case json_type_int:
		json_object_set_int64(value, 0);
		break;
	case json_type_array:
		for (size_t i = 0; i < json_object_array_length(value); i++) {
			wipe(json_object_array_get_idx(value, i));
		}
		break;
	case json_type_object: {
		json_object_object_foreach(value, name, member)
		{
			(void)name;
			wipe(member);
		}
		break;
	}
	default:
		break;
	}
}

void kh_value_wipe(kh_value *root)
{
	wipe(root);
	kh_value_free(root);
}

kh_kind kh_value_kind(const kh_value *value)
{
	switch (json_object_get_type(value)) {
	case json_type_boolean:
		return KH_KIND_BOOL;
	case json_type_int:
	case json_type_double:
		return KH_KIND_NUMBER;
	case json_type_string:
		return KH_KIND_STRING;
	case json_type_array:
		return KH_KIND_LIST;
	case json_type_object:
		return KH_KIND_OBJECT;
	default:
		return KH_KIND_NULL;
	}
}

bool kh_value_get(const kh_value *value, kh_str name, const kh_value **out)
{
	char short_name[SHORT_NAME_BYTES];
	char *key = short_name;
	json_object *found = NULL;
	bool there;

	*out = NULL;
	if (kh_value_kind(value) != KH_KIND_OBJECT) {
		return false;
	}
	if (name.len > 0 && memchr(name.data, '\0', name.len) != NULL) {
		return false;
	}
	if (name.len < sizeof(short_name)) {
		if (name.len > 0) {
			memcpy(short_name, name.data, name.len);
		}
		short_name[name.len] = '\0';
	} else {
		key = kh_str_copy(name);
		if (key == NULL) {
			return false;
		}
	}
	there = json_object_object_get_ex(value, key, &found);
	if (key != short_name) {
		free(key);
	}
	*out = found;
	return there;
}

/* "0", "12": where a list has that many elements. */
static bool get_element(const kh_value *list, kh_str name, const kh_value **out)
{
	size_t index = 0;

	*out = NULL;
	if (name.len == 0 || name.len > 9 || kh_value_kind(list) != KH_KIND_LIST) {
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] < '0' || name.data[i] > '9') {
			return false;
		}
		index = index * 10 + (size_t)(name.data[i] - '0');
	}
	if (index >= kh_value_length(list)) {
		return false;
	}
	*out = kh_value_at(list, index);
	return true;
}

bool kh_value_child(const kh_value *value, kh_str name, const kh_value **out)
{
	return kh_value_get(value, name, out) || get_element(value, name, out);
}

bool kh_value_find(const kh_value *value, kh_str path, const kh_value **out)
{
	const kh_value *here = value;
	size_t begin = 0;

	if (path.len == 0) {
		*out = NULL;
		return false;
	}
	if (kh_value_get(value, path, out)) {
		return true;
	}
	while (begin <= path.len) {
		const char *dot = memchr(path.data + begin, '.', path.len - begin);
		size_t end = dot != NULL ? (size_t)(dot - path.data) : path.len;
		kh_str name = {path.data + begin, end - begin};

		if (!kh_value_child(here, name, out)) {
			return false;
		}
		here = *out;
		begin = end + 1;
	}
	return true;
}

bool kh_value_is_true(const kh_value *value)
{
	switch (json_object_get_type(value)) {
	case json_type_boolean:
		return json_object_get_boolean(value);
	case json_type_int:
		return json_object_get_int64(value) != 0;
	case json_type_double:
		return json_object_get_double(value) != 0;
	default:
		return false;
	}
}

size_t kh_value_length(const kh_value *list)
{
	return kh_value_kind(list) == KH_KIND_LIST ? json_object_array_length(list) : 0;
}

const kh_value *kh_value_at(const kh_value *list, size_t index)
{
	return index < kh_value_length(list) ? json_object_array_get_idx(list, index) : NULL;
}

bool kh_value_each(const kh_value *object,
	bool (*callback)(void *context, kh_str name, const kh_value *member), void *context)
{
	if (kh_value_kind(object) != KH_KIND_OBJECT) {
		return true;
	}
	json_object_object_foreach((kh_value *)object, name, member)
	{
		if (!callback(context, (kh_str){name, strlen(name)}, member)) {
			return false;
		}
	}
	return true;
}

kh_str kh_value_string(const kh_value *value)
{
	kh_value *object = (kh_value *)value; /* json-c's getters take no const */

	if (kh_value_kind(value) != KH_KIND_STRING) {
		return (kh_str){NULL, 0};
	}
	return (kh_str){json_object_get_string(object), (size_t)json_object_get_string_len(value)};
}

kh_str kh_value_get_string(const kh_value *object, const char *name, kh_str fallback)
{
	const kh_value *member;

	if (!kh_value_get(object, (kh_str){name, strlen(name)}, &member) ||
		kh_value_kind(member) != KH_KIND_STRING) {
		return fallback;
	}
	return kh_value_string(member);
}

int64_t kh_value_int(const kh_value *value, int64_t fallback, int64_t min, int64_t max)
{
	int64_t number;

	if (!json_object_is_type(value, json_type_int)) {
		return fallback;
	}
	number = json_object_get_int64(value);
	return number < min || number > max ? fallback : number;
}

int64_t kh_value_get_int(
	const kh_value *object, const char *name, int64_t fallback, int64_t min, int64_t max)
{
	const kh_value *member;

	return kh_value_get(object, (kh_str){name, strlen(name)}, &member)
			   ? kh_value_int(member, fallback, min, max)
			   : fallback;
}
