/* Place, template, data. A template that compiles renders, in bounded memory; what it makes of any
 * data at a JSON place is JSON; the data's values are never expanded again. */
#include "fuzz.h"
#include "kh_json.h"
#include "kh_template.h"

static const char sample[] =
	"{\"a\":\"x {{b}} \\\" \\u0001 <&'\",\"b\":[1,2.50,\"c\",null,{\"a\":true}],\"c\":{\"d\":{\"a\":\"\"}},"
	"\"n\":-1e400,\"t\":true,\"z\":null,\"s\":\"{{a}}\",\"p\":\"+49 (0)221 55\",\"d\":\"2026-11-23T09:15:00Z\"}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kh_str rest = fuzz_all(data + (size > 0), size - (size > 0)), source = fuzz_piece(&rest);
	kh_place place = size > 0 ? (kh_place)(data[0] % (KH_PLACE_HEADER + 1)) : KH_PLACE_JSON;
	kh_template *tpl = NULL;
	kh_value *value = NULL;
	kh_error error = {0};
	kh_buf out;

	kh_buf_init(&out, 64 * 1024);
	if (kh_template_compile(source, place, &tpl, &error) != KH_OK) {
		PROMISE(error.message[0] != '\0');
		return 0;
	}
	if (rest.len == 0 || kh_value_parse(rest, &value, NULL) != KH_OK) {
		PROMISE(kh_value_parse(KH_STR(sample), &value, NULL) == KH_OK);
	}
	if (kh_template_render(tpl, value, &out, &error) == KH_OK) {
		if (place == KH_PLACE_JSON && out.len > 0) {
			PROMISE(kh_json_check(kh_buf_str(&out), KH_JSON_GRAMMAR, &error) == KH_OK);
		}
		if (place == KH_PLACE_HEADER && out.len > 0) {
			PROMISE(memchr(out.data, '\r', out.len) == NULL &&
					memchr(out.data, '\n', out.len) == NULL &&
					memchr(out.data, '\0', out.len) == NULL);
		}
	}
	for (size_t i = 0; i < kh_template_variable_count(tpl); i++) {
		PROMISE(kh_template_variable(tpl, i).len <= source.len);
	}
	kh_value_free(value);
	kh_template_free(tpl);
	kh_buf_free(&out);
	return 0;
}
