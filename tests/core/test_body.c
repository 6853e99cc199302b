#include "check.h"
#include "kh_body.h"
#include "kh_json.h"

#include <stdlib.h>

#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"

static const char DATA[] =
	"{\"name\":\"Ann & Bob=1\\nx\",\"phone\":\"+49 30 1\",\"id\":7,\"amp\":\"&x=y\","
	"\"key\":\"a\",\"none\":null,\"list\":[1,\"b\"],\"tag\":\"{{id}}\",\"price\":1.0}";

static kh_error error;

/* The body, or "!status line:column message". */
static const char *render_data(const char *type, const char *source, const char *data)
{
	static char result[4000];
	kh_event event = {.id = KH_STR("0190-e"),
		.type = KH_STR("appointment.booked"),
		.timestamp = KH_STR("2026-11-23T09:15:00.123Z"),
		.json = {data, strlen(data)}};
	kh_body *body = NULL;
	kh_status status;
	kh_buf out;

	memset(&error, 0, sizeof(error));
	kh_buf_init(&out, KH_BODY_MAX_BYTES);
	status = kh_event_open(&event, &error);
	if (status == KH_OK) {
		status = kh_body_compile(
			(kh_str){type, strlen(type)}, (kh_str){source, strlen(source)}, &body, &error);
	}
	if (status == KH_OK) {
		status = kh_body_render(body, &event, &out, &error);
	}
	if (status != KH_OK) {
		CHECK_INT(out.len, 0);
		snprintf(result, sizeof(result), "!%s %u:%u %s", kh_status_name(status), error.line,
			error.column, error.message);
	} else {
		snprintf(result, sizeof(result), "%s", out.data != NULL ? out.data : "");
	}
	kh_body_free(body);
	kh_event_clear(&event);
	kh_buf_free(&out);
	return result;
}

static const char *render(const char *type, const char *source)
{
	return render_data(type, source, DATA);
}

static void an_empty_template_is_the_standard_body(void)
{
	static const char standard[] = "{\"id\":\"0190-e\",\"type\":\"appointment.booked\","
								   "\"timestamp\":\"2026-11-23T09:15:00.123Z\",\"data\":"
								   "{ \"a\": 1.0,\"b\":12345678901234567890123 }}";
	const char *data = "{ \"a\": 1.0,\"b\":12345678901234567890123 }";

	CHECK_STR(render_data(JSON, "", data), standard);
	CHECK_STR(render_data("application/json; charset=utf-8", " \n", data), standard);
	CHECK_STR(render_data("application/vnd.api+json", "", data), standard);
	CHECK_STR(render_data("text/plain", "", data), standard);
	CHECK_STR(render_data(FORM, "", "{\"a b\":\"x&y\",\"n\":1.50,\"t\":true,\"z\":null,\"l\":[1]}"),
		"a+b=x%26y&n=1.50&t=true&z=&l=%5B1%5D");
	CHECK_STR(render_data(FORM, "", "[]"), "");
	CHECK_STR(render_data(FORM, "\n", "{}"), "");
	CHECK_CONTAINS(render("application/xml", ""), "!template 1:1 An XML body has no standard");
}

static void json_is_typed_and_parsed(void)
{
	CHECK_STR(render(JSON, "{\"text\":\"Hi {{name}}\",\"id\":{{id}},\"l\":{{list}}}"),
		"{\"text\":\"Hi Ann & Bob=1\\nx\",\"id\":7,\"l\":[1,\"b\"]}");
	CHECK_STR(render("application/cloudevents+JSON ; a=b", "[{{price}}]"), "[1.0]");
	CHECK_CONTAINS(render(JSON, "{\"a\": {{id}}x}"), "!template 1:13 ");
	CHECK_CONTAINS(render(JSON, "{\"a\":\"x\"y}"), "!template 1:9 A comma or }");
	/* Only the values show that the two names are the same. */
	CHECK_CONTAINS(render(JSON, "{\"{{key}}\":1,\"a\":2}"),
		"!json 1:8 The name that begins here is there twice");
}

static void a_form_has_one_pair_per_line(void)
{
	CHECK_STR(render(FORM, "To={{phone}}\nFrom=+1 (555) 0100\nBody=Hi {{name}}, 100% sure? a=b&c"),
		"To=%2B49+30+1&From=%2B1+%28555%29+0100&Body=Hi+Ann+%26+Bob%3D1%0Ax%2C+100%25+sure%3F+"
		"a%3Db%26c");
	CHECK_STR(render(FORM, "\r\n  To = {{id}}\r\n\r\n\tB=x \r\n"), "To=+7&B=x");
	CHECK_STR(render(FORM, "A=%41\nB= x "), "A=%2541&B=+x");
	CHECK_STR(
		render(FORM, "{{key}}[]=1\n{{! a=b\n }}\nc={{list}}"), "a%5B%5D=1&c=%5B1%2C%22b%22%5D");
	CHECK_CONTAINS(render(FORM, "a=1\nno pair"), "!template 2:1 This line has no =");
	CHECK_CONTAINS(render(FORM, "a=1\n =2"), "!template 2:2 A name is missing");
	CHECK_CONTAINS(render(FORM, "a=1\nb={{x y}}"), "!template 2:3 A blank");
}

static void a_form_in_one_line_is_split_at_ampersands(void)
{
	CHECK_STR(render(FORM, "To={{phone}}&From=+15550100&Body=Hi {{name}}!"),
		"To=%2B49+30+1&From=%2B15550100&Body=Hi+Ann+%26+Bob%3D1%0Ax%21");
	CHECK_STR(render(FORM, "a=%40x%2Fy&b=100%&c=%zz&%64=1"), "a=%40x%2Fy&b=100%25&c=%25zz&d=1");
	CHECK_STR(render(FORM, "a=1&&b=2=3&flag&\n"), "a=1&b=2%3D3&flag=");
	CHECK_STR(render(FORM, "a={{&name}}&b={{! a&b=c }}x"), "a=Ann+%26+Bob%3D1%0Ax&b=x");
	CHECK_STR(render(FORM, "a={{none}}{{unknown}}&b={{price}}"), "a=&b=1.0");
	CHECK_CONTAINS(render(FORM, "a=1&=2"), "!template 1:5 A name is missing");
	CHECK_CONTAINS(render(FORM, "a=1&b={{x"), "!template 1:7 This tag is not closed");
}

static void a_value_adds_no_pair_and_no_variable(void)
{
	CHECK_STR(render(FORM, "a={{amp}}&b={{tag}}"), "a=%26x%3Dy&b=%7B%7Bid%7D%7D");
	CHECK_STR(render(FORM, "{{amp}}=1"), "%26x%3Dy=1");
	/* What %XX decodes to is literal text too. */
	CHECK_STR(render(FORM, "a=%7B%7Bid%7D%7D"), "a=%7B%7Bid%7D%7D");
	CHECK_STR(render(FORM, "a=%26b%3D1"), "a=%26b%3D1");
}

static void xml_and_text(void)
{
	CHECK_STR(render("application/xml", "<a>{{name}}</a>"), "<a>Ann &amp; Bob=1\nx</a>");
	CHECK_STR(render("text/xml; charset=utf-8", "<a>{{amp}}</a>"), "<a>&amp;x=y</a>");
	CHECK_STR(render("application/soap+xml", "<a>{{amp}}</a>"), "<a>&amp;x=y</a>");
	CHECK_STR(render("text/plain", "{{name}} {{{amp}}}"), "Ann & Bob=1\nx &x=y");
	CHECK_STR(render("application/x-ndjson", "{\"a\":1}\n{{list}}"), "{\"a\":1}\n[1,\"b\"]");
	CHECK_STR(render("", "{{id}}"), "7");
	CHECK_STR(render("text/plain", "{{none}}"), "");
}

static void xml_is_checked(void)
{
	/* On compiling, whatever the values are. */
	CHECK_CONTAINS(
		render("application/xml", "<a>\n{{name}}</b>"), "!template 2:9 The XML is not well-formed");
	CHECK_CONTAINS(error.message, "</b> stands where </a> must come");
	CHECK_CONTAINS(render("text/xml", "<a>{{#list}}<b>{{/list}}</a>"), "rendered once: The XML");
	CHECK_CONTAINS(render("application/soap+xml", "<!DOCTYPE a><a/>"), "DOCTYPE");
	CHECK_STR(
		render("text/xml", "<a>{{#list}}<b>{{.}}</b>{{/list}}</a>"), "<a><b>1</b><b>b</b></a>");
	CHECK_STR(render("text/xml", "{{#none}}<a/>{{/none}}{{^none}}<b/>{{/none}}"), "<b/>");
	CHECK_STR(render("text/xml", "<{{key}} {{key}}=\"{{amp}}\"/>"), "<a a=\"&amp;x=y\"/>");
	/* On rendering, because only the values show it. */
	CHECK_CONTAINS(render("text/xml", "<{{id}}/>"), "!template 1:1 The XML is not well-formed");
	CHECK_CONTAINS(
		render("text/xml", "<a>{{{amp}}}</a>"), "!template 1:4 The XML is not well-formed");
	CHECK_CONTAINS(render("text/xml", "{{#none}}<a/>{{/none}}"), "there is no element");
	CHECK_CONTAINS(render("text/xml", "{{#list}}<a/>{{/list}}"), "a second root");
}

#define BOUNDARY "KiviHook-0123456789012345678901234567890123456789"

/* The multipart body, with the boundary that its content type names as ^. */
static const char *render_multipart(const char *source, const char *data)
{
	static char shown[4000];
	char type[200], boundary[100] = "";
	const char *body = render_data("multipart/form-data", source, data), *at = body;
	kh_body *compiled = NULL;
	size_t written = 0;
	kh_buf out;

	if (body[0] == '!') {
		return body;
	}
	kh_buf_init(&out, 1000);
	CHECK_STATUS(kh_body_compile(KH_STR("multipart/form-data"), (kh_str){source, strlen(source)},
					 &compiled, NULL),
		KH_OK);
	CHECK(kh_body_has_own_type(compiled));
	CHECK_STATUS(kh_body_content_type(compiled, KH_STR("multipart/form-data"),
					 (kh_str){body, strlen(body)}, &out, NULL),
		KH_OK);
	snprintf(type, sizeof(type), "%.*s", (int)out.len, out.data);
	CHECK_INT(sscanf(type, "multipart/form-data; boundary=%99s", boundary), 1);
	CHECK_INT(strlen(boundary), strlen(BOUNDARY));
	while (*at != '\0' && written + 1 < sizeof(shown)) {
		bool is_boundary = strncmp(at, boundary, strlen(boundary)) == 0;
		shown[written++] = is_boundary ? '^' : *at;
		at += is_boundary ? strlen(boundary) : 1;
	}
	shown[written] = '\0';
	kh_body_free(compiled);
	kh_buf_free(&out);
	return shown;
}

#define FIELD(name) "--^\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static void multipart_has_a_part_for_each_field(void)
{
	CHECK_STR(render_multipart("a={{id}}\nText=Hi {{name}}", DATA),
		FIELD("a") "7\r\n" FIELD("Text") "Hi Ann & Bob=1\nx\r\n--^--\r\n");
	CHECK_STR(render_multipart("a=%41&{{list}}={{phone}}", DATA),
		FIELD("a") "A\r\n" FIELD("[1,%22b%22]") "+49 30 1\r\n--^--\r\n");
	CHECK_STR(render_multipart("{{name}}=1", DATA), FIELD("Ann & Bob=1%0Ax") "1\r\n--^--\r\n");
	CHECK_STR(render_multipart("", "{\"x\":1.50,\"y\":null}"),
		FIELD("x") "1.50\r\n" FIELD("y") "\r\n--^--\r\n");
	CHECK_STR(render_multipart("", "{}"), "--^--\r\n");
	CHECK_CONTAINS(render_multipart("a", DATA), FIELD("a"));
	CHECK_CONTAINS(render_multipart("a=1\nb", DATA), "!template 2:1 This line has no =");
	CHECK_CONTAINS(
		render("multipart/form-data; boundary=x", "a=1"), "!invalid 0:0 The boundary is made");
}

static void a_boundary_belongs_to_its_body(void)
{
	char first[4000], again[4000];
	const char *attack = "{\"a\":\"\\r\\n--" BOUNDARY "--\\r\\n\"}";

	snprintf(first, sizeof(first), "%s", render("multipart/form-data", "a=1"));
	snprintf(again, sizeof(again), "%s", render("multipart/form-data", "a=1"));
	CHECK_STR(again, first);
	CHECK(strncmp(render("multipart/form-data", "a=2"), first, 2 + strlen(BOUNDARY)) != 0);
	CHECK_STR(
		render_multipart("a={{a}}", attack), FIELD("a") "\r\n--" BOUNDARY "--\r\n\r\n--^--\r\n");
}

static void html_is_escaped(void)
{
	CHECK_STR(render("text/html; charset=utf-8", "<p>{{name}} {{{amp}}}</p>"),
		"<p>Ann &amp; Bob=1\nx &x=y</p>");
}

static void forms_have_sections_and_filters_within_a_pair(void)
{
	CHECK_STR(
		render(FORM, "To={{phone | e164}}&T={{#list}}{{.}}; {{/list}}{{tag | default:\"&\"}}"),
		"To=%2B49301&T=1%3B+b%3B+%7B%7Bid%7D%7D");
	CHECK_STR(render(FORM, "a={{missing | default:\"x&y=z\"}}&b=1"), "a=x%26y%3Dz&b=1");
	CHECK_CONTAINS(render(FORM, "b=1\n{{#list}}\na={{.}}\n{{/list}}"),
		"!template 2:1 A section can't stand around");
	CHECK_CONTAINS(render(FORM, "{{#list}}a={{.}}&{{/list}}"),
		"!template 1:1 The section {{#list}} is not closed");
}

/* {"a":"xxx…"} with 90,000 x. */
static char *long_data(void)
{
	char *data = malloc(90000 + 9);

	memcpy(data, "{\"a\":\"", 6);
	memset(data + 6, 'x', 90000);
	memcpy(data + 90006, "\"}", 3);
	return data;
}

static void too_large_is_refused_with_its_size(void)
{
	const char *types[] = {JSON, FORM, "text/plain"};
	const char *sources[] = {"\"{{a}}{{a}}{{a}}\"", "a={{a}}{{a}}{{a}}", "{{a}}{{a}}{{a}}"};
	const char *sizes[] = {"270002 bytes", "270002 bytes", "270000 bytes"};
	char *data = long_data();

	for (int i = 0; i < 3; i++) {
		CHECK_CONTAINS(render_data(types[i], sources[i], data), "!too_large");
		CHECK_CONTAINS(error.message, sizes[i]);
		CHECK_CONTAINS(error.message, "262144");
	}
	free(data);
}

static void far_too_large_is_refused_without_being_built(void)
{
	char *data = long_data(), *source = malloc(5 * 4000 + 1);

	for (int i = 0; i < 4000; i++) {
		memcpy(source + 5 * i, "{{a}}", 6);
	}
	CHECK_CONTAINS(render_data("text/plain", source, data), "!too_large");
	CHECK_CONTAINS(error.message, "more than 4194304 bytes");
	CHECK_CONTAINS(error.message, "262144");
	free(data);
	free(source);
}

static void exactly_256_kb_is_sent(void)
{
	char *source = malloc(KH_BODY_MAX_BYTES + 1);
	kh_event event = {.json = KH_STR("{\"v\":\"0123\"}")};
	kh_body *body = NULL;
	kh_buf out;

	kh_buf_init(&out, KH_BODY_MAX_BYTES);
	memset(source, 'x', KH_BODY_MAX_BYTES);
	CHECK_STATUS(kh_event_open(&event, NULL), KH_OK);
	memcpy(source, "{{v}}", 5);
	CHECK_STATUS(
		kh_body_compile(KH_STR("text/plain"), (kh_str){source, KH_BODY_MAX_BYTES}, &body, &error),
		KH_OK);
	CHECK_STATUS(kh_body_render(body, &event, &out, &error), KH_OK);
	CHECK_INT(out.len, KH_BODY_MAX_BYTES - 1);
	kh_body_free(body);
	CHECK_STATUS(kh_body_compile(
					 KH_STR("text/plain"), (kh_str){source, KH_BODY_MAX_BYTES + 1}, &body, &error),
		KH_ERR_TOO_LARGE);
	kh_event_clear(&event);
	kh_buf_free(&out);
	free(source);
}

static void names_are_listed_once(void)
{
	kh_body *body = NULL;

	CHECK_STATUS(
		kh_body_compile(KH_STR(FORM), KH_STR("{{b}}={{a}}&c={{b}}{{d}}"), &body, NULL), KH_OK);
	CHECK_INT(kh_body_variable_count(body), 3);
	CHECK_BYTES(kh_body_variable(body, 0), "b");
	CHECK_BYTES(kh_body_variable(body, 2), "d");
	CHECK_INT(kh_body_variable(body, 3).len, 0);
	kh_body_free(body);
	CHECK_STATUS(kh_body_compile(KH_STR(JSON), KH_STR(""), &body, NULL), KH_OK);
	CHECK_INT(kh_body_variable_count(body), 0);
	kh_body_free(body);
	kh_body_free(NULL);
}

int main(void)
{
	RUN(an_empty_template_is_the_standard_body);
	RUN(json_is_typed_and_parsed);
	RUN(a_form_has_one_pair_per_line);
	RUN(a_form_in_one_line_is_split_at_ampersands);
	RUN(a_value_adds_no_pair_and_no_variable);
	RUN(xml_and_text);
	RUN(xml_is_checked);
	RUN(multipart_has_a_part_for_each_field);
	RUN(a_boundary_belongs_to_its_body);
	RUN(html_is_escaped);
	RUN(forms_have_sections_and_filters_within_a_pair);
	RUN(too_large_is_refused_with_its_size);
	RUN(far_too_large_is_refused_without_being_built);
	RUN(exactly_256_kb_is_sent);
	RUN(names_are_listed_once);
	return check_done();
}
