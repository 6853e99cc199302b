#include "auth_fixture.h"

static void none_adds_nothing(void)
{
	static const char *const CONFIGS[] = {"null", "{}", "[]", "{\"method\":\"none\"}"};
	size_t i;

	for (i = 0; i < sizeof(CONFIGS) / sizeof(CONFIGS[0]); i++) {
		outcome result = apply(CONFIGS[i], "null");
		CHECK_STATUS(result.status, KH_OK);
		CHECK_INT(result.request->header_count, 0);
		CHECK_INT(result.request->secret_count, 0);
		kh_request_free(result.request);
	}
}

static void an_unknown_method_is_refused(void)
{
	check_refused("{\"method\":\"digest\"}", "{}", "bearer");
	check_refused("{\"method\":\"\"}", "{}", "bearer");
	check_refused("{\"method\":1}", "{}", "auth: method: ");
	check_refused("\"basic\"", "{}", "object");
	check_refused("[\"basic\"]", "{}", "object");
}

static void an_api_key_goes_into_a_header(void)
{
	check_header("{\"method\":\"apikey\",\"location\":\"header\",\"name\":\"X-API-Key\"}",
		"{\"api_key\":\"s3cret\"}", "X-API-Key", "s3cret");
	check_header("{\"method\":\"apikey\",\"name\":\"apikey\"}", "{\"api_key\":\" pasted  \"}",
		"apikey", "pasted");
}

static void an_api_key_goes_into_the_query(void)
{
	outcome result = apply("{\"method\":\"apikey\",\"location\":\"query\",\"name\":\"api key\"}",
		"{\"api_key\":\"a&b=c/+\"}");

	CHECK_STATUS(result.status, KH_OK);
	CHECK_INT(result.request->header_count, 0);
	CHECK_BYTES(result.request->url, "https://example.com/?api%20key=a%26b%3Dc%2F%2B");
	CHECK_INT(result.request->secret_count, 1);
	CHECK_STR(result.request->secrets[0], "a&b=c/+");
	kh_request_free(result.request);
}

static void an_api_key_needs_its_name_and_place(void)
{
	check_refused("{\"method\":\"apikey\"}", "{\"api_key\":\"k\"}", "name of the header");
	check_refused("{\"method\":\"apikey\",\"location\":\"query\",\"name\":\"\"}",
		"{\"api_key\":\"k\"}", "query parameter");
	check_refused("{\"method\":\"apikey\",\"location\":\"cookie\",\"name\":\"k\"}",
		"{\"api_key\":\"k\"}", "location");
	check_refused(
		"{\"method\":\"apikey\",\"name\":\"X Key\"}", "{\"api_key\":\"k\"}", "header name");
	check_refused(
		"{\"method\":\"apikey\",\"name\":\"Webhook-Id\"}", "{\"api_key\":\"k\"}", "webhook-");
	check_refused("{\"method\":\"apikey\",\"name\":\"host\"}", "{\"api_key\":\"k\"}", "host");
	check_refused("{\"method\":\"apikey\",\"name\":5}", "{\"api_key\":\"k\"}", "auth: name: ");
}

static void never_an_empty_credential(void)
{
	static const char *const KEYLESS[] = {"null", "{}", "{\"api_key\":\"\"}",
		"{\"api_key\":\"  \"}", "{\"api_key\":null}", "{\"api_key\":5}", "[]"};
	static const char *const TOKENLESS[] = {
		"null", "{}", "{\"bearer_token\":\"\"}", "{\"bearer_token\":\" \"}", "{\"api_key\":\"k\"}"};
	size_t i;

	for (i = 0; i < sizeof(KEYLESS) / sizeof(KEYLESS[0]); i++) {
		check_refused("{\"method\":\"apikey\",\"name\":\"X-Key\"}", KEYLESS[i], "(api_key)");
		check_refused("{\"method\":\"apikey\",\"location\":\"query\",\"name\":\"k\"}", KEYLESS[i],
			"(api_key)");
	}
	for (i = 0; i < sizeof(TOKENLESS) / sizeof(TOKENLESS[0]); i++) {
		check_refused("{\"method\":\"bearer\"}", TOKENLESS[i], "(bearer_token)");
	}
	check_refused("{\"method\":\"basic\"}", "{\"password\":\"p\"}", "(username)");
	check_refused("{\"method\":\"basic\"}", "{\"username\":\"\",\"password\":\"p\"}", "(username)");
	check_refused("{\"method\":\"basic\"}", "{\"username\":\"u\"}", "(password)");
	check_refused("{\"method\":\"basic\"}", "{\"username\":\"u\",\"password\":null}", "(password)");
	check_refused("{\"method\":\"basic\"}", "{\"username\":\"u\",\"password\":7}", "(password)");
}

static void credentials_have_no_line_breaks(void)
{
	check_refused("{\"method\":\"bearer\"}", "{\"bearer_token\":\"a\\r\\nX-B: 1\"}", "line break");
	check_refused("{\"method\":\"apikey\",\"location\":\"query\",\"name\":\"k\"}",
		"{\"api_key\":\"a\\u0000b\"}", "control character");
	check_refused(
		"{\"method\":\"basic\"}", "{\"username\":\"u\\n\",\"password\":\"p\"}", "the user name");
	check_refused(
		"{\"method\":\"basic\"}", "{\"username\":\"u\",\"password\":\"p\\n\"}", "the password");
}

/* The first pair stands in RFC 7617 section 2, the second in 2.1 (UTF-8). */
static void basic_is_rfc_7617(void)
{
	check_header("{\"method\":\"basic\"}",
		"{\"username\":\"Aladdin\",\"password\":\"open sesame\"}", "Authorization",
		"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
	check_header("{\"method\":\"basic\"}", "{\"username\":\"test\",\"password\":\"123\xC2\xA3\"}",
		"Authorization", "Basic dGVzdDoxMjPCow==");
	check_header("{\"method\":\"basic\"}", "{\"username\":\"u\",\"password\":\"a:b:\"}",
		"Authorization", "Basic dTphOmI6");
	check_refused("{\"method\":\"basic\"}", "{\"username\":\"a:b\",\"password\":\"p\"}", "colon");
}

static void basic_takes_a_password_that_is_empty_on_purpose(void)
{
	outcome result =
		apply("{\"method\":\"basic\"}", "{\"username\":\"sk_test_1\",\"password\":\"\"}");

	CHECK_STATUS(result.status, KH_OK);
	CHECK_STR(result.request->headers[0].value, "Basic c2tfdGVzdF8xOg==");
	CHECK_INT(result.request->secret_count, 2);
	CHECK_STR(result.request->secrets[0], "c2tfdGVzdF8xOg==");
	CHECK_STR(result.request->secrets[1], "sk_test_1");
	kh_request_free(result.request);
}

static void basic_notes_the_password_and_what_it_is_encoded_as(void)
{
	outcome result =
		apply("{\"method\":\"basic\"}", "{\"username\":\"admin\",\"password\":\"geheim\"}");

	CHECK_INT(result.request->secret_count, 2);
	CHECK_STR(result.request->secrets[0], "YWRtaW46Z2VoZWlt");
	CHECK_STR(result.request->secrets[1], "geheim");
	kh_request_free(result.request);
}

static void bearer_has_a_scheme(void)
{
	check_header("{\"method\":\"bearer\"}", "{\"bearer_token\":\"abc.def\"}", "Authorization",
		"Bearer abc.def");
	check_header("{\"method\":\"bearer\",\"scheme\":\"\"}", "{\"bearer_token\":\" abc \"}",
		"Authorization", "Bearer abc");
	check_header("{\"method\":\"bearer\",\"scheme\":\"Token\"}", "{\"bearer_token\":\"abc\"}",
		"Authorization", "Token abc");
	check_header("{\"method\":\"bearer\",\"scheme\":\"GenieKey\"}", "{\"bearer_token\":\"abc\"}",
		"Authorization", "GenieKey abc");
	check_refused(
		"{\"method\":\"bearer\",\"scheme\":\"a b\"}", "{\"bearer_token\":\"abc\"}", "one word");
	check_refused("{\"method\":\"bearer\",\"scheme\":\"a\\r\\nX\"}", "{\"bearer_token\":\"abc\"}",
		"one word");
}

static void too_long_a_credential_is_refused_without_repeating_it(void)
{
	static char secrets[9100];
	outcome result;

	snprintf(secrets, sizeof(secrets), "{\"bearer_token\":\"%09000d\"}", 7);
	result = apply("{\"method\":\"bearer\"}", secrets);
	CHECK_STATUS(result.status, KH_ERR_TOO_LARGE);
	CHECK(strstr(result.error.message, "0007") == NULL);
	kh_request_free(result.request);
	snprintf(secrets, sizeof(secrets), "{\"api_key\":\"%09000d\"}", 7);
	result = apply("{\"method\":\"apikey\",\"location\":\"query\",\"name\":\"k\"}", secrets);
	CHECK_STATUS(result.status, KH_ERR_TOO_LARGE);
	kh_request_free(result.request);
}

static void says_which_header_it_sets(void)
{
	static const char *const CASES[][2] = {{"null", ""},
		{"{\"method\":\"basic\"}", "Authorization"}, {"{\"method\":\"bearer\"}", "Authorization"},
		{"{\"method\":\"apikey\",\"name\":\"X-Key\"}", "X-Key"},
		{"{\"method\":\"apikey\",\"location\":\"query\",\"name\":\"k\"}", ""}};
	size_t i;

	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		kh_value *config = NULL;
		kh_auth *auth = NULL;
		kh_value_parse(str(CASES[i][0]), &config, NULL);
		CHECK_STATUS(kh_auth_parse(config, &auth, NULL), KH_OK);
		CHECK_BYTES(kh_auth_header(auth, 0), CASES[i][1]);
		CHECK_BYTES(kh_auth_header(auth, 1), "");
		CHECK(kh_auth_warning(auth) == NULL);
		kh_auth_free(auth);
		kh_value_free(config);
	}
	kh_auth_free(NULL);
}

int main(void)
{
	RUN(none_adds_nothing);
	RUN(an_unknown_method_is_refused);
	RUN(an_api_key_goes_into_a_header);
	RUN(an_api_key_goes_into_the_query);
	RUN(an_api_key_needs_its_name_and_place);
	RUN(never_an_empty_credential);
	RUN(credentials_have_no_line_breaks);
	RUN(basic_is_rfc_7617);
	RUN(basic_takes_a_password_that_is_empty_on_purpose);
	RUN(basic_notes_the_password_and_what_it_is_encoded_as);
	RUN(bearer_has_a_scheme);
	RUN(too_long_a_credential_is_refused_without_repeating_it);
	RUN(says_which_header_it_sets);
	return check_done();
}
