#include "kh_json.h"
#include "kh_value.h"

#include <json-c/json.h>

static kh_status append_number(const kh_value *value, kh_buf *out)
{
	kh_value *number = (kh_value *)value;
	const char *text;

	if (json_object_is_type(value, json_type_int)) {
		return kh_buf_append_format(out, "%lld", (long long)json_object_get_int64(value));
	}
	text = json_object_get_userdata(number); /* where json_object_new_double_s keeps its text */
	return text != NULL ? kh_buf_append(out, text, strlen(text)) : KH_ERR_INVALID;
}

static kh_status append_quoted(kh_str text, kh_buf *out)
{
	kh_status status = kh_buf_append_char(out, '"');

	if (status == KH_OK) {
		status = kh_json_escape(out, text);
	}
	return status == KH_OK ? kh_buf_append_char(out, '"') : status;
}

typedef struct member_writer {
	kh_buf *out;
	bool first;
	kh_status status;
} member_writer;

static bool append_member(void *context, kh_str name, const kh_value *member)
{
	member_writer *writer = context;

	writer->status = writer->first ? KH_OK : kh_buf_append_char(writer->out, ',');
	writer->first = false;
	if (writer->status == KH_OK) {
		writer->status = append_quoted(name, writer->out);
	}
	if (writer->status == KH_OK) {
		writer->status = kh_buf_append_char(writer->out, ':');
	}
	if (writer->status == KH_OK) {
		writer->status = kh_value_append_json(member, writer->out);
	}
	return writer->status == KH_OK;
}

static kh_status append_object(const kh_value *object, kh_buf *out)
{
	member_writer writer = {out, true, KH_OK};
	kh_status status = kh_buf_append_char(out, '{');

	if (status == KH_OK && !kh_value_each(object, append_member, &writer)) {
		status = writer.status;
	}
	return status == KH_OK ? kh_buf_append_char(out, '}') : status;
}

static kh_status append_list(const kh_value *list, kh_buf *out)
{
	kh_status status = kh_buf_append_char(out, '[');

	for (size_t i = 0; status == KH_OK && i < kh_value_length(list); i++) {
		if (i > 0) {
			status = kh_buf_append_char(out, ',');
		}
		if (status == KH_OK) {
			status = kh_value_append_json(kh_value_at(list, i), out);
		}
	}
	return status == KH_OK ? kh_buf_append_char(out, ']') : status;
}

kh_status kh_value_append_json(const kh_value *value, kh_buf *out)
{
	switch (kh_value_kind(value)) {
	case KH_KIND_NULL:
		return kh_buf_append_str(out, KH_STR("null"));
	case KH_KIND_STRING:
		return append_quoted(kh_value_string(value), out);
	case KH_KIND_LIST:
		return append_list(value, out);
	case KH_KIND_OBJECT:
		return append_object(value, out);
	default:
		return kh_value_append_text(value, out);
	}
}

kh_status kh_value_append_text(const kh_value *value, kh_buf *out)
{
	switch (kh_value_kind(value)) {
	case KH_KIND_NULL:
		return KH_OK;
	case KH_KIND_BOOL:
		return kh_buf_append_str(
			out, json_object_get_boolean(value) ? KH_STR("true") : KH_STR("false"));
	case KH_KIND_NUMBER:
		return append_number(value, out);
	case KH_KIND_STRING:
		return kh_buf_append_str(out, kh_value_string(value));
	default:
		return kh_value_append_json(value, out);
	}
}
