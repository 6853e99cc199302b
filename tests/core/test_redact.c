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

int main(void)
{
	RUN(knows_secret_names);
	RUN(masks_urls);
	RUN(masks_secrets_in_every_form);
	RUN(masks_overlapping_secrets);
	RUN(leaves_nothing_when_there_is_no_room);
	return check_done();
}
