#include "check.h"
#include "kh_json.h"
#include "kh_template.h"

#include <stdlib.h>

static const char DATA[] =
	"{\"name\":\"Zo\xC3\xAB \\\"Z\\\" O'Neil <z@x.org> & co\",\"id\":42,\"price\":12.50,"
	"\"big\":12345678901234567890123,\"yes\":true,\"none\":null,\"list\":[1,\"a\\\"b\"],"
	"\"patient\":{\"name\":\"Ann\",\"tags\":[{\"t\":\"x\"}]},\"evil\":\"{{id}}{{{id}}}\","
	"\"line\":\"a\\r\\nb\",\"nul\":\"a\\u0000b\",\"bell\":\"a\\u0007b\",\"a-b_c\":\"odd\",\"a-b_c."
	"d\":1,"
	"\"path\":\"a/b c?d=e&f+\xC3\xA9~\"}";

#include "template_check.h"

static void text_is_left_as_it_is(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"", ""}, {"plain { } {a} }}", "plain { } {a} }}"}, {"{{id}}", "42"},
		{"a{{ id }}b{{\tid\t}}c", "a42b42c"},
		{"{{price}}|{{big}}", "12.50|12345678901234567890123"},
		{"{{yes}} {{none}} {{unknown}}", "true  "},
		{"{{name}}", "Zo\xC3\xAB \"Z\" O'Neil <z@x.org> & co"}, {"{{list}}", "[1,\"a\\\"b\"]"},
		{"{{patient.name}} {{patient.tags.0.t}} {{patient.x.y}}", "Ann x "}, {"{{list.1}}", "a\"b"},
		{"{{a-b_c.d}}", ""}, {"{{a-b_c}}", "odd"}, {"{{{id}}}{{&id}}{{& id }}", "424242"},
		{"{{{{id}}}}", "!template 1:1 This tag is not closed: write {{name}}, or {{{name}}}."},
		{"x{{! a note }}y{{!{{id}}", "xy"}, {"{{line}}", "a\r\nb"});
}

static void a_value_is_never_expanded(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"{{evil}}", "{{id}}{{{id}}}"});
	EXAMPLES(
		KH_PLACE_JSON, {"\"{{evil}}\"", "\"{{id}}{{{id}}}\""}, {"{{evil}}", "\"{{id}}{{{id}}}\""});
	EXAMPLES(KH_PLACE_XML, {"<a>{{{evil}}}</a>", "<a>{{id}}{{{id}}}</a>"});
}

static void comments_take_their_line(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"a\n  {{! note }}  \nb", "a\nb"}, {"a\r\n{{! note }}\r\nb", "a\r\nb"},
		{"{{! note }}\nb", "b"}, {"a\n{{! note }}", "a\n"}, {"{{! one\n two }}\nb", "b"},
		{"a {{! note }}\nb", "a \nb"}, {"{{! a }} {{! b }}\nc", " \nc"},
		{"{{! a }}\n{{! b }}\nc", "c"}, {"{{id}} {{! a }}\nc", "42 \nc"});
	EXAMPLES(KH_PLACE_JSON, {"{\n{{! note \" }}\n\"a\": {{! x }}1 }", "{\n\"a\": 1 }"},
		{"\"x{{! \" }}y\"", "\"xy\""});
}

static void json_text_is_escaped(void)
{
	EXAMPLES(KH_PLACE_JSON,
		{"{\"a\":\"Hi {{name}}!\"}", "{\"a\":\"Hi Zo\xC3\xAB \\\"Z\\\" O'Neil <z@x.org> & co!\"}"},
		{"\"{{line}}{{nul}}\"", "\"a\\r\\nba\\u0000b\""}, {"\"{{{line}}}\"", "\"a\\r\\nb\""},
		{"\"{{id}} {{price}} {{yes}} {{none}}{{unknown}}\"", "\"42 12.50 true \""},
		{"\"{{list}}\"", "\"[1,\\\"a\\\\\\\"b\\\"]\""},
		{"\"{{patient.tags}}\"", "\"[{\\\"t\\\":\\\"x\\\"}]\""},
		{"{\"{{patient.name}} {{id}}\":1}", "{\"Ann 42\":1}"},
		{"[\"\\\\{{id}}\",\"\\u00e9{{id}}\"]", "[\"\\\\42\",\"\\u00e942\"]"},
		{"{\"blocks\":[{\"text\":{\"text\":\"*{{patient.name}}*\\n<https://x/{{id}}>\"}}]}",
			"{\"blocks\":[{\"text\":{\"text\":\"*Ann*\\n<https://x/42>\"}}]}"});
}

static void json_values_are_typed(void)
{
	EXAMPLES(KH_PLACE_JSON,
		{"{\"a\":{{id}},\"b\": {{price}} ,\"c\":{{big}}}",
			"{\"a\":42,\"b\": 12.50 ,\"c\":12345678901234567890123}"},
		{"[{{yes}},{{none}},{{unknown}},{{list}},{{patient}}]",
			"[true,null,null,[1,\"a\\\"b\"],{\"name\":\"Ann\",\"tags\":[{\"t\":\"x\"}]}]"},
		{"{{patient.name}}", "\"Ann\""}, {"[{{{line}}},{{&id}}]", "[\"a\\r\\nb\",42]"},
		{"{\"a\":{\"b\":{{id}}}}", "{\"a\":{\"b\":42}}"},
		{"{\"a\":{\"b\":{{{id}}}}}", "{\"a\":{\"b\":42}}"},
		{" {{patient}} ", " {\"name\":\"Ann\",\"tags\":[{\"t\":\"x\"}]} "},
		{"[1,{{id}}\n]", "[1,42\n]"}, {"{\"a\":1,\"b\":{{id}}}", "{\"a\":1,\"b\":42}"});
	CHECK_CONTAINS(render("{{.}}", KH_PLACE_JSON), "{\"name\":\"Zo");
}

static void json_mistakes_are_found_on_compiling(void)
{
	MISTAKES(KH_PLACE_JSON, {"", "1:1", "ends where a value must come"},
		{"{\"a\": {{id}}{{id}}}", "1:13", "Two values in one place"},
		{"[{{id}} {{id}}]", "1:9", "Two values in one place"},
		{"{\"a\": {{id}}x}", "1:13", "{{id}} is a whole JSON value here"},
		{"{\"a\": {{name}} {{id}}}", "1:16", "Two values"},
		{"{\n {{name}}: 1}", "2:2", "write \"{{name}}\" and a colon"},
		{"{\"a\":1,{{name}}:1}", "1:8", "write \"{{name}}\""},
		{"{\"a\" {{id}}}", "1:6", "A colon must come"}, {"[1{{id}}]", "1:3", "touches a number"},
		{"[-{{id}}]", "1:3", "touches a number"},
		{"[nul{{id}}]", "1:5", "touches a number or a word"},
		{"\"\\{{id}}\"", "1:3", "inside an escape"}, {"\"\\u00{{id}}\"", "1:6", "inside an escape"},
		{"\"\\ud83d{{id}}\"", "1:8", "inside an escape"},
		{"{\"a\":1} {{id}}", "1:9", "has ended before {{id}}"},
		{"{\"a\":\"{{id}},\n\"b\":1}", "1:14", "line break"},
		{"{\"a\":1,}", "1:8", "comma too many"}, {"{\"a\":{{id}},}", "1:13", "comma too many"},
		{"{\"\xC3\xA9\":{{id}}", "1:12", "} is missing"}, {"{'a':{{id}}}", "1:2", "double quotes"},
		{"{\"a\":1,\n \"b\":{{id}}, \"a\":2}", "2:14", "is there twice"},
		{"{\"{{id}}\":1,\"{{id}}\":2}", "1:13", "is there twice"},
		{"{\"a\": \"\\x\"}", "1:8", "write \\\\ for a backslash"});
	EXAMPLES(KH_PLACE_JSON, {"{\"{{id}}\":1,\"{{price}}\":2}", "{\"42\":1,\"12.50\":2}"});
}

static void tag_mistakes_are_found_on_compiling(void)
{
	MISTAKES(KH_PLACE_TEXT, {"a\n\xC3\xA9{{id", "2:2", "}} is missing"},
		{"{{{id}}", "1:1", "}}} is missing"}, {"{{}}", "1:1", "A name is missing"},
		{"{{ }}", "1:1", "A name is missing"}, {"{{a b}}", "1:1", "A blank can't be part"},
		{"{{a$}}", "1:1", "'$' can't be part"}, {"{{a\nb}}", "1:1", "not closed"},
		{"{{a {{b}}", "1:1", "A blank"}, {"{{a{{b}}", "1:1", "not closed"},
		{"{{>x}}", "1:1", "Partials"}, {"{{=<% %>=}}", "1:1", "The tags stay"},
		{"{{{#a}}}", "1:1", "'#' can't be part"}, {"{{\"a\"}}", "1:1", "can't be part"});
	MISTAKES(KH_PLACE_TEXT, {"ok \xC3(", "1:1", "not UTF-8"});
}

static void xml_is_escaped(void)
{
	EXAMPLES(KH_PLACE_XML,
		{"<n a=\"{{name}}\">{{list}}</n>",
			"<n a=\"Zo\xC3\xAB &quot;Z&quot; O&#39;Neil &lt;z@x.org&gt; &amp; co\">"
			"[1,&quot;a\\&quot;b&quot;]</n>"},
		{"{{bell}}{{nul}}{{line}}", "a\xEF\xBF\xBD"
									"ba\xEF\xBF\xBD"
									"ba\r\nb"},
		{"{{{name}}}|{{&id}}", "Zo\xC3\xAB \"Z\" O'Neil <z@x.org> & co|42"});
}

static void urls_are_percent_encoded(void)
{
	EXAMPLES(KH_PLACE_URL,
		{"https://x/{{path}}?q={{{path}}}&i={{id}}",
			"https://x/a%2Fb%20c%3Fd%3De%26f%2B%C3%A9~?q=a%2Fb%20c%3Fd%3De%26f%2B%C3%A9~&i=42"});
}

static void headers_refuse_line_breaks(void)
{
	EXAMPLES(KH_PLACE_HEADER, {"Key {{id}}; {{patient.name}} {{bell}}", "Key 42; Ann a\ab"});
	MISTAKES(KH_PLACE_HEADER, {"x {{line}}", "1:3", "{{line}} has a line break"},
		{"x {{{line}}}", "1:3", "has a line break"}, {"{{nul}}", "1:1", "has a line break"},
		{"a{{id}}\nb", "1:8", "one line"}, {"a\rb", "1:2", "one line"});
}

static void variables_are_listed_once(void)
{
	kh_template *tpl = NULL;

	CHECK_STATUS(kh_template_compile(KH_STR("{{b}}{{a.c}}{{ b }}{{{d}}}{{.}}{{&a.c}}{{!x}}"),
					 KH_PLACE_TEXT, &tpl, NULL),
		KH_OK);
	CHECK_INT(kh_template_variable_count(tpl), 3);
	CHECK_BYTES(kh_template_variable(tpl, 0), "b");
	CHECK_BYTES(kh_template_variable(tpl, 1), "a.c");
	CHECK_BYTES(kh_template_variable(tpl, 2), "d");
	CHECK_INT(kh_template_variable(tpl, 3).len, 0);
	kh_template_free(tpl);
	kh_template_free(NULL);
}

static void limits_hold(void)
{
	kh_template *tpl = NULL;
	kh_value *data = NULL;
	kh_error error = {0};
	kh_buf source, out;

	kh_buf_init(&source, 10 << 20);
	for (int i = 0; i < 4097; i++) {
		kh_buf_append_str(&source, KH_STR("{{a}}"));
	}
	CHECK_STATUS(
		kh_template_compile(kh_buf_str(&source), KH_PLACE_TEXT, &tpl, &error), KH_ERR_TEMPLATE);
	CHECK_CONTAINS(error.message, "4096");
	source.len -= 5;
	CHECK_STATUS(kh_template_compile(kh_buf_str(&source), KH_PLACE_TEXT, &tpl, &error), KH_OK);
	kh_value_parse(KH_STR("{\"a\":\"0123456789\"}"), &data, NULL);
	kh_buf_init(&out, 40000);
	kh_buf_append_str(&out, KH_STR("before"));
	CHECK_STATUS(kh_template_render(tpl, data, &out, &error), KH_ERR_TOO_LARGE);
	CHECK_CONTAINS(error.message, "40000");
	CHECK_BYTES(out, "before");
	kh_template_free(tpl);
	kh_value_free(data);
	kh_buf_free(&out);
	kh_buf_clear(&source);
	while (source.len <= KH_TEMPLATE_MAX_BYTES) {
		kh_buf_append_str(&source, KH_STR("0123456789"));
	}
	CHECK_STATUS(
		kh_template_compile(kh_buf_str(&source), KH_PLACE_TEXT, &tpl, &error), KH_ERR_TOO_LARGE);
	CHECK(tpl == NULL);
	kh_buf_free(&source);
}

int main(void)
{
	RUN(text_is_left_as_it_is);
	RUN(a_value_is_never_expanded);
	RUN(comments_take_their_line);
	RUN(json_text_is_escaped);
	RUN(json_values_are_typed);
	RUN(json_mistakes_are_found_on_compiling);
	RUN(tag_mistakes_are_found_on_compiling);
	RUN(xml_is_escaped);
	RUN(urls_are_percent_encoded);
	RUN(headers_refuse_line_breaks);
	RUN(variables_are_listed_once);
	RUN(limits_hold);
	return check_done();
}
