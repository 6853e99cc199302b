#include "check.h"
#include "kh_redact.h"

#include <stdlib.h>

static void knows_secret_names(void)
{
	static const char *const secret[] = {"Authorization", "proxy-authorization", "Cookie",
		"SET-COOKIE", "X-API-Key", "apikey", "api_key", "access_token", "X-Auth-Token",
		"client_secret", "password", "webhook-signature", "X-Hub-Signature-256", "sig", "x-sig",
		"auth", "X-Auth"};
	static const char *const open[] = {
		"", "Content-Type", "design", "author", "webhook-id", "passenger", "Accept", "compass"};

	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		if (!kh_redact_is_secret_name((kh_str){secret[i], strlen(secret[i])})) {
			check_fail(__FILE__, __LINE__, "not masked: %s", secret[i]);
		}
	}
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		if (kh_redact_is_secret_name((kh_str){open[i], strlen(open[i])})) {
			check_fail(__FILE__, __LINE__, "masked: %s", open[i]);
		}
	}
	CHECK(!kh_redact_is_secret_name((kh_str){NULL, 0}));
}

static void masks_urls(void)
{
	static const struct {
		const char *url, *expected;
	} cases[] = {{"https://x/a", "https://x/a"},
		{"https://x/?a=1&api_key=abc&b=2", "https://x/?a=1&api_key=***&b=2"},
		{"https://x/?token=abc", "https://x/?token=***"}, {"https://x/?token", "https://x/?token"},
		{"https://x/?token=", "https://x/?token=***"},
		{"https://x/?t%6Fken=abc&", "https://x/?t%6Fken=***&"},
		{"https://x/?a=1#access_token=abc&x=1", "https://x/?a=1#access_token=***&x=1"},
		{"https://x/?a=token=b", "https://x/?a=token=b"},
		{"https://x/?sig=a=b=", "https://x/?sig=***"},
		{"https://x/?sig=a;b=c&d=e", "https://x/?sig=***&d=e"},
		{"https://x/?a=1;sig=b", "https://x/?a=1;sig=***"},
		{"https://user:pw@x/a@b?c=d@e", "https://***@x/a@b?c=d@e"},
		{"https://user:p@w@x:1/", "https://***@x:1/"}, {"", ""}, {"x?key=1", "x?key=***"}};
	kh_buf out;

	kh_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		kh_buf_clear(&out);
		CHECK_STATUS(kh_redact_url(&out, (kh_str){cases[i].url, strlen(cases[i].url)}), KH_OK);
		CHECK_BYTES(out, cases[i].expected);
	}
	kh_buf_free(&out);
	CHECK_STATUS(kh_redact_url(&(kh_buf){.max_bytes = 5}, KH_STR("https://x/")), KH_ERR_TOO_LARGE);
}

static void check_text(const char *text, const char *secret, const char *expected)
{
	kh_str secrets[] = {{secret, strlen(secret)}};
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(kh_redact_text(&out, (kh_str){text, strlen(text)}, secrets, 1), KH_OK);
	CHECK_BYTES(out, expected);
	kh_buf_free(&out);
}

static void masks_secrets_in_every_form(void)
{
	const char *secret = "p/w \"\xC3\xA9+";

	check_text("a s3cret b s3cret", "s3cret", "a *** b ***");
	check_text("s3crets3cret", "s3cret", "******");
	check_text("as p/w \"\xC3\xA9+ is", secret, "as *** is");
	check_text("?a=p%2Fw%20%22%C3%A9%2B&", secret, "?a=***&");
	check_text("?a=p%2fw%20%22%c3%a9%2b&", secret, "?a=***&");
	check_text("?a=p%2Fw+%22%C3%A9%2B&", secret, "?a=***&");
	check_text("{\"a\":\"p/w \\\"\xC3\xA9+\"}", secret, "{\"a\":\"***\"}");
	check_text("{\"a\":\"s\\/lash\"}", "s/lash", "{\"a\":\"***\"}");
	check_text("Basic dXNlcjpwYXNz!", "user:pass", "Basic ***!");
	check_text("dXNlcjpwYXNzdw== dXNlcjpwYXNzdw.", "user:passw", "*** ***.");
	check_text("-_-_-_-_", "\xFB\xFF\xBF\xFB\xFF\xBF", "***");
	check_text("nothing here", "s3cret", "nothing here");
	check_text("abc", "abc", "abc");
	check_text("", "s3cret", "");
}

/* Each program escapes in its own way, and some escape more than they have to. */
static void masks_secrets_however_they_are_written(void)
{
	const char *secret = "Zo\xC3\xAB O'N\xF0\x9F\x98\x80il & \"Co\"/<1>";

	check_text("[Zo\xC3\xAB O'N\xF0\x9F\x98\x80il & \"Co\"/<1>]", secret, "[***]");
	/* PHP's json_encode(), JavaScript's, and one that escapes everything. */
	check_text("[Zo\\u00eb O'N\\ud83d\\ude00il & \\\"Co\\\"\\/<1>]", secret, "[***]");
	check_text("[Zo\xC3\xAB O'N\xF0\x9F\x98\x80il & \\\"Co\\\"/<1>]", secret, "[***]");
	check_text("[\\u005A\\u006f\\u00EB\\u0020\\u004f\\u0027N\\uD83D\\uDE00il \\u0026 "
			   "\\u0022Co\\u0022\\u002f"
			   "\\u003C1\\u003E]",
		secret, "[***]");
	/* encodeURIComponent(), rawurlencode(), a form. */
	check_text("?Zo%C3%AB%20O'N%F0%9F%98%80il%20%26%20%22Co%22%2F%3C1%3E&", secret, "?***&");
	check_text("?Zo%c3%ab%20O%27N%f0%9f%98%80il%20%26%20%22Co%22%2f%3c1%3e&", secret, "?***&");
	check_text("?Zo%C3%AB+O%27N%F0%9F%98%80il+%26+%22Co%22/%3C1%3E&", secret, "?***&");
	/* htmlspecialchars(), XML with numbers. */
	check_text(
		"[Zo\xC3\xAB O&#039;N\xF0\x9F\x98\x80il &amp; &quot;Co&quot;/&lt;1&gt;]", secret, "[***]");
	check_text("[Zo&#235; O&apos;N&#x1F600;il &#38; &#34;Co&#x22;/&#60;1&#X3e;]", secret, "[***]");
	check_text("[100%25 50%]", "100% 50%", "[***]"); /* in two ways at once */
	check_text("[100% 50%] [100%25%2050%25] [100%25+50%25]", "100% 50%", "[***] [***] [***]");
	check_text("a\\b \\\\b", "a\\b", "a\\b \\\\b"); /* three bytes */
	check_text("pa\\b [pa\\\\b]", "pa\\b", "*** [***]");
	check_text("Zo&euml;", "Zo\xC3\xAB", "Zo&euml;"); /* what nobody can list */
	check_text("&amp &; &#; &#x; &#xFFFFFFFFF; \\u12 \\ud83d \\ud83d\\u0041 %4 %", "s3cret",
		"&amp &; &#; &#x; &#xFFFFFFFFF; \\u12 \\ud83d \\ud83d\\u0041 %4 %");
}

static void masks_secrets_within_base64(void)
{
	/* base64 of "s3cret-value" in other texts: "x:s3cret-value", "ab:s3cret-value!",
	 * "abc:s3cret-value..". */
	check_text("eDpzM2NyZXQtdmFsdWU=", "s3cret-value", "eDp***U=");
	check_text("YWI6czNjcmV0LXZhbHVlIQ==", "s3cret-value", "YWI6***IQ==");
	check_text("YWJjOnMzY3JldC12YWx1ZS4u", "s3cret-value", "YWJjOn***S4u");
	check_text("\"-_-_\\/\\/\\/\\/\"", "\xFB\xFF\xBF\xFF\xFF\xFF", "\"***\"");
	check_text("%2B%2F%2b/%2F%2F%2F%2F", "\xFB\xFF\xBF\xFF\xFF\xFF", "***");
	/* A short one in the middle of something else: too likely by chance. */
	check_text("eDphYmNk", "abcd", "eDphYmNk");
}

static void masks_overlapping_secrets(void)
{
	kh_str secrets[] = {
		KH_STR("abcd"), KH_STR("bcdefgh"), KH_STR("abcdX"), KH_STR("no"), {NULL, 0}};
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(kh_redact_text(&out, KH_STR("1abcdefgh2abcdX3abcd no"), secrets, 5), KH_OK);
	CHECK_BYTES(out, "1***2***3*** no");
	kh_buf_clear(&out);
	CHECK_STATUS(kh_redact_text(&out, KH_STR("abcd"), NULL, 0), KH_OK);
	CHECK_BYTES(out, "abcd");
	kh_buf_free(&out);
}

static void leaves_nothing_when_there_is_no_room(void)
{
	kh_str secrets[] = {KH_STR("s3cret")};
	kh_buf out;

	kh_buf_init(&out, 12);
	kh_buf_append_str(&out, KH_STR("before"));
	CHECK_STATUS(kh_redact_text(&out, KH_STR("a s3cret b s3cret"), secrets, 1), KH_ERR_TOO_LARGE);
	CHECK_BYTES(out, "before");
	kh_buf_free(&out);
}

static void check_body(const char *type, const char *text, const char *expected)
{
	const kh_str names[] = {KH_STR("patient_email"), KH_STR("Diagnosis")};
	kh_buf out;

	kh_buf_init(&out, 4000);
	CHECK_STATUS(
		kh_redact_body(&out, (kh_str){type, strlen(type)}, (kh_str){text, strlen(text)}, names, 2),
		KH_OK);
	CHECK_BYTES(out, expected);
	kh_buf_free(&out);
}

static void masks_json_members_at_any_depth(void)
{
	const char *json = "application/json; charset=utf-8";

	check_body(json, "{\"a\":1,\"password\":\"x\"}", "{\"a\":1,\"password\":\"***\"}");
	check_body(json, "{\"a\":[{\"b\":{\"Token\" : 12.5, \"c\":2}}]}",
		"{\"a\":[{\"b\":{\"Token\" : \"***\", \"c\":2}}]}");
	check_body(json, "[{\"secret\":{\"a\":[1,\"}\"]}},{\"b\":\"secret\"}]",
		"[{\"secret\":\"***\"},{\"b\":\"secret\"}]");
	check_body(json, "{\"api_key\":[1,[2]],\"b\":true}", "{\"api_key\":\"***\",\"b\":true}");
	check_body(json, "{\"token\":null,\"pwd\":\"\",\"jwt\":false}",
		"{\"token\":null,\"pwd\":\"***\",\"jwt\":\"***\"}");
	check_body(json, "{\"\\u0070assword\":\"x\",\"pass\\u0077ord\":\"y\"}",
		"{\"\\u0070assword\":\"***\",\"pass\\u0077ord\":\"***\"}");
	check_body(json, "{\"token\":\"a\\\"b\\\\\",\"c\":1}", "{\"token\":\"***\",\"c\":1}");
	check_body(json, "{\"PATIENT_EMAIL\":\"a@b\",\"diagnosis\":{\"x\":1},\"email\":\"c\"}",
		"{\"PATIENT_EMAIL\":\"***\",\"diagnosis\":\"***\",\"email\":\"c\"}");
	/* Not what it says, or cut off. */
	check_body("text/html", " {\"token\":\"x\"}", " {\"token\":\"***\"}");
	check_body("", "\xEF\xBB\xBF{\"token\":1}", "\xEF\xBB\xBF{\"token\":\"***\"}");
	check_body(json, ")]}',\n{\"token\":\"x\"}", ")]}',\n{\"token\":\"***\"}");
	check_body(json, "{\"a\":1}\n{\"token\":1}\n", "{\"a\":1}\n{\"token\":\"***\"}\n");
	check_body(json, "{\"token\":\"abc", "{\"token\":\"***\"");
	check_body(json, "{\"token\":{\"a\":\"b", "{\"token\":\"***\"");
	check_body(json, "{\"token\":", "{\"token\":");
	check_body(json, "{\"token\"", "{\"token\"");
	check_body(json, "", "");
}

static void masks_form_pairs(void)
{
	const char *form = "application/x-www-form-urlencoded";

	check_body(form, "a=1&password=x&b=2", "a=1&password=***&b=2");
	check_body(form, "user%5Bpass%77ord%5D=x%26y", "user%5Bpass%77ord%5D=***");
	check_body(form, "a+sig=a;b=c&d", "a+sig=***&d");
	check_body(form, "patient_email=a%40b&x=patient_email", "patient_email=***&x=patient_email");
	check_body(
		"text/plain", "access_token=abc&token_type=bearer", "access_token=***&token_type=***");
	check_body("text/plain", "see: access_token=abc", "see: access_token=abc");
	check_body(form, "=x&&token=", "=x&&token=***");
}

static void masks_xml_elements_and_attributes(void)
{
	const char *xml = "application/xml";

	check_body(
		xml, "<a><password>x</password><b>y</b></a>", "<a><password>***</password><b>y</b></a>");
	check_body(xml, "<s:Token a='1'>x<i/></s:Token >", "<s:Token a='1'>***</s:Token >");
	check_body(xml, "<a api_key=\"x\" token = 'y' b=\"z\"/>",
		"<a api_key=\"***\" token = '***' b=\"z\"/>");
	check_body(xml, "<token>a<token>b</token>c<token/></token>d<e/>", "<token>***</token>d<e/>");
	check_body(xml, "<token/>a<!-- <secret> --><![CDATA[<secret>]]><?secret x?>",
		"<token/>a<!-- <secret> --><![CDATA[<secret>]]><?secret x?>");
	check_body(xml, "<diagnosis>x</diagnosis><tokens>", "<diagnosis>***</diagnosis><tokens>***");
	check_body(xml, "<a token=\"x", "<a token=\"***");
	check_body(xml, "<a token=x>b</a>", "<a token=***>b</a>");
	check_body(xml, "a < b token", "a < b token");
	check_body(xml, "<token>x</tokens></token>", "<token>***</token>");
	check_body("text/xml", "no xml", "no xml");
}

static void masks_parts_of_a_multipart_form(void)
{
	const char *type = "multipart/form-data; boundary=\"x y\"",
			   *bare = "multipart/form-data;boundary=xy";
	const char *text =
		"--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
		"--x y\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n2\r\n3\r\n"
		"--x y\r\nContent-Disposition: form-data; name=token\r\n\r\n4\r\n--x y--\r\n";

	check_body(type, text,
		"--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
		"--x y\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n***\r\n"
		"--x y\r\nContent-Disposition: form-data; name=token\r\n\r\n***\r\n--x y--\r\n");
	check_body(bare, "--xy\r\ncontent-disposition:form-data;filename=f;name=pwd\r\n\r\ncut o",
		"--xy\r\ncontent-disposition:form-data;filename=f;name=pwd\r\n\r\n***");
	check_body("multipart/form-data", text, "***");
}

static void a_body_that_has_no_room_leaves_nothing(void)
{
	kh_buf out;

	kh_buf_init(&out, 12);
	kh_buf_append_str(&out, KH_STR("before"));
	CHECK_STATUS(kh_redact_body(&out, KH_STR(""), KH_STR("{\"a\":1,\"token\":1}"), NULL, 0),
		KH_ERR_TOO_LARGE);
	CHECK_BYTES(out, "before");
	kh_buf_free(&out);
}

static void masks_the_beginning_of_a_secret_at_a_cut(void)
{
	kh_str secrets[] = {KH_STR("s3cretvalue"), KH_STR("valve")};
	kh_buf out;

	kh_buf_init(&out, 100);
	CHECK_STATUS(kh_redact_cut_text(&out, KH_STR("a s3cretvalue s3cretva"), secrets, 2), KH_OK);
	CHECK_BYTES(out, "a *** ***");
	kh_buf_clear(&out);
	CHECK_STATUS(kh_redact_cut_text(&out, KH_STR("a s3c"), secrets, 2), KH_OK);
	CHECK_BYTES(out, "a s3c");
	kh_buf_clear(&out);
	CHECK_STATUS(kh_redact_cut_text(&out, KH_STR("valvalvevalv"), secrets, 2), KH_OK);
	CHECK_BYTES(out, "val******");
	kh_buf_clear(&out);
	CHECK_STATUS(kh_redact_cut_text(&out, KH_STR("%73%33%63retva%"), secrets, 2), KH_OK);
	CHECK_BYTES(out, "***");
	kh_buf_clear(&out);
	CHECK_STATUS(kh_redact_text(&out, KH_STR("a s3cretva"), secrets, 2), KH_OK);
	CHECK_BYTES(out, "a s3cretva");
	kh_buf_free(&out);
}

int main(void)
{
	RUN(knows_secret_names);
	RUN(masks_urls);
	RUN(masks_secrets_in_every_form);
	RUN(masks_secrets_however_they_are_written);
	RUN(masks_secrets_within_base64);
	RUN(masks_overlapping_secrets);
	RUN(leaves_nothing_when_there_is_no_room);
	RUN(masks_json_members_at_any_depth);
	RUN(masks_form_pairs);
	RUN(masks_xml_elements_and_attributes);
	RUN(masks_parts_of_a_multipart_form);
	RUN(a_body_that_has_no_room_leaves_nothing);
	RUN(masks_the_beginning_of_a_secret_at_a_cut);
	return check_done();
}
