#include "check.h"
#include "kh_request.h"

#include <stdlib.h>

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static kh_status set(kh_request *request, const char *name, const char *value)
{
	return kh_request_set_header(request, str(name), str(value), false, NULL);
}

static void keeps_headers_in_their_order(void)
{
	kh_request *request = kh_request_new();

	CHECK_STATUS(set(request, "X-B", "1"), KH_OK);
	CHECK_STATUS(set(request, "X-A", ""), KH_OK);
	CHECK_STATUS(kh_request_set_header(request, KH_STR("X-Key"), KH_STR("k"), true, NULL), KH_OK);
	CHECK_INT(request->header_count, 3);
	CHECK_STR(request->headers[0].name, "X-B");
	CHECK_STR(request->headers[1].value, "");
	CHECK(!request->headers[1].secret);
	CHECK(request->headers[2].secret);
	kh_request_free(request);
}

static void replaces_a_header_whatever_its_case(void)
{
	kh_request *request = kh_request_new();

	set(request, "content-type", "a/b");
	set(request, "X-A", "1");
	CHECK_STATUS(
		kh_request_set_header(request, KH_STR("Content-Type"), KH_STR("c/d"), true, NULL), KH_OK);
	CHECK_INT(request->header_count, 2);
	CHECK_STR(request->headers[0].name, "Content-Type");
	CHECK_STR(request->headers[0].value, "c/d");
	CHECK(request->headers[0].secret);
	kh_request_free(request);
}

static void drops_blanks_around_a_value(void)
{
	kh_request *request = kh_request_new();

	CHECK_STATUS(set(request, "X-A", " \t a b\t "), KH_OK);
	CHECK_STATUS(set(request, "X-B", "  "), KH_OK);
	CHECK_STATUS(set(request, "X-C", "Z\xC3\xBCrich"), KH_OK);
	CHECK_STR(request->headers[0].value, "a b");
	CHECK_STR(request->headers[1].value, "");
	CHECK_STR(request->headers[2].value, "Z\xC3\xBCrich");
	kh_request_free(request);
}

static void refuses_what_could_add_a_header(void)
{
	static const kh_str VALUES[] = {KH_STR("a\r\nX-B: 1"), KH_STR("a\n"), KH_STR("\ra"),
		KH_STR("a\0b"), KH_STR("a\x01"), KH_STR("a\x7F"), KH_STR("a\x1B[0m")};
	kh_request *request = kh_request_new();
	size_t i;

	for (i = 0; i < sizeof(VALUES) / sizeof(VALUES[0]); i++) {
		kh_error error = {0};
		CHECK_STATUS(kh_request_set_header(request, KH_STR("X-A"), VALUES[i], false, &error),
			KH_ERR_INVALID);
		CHECK_CONTAINS(error.message, "\"X-A\"");
	}
	CHECK_INT(request->header_count, 0);
	kh_request_free(request);
}

static void a_name_is_a_token(void)
{
	static const kh_str WRONG[] = {KH_STR(""), KH_STR("X A"), KH_STR("X-A:"), KH_STR("X\r\n"),
		KH_STR("X\0A"), KH_STR("\xC3\xBC"), KH_STR("X(1)"), KH_STR("a/b"), KH_STR("a\"b"),
		KH_STR("a{b}"), KH_STR(" X"), KH_STR("a=b"), KH_STR("a@b"), KH_STR("a\x7F")};
	kh_request *request = kh_request_new();
	size_t i;

	for (i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
		CHECK(!kh_request_is_token(WRONG[i]));
		CHECK_STATUS(
			kh_request_set_header(request, WRONG[i], KH_STR("x"), false, NULL), KH_ERR_INVALID);
	}
	CHECK(kh_request_is_token(KH_STR("!#$%&'*+-.^_`|~09azAZ")));
	kh_request_free(request);
}

static void limits_hold(void)
{
	static char long_text[KH_REQUEST_MAX_HEADER_BYTES + 1];
	kh_request *request = kh_request_new();
	kh_error error = {0};
	char name[16];
	int i;

	memset(long_text, 'a', sizeof(long_text));
	CHECK_STATUS(kh_request_set_header(request, KH_STR("X-A"),
					 (kh_str){long_text, KH_REQUEST_MAX_HEADER_BYTES - 7}, false, &error),
		KH_OK);
	CHECK_STATUS(kh_request_set_header(request, KH_STR("X-A"),
					 (kh_str){long_text, KH_REQUEST_MAX_HEADER_BYTES - 6}, false, &error),
		KH_ERR_TOO_LARGE);
	CHECK_CONTAINS(error.message, "8192");
	CHECK_STATUS(kh_request_set_header(
					 request, (kh_str){long_text, sizeof(long_text)}, KH_STR(""), false, &error),
		KH_ERR_TOO_LARGE);
	for (i = 1; i < KH_REQUEST_MAX_HEADERS; i++) {
		snprintf(name, sizeof(name), "X-%d", i);
		CHECK_STATUS(set(request, name, "x"), KH_OK);
	}
	CHECK_STATUS(kh_request_set_header(request, KH_STR("X-More"), KH_STR("x"), false, &error),
		KH_ERR_TOO_LARGE);
	CHECK_CONTAINS(error.message, "64");
	CHECK_STATUS(set(request, "x-1", "replaced"), KH_OK);
	CHECK_INT(request->header_count, KH_REQUEST_MAX_HEADERS);
	kh_request_free(request);
}

static void keeps_each_secret_once(void)
{
	kh_request *request = kh_request_new();

	CHECK_STATUS(kh_request_add_secret(request, KH_STR("abcd"), NULL), KH_OK);
	CHECK_STATUS(kh_request_add_secret(request, KH_STR(""), NULL), KH_OK);
	CHECK_STATUS(kh_request_add_secret(request, KH_STR("efgh"), NULL), KH_OK);
	CHECK_STATUS(kh_request_add_secret(request, KH_STR("abcd"), NULL), KH_OK);
	CHECK_STATUS(kh_request_add_secret(request, KH_STR("a\0b"), NULL), KH_ERR_INVALID);
	CHECK_INT(request->secret_count, 2);
	CHECK_STR(request->secrets[1], "efgh");
	kh_request_free(request);
	kh_request_free(NULL);
}

static void knows_the_reserved_names(void)
{
	static const char *const RESERVED[] = {"Host", "content-length", "Transfer-Encoding",
		"CONNECTION", "Expect", "webhook-id", "Webhook-Anything", "webhook-", "TE", "Upgrade"};
	static const char *const FREE[] = {"", "Hos", "Hosts", "webhook", "X-webhook-id",
		"Content-Type", "Content-Encoding", "User-Agent", "Authorization", "Accept"};
	size_t i;

	for (i = 0; i < sizeof(RESERVED) / sizeof(RESERVED[0]); i++) {
		CHECK(kh_request_reserved(str(RESERVED[i])) != NULL);
	}
	for (i = 0; i < sizeof(FREE) / sizeof(FREE[0]); i++) {
		CHECK(kh_request_reserved(str(FREE[i])) == NULL);
	}
}

int main(void)
{
	RUN(keeps_headers_in_their_order);
	RUN(replaces_a_header_whatever_its_case);
	RUN(drops_blanks_around_a_value);
	RUN(refuses_what_could_add_a_header);
	RUN(a_name_is_a_token);
	RUN(limits_hold);
	RUN(keeps_each_secret_once);
	RUN(knows_the_reserved_names);
	return check_done();
}
