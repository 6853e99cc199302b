#include "check.h"
#include "kh_json.h"

#include <stdlib.h>
#include <time.h>

static const char DATA[] =
	"{\"none\":[],\"one\":[1],\"two\":[1,2],\"items\":[{\"name\":\"A \\\"x\\\"\",\"price\":1.50},"
	"{\"name\":\"B\",\"price\":2}],\"patient\":{\"name\":\"Ann\",\"clinic\":{\"name\":\"C\"}},"
	"\"yes\":true,\"no\":false,\"null\":null,\"zero\":0,\"zero_point\":0.0,\"empty\":\"\","
	"\"text\":\"t\",\"object\":{},\"a.b\":\"never\",\"name\":\"outer\",\"nested\":[[1,2],[],[3]],"
	"\"id\":7}";

#include "template_check.h"

static void sections_repeat_and_leave_out(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"{{#two}}<{{.}}>{{/two}}", "<1><2>"},
		{"{{#none}}x{{/none}}{{^none}}nothing{{/none}}", "nothing"},
		{"{{#items}}{{name}}={{price}};{{/items}}", "A \"x\"=1.50;B=2;"},
		{"{{#patient}}{{name}} {{id}} {{clinic.name}}{{/patient}}", "Ann 7 C"},
		{"{{#patient.clinic}}{{name}}{{/patient.clinic}}", "C"},
		{"{{#nested}}({{#.}}{{.}},{{/.}}){{/nested}}", "(1,2,)()(3,)"},
		{"{{# yes }}x{{/ yes }}{{^yes}}y{{/yes}}", "x"},
		{"{{items.1.name}}{{two.0}}{{two.2}}", "B1"}, {"{{#text}}{{.}}{{/text}}", "t"});
}

static void what_is_falsy(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"{{#no}}x{{/no}}{{#null}}x{{/null}}{{#missing}}x{{/missing}}", ""},
		{"{{#zero}}x{{/zero}}{{#zero_point}}x{{/zero_point}}{{#empty}}x{{/empty}}", ""},
		{"{{^no}}1{{/no}}{{^zero}}2{{/zero}}{{^empty}}3{{/empty}}", "123"},
		{"{{#object}}x{{/object}}{{#id}}y{{/id}}", "xy"},
		{"{{#patient.x.y}}x{{/patient.x.y}}", ""});
}

static void names_are_looked_up_as_specified(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"{{a.b}}", ""},
		{"{{#patient}}{{clinic.id}}|{{patient.name}}{{/patient}}", "|Ann"},
		{"{{#two}}{{name}}{{/two}}", "outerouter"});
}

static void lines_with_only_a_section_tag_go(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"a\n{{#two}}\n- {{.}}\n{{/two}}\nb", "a\n- 1\n- 2\nb"},
		{"  {{#yes}}\r\nx\r\n  {{/yes}}\r\n", "x\r\n"}, {"{{#yes}} x{{/yes}}\n", " x\n"});
}

/* Commas before, behind, on both sides, and nowhere. */
static void commas_in_a_list_are_right(void)
{
	EXAMPLES(KH_PLACE_JSON, {"[{{#none}}{{.}}{{/none}}]", "[]"}, {"[{{#one}}{{.}}{{/one}}]", "[1]"},
		{"[{{#two}}{{.}}{{/two}}]", "[1,2]"}, {"[{{#two}}{{.}},{{/two}}]", "[1,2]"},
		{"[{{#two}},{{.}}{{/two}}]", "[1,2]"}, {"[{{#two}},{{.}},{{/two}}]", "[1,2]"},
		{"[0,{{#none}}{{.}}{{/none}}]", "[0]"}, {"[0,{{#two}}{{.}}{{/two}}]", "[0,1,2]"},
		{"[0{{#two}}{{.}}{{/two}}]", "[0,1,2]"}, {"[0{{#two}},{{.}}{{/two}}]", "[0,1,2]"},
		{"[0,{{#two}}{{.}}{{/two}},9]", "[0,1,2,9]"}, {"[0{{#none}}{{.}}{{/none}}9]", "[0,9]"},
		{"[{{#none}}{{.}}{{/none}},9]", "[9]"}, {"[0,{{#none}}{{.}}{{/none}},9]", "[0,9]"},
		{"[{{#two}}{{.}}{{/two}},]", "[1,2]"},
		{"[{{#two}}\"a{{.}}\",\"b\"{{/two}}]", "[\"a1\",\"b\",\"a2\",\"b\"]"},
		{"[{{id}}{{#two}}{{.}}{{/two}}{{id}}]", "[7,1,2,7]"},
		{"[{{#two}}{{/two}}{{#one}}5{{/one}}{{^none}}6{{/none}}]", "[5,6]"},
		{"[ 0 , {{#two}} {{.}} , {{/two}} ]", "[ 0 ,  1 ,  2   ]"},
		{"[{{#nested}}[{{#.}}{{.}}{{/.}}],{{/nested}}]", "[[1,2],[],[3]]"},
		{"[{{#items}}{\"n\":\"{{name}}\",\"p\":{{price}}}{{/items}}]",
			"[{\"n\":\"A \\\"x\\\"\",\"p\":1.50},{\"n\":\"B\",\"p\":2}]"});
	EXAMPLES(KH_PLACE_JSON,
		{"{\n  \"items\": [\n    {{#items}}\n    {\"n\": \"{{name}}\"},\n    {{/items}}\n  ]\n}",
			"{\n  \"items\": [\n    {\"n\": \"A \\\"x\\\"\"},\n    {\"n\": \"B\"}\n  ]\n}"},
		{"{\"items\": [\n  {{#none}}\n  {{.}}\n  {{/none}}\n]}", "{\"items\": [\n]}"});
}

static void commas_in_an_object_are_right(void)
{
	EXAMPLES(KH_PLACE_JSON, {"{{{#yes}}\"a\":1{{/yes}}}", "{\"a\":1}"},
		{"{\"o\":{{{^yes}}\"a\":1{{/yes}}}}", "{\"o\":{}}"},
		{"{ {{#yes}}\"a\":1{{/yes}} }", "{ \"a\":1 }"}, {"{ {{#no}}\"a\":1{{/no}} }", "{  }"},
		{"{\"x\":0,{{#no}}\"a\":1{{/no}} }", "{\"x\":0 }"},
		{"{\"x\":0,{{#yes}}\"a\":1,{{/yes}}\"y\":2}", "{\"x\":0,\"a\":1,\"y\":2}"},
		{"{\"x\":0{{#yes}},\"a\":{{id}}{{/yes}},\"y\":2}", "{\"x\":0,\"a\":7,\"y\":2}"},
		{"{\"x\":0{{#no}},\"a\":{{id}}{{/no}},\"y\":2}", "{\"x\":0,\"y\":2}"},
		{"{ {{#two}}\"k{{.}}\":{{.}}{{/two}} }", "{ \"k1\":1,\"k2\":2 }"},
		{"{ {{#yes}}\"a\":1{{/yes}}{{^yes}}\"a\":2{{/yes}} }", "{ \"a\":1 }"},
		{"{ {{#no}}\"a\":1{{/no}}{{^no}}\"a\":2{{/no}} }", "{ \"a\":2 }"},
		{"{\"p\":{ {{#patient}}\"n\":\"{{name}}\"{{/patient}} },\"n\":{{missing}}}",
			"{\"p\":{ \"n\":\"Ann\" },\"n\":null}"});
}

static void sections_in_a_text_stay_in_it(void)
{
	EXAMPLES(KH_PLACE_JSON, {"\"{{#items}}{{name}}, {{/items}}\"", "\"A \\\"x\\\", B, \""},
		{"{\"a{{#yes}}b{{/yes}}\":\"{{#no}}x{{/no}}\"}", "{\"ab\":\"\"}"},
		{"{\"t\":\"Dear {{#patient}}{{name}}{{/patient}}{{^patient}}you{{/patient}},\"}",
			"{\"t\":\"Dear Ann,\"}"});
	MISTAKES(KH_PLACE_JSON, {"[\"a{{#yes}}\",\"b{{/yes}}\"]", "1:12", "must end before they do"},
		{"\"{{#yes}}\"{{/yes}}", "1:10", "write {{/yes}} before this"},
		{"[{{#yes}}\"a{{/yes}}\"]", "1:12", "a text in double quotes is still open"},
		{"\"\\{{#yes}}n{{/yes}}\"", "1:3", "inside an escape"});
}

static void a_section_ends_where_it_began(void)
{
	MISTAKES(KH_PLACE_JSON, {"[{{#yes}}1]{{/yes}}", "1:11", "ends what began outside"},
		{"[[{{#yes}}1],[{{/yes}}]]", "1:12", "ends what began outside of the section {{#yes}}"},
		{"[{{#yes}}[1{{/yes}}]]", "1:12", "a list is still open"},
		{"[{{#yes}}{\"a\":1{{/yes}}}]", "1:16", "an object is still open"},
		{"{ {{#yes}}\"a\":{{/yes}} }", "1:15", "A value is missing"},
		{"{\"a\": {{#yes}}1{{/yes}}}", "1:7", "exactly one value must come"},
		{"{{#yes}}1{{/yes}}", "1:1", "exactly one value must come"},
		{"{\"a\"{{#yes}}:1{{/yes}}}", "1:5", "A colon must come"},
		{"{\"a\":1}{{#yes}}{{/yes}}", "1:8", "has ended before"},
		{"[tr{{#yes}}ue{{/yes}}]", "1:4", "touches a number or a word"},
		{"[1.{{#yes}}5{{/yes}}]", "1:4", "touches a number"},
		{"[{{#yes}}1 2{{/yes}}]", "1:12", "comma or ] must come"},
		{"[{{#yes}}{{id}}{{id}}{{/yes}}]", "1:16", "Two values in one place"},
		{"[{{#yes}},,1{{/yes}}]", "1:11", "comma too many"},
		{"[{{#yes}}1{{/yes}},,2]", "1:20", "comma too many"},
		{"[{{#yes}}1,,2{{/yes}}]", "1:12", "A value is missing before the comma"},
		{"[1,{{id}},]", "1:11", "comma too many"},
		{"{ {{#yes}}1{{/yes}} }", "1:11", "member's name in double quotes"},
		{"{ {{#yes}}{{id}}{{/yes}} }", "1:11", "member's name stands in double quotes"},
		{"[{{#yes}}1", "1:2", "is not closed: {{/yes}} is missing"});
}

static void names_that_are_there_twice_are_found_where_they_meet(void)
{
	MISTAKES(KH_PLACE_JSON, {"{\"a\":0,{{#yes}}\"a\":1{{/yes}} }", "1:16", "is there twice"},
		{"{ {{#yes}}\"a\":1,\"a\":2{{/yes}} }", "1:17", "is there twice"},
		{"[{{#yes}}{\"a\":1,\"\\u0061\":2}{{/yes}}]", "1:17", "is there twice"},
		{"{ {{#yes}}\"b\":{\"a\":1}{{/yes}},\"a\":1,\"a\":2}", "1:37", "is there twice"});
	EXAMPLES(KH_PLACE_JSON,
		{"{ {{#yes}}\"b\":{\"a\":1}{{/yes}},\"a\":2}", "{ \"b\":{\"a\":1},\"a\":2}"},
		{"[{\"a\":1},{\"a\":2}]", "[{\"a\":1},{\"a\":2}]"});
}

static void section_tags_come_in_pairs(void)
{
	MISTAKES(KH_PLACE_TEXT, {"a\n {{#x}} b", "2:2", "{{#x}} is not closed"},
		{"{{^x}}{{#y}}{{/y}}", "1:1", "{{^x}} is not closed"},
		{"{{/x}}", "1:1", "No section is open"},
		{"{{#x}}\n{{^y}}{{/x}}", "2:7", "can't close the section {{^y}} of line 2: write {{/y}}"},
		{"{{#}}{{/}}", "1:1", "A name is missing"},
		{"{{#a | upper}}{{/a}}", "1:1", "A section takes no filters"},
		{"{{<x}}", "1:1", "Inheritance"}, {"{{$x}}", "1:1", "Inheritance"},
		{"{{a..b}}", "1:1", "beside a dot"}, {"{{.a}}", "1:1", "beside a dot"},
		{"{{a.}}", "1:1", "beside a dot"});
}

static void other_places_have_sections_too(void)
{
	EXAMPLES(KH_PLACE_HEADER, {"{{#items}}{{name}};{{/items}}", "A \"x\";B;"});
	EXAMPLES(KH_PLACE_URL, {"https://x/{{#items}}{{name}}/{{/items}}", "https://x/A%20%22x%22/B/"});
	EXAMPLES(KH_PLACE_XML,
		{"<a>{{#items}}<b>{{name}}</b>{{/items}}</a>", "<a><b>A &quot;x&quot;</b><b>B</b></a>"});
	EXAMPLES(KH_PLACE_HTML,
		{"<p>{{#items}}{{name}}{{{name}}}{{/items}}</p>", "<p>A &quot;x&quot;A \"x\"BB</p>"});
}

static void names_in_sections_are_listed_as_written(void)
{
	kh_template *tpl = NULL;

	CHECK_STATUS(kh_template_compile(KH_STR("{{#items}}{{name}}{{#tags}}{{.}}{{/tags}}{{/items}}"
											"{{^gone}}{{name | upper}}{{/gone}}"),
					 KH_PLACE_TEXT, &tpl, NULL),
		KH_OK);
	CHECK_INT(kh_template_variable_count(tpl), 4);
	CHECK_BYTES(kh_template_variable(tpl, 0), "items");
	CHECK_BYTES(kh_template_variable(tpl, 1), "name");
	CHECK_BYTES(kh_template_variable(tpl, 2), "tags");
	CHECK_BYTES(kh_template_variable(tpl, 3), "gone");
	kh_template_free(tpl);
}

/* levels of {{#a}} around inside. */
static void write_nest(kh_buf *out, int levels, const char *name, const char *inside)
{
	kh_buf_clear(out);
	for (int i = 0; i < levels; i++) {
		kh_buf_append_format(out, "{{#%s}}", name);
	}
	kh_buf_append(out, inside, strlen(inside));
	for (int i = 0; i < levels; i++) {
		kh_buf_append_format(out, "{{/%s}}", name);
	}
}

static void nesting_is_bounded(void)
{
	kh_buf source;

	kh_buf_init(&source, 100000);
	write_nest(&source, 32, "yes", "x");
	CHECK_STR(render(source.data, KH_PLACE_TEXT), "x");
	write_nest(&source, 33, "yes", "x");
	CHECK_CONTAINS(render(source.data, KH_PLACE_TEXT), "!template 1:257 Sections are nested more");
	kh_buf_free(&source);
}

/* 32 levels of sections in JSON are tried 0, 1 and 2 times without doubling 32 times. */
static void trying_a_deep_template_ends(void)
{
	kh_buf source;

	kh_buf_init(&source, 100000);
	for (int i = 0; i < 32; i++) {
		kh_buf_append_str(&source, i == 0 ? KH_STR("[{{#yes}}") : KH_STR("{{#yes}}"));
	}
	kh_buf_append_str(&source, KH_STR("1"));
	for (int i = 0; i < 32; i++) {
		kh_buf_append_str(&source, i == 31 ? KH_STR("{{/yes}}]") : KH_STR("{{/yes}}"));
	}
	CHECK_STR(render(source.data, KH_PLACE_JSON), "[1]");
	kh_buf_free(&source);
}

/* Of processor time, and under valgrind: otherwise it is well under one. */
#define MAX_SECONDS 60

/* What a template does with {"l":[0,0,…]}, count of them; the status' name, and in how long. */
static kh_status render_list(const char *source, int count, kh_error *error, double *seconds)
{
	struct timespec begin, end;
	kh_template *tpl = NULL;
	kh_value *data = NULL;
	kh_buf json, out;
	kh_status status;

	kh_buf_init(&json, 10 << 20);
	kh_buf_init(&out, 4 << 20);
	kh_buf_append_str(&json, KH_STR("{\"s\":\""));
	for (int i = 0; i < 10000; i++) {
		kh_buf_append_str(&json, KH_STR("0123456789"));
	}
	kh_buf_append_str(&json, KH_STR("\",\"l\":[0"));
	for (int i = 1; i < count; i++) {
		kh_buf_append_str(&json, KH_STR(",0"));
	}
	kh_buf_append_str(&json, KH_STR("]}"));
	CHECK_STATUS(kh_value_parse(kh_buf_str(&json), &data, error), KH_OK);
	CHECK_STATUS(
		kh_template_compile((kh_str){source, strlen(source)}, KH_PLACE_TEXT, &tpl, error), KH_OK);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	status = kh_template_render(tpl, data, &out, error);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	*seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
	if (status != KH_OK) {
		CHECK_INT(out.len, 0);
	}
	kh_template_free(tpl);
	kh_value_free(data);
	kh_buf_free(&json);
	kh_buf_free(&out);
	return status;
}

static void no_template_can_hang_a_worker(void)
{
	kh_error error = {0};
	double seconds;
	kh_buf source;

	CHECK_STATUS(render_list("{{#l}}x{{/l}}", 100000, &error, &seconds), KH_OK);
	CHECK_STATUS(render_list("{{#l}}x{{/l}}", 100001, &error, &seconds), KH_ERR_TEMPLATE);
	CHECK_CONTAINS(error.message, "more than 100000 times");
	CHECK_INT(error.column, 1);
	/* 400 million rounds, but for the limit. */
	CHECK_STATUS(render_list("{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}", 2000, &error, &seconds),
		KH_ERR_TEMPLATE);
	CHECK(seconds < MAX_SECONDS);
	/* Few rounds with much in them that gives nothing. */
	kh_buf_init(&source, 1 << 20);
	kh_buf_append_str(&source, KH_STR("{{#l}}"));
	for (int i = 0; i < 4000; i++) {
		kh_buf_append_str(&source, KH_STR("{{none}}"));
	}
	kh_buf_append_str(&source, KH_STR("{{/l}}"));
	CHECK_STATUS(render_list(source.data, 50000, &error, &seconds), KH_ERR_TEMPLATE);
	CHECK_CONTAINS(error.message, "too much to do");
	CHECK(seconds < MAX_SECONDS);
	/* Little text from much work. */
	CHECK_STATUS(
		render_list("{{#l}}{{s | upper | sha256 | truncate:1}}{{/l}}", 90000, &error, &seconds),
		KH_ERR_TEMPLATE);
	CHECK_CONTAINS(error.message, "too much to do");
	CHECK(seconds < MAX_SECONDS);
	CHECK_STATUS(render_list("{{#l}}{{s}}{{/l}}", 90000, &error, &seconds), KH_ERR_TOO_LARGE);
	kh_buf_free(&source);
}

/* Whatever stands around and in a section, what compiles renders to valid JSON 0, 1 and 2 times. */
static void what_compiles_gives_json(void)
{
	static const char *const pieces[] = {"{{#x}}", "{{/x}}", "{{^x}}", ",", "1", "\"a\"", "{{v}}",
		"[", "]", "{ ", " }", "\"k\":", " ", "\"", "{{! c }}"};
	static const char *const data[] = {"{\"v\":1}", "{\"v\":\"s\",\"x\":[1]}", "{\"x\":[1,2]}"};
	size_t count = sizeof(pieces) / sizeof(pieces[0]), compiled = 0;
	kh_value *values[3] = {NULL};
	unsigned random = 1;
	kh_buf source, out;

	kh_buf_init(&source, 1000);
	kh_buf_init(&out, 10000);
	for (int i = 0; i < 3; i++) {
		kh_value_parse((kh_str){data[i], strlen(data[i])}, &values[i], NULL);
	}
	for (int round = 0; round < 60000; round++) {
		kh_template *tpl = NULL;
		int len;

		random = random * 1103515245 + 12345;
		len = 2 + (int)((random >> 16) % 9);
		kh_buf_clear(&source);
		kh_buf_append_str(&source, KH_STR("["));
		for (int i = 0; i < len; i++) {
			random = random * 1103515245 + 12345;
			const char *piece = pieces[(random >> 16) % count];
			kh_buf_append(&source, piece, strlen(piece));
		}
		kh_buf_append_str(&source, KH_STR("]"));
		if (kh_template_compile(kh_buf_str(&source), KH_PLACE_JSON, &tpl, NULL) != KH_OK) {
			continue;
		}
		compiled++;
		for (int i = 0; i < 3; i++) {
			kh_error error = {0};
			kh_buf_clear(&out);
			if (kh_template_render(tpl, values[i], &out, &error) != KH_OK ||
				kh_json_check(kh_buf_str(&out), KH_JSON_GRAMMAR, &error) != KH_OK) {
				check_fail(__FILE__, __LINE__, "%s with %s: %s: %s", source.data, data[i],
					out.data != NULL ? out.data : "", error.message);
			}
		}
		kh_template_free(tpl);
	}
	CHECK(compiled > 500);
	for (int i = 0; i < 3; i++) {
		kh_value_free(values[i]);
	}
	kh_buf_free(&source);
	kh_buf_free(&out);
}

int main(void)
{
	RUN(sections_repeat_and_leave_out);
	RUN(what_is_falsy);
	RUN(names_are_looked_up_as_specified);
	RUN(lines_with_only_a_section_tag_go);
	RUN(commas_in_a_list_are_right);
	RUN(commas_in_an_object_are_right);
	RUN(sections_in_a_text_stay_in_it);
	RUN(a_section_ends_where_it_began);
	RUN(names_that_are_there_twice_are_found_where_they_meet);
	RUN(section_tags_come_in_pairs);
	RUN(other_places_have_sections_too);
	RUN(names_in_sections_are_listed_as_written);
	RUN(nesting_is_bounded);
	RUN(trying_a_deep_template_ends);
	RUN(no_template_can_hang_a_worker);
	RUN(what_compiles_gives_json);
	return check_done();
}
