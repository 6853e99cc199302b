#include "check.h"
#include "kh_json.h"
#include "kh_json_scan.h"

#include <stdlib.h>

static kh_error error;

static kh_status check_text(const char *text, kh_json_mode mode)
{
	memset(&error, 0, sizeof(error));
	return kh_json_check((kh_str){text, strlen(text)}, mode, &error);
}

static void valid_in_both_modes(void)
{
	static const char *const texts[] = {"null", " true ", "\tfalse\r\n", "0", "-0", "-0.5e-10",
		"1E+400", "123456789012345678901234567890", "\"\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"\"\\u00e9\\uD83D\\uDE00\"", "\"\xC3\xA9\xF0\x9F\x98\x80\x7F\"", "[]", "[ ]", "{}", "{ }",
		"[[],{},[{}]]", "{\"a\":1,\"b\":{\"a\":1},\"c\":[{\"a\":1},{\"a\":2}]}", "[1,2.5,3e2,true]",
		"{\"\":0}", "\"\\u0000\""};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		kh_status grammar = check_text(texts[i], KH_JSON_GRAMMAR);
		if (grammar != KH_OK || check_text(texts[i], KH_JSON_REQUEST) != KH_OK) {
			check_fail(__FILE__, __LINE__, "refused: %s (%s)", texts[i], error.message);
		}
	}
}

static void invalid_in_both_modes(void)
{
	static const char *const texts[] = {"", " ", "nul", "nulll", "True", "NaN", "Infinity", "-",
		"+1", ".5", "5.", "01", "-01", "1e", "1e+", "1.e5", "0x10", "1 2", "'a'", "\"", "\"a",
		"\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\t\"", "\"\n\"", "\"\xFF\"",
		"\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"", "\"\xC3\"", "\"\xE2\x82\"", "[",
		"]", "[1,]", "[,1]", "[1 2]", "[1", "[1}", "{", "}", "{1:2}", "{\"a\"}", "{\"a\":}",
		"{\"a\":1,}", "{,}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{a:1}", "[1]x", "// c\n1",
		"\xEF\xBB\xBF{}", "\xA0[]", "[\"a\"]\"", "\f[]", "[1,\v2]"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		kh_status grammar = check_text(texts[i], KH_JSON_GRAMMAR);
		kh_status request = check_text(texts[i], KH_JSON_REQUEST);
		if (grammar != KH_ERR_JSON || request != KH_ERR_JSON) {
			check_fail(__FILE__, __LINE__, "accepted: %s", texts[i]);
		}
		CHECK(error.message[0] != '\0' && error.line > 0 && error.column > 0);
	}
	CHECK_STATUS(kh_json_check(KH_STR("\0"), KH_JSON_GRAMMAR, NULL), KH_ERR_JSON);
	CHECK_STATUS(kh_json_check(KH_STR("1\0"), KH_JSON_GRAMMAR, NULL), KH_ERR_JSON);
	CHECK_STATUS(kh_json_check((kh_str){NULL, 0}, KH_JSON_GRAMMAR, NULL), KH_ERR_JSON);
}

static void refused_only_in_requests(void)
{
	static const char *const texts[] = {"{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}",
		"{\"\xC3\xA9\":1,\"\\u00e9\":2}", "{\"\\/\":1,\"/\":2}", "{\"\":1,\"\":2}",
		"[{\"x\":{\"a\":[{}],\"b\":0,\"a\":3}}]", "{\"a\":{\"b\":{}},\"a\":0}", "\"\\uD800\"",
		"\"\\uDC00\"", "\"\\uD800x\"", "\"\\uD800\\n\"", "\"\\uD800\\uD800\"",
		"\"\\uD83D\\uDE00\\uDE00\"", "{\"\\uD800\":1}",
		"{\"\\uD83D\\uDE00\":1,\"\xF0\x9F\x98\x80\":2}"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (check_text(texts[i], KH_JSON_GRAMMAR) != KH_OK) {
			check_fail(__FILE__, __LINE__, "grammar refused: %s", texts[i]);
		}
		if (check_text(texts[i], KH_JSON_REQUEST) != KH_ERR_JSON) {
			check_fail(__FILE__, __LINE__, "request accepted: %s", texts[i]);
		}
	}
}

static void says_where_and_what(void)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *says;
	} cases[] = {
		{"{\n  \"a\": 1,\n}", 3, 1, "comma too many"},
		{"[1,\n 2,,3]", 2, 4, "missing before the comma"},
		{"{\"\xC3\xA9\xC3\xA9\": x}", 1, 8, "A value must come here, not 'x'"},
		{"{'a': 1}", 1, 2, "double quotes"},
		{"{\"a\": 01}", 1, 8, "begin with 0"},
		{"{\"a\": 1, \"b\": 2, \"a\": 3}", 1, 18, "The name that begins here is there twice"},
		{"{\"a\":1,\"b\":1,\"b\":2,\"a\":3}", 1, 14, "is there twice"},
		{"[\"a\",\n\"x\\uD800y\"]", 2, 3, "Half a character"},
		{"[\"\xC3\xA9\xE2\x82x\"]", 1, 4, "not UTF-8"},
		{"{\"a\": \"b\nc\"}", 1, 9, "write it as \\n"},
		{"[1, 2", 1, 6, "] is missing"},
		{"{\"a\": tru}", 1, 10, "true, false and null"},
		{"{\"a\" = 1}", 1, 6, "colon"},
		{"{} {}", 1, 4, "too much"},
		{"[\"\\q\"]", 1, 3, "\\\\ for a backslash"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_STATUS(check_text(cases[i].text, KH_JSON_REQUEST), KH_ERR_JSON);
		if (error.line != cases[i].line || error.column != cases[i].column) {
			check_fail(__FILE__, __LINE__, "%s: at %u:%u", cases[i].text, error.line, error.column);
		}
		CHECK_CONTAINS(error.message, cases[i].says);
	}
}

static void depth_is_limited_only_in_requests(void)
{
	enum { DEEP = 100000 };
	char *text = malloc(2 * DEEP + 1);

	memset(text, '[', DEEP);
	memset(text + DEEP, ']', DEEP);
	CHECK_STATUS(kh_json_check((kh_str){text, 2 * DEEP}, KH_JSON_GRAMMAR, NULL), KH_OK);
	CHECK_STATUS(kh_json_check((kh_str){text, 2 * DEEP}, KH_JSON_REQUEST, NULL), KH_ERR_JSON);
	CHECK_STATUS(kh_json_check((kh_str){text, DEEP}, KH_JSON_GRAMMAR, NULL), KH_ERR_JSON);
	CHECK_STATUS(kh_json_check((kh_str){text + DEEP - 64, 128}, KH_JSON_REQUEST, NULL), KH_OK);
	CHECK_STATUS(
		kh_json_check((kh_str){text + DEEP - 65, 130}, KH_JSON_REQUEST, &error), KH_ERR_JSON);
	CHECK_INT(error.column, 65);
	CHECK_CONTAINS(error.message, "64 deep");
	/* Lists and objects mixed beyond the first 64 levels: each closes its own. */
	for (size_t i = 0; i < DEEP; i++) {
		text[i] = '[';
		text[2 * DEEP - 1 - i] = ']';
	}
	text[2 * DEEP - 1 - 99] = '}';
	CHECK_STATUS(kh_json_check((kh_str){text, 2 * DEEP}, KH_JSON_GRAMMAR, NULL), KH_ERR_JSON);
	free(text);
}

static void many_names_are_compared_quickly(void)
{
	kh_buf text;

	kh_buf_init(&text, 10 << 20);
	kh_buf_append_char(&text, '{');
	for (int i = 0; i < 100000; i++) {
		kh_buf_append_format(&text, "\"\\u006eame%d\":%d,", i, i);
	}
	kh_buf_append_str(&text, KH_STR("\"name\":0}"));
	CHECK_STATUS(kh_json_check(kh_buf_str(&text), KH_JSON_REQUEST, NULL), KH_OK);
	text.len--;
	kh_buf_append_str(&text, KH_STR(",\"name77777\":0}"));
	CHECK_STATUS(kh_json_check(kh_buf_str(&text), KH_JSON_REQUEST, &error), KH_ERR_JSON);
	CHECK(error.column == text.len - strlen("\"name77777\":0}") + 1);
	kh_buf_free(&text);
}

static void escapes_text(void)
{
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(
		kh_json_escape(&out, KH_STR("a\"b\\c/\b\f\n\r\t\x01\x1F\x7F \xC3\xA9\xE2\x80\xA8")), KH_OK);
	CHECK_BYTES(out, "a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F \xC3\xA9\xE2\x80\xA8");
	kh_buf_clear(&out);
	CHECK_STATUS(kh_json_escape(&out, KH_STR("x\0y")), KH_OK);
	CHECK_BYTES(out, "x\\u0000y");
	CHECK_STATUS(kh_json_escape(&out, KH_STR("\xC3(")), KH_ERR_JSON);
	CHECK_STATUS(kh_json_escape(&out, (kh_str){NULL, 0}), KH_OK);
	kh_buf_free(&out);
	kh_buf_init(&out, 5);
	CHECK_STATUS(kh_json_escape(&out, KH_STR("123\n\n")), KH_ERR_TOO_LARGE);
	kh_buf_free(&out);
}

static void unescapes_checked_text(void)
{
	static const char text[] = "\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\uD83D\\uDE00z";
	char out[sizeof(text)];
	kh_str result = {out, kh_json_unescape(text, sizeof(text) - 1, out)};

	CHECK_BYTES(result, "\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z");
}

static void knows_utf8(void)
{
	CHECK(kh_utf8_valid(KH_STR("")));
	CHECK(kh_utf8_valid((kh_str){NULL, 0}));
	CHECK(kh_utf8_valid(KH_STR("a\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80")));
	CHECK(kh_utf8_valid(KH_STR("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")));
	CHECK(!kh_utf8_valid(KH_STR("\x80")));
	CHECK(!kh_utf8_valid(KH_STR("\xC1\x80")));
	CHECK(!kh_utf8_valid(KH_STR("\xE0\x9F\xBF")));
	CHECK(!kh_utf8_valid(KH_STR("\xED\xA0\x80")));
	CHECK(!kh_utf8_valid(KH_STR("\xF0\x8F\xBF\xBF")));
	CHECK(!kh_utf8_valid(KH_STR("\xF4\x90\x80\x80")));
	CHECK(!kh_utf8_valid(KH_STR("\xF5\x80\x80\x80")));
	CHECK(!kh_utf8_valid(KH_STR("\xE2\x82")));
	CHECK(!kh_utf8_valid(KH_STR("\xF0\x9F\x98")));
}

int main(void)
{
	RUN(valid_in_both_modes);
	RUN(invalid_in_both_modes);
	RUN(refused_only_in_requests);
	RUN(says_where_and_what);
	RUN(depth_is_limited_only_in_requests);
	RUN(many_names_are_compared_quickly);
	RUN(escapes_text);
	RUN(unescapes_checked_text);
	RUN(knows_utf8);
	return check_done();
}
