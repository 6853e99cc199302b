#include "kh_settings.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

kh_status kh_settings_in_field(kh_error *error, kh_status status, const char *format, ...)
{
	char field[160], inner[KH_ERROR_MESSAGE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(field, sizeof(field), format, args);
	va_end(args);
	snprintf(inner, sizeof(inner), "%s", error->message);
	return kh_error_set_at(error, status, error->line, error->column, "%s: %s", field, inner);
}

int kh_settings_shown(kh_str name)
{
	size_t len = name.len;

	if (len > 64) {
		len = 64;
		while (len > 0 && ((unsigned char)name.data[len] & 0xC0) == 0x80) {
			len--;
		}
	}
	return (int)len;
}

kh_status kh_settings_text(
	const kh_value *object, const char *name, kh_str fallback, kh_str *out, kh_error *error)
{
	const kh_value *member;

	*out = fallback;
	if (!kh_value_get(object, (kh_str){name, strlen(name)}, &member) ||
		kh_value_kind(member) == KH_KIND_NULL) {
		return KH_OK;
	}
	if (kh_value_kind(member) != KH_KIND_STRING) {
		return kh_error_set(error, KH_ERR_INVALID, "%s: must be text", name);
	}
	*out = kh_value_string(member);
	return KH_OK;
}

kh_status kh_settings_number(const kh_value *object, const char *name, int64_t fallback,
	int64_t min, int64_t max, int64_t *out, kh_error *error)
{
	const kh_value *member;

	*out = fallback;
	if (!kh_value_get(object, (kh_str){name, strlen(name)}, &member) ||
		kh_value_kind(member) == KH_KIND_NULL) {
		return KH_OK;
	}
	*out = kh_value_get_int(object, name, min - 1, min, max);
	if (*out < min) {
		return kh_error_set(error, KH_ERR_INVALID,
			"%s: must be a whole number from %" PRId64 " to %" PRId64, name, min, max);
	}
	return KH_OK;
}

/* kh_value has no getter for it: the text of a boolean is "true" or "false". */
kh_status kh_settings_flag(const kh_value *object, const char *name, bool *out, kh_error *error)
{
	const kh_value *member;
	kh_buf text;
	kh_status status;

	*out = false;
	if (!kh_value_get(object, (kh_str){name, strlen(name)}, &member) ||
		kh_value_kind(member) == KH_KIND_NULL) {
		return KH_OK;
	}
	if (kh_value_kind(member) != KH_KIND_BOOL) {
		return kh_error_set(error, KH_ERR_INVALID, "%s: must be true or false", name);
	}
	kh_buf_init(&text, 8);
	status = kh_value_append_text(member, &text);
	*out = kh_str_equals(kh_buf_str(&text), KH_STR("true"));
	kh_buf_free(&text);
	return status == KH_OK ? KH_OK : kh_error_set(error, status, "out of memory for a setting");
}
