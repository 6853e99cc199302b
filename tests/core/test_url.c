#include "check.h"
#include "kh_url.h"

#include <stdlib.h>

static kh_error error;

static const char *normalise(const char *url, bool *is_http)
{
	static char result[1000];
	bool http = false;
	kh_status status;
	kh_buf out;

	memset(&error, 0, sizeof(error));
	kh_buf_init(&out, KH_URL_MAX_BYTES);
	status = kh_url_normalise((kh_str){url, strlen(url)}, &out, &http, &error);
	snprintf(result, sizeof(result), "%s%s", status == KH_OK ? "" : "!",
		status == KH_OK ? out.data : error.message);
	if (is_http != NULL) {
		*is_http = http;
	}
	kh_buf_free(&out);
	return result;
}

static kh_status check_template(const char *source)
{
	memset(&error, 0, sizeof(error));
	return kh_url_check_template((kh_str){source, strlen(source)}, &error);
}

static void normalises(void)
{
	bool is_http = false;

	CHECK_STR(normalise("https://Example.COM/a?b=c", &is_http), "https://example.com/a?b=c");
	CHECK(!is_http);
	CHECK_STR(normalise("HTTP://example.com", &is_http), "http://example.com/");
	CHECK(is_http);
	CHECK_STR(normalise("https://example.com:443/a/../b/./c", NULL), "https://example.com/b/c");
	CHECK_STR(normalise("https://example.com:8443?x=1", NULL), "https://example.com:8443/?x=1");
	/* In which case the digits are is libcurl's choice, and has changed. */
	CHECK(strcasecmp(normalise("https://example.com/caf\xC3\xA9?n=\xC3\xA9", NULL),
			  "https://example.com/caf%c3%a9?n=%c3%a9") == 0);
	CHECK_STR(normalise("https://[2001:DB8::1]:8443/", NULL), "https://[2001:db8::1]:8443/");
	/* Other ways to write an address: what is connected to is what is shown. */
	CHECK_STR(normalise("http://0x7f.1/", NULL), "http://127.0.0.1/");
	CHECK_STR(normalise("http://2130706433/", NULL), "http://127.0.0.1/");
	CHECK_STR(normalise("http://017700000001/", NULL), "http://127.0.0.1/");
}

static void refuses(void)
{
	static const struct {
		const char *url, *says;
	} cases[] = {{"", "must begin with https://"}, {"example.com", "must begin with https://"},
		{"ftp://example.com/", "must begin with https://"}, {"file:///etc/passwd", "begin with"},
		{"javascript:alert(1)", "begin with"}, {"https:/example.com", "begin with"},
		{"https:example.com", "begin with"}, {"//example.com", "begin with"},
		{" https://example.com", "begin with"}, {"https://", "begin with"},
		{"https:///a", "no host"}, {"https://?a", "no host"},
		{"https://user:pw@example.com/", "Basic authentication"},
		{"https://user@example.com/", "Basic authentication"},
		{"https://@example.com/", "Basic authentication"},
		{"https://example.com\\@evil.example/", "no backslashes"},
		{"https://example.com/#a", "behind #"}, {"https://example.com#@evil.example", "behind #"},
		{"https://example.com/a b", "no blanks"}, {"https://example.com/a\tb", "no blanks"},
		{"https://example.com/\r\nHost: x", "no blanks"}, {"https://example.com/\x7F", "no blanks"},
		{"https://exa%6dple.com/", "without %"}, {"https://[fe80::1%25eth0]/", "without %"},
		{"https://ex\xC3\xA4mple.com/", "in its ASCII form: xn--exmple-cua.com."},
		{"https://b\xC3\xBC"
		 "cher.example:8443/a",
			"ASCII form: xn--bcher-kva.example."},
		{"https://\xF0\x9F\x98\x80\xFF/", "ASCII form (xn--"},
		{"https://\xD0\xB0pple.com/", "ASCII form: xn--pple-43d.com."},
		{"https://example.com:0/", "from 1 to 65535"},
		{"https://example.com:99999/", "from 1 to 65535"},
		{"https://example.com:80x/", "from 1 to 65535"}, {"https://[::1/", "can't be read"},
		{"https://exa mple.com/", "no blanks"}, {"https://a<b/", "can't be read"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = normalise(cases[i].url, NULL);
		if (got[0] != '!' || strstr(got, cases[i].says) == NULL) {
			check_fail(__FILE__, __LINE__, "%s: %s", cases[i].url, got);
		}
		CHECK_INT(error.status, KH_ERR_URL);
	}
	CHECK_STATUS(
		kh_url_normalise(KH_STR("https://a.example/\0b"), &(kh_buf){0}, NULL, &error), KH_ERR_URL);
}

static void templates_may_fill_path_and_query(void)
{
	CHECK_STATUS(check_template("https://example.com/{{id}}/x?a={{ name }}&{{{k}}}=1"), KH_OK);
	CHECK_STATUS(check_template("https://example.com?a={{id}}"), KH_OK);
	CHECK_STATUS(check_template("http://127.0.0.1:8080/{{! a note # }}x"), KH_OK);
}

static void templates_have_a_literal_host(void)
{
	static const struct {
		const char *source;
		unsigned column;
	} cases[] = {{"{{url}}", 1}, {"{{scheme}}://example.com/", 1}, {"https://{{host}}/", 9},
		{"https://a.{{host}}/", 11}, {"https://example.com:{{port}}/", 21},
		{"https://example.com{{path}}", 20}, {"https://{{u}}@example.com/", 9},
		{"https{{! }}://example.com/", 6}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_STATUS(check_template(cases[i].source), KH_ERR_URL);
		CHECK_CONTAINS(error.message, "can't stand in the scheme, host or port");
		CHECK_INT(error.column, cases[i].column);
	}
	CHECK_STATUS(check_template("https://example.com/{{id}}#x"), KH_ERR_URL);
	CHECK_INT(error.column, 27);
	CHECK_STATUS(check_template("https://example.com/{{id}} x"), KH_ERR_URL);
	CHECK_STATUS(check_template("https://example.com/{{id"), KH_ERR_TEMPLATE);
	CHECK_INT(error.column, 21);
	CHECK_STATUS(check_template("ftp://example.com/{{id}}"), KH_ERR_URL);
}

static void long_urls_are_refused(void)
{
	char *url = malloc(KH_URL_MAX_BYTES + 2);
	static const char begin[] = "https://example.com/";

	memset(url, 'a', KH_URL_MAX_BYTES + 1);
	memcpy(url, begin, sizeof(begin) - 1);
	url[KH_URL_MAX_BYTES] = '\0';
	CHECK_STATUS(check_template(url), KH_OK);
	url[KH_URL_MAX_BYTES] = 'a';
	url[KH_URL_MAX_BYTES + 1] = '\0';
	CHECK_STATUS(check_template(url), KH_ERR_URL);
	CHECK_CONTAINS(error.message, "8193 bytes");
	free(url);
}

static void appends_queries(void)
{
	kh_buf url;

	kh_buf_init(&url, 60);
	kh_buf_append_str(&url, KH_STR("https://x/a"));
	CHECK_STATUS(kh_url_append_query(&url, KH_STR("a b"), KH_STR("c&d=+\xC3\xA9")), KH_OK);
	CHECK_BYTES(url, "https://x/a?a%20b=c%26d%3D%2B%C3%A9");
	CHECK_STATUS(kh_url_append_query(&url, KH_STR("e"), KH_STR("")), KH_OK);
	CHECK_BYTES(url, "https://x/a?a%20b=c%26d%3D%2B%C3%A9&e=");
	CHECK_STATUS(kh_url_append_query(&url, KH_STR("f"), KH_STR("          ")), KH_ERR_TOO_LARGE);
	CHECK_BYTES(url, "https://x/a?a%20b=c%26d%3D%2B%C3%A9&e=");
	kh_buf_clear(&url);
	kh_buf_append_str(&url, KH_STR("https://x/?"));
	CHECK_STATUS(kh_url_append_query(&url, KH_STR("k"), KH_STR("v~-._")), KH_OK);
	CHECK_BYTES(url, "https://x/?k=v~-._");
	kh_buf_free(&url);
}

int main(void)
{
	RUN(normalises);
	RUN(refuses);
	RUN(templates_may_fill_path_and_query);
	RUN(templates_have_a_literal_host);
	RUN(long_urls_are_refused);
	RUN(appends_queries);
	return check_done();
}
