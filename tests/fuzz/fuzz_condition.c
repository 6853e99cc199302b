/* Conditions, event, hidden variables. What compiles can be asked about any event; not matching at
 * all is what a rule about a hidden variable does; a rule and its opposite never both match. */
#include "fuzz.h"
#include "kh_condition.h"

static bool ask(kh_str conditions, const kh_value *data, const kh_value *without)
{
	kh_condition *condition = NULL;
	kh_error error = {0};
	bool matches = false;

	if (kh_condition_compile(conditions, &condition, &error) == KH_OK) {
		const kh_status status = kh_condition_match(condition, data, without, &matches, &error);
		PROMISE(status == KH_OK || (!matches && error.message[0] != '\0'));
	} else {
		PROMISE(strncmp(error.message, "conditions", 10) == 0);
	}
	kh_condition_free(condition);
	return matches;
}

/* The same field and value, compared and denied. */
static void fuzz_opposites(kh_str field, kh_str value, const kh_value *data)
{
	static const char *const pairs[][2] = {{"is", "is_not"}, {"in", "not_in"},
		{"contains", "not_contains"}, {"exists", "missing"}, {"gt", "lte"}, {"lt", "gte"}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		bool matches[2];
		for (size_t side = 0; side < 2; side++) {
			kh_buf text;
			kh_buf_init(&text, 1 << 20);
			PROMISE(kh_buf_append_format(&text,
						"{\"rules\":[{\"field\":\"%.*s\",\"operator\":\"%s\",\"value\":%.*s}]}",
						(int)field.len, field.data, pairs[i][side], (int)value.len,
						value.data) == KH_OK);
			matches[side] = ask(kh_buf_str(&text), data, NULL);
			kh_buf_free(&text);
		}
		/* A list may hold both a greater and a smaller number. */
		PROMISE(i >= 4 || !(matches[0] && matches[1]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kh_str rest = fuzz_all(data, size), conditions = fuzz_piece(&rest), event = fuzz_piece(&rest),
		   hidden = fuzz_piece(&rest), field = fuzz_piece(&rest), value = fuzz_piece(&rest);
	kh_value *tree = NULL, *without = NULL;
	kh_error error = {0};

	if (kh_value_parse(event, &tree, &error) == KH_OK) {
		kh_value_parse(hidden, &without, &error);
		ask(conditions, tree, without);
		ask(conditions, tree, NULL);
		if (field.len > 0 && value.len > 0 && field.len < 200) {
			fuzz_opposites(field, value, tree);
		}
	}
	kh_value_free(tree);
	kh_value_free(without);
	return 0;
}
