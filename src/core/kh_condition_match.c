#include "kh_condition_parts.h"

#include "kh_filter.h"

/* What a text of an event may have to be searched; longer ones are searched up to here. */
#define MAX_SEARCHED_BYTES (256 * 1024)

/* One look at an event. */
typedef struct search {
	const kh_rule *rule;
	size_t steps; /* left */
	kh_status status;
	kh_buf folded; /* of the text that is looked at */
} search;

static bool equals(const kh_value *found, const kh_value *wanted)
{
	const kh_kind kind = kh_value_kind(found), wanted_kind = kh_value_kind(wanted);
	kh_decimal a, b;

	if (wanted_kind == KH_KIND_BOOL || kind == KH_KIND_BOOL) {
		return kind == wanted_kind && kh_value_is_true(found) == kh_value_is_true(wanted);
	}
	if (kind == KH_KIND_STRING && wanted_kind == KH_KIND_STRING) {
		return kh_str_equals(kh_value_string(found), kh_value_string(wanted));
	}
	return kh_condition_number(found, &a) && kh_condition_number(wanted, &b) &&
		   kh_decimal_compare(&a, &b) == 0;
}

static bool is_in(search *s, const kh_value *found, const kh_value *list)
{
	const size_t count = kh_value_length(list);

	for (size_t i = 0; i < count; i++) {
		if (s->steps == 0) {
			s->status = KH_ERR_TOO_LARGE;
			return false;
		}
		s->steps--;
		if (equals(found, kh_value_at(list, i))) {
			return true;
		}
	}
	return false;
}

/* Days and times of the same form, as far as the wanted one is written: local ones, as they stand
 * there. */
static int compare_moments(kh_str found, kh_str wanted)
{
	for (size_t i = 0; i < wanted.len; i++) {
		const char a = found.data[i], b = wanted.data[i];
		if (a != b && a >= '0' && a <= '9') {
			return a < b ? -1 : 1;
		}
	}
	return 0;
}

static bool compares(kh_operation operation, const kh_value *found, const kh_value *wanted)
{
	const kh_str text = kh_value_string(found), moment = kh_value_string(wanted);
	kh_decimal a, b;
	int order;

	if (kh_condition_number(wanted, &b)) {
		if (!kh_condition_number(found, &a)) {
			return false;
		}
		order = kh_decimal_compare(&a, &b);
	} else if (kh_condition_moment(moment, text)) {
		order = compare_moments(text, moment);
	} else {
		return false;
	}
	switch (operation) {
	case OP_GT:
		return order > 0;
	case OP_GTE:
		return order >= 0;
	case OP_LT:
		return order < 0;
	default:
		return order <= 0;
	}
}

/* Whatever the case of its letters; a number by its digits. */
static bool has_text(search *s, const kh_value *found)
{
	const kh_str wanted = kh_buf_str(&s->rule->folded);
	kh_str text = kh_value_string(found);
	kh_buf number;
	bool has = false;

	kh_buf_init(&number, KH_DECIMAL_MAX_DIGITS);
	if (kh_value_kind(found) == KH_KIND_NUMBER && kh_value_append_text(found, &number) == KH_OK) {
		text = kh_buf_str(&number);
	}
	text.len = text.len > MAX_SEARCHED_BYTES ? MAX_SEARCHED_BYTES : text.len;
	/* A long text is work too. */
	s->steps -= text.len / 64 < s->steps ? text.len / 64 : s->steps;
	kh_buf_clear(&s->folded);
	if (kh_filter_lower(text, &s->folded) != KH_OK) {
		s->status = KH_ERR_MEMORY;
	} else if (s->folded.len >= wanted.len) {
		has = s->rule->operator->operation == OP_CONTAINS
				  ? memmem(s->folded.data, s->folded.len, wanted.data, wanted.len) != NULL
				  : memcmp(s->folded.data, wanted.data, wanted.len) == 0;
	}
	kh_buf_free(&number);
	return has;
}

static bool stop_at_first(void *context, kh_str name, const kh_value *member)
{
	return false;
}

/* Empty texts, lists and objects are none. */
static bool has_value(const kh_value *found)
{
	switch (kh_value_kind(found)) {
	case KH_KIND_NULL:
	case KH_KIND_LIST:
		return false;
	case KH_KIND_STRING:
		return kh_value_string(found).len > 0;
	case KH_KIND_OBJECT:
		return !kh_value_each(found, stop_at_first, NULL);
	default:
		return true;
	}
}

static bool passes(search *s, const kh_value *found)
{
	const kh_rule *r = s->rule;
	const kh_kind kind = kh_value_kind(found);

	if (r->operator->operation == OP_EXISTS) {
		return has_value(found);
	}
	if (kind == KH_KIND_NULL || kind == KH_KIND_OBJECT) {
		return false;
	}
	switch (r->operator->operation) {
	case OP_IS:
		return equals(found, r->value);
	case OP_IN:
		return is_in(s, found, r->value);
	case OP_CONTAINS:
	case OP_STARTS_WITH:
		return has_text(s, found);
	default:
		return compares(r->operator->operation, found, r->value);
	}
}

/*
 * Does any value at the path pass? A list on the way, or at its end, stands for each of its
 * elements. The recursion is bounded by the path's parts and by the depth that JSON may have.
 */
static bool any_passes(search *s, const kh_value *here, kh_str path)
{
	const bool list = kh_value_kind(here) == KH_KIND_LIST;
	const kh_value *child = NULL;

	if (s->steps == 0 || s->status != KH_OK) {
		s->status = s->status != KH_OK ? s->status : KH_ERR_TOO_LARGE;
		return false;
	}
	s->steps--;
	if (path.len == 0 && !list) {
		return passes(s, here);
	}
	if (path.len > 0) {
		const char *dot = memchr(path.data, '.', path.len);
		const size_t end = dot != NULL ? (size_t)(dot - path.data) : path.len;
		if (kh_value_child(here, (kh_str){path.data, end}, &child)) {
			const size_t next = dot != NULL ? end + 1 : end;
			return any_passes(s, child, (kh_str){path.data + next, path.len - next});
		}
	}
	for (size_t i = 0; list && i < kh_value_length(here); i++) {
		if (any_passes(s, kh_value_at(here, i), path)) {
			return true;
		}
	}
	return false;
}

/* A variable of that very name, or the one that the path begins with. */
static bool is_hidden(kh_str field, const kh_value *without)
{
	const char *dot = memchr(field.data, '.', field.len);
	const kh_str root = {field.data, dot != NULL ? (size_t)(dot - field.data) : field.len};

	for (size_t i = 0; i < kh_value_length(without); i++) {
		const kh_str name = kh_value_string(kh_value_at(without, i));
		if (kh_str_equals(name, root) || kh_str_equals(name, field)) {
			return true;
		}
	}
	return false;
}

static bool rule_matches(search *s, const kh_value *data, const kh_value *without)
{
	const kh_str field = s->rule->field;
	const kh_value *whole = NULL;
	bool found;

	if (is_hidden(field, without)) {
		return false;
	}
	found = kh_value_get(data, field, &whole) ? any_passes(s, whole, (kh_str){NULL, 0})
											  : any_passes(s, data, field);
	return s->status == KH_OK && found != s->rule->operator->negated;
}

kh_status kh_condition_match(const kh_condition *condition, const kh_value *data,
	const kh_value *without, bool *matches, kh_error *error)
{
	search s = {.steps = KH_CONDITION_MAX_STEPS, .status = KH_OK};
	bool decided = condition->count == 0;

	*matches = decided || !condition->any;
	kh_buf_init(&s.folded, 4 * MAX_SEARCHED_BYTES);
	for (size_t i = 0; !decided && i < condition->count && s.status == KH_OK; i++) {
		s.rule = &condition->rules[i];
		decided = rule_matches(&s, data, without) == condition->any;
		*matches = decided ? condition->any : *matches;
	}
	kh_buf_free(&s.folded);
	if (s.status == KH_OK) {
		return KH_OK;
	}
	*matches = false;
	return s.status == KH_ERR_MEMORY
			   ? kh_condition_out_of_memory(error)
			   : kh_error_set(
					 error, s.status, "conditions: the event's lists are too long to be compared");
}
