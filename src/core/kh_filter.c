#include "kh_filter.h"
#include "kh_base64.h"
#include "kh_digest.h"
#include "kh_json.h"
#include "kh_url.h"

/* The piped text, or the value's own: valid until piped changes. */
static kh_status get_text(kh_piped *piped, kh_str *text)
{
	kh_status status;

	if (piped->kind == KH_PIPED_VALUE) {
		if (kh_value_kind(piped->value) == KH_KIND_STRING) {
			*text = kh_value_string(piped->value);
			return KH_OK;
		}
		kh_buf_clear(&piped->text);
		status = kh_value_append_text(piped->value, &piped->text);
		if (status != KH_OK) {
			return status;
		}
	}
	*text = kh_buf_str(&piped->text);
	return KH_OK;
}

static void set_text(kh_piped *piped, kh_buf *text, bool is_json)
{
	kh_buf_free(&piped->text);
	piped->text = *text;
	piped->kind = is_json ? KH_PIPED_JSON : KH_PIPED_TEXT;
}

static bool is_missing(const kh_piped *piped)
{
	return piped->kind == KH_PIPED_VALUE && kh_value_kind(piped->value) == KH_KIND_NULL;
}

/* null, "" and an empty list. */
static bool is_empty(const kh_piped *piped)
{
	if (piped->kind != KH_PIPED_VALUE) {
		return piped->text.len == 0;
	}
	switch (kh_value_kind(piped->value)) {
	case KH_KIND_NULL:
		return true;
	case KH_KIND_STRING:
		return kh_value_string(piped->value).len == 0;
	case KH_KIND_LIST:
		return kh_value_length(piped->value) == 0;
	default:
		return false;
	}
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static kh_status append_trimmed(kh_str text, kh_buf *out)
{
	while (text.len > 0 && is_space(text.data[0])) {
		text.data++;
		text.len--;
	}
	while (text.len > 0 && is_space(text.data[text.len - 1])) {
		text.len--;
	}
	return kh_buf_append_str(out, text);
}

/* The bytes of the first `wanted` characters, and whether that is all. */
static size_t first_characters(kh_str text, size_t wanted, bool *all)
{
	size_t at = 0, count = 0;

	for (; at < text.len; at++) {
		if (((unsigned char)text.data[at] & 0xC0) == 0x80) {
			continue;
		}
		if (count == wanted) {
			*all = false;
			return at;
		}
		count++;
	}
	*all = true;
	return text.len;
}

static kh_status append_truncated(const kh_filter *filter, kh_str text, kh_buf *out)
{
	kh_str ending = filter->arguments[1].text;
	size_t ending_characters = 0, len;
	kh_status status;
	bool all;

	first_characters(text, filter->number, &all);
	if (all) {
		return kh_buf_append_str(out, text);
	}
	for (size_t i = 0; i < ending.len; i++) {
		ending_characters += ((unsigned char)ending.data[i] & 0xC0) != 0x80;
	}
	if (ending_characters > filter->number) {
		ending.len = first_characters(ending, filter->number, &all);
		ending_characters = filter->number;
	}
	len = first_characters(text, filter->number - ending_characters, &all);
	status = kh_buf_append(out, text.data, len);
	return status == KH_OK ? kh_buf_append_str(out, ending) : status;
}

static kh_status append_sha256(kh_str text, kh_buf *out)
{
	char hex[KH_DIGEST_HEX_BYTES + 1];
	kh_status status = kh_digest_sha256(text, hex, NULL);

	return status == KH_OK ? kh_buf_append(out, hex, KH_DIGEST_HEX_BYTES) : status;
}

/* What stands behind the value's "="; behind that of "*" for any other; else the value itself. */
static kh_status append_mapped(const kh_filter *filter, kh_str text, kh_buf *out)
{
	kh_str result = text;
	bool found = false;

	for (size_t i = 0; !found && i < filter->argument_count; i++) {
		const kh_str pair = filter->arguments[i].text;
		const size_t at = (size_t)((const char *)memchr(pair.data, '=', pair.len) - pair.data);
		const kh_str from = {pair.data, at}, to = {pair.data + at + 1, pair.len - at - 1};
		found = kh_str_equals(from, text);
		if (found || kh_str_equals(from, KH_STR("*"))) {
			result = to;
		}
	}
	return kh_buf_append_str(out, result);
}

static kh_status append_text_filter(
	const kh_filter *filter, bool is_number, kh_str text, kh_buf *out, bool *is_json)
{
	kh_str point = filter->argument_count > 1 ? filter->arguments[1].text : KH_STR(".");
	kh_status status = KH_OK;

	switch (filter->kind) {
	case KH_FILTER_DATE:
		return kh_filter_date(text, is_number, filter->arguments[0].text, out);
	case KH_FILTER_UPPER:
		return kh_filter_upper(text, out);
	case KH_FILTER_LOWER:
		return kh_filter_lower(text, out);
	case KH_FILTER_TRIM:
		return append_trimmed(text, out);
	case KH_FILTER_TRUNCATE:
		return append_truncated(filter, text, out);
	case KH_FILTER_URL:
		return kh_url_encode(out, text);
	case KH_FILTER_BASE64:
		return kh_base64_append(out, text);
	case KH_FILTER_SHA256:
		return append_sha256(text, out);
	case KH_FILTER_E164:
		return kh_filter_e164(text, filter->arguments[0].text, out);
	case KH_FILTER_NUMBER:
		if (!kh_filter_number(
				text, filter->number, point, filter->arguments[2].text, out, &status)) {
			return kh_buf_append_str(out, text);
		}
		*is_json = kh_str_equals(point, KH_STR(".")) && filter->arguments[2].text.len == 0;
		return status;
	case KH_FILTER_MAP:
		return append_mapped(filter, text, out);
	default:
		return KH_ERR_INVALID;
	}
}

static kh_status run_text_filter(const kh_filter *filter, kh_piped *piped)
{
	bool is_json = false;
	bool is_number =
		piped->kind == KH_PIPED_JSON ||
		(piped->kind == KH_PIPED_VALUE && kh_value_kind(piped->value) == KH_KIND_NUMBER);
	kh_str text;
	kh_status status = get_text(piped, &text);
	kh_buf out;

	if (status != KH_OK) {
		return status;
	}
	piped->work += text.len;
	kh_buf_init(&out, KH_FILTER_MAX_BYTES);
	status = append_text_filter(filter, is_number, text, &out, &is_json);
	if (status != KH_OK) {
		kh_buf_free(&out);
		return status;
	}
	piped->work += out.len;
	set_text(piped, &out, is_json);
	return KH_OK;
}

static kh_status run_default(const kh_filter *filter, kh_piped *piped)
{
	const kh_filter_argument *argument = &filter->arguments[0];
	kh_status status;
	kh_buf out;

	if (!is_empty(piped)) {
		return KH_OK;
	}
	kh_buf_init(&out, KH_FILTER_MAX_BYTES);
	status = kh_buf_append_str(&out, argument->text);
	if (status == KH_OK) {
		set_text(piped, &out, !argument->is_quoted);
	}
	return status;
}

static kh_status run_json(kh_piped *piped)
{
	kh_status status;
	kh_buf out;

	if (piped->kind == KH_PIPED_JSON) {
		return KH_OK;
	}
	kh_buf_init(&out, KH_FILTER_MAX_BYTES);
	if (piped->kind == KH_PIPED_VALUE) {
		status = kh_value_append_json(piped->value, &out);
	} else {
		status = kh_buf_append_char(&out, '"');
		if (status == KH_OK) {
			status = kh_json_escape(&out, kh_buf_str(&piped->text));
		}
		if (status == KH_OK) {
			status = kh_buf_append_char(&out, '"');
		}
	}
	if (status != KH_OK) {
		kh_buf_free(&out);
		return status;
	}
	piped->work += out.len;
	set_text(piped, &out, true);
	return KH_OK;
}

/* A list's elements, or of each the member that the second argument names. */
static kh_status run_join(const kh_filter *filter, kh_piped *piped)
{
	const kh_value *list = piped->value;
	kh_str between = filter->argument_count > 0 ? filter->arguments[0].text : KH_STR(", ");
	kh_str member = filter->arguments[1].text;
	kh_status status = KH_OK;
	bool first = true;
	kh_buf out;

	if (piped->kind != KH_PIPED_VALUE || kh_value_kind(list) != KH_KIND_LIST) {
		return KH_OK;
	}
	kh_buf_init(&out, KH_FILTER_MAX_BYTES);
	for (size_t i = 0; status == KH_OK && i < kh_value_length(list); i++) {
		const kh_value *element = kh_value_at(list, i);

		if (member.len > 0 && kh_value_kind(element) == KH_KIND_OBJECT) {
			kh_value_find(element, member, &element);
		}
		if (kh_value_kind(element) == KH_KIND_NULL) {
			continue;
		}
		status = first ? KH_OK : kh_buf_append_str(&out, between);
		first = false;
		if (status == KH_OK) {
			status = kh_value_append_text(element, &out);
		}
		piped->work += 32; /* an element costs, even an empty one */
	}
	if (status != KH_OK) {
		kh_buf_free(&out);
		return status;
	}
	piped->work += out.len;
	set_text(piped, &out, false);
	return KH_OK;
}

kh_status kh_filter_run(const kh_filter *filters, size_t count, kh_piped *piped)
{
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < count; i++) {
		const kh_filter *filter = &filters[i];

		if (filter->kind == KH_FILTER_DEFAULT) {
			status = run_default(filter, piped);
		} else if (filter->kind == KH_FILTER_JSON) {
			status = run_json(piped);
		} else if (is_missing(piped)) {
			continue;
		} else if (filter->kind == KH_FILTER_JOIN) {
			status = run_join(filter, piped);
		} else {
			status = run_text_filter(filter, piped);
		}
	}
	return status;
}
