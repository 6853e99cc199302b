#include "auth_fixture.h"

#define BODY "{\"test\": 2432232314}"
#define SECRETS "{\"hmac_secret_key\":\"s3cret\",\"hmac_access_key\":\"AK-1\"}"
/* Of BODY with "s3cret", computed with Python's hmac. */
#define SHA256_HEX "17db78689dcba1572d42dfdc8a61b169b291c1ea3ee9c169d78d9fe57c2bc55d"
#define SHA256_64 "F9t4aJ3LoVctQt/cimGxabKRweo+6cFp142f5XwrxV0="
#define SHA512_HEX                                                                                 \
	"b748aa13612b057929699f90c1d9508c1161a4464184edf93f2c2333909a0e6a8760e7c0f0fbec144bbddb162b05" \
	"837907d4ceb754898f46bd9b1764eabeae44"
#define SHA1_HEX "341d22360d6aae97687d1a23159a9cef471875a5"
#define MD5_HEX "1afe69d0106656fa1dbab9b5cffa8a37"

static void check_signature(const char *members, const char *name, const char *expected)
{
	char config[300];
	outcome result;

	snprintf(config, sizeof(config), "{\"method\":\"hmac\"%s}", members);
	result = apply_to(request_to("POST", "https://example.com/", BODY), config, SECRETS);
	CHECK_STR(result.error.message, "");
	CHECK_INT(result.request->header_count, 1);
	CHECK_STR(header(result.request, name), expected);
	CHECK(result.request->header_count == 1 && result.request->headers[0].secret);
	CHECK(notes_secret(result.request, "s3cret"));
	kh_request_free(result.request);
}

static void signs_the_body_with_each_algorithm(void)
{
	check_signature("", "X-Signature", SHA256_HEX);
	check_signature(",\"algorithm\":\"HMAC-SHA256\"", "X-Signature", SHA256_HEX);
	check_signature(",\"algorithm\":\"HMAC-SHA512\"", "X-Signature", SHA512_HEX);
	check_signature(",\"algorithm\":\"HMAC-SHA1\"", "X-Signature", SHA1_HEX);
	check_signature(",\"algorithm\":\"HMAC-MD5\"", "X-Signature", MD5_HEX);
}

static void name_encoding_and_prefix_can_be_chosen(void)
{
	check_signature(",\"name\":\"X-Hub-Signature-256\",\"prefix\":\"sha256=\"",
		"X-Hub-Signature-256", "sha256=" SHA256_HEX);
	check_signature(",\"encoding\":\"base64\"", "X-Signature", SHA256_64);
}

static void a_secret_may_be_base64_or_hexadecimal(void)
{
	static const char *const CASES[][2] = {{"base64", "czNjcmV0"}, {"hex", "733363726574"}};
	char config[100], secrets[100];
	size_t i;

	for (i = 0; i < 2; i++) {
		outcome result;
		snprintf(
			config, sizeof(config), "{\"method\":\"hmac\",\"key_encoding\":\"%s\"}", CASES[i][0]);
		snprintf(secrets, sizeof(secrets), "{\"hmac_secret_key\":\"%s\"}", CASES[i][1]);
		result = apply_to(request_to("POST", "https://example.com/", BODY), config, secrets);
		CHECK_STR(header(result.request, "X-Signature"), SHA256_HEX);
		kh_request_free(result.request);
		check_refused(config, "{\"hmac_secret_key\":\"not ! that\"}", CASES[i][0]);
		check_refused(config, "{\"hmac_secret_key\":\"not ! that\"}", "(hmac_secret_key)");
	}
}

static void the_access_key_goes_where_the_signature_goes(void)
{
	outcome result = apply_to(request_to("POST", "https://example.com/", BODY),
		"{\"method\":\"hmac\",\"access_key_name\":\"X-Access-Key\"}", SECRETS);

	CHECK_INT(result.request->header_count, 2);
	CHECK_STR(header(result.request, "X-Access-Key"), "AK-1");
	CHECK_STR(header(result.request, "X-Signature"), SHA256_HEX);
	CHECK(notes_secret(result.request, "AK-1"));
	kh_request_free(result.request);
	result = apply_to(request_to("POST", "https://example.com/?a=1", BODY),
		"{\"method\":\"hmac\",\"location\":\"query\",\"name\":\"sig\","
		"\"access_key_name\":\"key\",\"prefix\":\"sha256=\"}",
		SECRETS);
	CHECK_INT(result.request->header_count, 0);
	CHECK_BYTES(result.request->url, "https://example.com/?a=1&key=AK-1&sig=sha256%3D" SHA256_HEX);
	CHECK(notes_secret(result.request, "sha256=" SHA256_HEX));
	kh_request_free(result.request);
}

/* The signature of "a=1&b=%20" with "s3cret", and of nothing; computed with Python's hmac. */
static void without_a_body_the_query_is_signed(void)
{
	outcome result = apply_to(request_to("GET", "https://example.com/x?a=1&b=%20", NULL),
		"{\"method\":\"hmac\",\"location\":\"query\",\"name\":\"sig\",\"access_key_name\":\"k\"}",
		SECRETS);

	CHECK_BYTES(result.request->url,
		"https://example.com/"
		"x?a=1&b=%20&k=AK-1&sig=216c55a3152fd94f71e58009ce2e63e9a241b9fe73c8b42129338f8640f71684");
	kh_request_free(result.request);
	result = apply_to(
		request_to("GET", "https://example.com/x", NULL), "{\"method\":\"hmac\"}", SECRETS);
	CHECK_STR(header(result.request, "X-Signature"),
		"91dfac70c5348b04e1babb8b421ac92cec08b565b49ca16130dccb72503647b7");
	kh_request_free(result.request);
	/* A body of no bytes is one: the query is not signed for it. */
	result = apply_to(
		request_to("POST", "https://example.com/x?a=1", ""), "{\"method\":\"hmac\"}", SECRETS);
	CHECK_STR(header(result.request, "X-Signature"),
		"91dfac70c5348b04e1babb8b421ac92cec08b565b49ca16130dccb72503647b7");
	kh_request_free(result.request);
}

static void sha1_and_md5_are_called_weak(void)
{
	static const char *const CASES[][2] = {{"HMAC-SHA256", NULL}, {"HMAC-SHA512", NULL},
		{"HMAC-SHA1", "HMAC-SHA1 is weak"}, {"HMAC-MD5", "HMAC-MD5 is weak"}};
	char json[100];
	size_t i;

	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		kh_value *config = NULL;
		kh_auth *auth = NULL;
		snprintf(json, sizeof(json), "{\"method\":\"hmac\",\"algorithm\":\"%s\"}", CASES[i][0]);
		kh_value_parse(str(json), &config, NULL);
		CHECK_STATUS(kh_auth_parse(config, &auth, NULL), KH_OK);
		CHECK((kh_auth_warning(auth) == NULL) == (CASES[i][1] == NULL));
		if (CASES[i][1] != NULL) {
			CHECK_CONTAINS(kh_auth_warning(auth), CASES[i][1]);
		}
		kh_auth_free(auth);
		kh_value_free(config);
	}
}

static void refuses_what_is_wrong(void)
{
	check_refused("{\"method\":\"hmac\",\"algorithm\":\"SHA256\"}", SECRETS, "auth: algorithm: ");
	check_refused("{\"method\":\"hmac\",\"location\":\"body\"}", SECRETS, "auth: location: ");
	check_refused("{\"method\":\"hmac\",\"encoding\":\"raw\"}", SECRETS, "auth: encoding: ");
	check_refused("{\"method\":\"hmac\",\"name\":\"X Sig\"}", SECRETS, "header name");
	check_refused("{\"method\":\"hmac\",\"name\":\"webhook-id\"}", SECRETS, "webhook-");
	check_refused("{\"method\":\"hmac\",\"name\":\"\"}", SECRETS, "auth: name: ");
	check_refused(
		"{\"method\":\"hmac\",\"location\":\"query\",\"name\":\"\"}", SECRETS, "query parameter");
	check_refused("{\"method\":\"hmac\",\"access_key_name\":\"x-signature\"}", SECRETS,
		"auth: access_key_name: ");
	check_refused("{\"method\":\"hmac\",\"prefix\":\"a\\n\"}", SECRETS, "auth: prefix: ");
	check_refused(
		"{\"method\":\"hmac\",\"key_encoding\":\"utf8\"}", SECRETS, "auth: key_encoding: ");
	check_refused("{\"method\":\"hmac\"}", "{}", "(hmac_secret_key)");
	check_refused("{\"method\":\"hmac\"}", "{\"hmac_secret_key\":\" \"}", "(hmac_secret_key)");
	check_refused("{\"method\":\"hmac\",\"access_key_name\":\"K\"}", "{\"hmac_secret_key\":\"s\"}",
		"(hmac_access_key)");
}

static void says_which_headers_it_sets(void)
{
	static const char *const CASES[][3] = {
		{"{\"method\":\"hmac\"}", "X-Signature", ""},
		{"{\"method\":\"hmac\",\"name\":\"A\",\"access_key_name\":\"B\"}", "A", "B"},
		{"{\"method\":\"hmac\",\"location\":\"query\",\"name\":\"a\"}", "", ""},
	};
	size_t i;

	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		kh_value *config = NULL;
		kh_auth *auth = NULL;
		kh_value_parse(str(CASES[i][0]), &config, NULL);
		CHECK_STATUS(kh_auth_parse(config, &auth, NULL), KH_OK);
		CHECK_BYTES(kh_auth_header(auth, 0), CASES[i][1]);
		CHECK_BYTES(kh_auth_header(auth, 1), CASES[i][2]);
		CHECK_BYTES(kh_auth_header(auth, 2), "");
		kh_auth_free(auth);
		kh_value_free(config);
	}
}

int main(void)
{
	RUN(signs_the_body_with_each_algorithm);
	RUN(name_encoding_and_prefix_can_be_chosen);
	RUN(a_secret_may_be_base64_or_hexadecimal);
	RUN(the_access_key_goes_where_the_signature_goes);
	RUN(without_a_body_the_query_is_signed);
	RUN(sha1_and_md5_are_called_weak);
	RUN(refuses_what_is_wrong);
	RUN(says_which_headers_it_sets);
	return check_done();
}
