/* Request mode takes no more than grammar mode; what either takes json-c can read; a tree that is
 * written and read again is written the same; escaping and reading back gives the same text. */
#include "fuzz.h"
#include "kh_json.h"
#include "kh_value.h"

static void check_escape(kh_str text)
{
	kh_value *value = NULL;
	kh_buf out;

	kh_buf_init(&out, 16 * (text.len + 1));
	PROMISE(kh_buf_append_char(&out, '"') == KH_OK);
	if (kh_json_escape(&out, text) == KH_OK) {
		PROMISE(kh_utf8_valid(text));
		PROMISE(kh_buf_append_char(&out, '"') == KH_OK);
		PROMISE(kh_json_check(kh_buf_str(&out), KH_JSON_REQUEST, NULL) == KH_OK);
		PROMISE(kh_value_parse(kh_buf_str(&out), &value, NULL) == KH_OK);
		PROMISE(kh_str_equals(kh_value_string(value), text));
		kh_value_free(value);
	}
	kh_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kh_str text = fuzz_all(data, size);
	kh_value *value = NULL, *again = NULL;
	kh_error error = {0};
	kh_status grammar = kh_json_check(text, KH_JSON_GRAMMAR, &error);
	kh_status request = kh_json_check(text, KH_JSON_REQUEST, &error);
	kh_buf first, second;

	PROMISE(request != KH_OK || grammar == KH_OK);
	PROMISE(request == KH_OK || (error.message[0] != '\0' && error.line > 0));
	kh_buf_init(&first, 16 * (size + 16));
	kh_buf_init(&second, 16 * (size + 16));
	if (kh_value_parse(text, &value, &error) == KH_OK) {
		PROMISE(request == KH_OK);
		PROMISE(kh_value_append_json(value, &first) == KH_OK);
		PROMISE(kh_json_check(kh_buf_str(&first), KH_JSON_REQUEST, &error) == KH_OK);
		PROMISE(kh_value_parse(kh_buf_str(&first), &again, &error) == KH_OK);
		PROMISE(kh_value_append_json(again, &second) == KH_OK);
		PROMISE(kh_str_equals(kh_buf_str(&first), kh_buf_str(&second)));
	}
	kh_value_free(value);
	kh_value_wipe(again);
	kh_buf_free(&first);
	kh_buf_free(&second);
	check_escape(text);
	return 0;
}
