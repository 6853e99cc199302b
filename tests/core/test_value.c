#include "check.h"
#include "kh_event.h"
#include "kh_value.h"

#include <stdlib.h>

static kh_value *parse(const char *text)
{
	kh_error error = {0};
	kh_value *value = NULL;

	if (kh_value_parse((kh_str){text, strlen(text)}, &value, &error) != KH_OK) {
		check_fail(__FILE__, __LINE__, "%s: %s", text, error.message);
	}
	return value;
}

static void comes_out_as_it_went_in(void)
{
	static const char *const texts[] = {"null", "true", "false", "0", "-0", "1.0", "0.10", "-1",
		"9223372036854775807", "-9223372036854775808", "9223372036854775808",
		"-9223372036854775809", "12345678901234567890123", "1e400", "1E+2", "-0.0", "\"\"",
		"\"a\\\"\\\\/\\n\"", "\"\xC3\xA9\"", "[]", "{}", "[[],{},[null,1.50]]",
		"{\"b\":1,\"a\":[{\"x\":true}],\"\":null}", "[1,\"2\",3.0,null,false]",
		"{\"caf\xC3\xA9\":\"x\\u0000y\"}"};
	kh_buf out;

	kh_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		kh_value *value = parse(texts[i]);
		kh_buf_clear(&out);
		CHECK_STATUS(kh_value_append_json(value, &out), KH_OK);
		CHECK_BYTES(out, texts[i]);
		kh_value_free(value);
	}
	kh_buf_free(&out);
}

static void blanks_and_escapes_are_normalised(void)
{
	kh_value *value =
		parse(" { \"a\\u0062\" :\t[ 1 ,\n2 ] , \"c\" : \"\\u00e9\\/\\ud83d\\ude00\" } ");
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(kh_value_append_json(value, &out), KH_OK);
	CHECK_BYTES(out, "{\"ab\":[1,2],\"c\":\"\xC3\xA9/\xF0\x9F\x98\x80\"}");
	kh_value_free(value);
	kh_buf_free(&out);
}

static void refuses_what_the_scanner_refuses(void)
{
	static const char *const texts[] = {
		"", "[", "{\"a\":1,\"a\":2}", "\"\\ud800\"", "NaN", "1 2", "{\"a\\u0000b\":1}"};
	kh_error error = {0};
	kh_value *value = (kh_value *)&error;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK_STATUS(
			kh_value_parse((kh_str){texts[i], strlen(texts[i])}, &value, &error), KH_ERR_JSON);
		CHECK(value == NULL);
	}
}

static void kinds_and_texts(void)
{
	kh_value *value = parse("[null,true,1.0,\"t\",[1],{\"a\":1}]");
	static const kh_kind kinds[] = {
		KH_KIND_NULL, KH_KIND_BOOL, KH_KIND_NUMBER, KH_KIND_STRING, KH_KIND_LIST, KH_KIND_OBJECT};
	static const char *const texts[] = {"", "true", "1.0", "t", "[1]", "{\"a\":1}"};
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_INT(kh_value_length(value), 6);
	for (size_t i = 0; i < 6; i++) {
		const kh_value *element = kh_value_at(value, i);
		CHECK_INT(kh_value_kind(element), kinds[i]);
		kh_buf_clear(&out);
		kh_buf_append(&out, "", 0);
		CHECK_STATUS(kh_value_append_text(element, &out), KH_OK);
		CHECK_BYTES(out, texts[i]);
	}
	CHECK(kh_value_at(value, 6) == NULL);
	CHECK_BYTES(kh_value_string(kh_value_at(value, 3)), "t");
	CHECK_INT(kh_value_string(kh_value_at(value, 2)).len, 0);
	CHECK_INT(kh_value_length(NULL), 0);
	kh_value_free(value);
	kh_buf_free(&out);
}

static void finds_dotted_paths(void)
{
	kh_value *value = parse("{\"a.b\":1,\"a\":{\"b\":2,\"c\":{\"d\":3},\"n\":null},"
							"\"l\":[{\"x\":4},[5,6]],\"o\":{\"0\":7}}");
	static const struct {
		const char *path;
		const char *text; /* NULL: not there */
	} cases[] = {{"a.b", "1"}, {"a.c.d", "3"}, {"a.n", "null"}, {"a.n.x", NULL}, {"l.0.x", "4"},
		{"l.1.1", "6"}, {"l.2", NULL}, {"l.-1", NULL}, {"l.x", NULL}, {"l.99999999999", NULL},
		{"o.0", "7"}, {"", NULL}, {".", NULL}, {"a.", NULL}, {".a", NULL}, {"a.b.c", NULL},
		{"nothing", NULL}};
	const kh_value *found;
	kh_buf out;

	kh_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		kh_str path = {cases[i].path, strlen(cases[i].path)};
		bool there = kh_value_find(value, path, &found);
		if (there != (cases[i].text != NULL)) {
			check_fail(__FILE__, __LINE__, "%s: %s", cases[i].path, there ? "found" : "not found");
		} else if (there) {
			kh_buf_clear(&out);
			kh_value_append_json(found, &out);
			CHECK_BYTES(out, cases[i].text);
		}
	}
	CHECK(!kh_value_find(NULL, KH_STR("a"), &found));
	CHECK(!kh_value_find(value, KH_STR("a\0b"), &found));
	kh_value_free(value);
	kh_buf_free(&out);
}

static void long_names_are_found(void)
{
	char text[600], name[300];
	const kh_value *found;
	kh_value *value;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(text, sizeof(text), "{\"%s\":\"here\"}", name);
	value = parse(text);
	CHECK(kh_value_get(value, (kh_str){name, strlen(name)}, &found));
	CHECK_BYTES(kh_value_string(found), "here");
	CHECK(!kh_value_get(value, (kh_str){name, strlen(name) - 1}, &found));
	kh_value_free(value);
}

static void reads_configuration(void)
{
	kh_value *value =
		parse("{\"s\":\"x\",\"i\":5,\"d\":5.0,\"t\":\"5\",\"big\":99999999999999999999,"
			  "\"n\":null}");

	CHECK_BYTES(kh_value_get_string(value, "s", KH_STR("f")), "x");
	CHECK_BYTES(kh_value_get_string(value, "i", KH_STR("f")), "f");
	CHECK_BYTES(kh_value_get_string(value, "none", KH_STR("f")), "f");
	CHECK_BYTES(kh_value_get_string(NULL, "s", KH_STR("f")), "f");
	CHECK_INT(kh_value_get_int(value, "i", 1, 0, 9), 5);
	CHECK_INT(kh_value_get_int(value, "i", 1, 6, 9), 1);
	CHECK_INT(kh_value_get_int(value, "i", 1, 0, 4), 1);
	CHECK_INT(kh_value_get_int(value, "d", 1, 0, 9), 1);
	CHECK_INT(kh_value_get_int(value, "t", 1, 0, 9), 1);
	CHECK_INT(kh_value_get_int(value, "big", 1, 0, INT64_MAX), 1);
	CHECK_INT(kh_value_get_int(value, "n", 1, 0, 9), 1);
	CHECK_INT(kh_value_get_int(value, "none", 1, 0, 9), 1);
	kh_value_free(value);
}

static bool collect(void *context, kh_str name, const kh_value *member)
{
	kh_buf *out = context;

	kh_buf_append_str(out, name);
	return kh_value_kind(member) != KH_KIND_NULL;
}

static void walks_members_in_order(void)
{
	kh_value *value = parse("{\"z\":1,\"a\":2,\"m\":null,\"b\":3}");
	kh_buf out;

	kh_buf_init(&out, 100);
	CHECK(!kh_value_each(value, collect, &out));
	CHECK_BYTES(out, "zam");
	CHECK(kh_value_each(NULL, collect, &out));
	kh_value_free(value);
	kh_buf_free(&out);
}

static void stops_at_the_cap(void)
{
	kh_value *value = parse("{\"a\":[1,2,\"three\",{\"b\":4.50}],\"c\":true}");
	kh_buf whole, out;

	kh_buf_init(&whole, 1000);
	CHECK_STATUS(kh_value_append_json(value, &whole), KH_OK);
	for (size_t cap = 0; cap < whole.len; cap++) {
		kh_buf_init(&out, cap);
		CHECK_STATUS(kh_value_append_json(value, &out), KH_ERR_TOO_LARGE);
		kh_buf_free(&out);
	}
	kh_value_free(value);
	kh_buf_free(&whole);
}

static void wipe_takes_every_tree(void)
{
	kh_value_wipe(NULL);
	kh_value_wipe(parse("\"secret\""));
	kh_value_wipe(parse("{\"a\":[\"a secret that is longer than what json-c keeps inline, surely\","
						"1,1.50,null,true,{\"b\":\"c\"}]}"));
}

static void the_deepest_tree_is_built_and_freed(void)
{
	char text[129];
	kh_value *value;

	memset(text, '[', 64);
	memset(text + 64, ']', 64);
	text[128] = '\0';
	value = parse(text);
	kh_value_wipe(value);
}

/* What is only checked is refused and accepted as what is parsed. */
static void an_event_is_checked_as_it_is_parsed(void)
{
	static const char *const texts[] = {"{}", " \n{\"a\":1} ", "[]", "[ \t]", "[1]", "[[]]", "null",
		"1", "\"{}\"", "", " ", "{", "{\"a\":1,\"a\":2}", "{}x", "[}", "{\"\\ud800\":1}"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		kh_event event = {.json = {texts[i], strlen(texts[i])}};
		kh_error error = {0};
		kh_status opened = kh_event_open(&event, &error);
		CHECK_STATUS(kh_event_check(&event, &error), opened);
		CHECK(event.data == NULL);
		CHECK((error.message[0] == '\0') == (opened == KH_OK));
	}
}

static void an_event_has_an_object(void)
{
	kh_event event = {.json = KH_STR("{\"a\":\"b\"}")};
	kh_error error = {0};
	const kh_value *found;

	CHECK_STATUS(kh_event_open(&event, &error), KH_OK);
	CHECK(kh_value_find(event.data, KH_STR("a"), &found));
	CHECK_STATUS(kh_event_open(&event, &error), KH_OK);
	event.json = KH_STR("[]");
	CHECK_STATUS(kh_event_open(&event, &error), KH_OK);
	event.json = KH_STR("[1]");
	CHECK_STATUS(kh_event_open(&event, &error), KH_ERR_INVALID);
	CHECK(event.data == NULL);
	event.json = KH_STR("null");
	CHECK_STATUS(kh_event_open(&event, &error), KH_ERR_INVALID);
	event.json = KH_STR("{");
	CHECK_STATUS(kh_event_open(&event, &error), KH_ERR_JSON);
	kh_event_clear(&event);
	kh_event_clear(NULL);
}

int main(void)
{
	RUN(comes_out_as_it_went_in);
	RUN(blanks_and_escapes_are_normalised);
	RUN(refuses_what_the_scanner_refuses);
	RUN(kinds_and_texts);
	RUN(finds_dotted_paths);
	RUN(long_names_are_found);
	RUN(reads_configuration);
	RUN(walks_members_in_order);
	RUN(stops_at_the_cap);
	RUN(wipe_takes_every_tree);
	RUN(the_deepest_tree_is_built_and_freed);
	RUN(an_event_has_an_object);
	RUN(an_event_is_checked_as_it_is_parsed);
	return check_done();
}
