#include "check.h"
#include "kh_condition.h"
#include "kh_decimal.h"

#include <stdlib.h>

static const char EVENT[] =
	"{\"clinic_id\":1,\"status\":4,\"amount\":\"100.00\",\"big\":12345678901234567890.1,"
	"\"name\":\"Dora M\xC3\xBCller\",\"empty\":\"\",\"none\":null,\"flag\":true,\"zero\":0,"
	"\"at\":\"2031-05-14T10:15:00+02:00\",\"hour\":\"09:30:00\",\"ids\":[3,5],\"nothing\":[],"
	"\"hollow\":{},\"fields\":{\"Insurance\":\"Sample Mutual\"},"
	"\"items\":[{\"name\":\"Blood test\",\"price\":\"20.50\"},{\"name\":\"X-ray\",\"price\":80}]}";

static kh_status ask(
	const char *conditions, const char *event, const char *without, bool *matches, kh_error *error)
{
	kh_condition *condition = NULL;
	kh_value *data = NULL, *hidden = NULL;
	kh_status status =
		kh_condition_compile((kh_str){conditions, strlen(conditions)}, &condition, error);

	*matches = false;
	if (status == KH_OK) {
		status = kh_value_parse((kh_str){event, strlen(event)}, &data, error);
	}
	if (status == KH_OK && without != NULL) {
		status = kh_value_parse((kh_str){without, strlen(without)}, &hidden, error);
	}
	if (status == KH_OK) {
		status = kh_condition_match(condition, data, hidden, matches, error);
	}
	kh_value_free(data);
	kh_value_free(hidden);
	kh_condition_free(condition);
	return status;
}

/* One rule: field, operator, value as JSON. */
static bool matches_without(const char *rule, const char *without)
{
	char conditions[2000];
	kh_error error = {0};
	bool matches;

	snprintf(conditions, sizeof(conditions), "{\"rules\":[{%s}]}", rule);
	if (ask(conditions, EVENT, without, &matches, &error) != KH_OK) {
		check_fail(__FILE__, __LINE__, "%s: %s", rule, error.message);
	}
	return matches;
}

typedef struct example {
	const char *field, *operator, * value;
	bool matches;
} example;

static void check_examples(const example *examples, size_t count)
{
	char rule[1000];

	for (size_t i = 0; i < count; i++) {
		const example *e = &examples[i];
		snprintf(rule, sizeof(rule), "\"field\":\"%s\",\"operator\":\"%s\",\"value\":%s", e->field,
			e->operator, e->value);
		if (matches_without(rule, NULL) != e->matches) {
			check_fail(__FILE__, __LINE__, "{%s} should %smatch", rule, e->matches ? "" : "not ");
		}
	}
}

#define EXAMPLES(...)                                                                              \
	do {                                                                                           \
		static const example examples[] = {__VA_ARGS__};                                           \
		check_examples(examples, sizeof(examples) / sizeof(examples[0]));                          \
	} while (0)

static void a_text_is_compared_letter_by_letter(void)
{
	EXAMPLES({"name", "is", "\"Dora M\xC3\xBCller\"", true},
		{"name", "is", "\"dora m\xC3\xBCller\"", false},
		{"name", "is_not", "\"Dora M\xC3\xBCller\"", false}, {"name", "is_not", "\"Dora\"", true},
		{"name", "in", "[\"A\",\"Dora M\xC3\xBCller\"]", true}, {"name", "in", "[\"A\"]", false},
		{"name", "not_in", "[\"A\"]", true}, {"amount", "is", "\"100\"", false},
		{"amount", "is", "\"100.00\"", true}, {"flag", "is", "true", true},
		{"flag", "is", "false", false}, {"flag", "is", "\"true\"", false},
		{"zero", "is", "false", false});
}

static void a_number_is_compared_as_a_decimal(void)
{
	EXAMPLES({"status", "is", "4", true}, {"status", "is", "4.0", true},
		{"status", "is", "\"4\"", true}, {"status", "in", "[1,4]", true},
		{"status", "in", "[\"1\",\"4\"]", true}, {"status", "not_in", "[1,2]", true},
		{"amount", "is", "100", true}, {"amount", "gt", "99.99", true},
		{"amount", "gt", "100", false}, {"amount", "gte", "1e2", true},
		{"amount", "lt", "\"100.000001\"", true}, {"amount", "lte", "99", false},
		{"amount", "gt", "-100", true}, {"zero", "gte", "-0", true}, {"zero", "lt", "0", false},
		{"big", "is", "12345678901234567890.1", true},
		{"big", "is", "12345678901234567890.2", false},
		{"big", "gt", "12345678901234567890.09", true}, {"name", "gt", "0", false},
		{"name", "lte", "0", false});
}

static void a_day_or_a_time_is_compared_as_far_as_it_is_written(void)
{
	EXAMPLES({"at", "gte", "\"2031-05-14\"", true}, {"at", "gt", "\"2031-05-14\"", false},
		{"at", "lt", "\"2031-05-15\"", true}, {"at", "gt", "\"2031-05-14T10:14\"", true},
		{"at", "gt", "\"2031-05-14 10:15\"", false}, {"at", "lte", "\"2031-05-14 10:15:00\"", true},
		{"at", "gt", "\"2030-12-31\"", true}, {"at", "gt", "5", false}, {"at", "lt", "5", false},
		{"at", "lt", "\"10:15\"", false}, {"hour", "gte", "\"09:30\"", true},
		{"hour", "lt", "\"09:30:01\"", true}, {"hour", "gt", "\"2000-01-01\"", false},
		{"name", "gt", "\"2031-05-14\"", false}, {"status", "lt", "\"2031-05-14\"", false});
}

static void a_text_is_searched_whatever_its_case(void)
{
	EXAMPLES({"name", "contains", "\"M\xC3\x9CLL\"", true},
		{"name", "contains", "\"miller\"", false}, {"name", "not_contains", "\"miller\"", true},
		{"name", "starts_with", "\"dora\"", true},
		{"name", "starts_with", "\"m\xC3\xBCller\"", false}, {"status", "contains", "\"4\"", true},
		{"amount", "starts_with", "\"100\"", true}, {"empty", "contains", "\"a\"", false},
		{"fields", "contains", "\"Mutual\"", false});
}

static void a_list_stands_for_each_of_its_elements(void)
{
	EXAMPLES({"ids", "is", "5", true}, {"ids", "is", "4", false}, {"ids", "is_not", "5", false},
		{"ids", "in", "[1,3]", true}, {"ids", "not_in", "[1,2]", true}, {"ids", "gt", "4", true},
		{"ids.0", "is", "3", true}, {"items.name", "contains", "\"blood\"", true},
		{"items.name", "is", "\"X-ray\"", true}, {"items.price", "gte", "80", true},
		{"items.price", "gt", "80", false}, {"items.1.name", "is", "\"X-ray\"", true},
		{"items.0.name", "is", "\"X-ray\"", false}, {"items.name", "not_contains", "\"x\"", false},
		{"fields.Insurance", "starts_with", "\"sample\"", true});
}

static void what_is_missing_is_not_anything(void)
{
	EXAMPLES({"name", "exists", "null", true}, {"zero", "exists", "null", true},
		{"flag", "exists", "null", true}, {"none", "exists", "null", false},
		{"empty", "exists", "null", false}, {"nothing", "exists", "null", false},
		{"hollow", "exists", "null", false}, {"items", "exists", "null", true},
		{"fields", "exists", "null", true}, {"unheard_of", "exists", "null", false},
		{"none", "missing", "null", true}, {"unheard_of", "missing", "null", true},
		{"name", "missing", "null", false}, {"none", "is", "0", false},
		{"none", "is_not", "0", true}, {"unheard_of", "not_in", "[1]", true},
		{"unheard_of", "not_contains", "\"a\"", true}, {"unheard_of", "lt", "1", false},
		{"nothing", "is_not", "1", true}, {"fields.None", "missing", "null", true},
		{"name.first", "exists", "null", false});
	CHECK(matches_without("\"field\":\"none\",\"operator\":\"missing\"", NULL));
}

static void what_a_webhook_may_not_see_never_matches(void)
{
	static const char *const rules[] = {"\"field\":\"name\",\"operator\":\"exists\"",
		"\"field\":\"name\",\"operator\":\"missing\"",
		"\"field\":\"name\",\"operator\":\"is_not\",\"value\":\"x\"",
		"\"field\":\"fields.Insurance\",\"operator\":\"is_not\",\"value\":\"x\""};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		CHECK(!matches_without(rules[i], "[\"fields\",\"name\"]"));
	}
	CHECK(matches_without(
		"\"field\":\"clinic_id\",\"operator\":\"is\",\"value\":1", "[\"fields\",\"name\"]"));
}

static void all_or_any_of_the_rules(void)
{
	static const struct {
		const char *conditions;
		bool matches;
	} cases[] = {
		{"{}", true},
		{"[]", true},
		{"{\"match\":\"any\",\"rules\":[]}", true},
		{"{\"match\":\"all\",\"rules\":[{\"field\":\"status\",\"operator\":\"is\",\"value\":4},"
		 "{\"field\":\"clinic_id\",\"operator\":\"is\",\"value\":1}]}",
			true},
		{"{\"rules\":[{\"field\":\"status\",\"operator\":\"is\",\"value\":4},"
		 "{\"field\":\"clinic_id\",\"operator\":\"is\",\"value\":2}]}",
			false},
		{"{\"match\":\"any\",\"rules\":[{\"field\":\"status\",\"operator\":\"is\",\"value\":3},"
		 "{\"field\":\"clinic_id\",\"operator\":\"is\",\"value\":1}]}",
			true},
		{"{\"match\":\"any\",\"rules\":[{\"field\":\"status\",\"operator\":\"is\",\"value\":3},"
		 "{\"field\":\"clinic_id\",\"operator\":\"is\",\"value\":2}]}",
			false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		kh_error error = {0};
		bool matches;
		CHECK_STATUS(ask(cases[i].conditions, EVENT, NULL, &matches, &error), KH_OK);
		if (matches != cases[i].matches) {
			check_fail(__FILE__, __LINE__, "%s", cases[i].conditions);
		}
	}
}

static void what_cannot_be_understood_is_refused_with_words(void)
{
	static const struct {
		const char *conditions, *words;
	} cases[] = {
		{"[1]", "conditions: must be {match, rules}"},
		{"\"x\"", "conditions: must be"},
		{"{\"match\":\"some\"}", "match: must be all or any"},
		{"{\"match\":1}", "match"},
		{"{\"rules\":{}}", "rules: must be a list"},
		{"{\"rules\":[1]}", "rules[0]: must be {field, operator, value}"},
		{"{\"rules\":[{\"operator\":\"is\"}]}", "rules[0]: field: enter the name"},
		{"{\"rules\":[{\"field\":\"a\"}]}", "rules[0]: operator: must be is, is_not"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"=\"}]}", "operator: must be"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"is\"}]}", "value: must be a text"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"is\",\"value\":[1]}]}",
			"value: must be a text"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"in\",\"value\":1}]}",
			"list of 1 to 200 values"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"in\",\"value\":[]}]}", "list of 1 to 200"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"in\",\"value\":[null]}]}", "must be a text"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"gt\",\"value\":\"x\"}]}", "must be a number"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"lt\",\"value\":\"2031-05\"}]}",
			"a day (2031"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"lt\",\"value\":\"2031-05-1\"}]}",
			"a day (2031"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"contains\",\"value\":\"\"}]}",
			"must be a text with contains"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"contains\",\"value\":1}]}", "must be a text"},
		{"{\"rules\":[{\"field\":\"a\",\"operator\":\"missing\"},{\"field\":\"a\","
		 "\"operator\":\"x\"}]}",
			"rules[1]: operator"},
		{"{\"rules\":", "conditions: "},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		kh_error error = {0};
		bool matches;
		if (ask(cases[i].conditions, EVENT, NULL, &matches, &error) == KH_OK) {
			check_fail(__FILE__, __LINE__, "%s was taken", cases[i].conditions);
		} else if (strstr(error.message, cases[i].words) == NULL) {
			check_fail(__FILE__, __LINE__, "%s: %s", cases[i].conditions, error.message);
		}
	}
}

/* { open rules close } with the same piece again and again. */
static char *repeated(const char *before, const char *piece, size_t times, const char *after)
{
	const size_t len = strlen(piece) + 1;
	char *text = malloc(strlen(before) + times * len + strlen(after) + 1), *at = text;

	at += sprintf(at, "%s", before);
	for (size_t i = 0; i < times; i++) {
		at += sprintf(at, "%s%s", i > 0 ? "," : "", piece);
	}
	sprintf(at, "%s", after);
	return text;
}

static void everything_has_a_bound(void)
{
	kh_error error = {0};
	bool matches;
	char *many = repeated("{\"rules\":[", "{\"field\":\"a\",\"operator\":\"exists\"}",
		KH_CONDITION_MAX_RULES + 1, "]}");
	char *values = repeated("{\"rules\":[{\"field\":\"a\",\"operator\":\"in\",\"value\":[", "1",
		KH_CONDITION_MAX_VALUES, "]}]}");
	char *list = repeated("{\"a\":[", "2", 10000, "]}");
	char *field = repeated("{\"rules\":[{\"field\":\"", "ab", KH_CONDITION_MAX_FIELD_BYTES / 3 + 2,
		"\",\"operator\":\"exists\"}]}");
	char *text = repeated("{\"rules\":[{\"field\":\"a\",\"operator\":\"is\",\"value\":\"", "ab",
		KH_CONDITION_MAX_VALUE_BYTES / 3 + 1, "\"}]}");

	CHECK_STATUS(ask(many, EVENT, NULL, &matches, &error), KH_ERR_TOO_LARGE);
	CHECK_STATUS(ask(field, EVENT, NULL, &matches, &error), KH_ERR_TOO_LARGE);
	CHECK_STATUS(ask(text, EVENT, NULL, &matches, &error), KH_ERR_TOO_LARGE);
	/* 200 values against 10,000 elements: refused, not endured; and no match. */
	CHECK_STATUS(ask(values, list, NULL, &matches, &error), KH_ERR_TOO_LARGE);
	CHECK(!matches);
	CHECK(strstr(error.message, "too long") != NULL);
	CHECK_STATUS(ask(values, EVENT, NULL, &matches, &error), KH_OK);
	free(many);
	free(values);
	free(list);
	free(field);
	free(text);
}

static int order(const char *a, const char *b)
{
	static kh_decimal x, y;

	if (!kh_decimal_read((kh_str){a, strlen(a)}, &x) ||
		!kh_decimal_read((kh_str){b, strlen(b)}, &y)) {
		check_fail(__FILE__, __LINE__, "%s or %s is no number", a, b);
		return 99;
	}
	return kh_decimal_compare(&x, &y);
}

static void decimals_are_ordered_by_their_digits(void)
{
	/* In ascending order. */
	static const char *const numbers[] = {"-1e3", "-10.01", "-10", "-0.5", "-1e-20", "0", "1e-300",
		"0.000000000000000000001", "0.1", "0.10000000000000000001", "9.99", "10", "10.5", "1e2",
		"123456789012345678901234567890", "123456789012345678901234567891", "1e399"};
	static const char *const same[][2] = {{"1", "1.000"}, {"-0", "0"}, {"1e2", "100"},
		{"0.001", "1e-3"}, {"+5", "05"}, {"-0.0e5", "0.00"}};
	kh_decimal out;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		for (size_t j = 0; j < sizeof(numbers) / sizeof(numbers[0]); j++) {
			const int found = order(numbers[i], numbers[j]);
			if ((i < j && found >= 0) || (i == j && found != 0) || (i > j && found <= 0)) {
				check_fail(__FILE__, __LINE__, "%s and %s: %d", numbers[i], numbers[j], found);
			}
		}
	}
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		CHECK(order(same[i][0], same[i][1]) == 0);
	}
	CHECK(!kh_decimal_read(KH_STR("1e400"), &out));
	CHECK(!kh_decimal_read(KH_STR("1e-401"), &out));
	CHECK(!kh_decimal_read(KH_STR(""), &out));
	CHECK(!kh_decimal_read(KH_STR("1,5"), &out));
	CHECK(!kh_decimal_read(KH_STR("1 "), &out));
	CHECK(!kh_decimal_read(KH_STR("e5"), &out));
}

int main(void)
{
	RUN(a_text_is_compared_letter_by_letter);
	RUN(a_number_is_compared_as_a_decimal);
	RUN(a_day_or_a_time_is_compared_as_far_as_it_is_written);
	RUN(a_text_is_searched_whatever_its_case);
	RUN(a_list_stands_for_each_of_its_elements);
	RUN(what_is_missing_is_not_anything);
	RUN(what_a_webhook_may_not_see_never_matches);
	RUN(all_or_any_of_the_rules);
	RUN(what_cannot_be_understood_is_refused_with_words);
	RUN(everything_has_a_bound);
	RUN(decimals_are_ordered_by_their_digits);
	return check_done();
}
