#include "kh_condition_parts.h"

#include "kh_filter.h"
#include "kh_settings.h"

#include <stdlib.h>

static const kh_operator OPERATORS[] = {
	{"is", OP_IS, false},
	{"is_not", OP_IS, true},
	{"in", OP_IN, false},
	{"not_in", OP_IN, true},
	{"contains", OP_CONTAINS, false},
	{"not_contains", OP_CONTAINS, true},
	{"starts_with", OP_STARTS_WITH, false},
	{"gt", OP_GT, false},
	{"gte", OP_GTE, false},
	{"lt", OP_LT, false},
	{"lte", OP_LTE, false},
	{"exists", OP_EXISTS, false},
	{"missing", OP_EXISTS, true},
};

kh_status kh_condition_out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "out of memory for conditions");
}

void kh_condition_free(kh_condition *condition)
{
	if (condition == NULL) {
		return;
	}
	for (size_t i = 0; i < condition->count; i++) {
		kh_buf_free(&condition->rules[i].folded);
	}
	free(condition->rules);
	kh_value_free(condition->root);
	free(condition);
}

/* ---- compiling ---- */

static kh_status check_field(const kh_rule *r, kh_error *error)
{
	if (r->field.len == 0) {
		return kh_error_set(
			error, KH_ERR_INVALID, "field: enter the name of one of the event's variables");
	}
	if (r->field.len > KH_CONDITION_MAX_FIELD_BYTES) {
		return kh_error_set(error, KH_ERR_TOO_LARGE, "field: has %zu bytes; at most %d",
			r->field.len, KH_CONDITION_MAX_FIELD_BYTES);
	}
	return KH_OK;
}

static kh_status find_operator(kh_str name, kh_rule *r, kh_error *error)
{
	for (size_t i = 0; i < sizeof(OPERATORS) / sizeof(OPERATORS[0]); i++) {
		if (kh_str_equals(name, (kh_str){OPERATORS[i].name, strlen(OPERATORS[i].name)})) {
			r->operator= & OPERATORS[i];
			return KH_OK;
		}
	}
	return kh_error_set(error, KH_ERR_INVALID,
		"operator: must be is, is_not, in, not_in, contains, not_contains, starts_with, gt, gte, "
		"lt, lte, exists or missing");
}

static kh_status check_scalar(const kh_value *value, kh_error *error)
{
	const kh_kind kind = kh_value_kind(value);

	if (kind != KH_KIND_STRING && kind != KH_KIND_NUMBER && kind != KH_KIND_BOOL) {
		return kh_error_set(error, KH_ERR_INVALID,
			"value: must be a text, a number, true or false (for what has no value use the "
			"operator missing)");
	}
	if (kh_value_string(value).len > KH_CONDITION_MAX_VALUE_BYTES) {
		return kh_error_set(error, KH_ERR_TOO_LARGE, "value: a text has at most %d bytes",
			KH_CONDITION_MAX_VALUE_BYTES);
	}
	return KH_OK;
}

static kh_status check_list(const kh_value *list, kh_error *error)
{
	const size_t count = kh_value_length(list);
	kh_status status = KH_OK;

	if (count == 0 || count > KH_CONDITION_MAX_VALUES) {
		return kh_error_set(error, KH_ERR_INVALID,
			"value: must be a list of 1 to %d values with in and not_in", KH_CONDITION_MAX_VALUES);
	}
	for (size_t i = 0; i < count && status == KH_OK; i++) {
		status = check_scalar(kh_value_at(list, i), error);
	}
	return status;
}

/* The text of a number or of a string that may hold one. */
bool kh_condition_number(const kh_value *value, kh_decimal *out)
{
	kh_buf text;
	bool read = false;

	if (kh_value_kind(value) == KH_KIND_STRING) {
		return kh_decimal_read(kh_value_string(value), out);
	}
	if (kh_value_kind(value) != KH_KIND_NUMBER) {
		return false;
	}
	kh_buf_init(&text, KH_DECIMAL_MAX_DIGITS + 8);
	read = kh_value_append_text(value, &text) == KH_OK && kh_decimal_read(kh_buf_str(&text), out);
	kh_buf_free(&text);
	return read;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "9999-99-99", "99:99" and what they have in common, cut off where a part ends. */
static bool has_shape(kh_str text, const char *shape, size_t shortest)
{
	static const size_t ENDS[] = {5, 8, 10, 16, 19};
	bool ends = false;

	for (size_t i = 0; i < sizeof(ENDS) / sizeof(ENDS[0]); i++) {
		ends = ends || text.len == ENDS[i];
	}
	if (!ends || text.len < shortest || text.len > strlen(shape)) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.data[i];
		if (shape[i] == '9' ? !is_digit(c) : c != shape[i] && !(shape[i] == 'T' && c == ' ')) {
			return false;
		}
	}
	return true;
}

bool kh_condition_moment(kh_str pattern, kh_str text)
{
	static const char DAY[] = "9999-99-99T99:99:99", TIME[] = "99:99:99";
	const bool day = has_shape(pattern, DAY, 10), time = has_shape(pattern, TIME, 5);

	if ((!day && !time) || text.len < pattern.len) {
		return false;
	}
	text.len = pattern.len;
	return has_shape(text, day ? DAY : TIME, pattern.len);
}

static kh_status check_order(const kh_value *value, kh_error *error)
{
	const kh_str text = kh_value_string(value);
	kh_decimal number;

	if (!kh_condition_number(value, &number) && !kh_condition_moment(text, text)) {
		return kh_error_set(error, KH_ERR_INVALID,
			"value: must be a number with gt, gte, lt and lte, a day (2031-05-14), a day and time "
			"(2031-05-14T10:15) or a time (10:15)");
	}
	return KH_OK;
}

static kh_status check_text(kh_rule *r, kh_error *error)
{
	kh_status status;

	if (kh_value_kind(r->value) != KH_KIND_STRING || kh_value_string(r->value).len == 0) {
		return kh_error_set(error, KH_ERR_INVALID,
			"value: must be a text with contains, not_contains and starts_with");
	}
	status = check_scalar(r->value, error);
	if (status == KH_OK) {
		status = kh_filter_lower(kh_value_string(r->value), &r->folded);
		return status == KH_OK ? KH_OK : kh_condition_out_of_memory(error);
	}
	return status;
}

static kh_status check_value(kh_rule *r, kh_error *error)
{
	switch (r->operator->operation) {
	case OP_IS:
		return check_scalar(r->value, error);
	case OP_IN:
		return check_list(r->value, error);
	case OP_CONTAINS:
	case OP_STARTS_WITH:
		return check_text(r, error);
	case OP_GT:
	case OP_GTE:
	case OP_LT:
	case OP_LTE:
		return check_order(r->value, error);
	case OP_EXISTS:
		break;
	}
	return KH_OK;
}

static kh_status compile_rule(const kh_value *config, kh_rule *r, kh_error *error)
{
	kh_str name = {NULL, 0};
	kh_status status = KH_OK;

	kh_buf_init(&r->folded, 4 * KH_CONDITION_MAX_VALUE_BYTES);
	if (kh_value_kind(config) != KH_KIND_OBJECT) {
		return kh_error_set(error, KH_ERR_INVALID, "must be {field, operator, value}");
	}
	status = kh_settings_text(config, "field", KH_STR(""), &r->field, error);
	if (status == KH_OK) {
		status = check_field(r, error);
	}
	if (status == KH_OK) {
		status = kh_settings_text(config, "operator", KH_STR(""), &name, error);
	}
	if (status == KH_OK) {
		status = find_operator(name, r, error);
	}
	if (status == KH_OK) {
		kh_value_get(config, KH_STR("value"), &r->value);
		status = check_value(r, error);
	}
	return status;
}

static kh_status compile_rules(kh_condition *condition, kh_error *error)
{
	const kh_value *list = NULL;
	kh_status status = KH_OK;
	size_t count;

	kh_value_get(condition->root, KH_STR("rules"), &list);
	if (kh_value_kind(list) != KH_KIND_LIST && kh_value_kind(list) != KH_KIND_NULL) {
		return kh_error_set(
			error, KH_ERR_INVALID, "rules: must be a list of {field, operator, value}");
	}
	count = kh_value_length(list);
	if (count > KH_CONDITION_MAX_RULES) {
		return kh_error_set(error, KH_ERR_TOO_LARGE, "rules: at most %d, here are %zu",
			KH_CONDITION_MAX_RULES, count);
	}
	condition->rules = calloc(count + 1, sizeof(*condition->rules));
	if (condition->rules == NULL) {
		return kh_condition_out_of_memory(error);
	}
	while (condition->count < count && status == KH_OK) {
		const size_t at = condition->count++;
		status = compile_rule(kh_value_at(list, at), &condition->rules[at], error);
		if (status != KH_OK) {
			kh_settings_in_field(error, status, "rules[%zu]", at);
		}
	}
	return status;
}

static kh_status compile(kh_condition *condition, kh_error *error)
{
	const kh_kind kind = kh_value_kind(condition->root);
	kh_str match;
	kh_status status;

	if (kind == KH_KIND_LIST && kh_value_length(condition->root) == 0) {
		return KH_OK; /* PHP writes an empty array as [] */
	}
	if (kind != KH_KIND_OBJECT) {
		return kh_error_set(error, KH_ERR_INVALID, "must be {match, rules}");
	}
	status = kh_settings_text(condition->root, "match", KH_STR("all"), &match, error);
	if (status != KH_OK) {
		return status;
	}
	condition->any = kh_str_equals(match, KH_STR("any"));
	if (!condition->any && !kh_str_equals(match, KH_STR("all"))) {
		return kh_error_set(error, KH_ERR_INVALID, "match: must be all or any");
	}
	return compile_rules(condition, error);
}

kh_status kh_condition_compile(kh_str json, kh_condition **out, kh_error *error)
{
	kh_error local = {0};
	kh_condition *condition = calloc(1, sizeof(*condition));
	kh_status status;

	error = error != NULL ? error : &local;
	*error = (kh_error){0};
	*out = NULL;
	if (condition == NULL) {
		return kh_condition_out_of_memory(error);
	}
	status = kh_value_parse(json, &condition->root, error);
	if (status == KH_OK) {
		status = compile(condition, error);
	}
	if (status != KH_OK) {
		kh_condition_free(condition);
		return kh_settings_in_field(error, status, "conditions");
	}
	*out = condition;
	return KH_OK;
}
