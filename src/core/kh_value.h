/*
 * A read-only view of JSON data (event data, a webhook's configuration, opened credentials) on a
 * json-c tree. The tree is built from checked text; numbers come out exactly as they went in,
 * however large or long they are. Only the root is owned; everything that kh_value_get and its kin
 * return lives as long as the root.
 */
#ifndef KH_VALUE_H
#define KH_VALUE_H

#include "kh_buf.h"

#include <stdint.h>

typedef struct json_object
	kh_value; /* NULL is JSON null, as in json-c; kh_value_find tells it from "not there" */

typedef enum kh_kind {
	KH_KIND_NULL,
	KH_KIND_BOOL,
	KH_KIND_NUMBER,
	KH_KIND_STRING,
	KH_KIND_LIST,
	KH_KIND_OBJECT
} kh_kind;

kh_status kh_value_parse(kh_str text, kh_value **out, kh_error *error);
void kh_value_free(kh_value *root);
/* For trees that hold secrets: overwrites every string before it frees. */
void kh_value_wipe(kh_value *root);

kh_kind kh_value_kind(const kh_value *value);
/* Member `name` of an object. False when there is none, or value is no object. */
bool kh_value_get(const kh_value *value, kh_str name, const kh_value **out);
/* Member `name` of an object, or that element of a list when name is a number. */
bool kh_value_child(const kh_value *value, kh_str name, const kh_value **out);
/* A dotted path: a member of that whole name first, then member by member; a number indexes a list.
 */
bool kh_value_find(const kh_value *value, kh_str path, const kh_value **out);

/* true, and any number but 0. */
bool kh_value_is_true(const kh_value *value);

size_t kh_value_length(const kh_value *list);
const kh_value *kh_value_at(const kh_value *list, size_t index);

/* Walks an object's members in their order; false when callback asked to stop by returning false.
 */
bool kh_value_each(const kh_value *object,
	bool (*callback)(void *context, kh_str name, const kh_value *member), void *context);

/* A string's bytes; empty for every other kind. */
kh_str kh_value_string(const kh_value *value);
/* For configuration: fallback when value is missing, or of another kind, or (int) out of [min,
 * max]. */
kh_str kh_value_get_string(const kh_value *object, const char *name, kh_str fallback);
int64_t kh_value_int(const kh_value *value, int64_t fallback, int64_t min, int64_t max);
int64_t kh_value_get_int(
	const kh_value *object, const char *name, int64_t fallback, int64_t min, int64_t max);

/* As text for a person or a form: strings as they are, numbers as given, true/false, null as
 * nothing, lists and objects as JSON. */
kh_status kh_value_append_text(const kh_value *value, kh_buf *out);
/* As JSON, without added blanks, slashes not escaped. */
kh_status kh_value_append_json(const kh_value *value, kh_buf *out);

#endif
