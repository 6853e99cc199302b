#include "auth_fixture.h"
#include "keys.h"
#include "kh_base64.h"

#define SECRETS "{\"jwt_key\":\"s3cret\"}"

/* The two JSON texts of a token, NUL-terminated. */
typedef struct token_parts {
	char header[2000];
	char claims[2000];
} token_parts;

static bool decode_part(kh_str text, char *out, size_t size)
{
	unsigned char bytes[KH_BASE64_DECODED_MAX(2000)];
	size_t len = 0;

	if (text.len >= 2000 || !kh_base64_decode(text, KH_BASE64_URL, bytes, &len) || len >= size) {
		return false;
	}
	memcpy(out, bytes, len);
	out[len] = '\0';
	return true;
}

static token_parts take_apart(const char *token)
{
	token_parts parts = {{0}, {0}};
	const char *first = token != NULL ? strchr(token, '.') : NULL;
	const char *second = first != NULL ? strchr(first + 1, '.') : NULL;

	CHECK(second != NULL);
	if (second != NULL) {
		CHECK(decode_part(
			(kh_str){token, (size_t)(first - token)}, parts.header, sizeof(parts.header)));
		CHECK(decode_part(
			(kh_str){first + 1, (size_t)(second - first) - 1}, parts.claims, sizeof(parts.claims)));
	}
	return parts;
}

/* The parts of the token in the Authorization header that a configuration's members make. */
static token_parts token_of(const char *members)
{
	char config[1000];
	token_parts parts = {{0}, {0}};
	outcome result;

	snprintf(config, sizeof(config), "{\"method\":\"jwt\"%s}", members);
	result = apply(config, SECRETS);
	CHECK_STR(result.error.message, "");
	if (result.status == KH_OK) {
		const char *value = header(result.request, "Authorization");
		CHECK(strncmp(value, "Bearer ", 7) == 0);
		CHECK(result.request->headers[0].secret);
		CHECK(notes_secret(result.request, "s3cret"));
		CHECK(notes_secret(result.request, value + 7));
		parts = take_apart(value + 7);
	}
	kh_request_free(result.request);
	return parts;
}

/* The attempt's time is 1440938160, its message "msg_1". */
static void claims_are_the_attempts(void)
{
	token_parts parts = token_of("");

	CHECK_STR(parts.header, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
	CHECK_STR(parts.claims,
		"{\"iat\":1440938160,\"nbf\":1440938160,\"exp\":1440938460,\"jti\":\"msg_1\"}");
}

static void configured_claims_come_first(void)
{
	token_parts parts =
		token_of(",\"issuer\":\"clinic \\\"A\\\"\",\"subject\":\"kivihook\",\"audience\":\"lab\","
				 "\"lifetime_s\":60,\"key_id\":\"k-1\",\"algorithm\":\"HS512\","
				 "\"claims\":{\"scope\":\"a b\",\"admin\":false,\"n\":1.50,\"list\":[1,{}],"
				 "\"none\":null}");

	CHECK_STR(parts.header, "{\"alg\":\"HS512\",\"typ\":\"JWT\",\"kid\":\"k-1\"}");
	CHECK_STR(parts.claims,
		"{\"iss\":\"clinic \\\"A\\\"\",\"sub\":\"kivihook\",\"aud\":\"lab\",\"scope\":\"a b\","
		"\"admin\":false,\"n\":1.50,\"list\":[1,{}],\"none\":null,"
		"\"iat\":1440938160,\"nbf\":1440938160,\"exp\":1440938220,\"jti\":\"msg_1\"}");
}

static void an_audience_may_be_a_list(void)
{
	token_parts parts = token_of(",\"audience\":[\"a\",\"b\"],\"claims\":[]");

	CHECK_CONTAINS(parts.claims, "{\"aud\":[\"a\",\"b\"],\"iat\":");
	parts = token_of(",\"audience\":[]");
	CHECK_CONTAINS(parts.claims, "{\"iat\":");
}

static void the_token_goes_into_another_header(void)
{
	outcome result = apply("{\"method\":\"jwt\",\"header\":\"X-Token\",\"issuer\":\"a\"}", SECRETS);

	CHECK_INT(result.request->header_count, 1);
	CHECK(strncmp(header(result.request, "X-Token"), "eyJ", 3) == 0);
	kh_request_free(result.request);
	result = apply("{\"method\":\"jwt\",\"header\":\"X-Token\",\"scheme\":\"JWT\"}", SECRETS);
	CHECK(strncmp(header(result.request, "X-Token"), "JWT eyJ", 7) == 0);
	kh_request_free(result.request);
	result = apply("{\"method\":\"jwt\",\"scheme\":\"\"}", SECRETS);
	CHECK(strncmp(header(result.request, "Authorization"), "eyJ", 3) == 0);
	kh_request_free(result.request);
}

/* A PEM as a JSON string. */
static void escape(const char *text, char *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n') {
			*out++ = '\\';
		}
		*out++ = *text == '\n' ? 'n' : *text;
	}
	*out = '\0';
}

static void private_keys_sign_and_are_kept_secret(void)
{
	static const char *const CASES[][2] = {
		{"RS256", RSA_PEM}, {"ES256", EC_PEM}, {"EdDSA", ED_PEM}};
	char config[100], pem[3000], secrets[3100];
	size_t i;

	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		outcome result;
		snprintf(config, sizeof(config), "{\"method\":\"jwt\",\"algorithm\":\"%s\"}", CASES[i][0]);
		escape(CASES[i][1], pem);
		snprintf(secrets, sizeof(secrets), "{\"jwt_key\":\" %s \"}", pem);
		result = apply(config, secrets);
		CHECK_STR(result.error.message, "");
		CHECK_INT(result.request->secret_count, 2);
		if (result.request->secret_count == 2) {
			CHECK_CONTAINS(CASES[i][1], result.request->secrets[1]);
			CHECK_CONTAINS(result.request->secrets[1], "-----END PRIVATE KEY-----");
		}
		kh_request_free(result.request);
	}
}

/* Of {"alg":"HS256","typ":"JWT"} and the claims above; the same key, written in three ways. */
static void a_shared_secret_may_be_base64_or_hexadecimal(void)
{
	static const char *const CASES[][2] = {{"text", "s3cret?>"}, {"base64", "czNjcmV0Pz4="},
		{"base64", "czNjcmV0Pz4"}, {"hex", "7333637265743F3e"}};
	char config[100], secrets[100], first[1000] = "";
	size_t i;

	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		outcome result;
		snprintf(
			config, sizeof(config), "{\"method\":\"jwt\",\"key_encoding\":\"%s\"}", CASES[i][0]);
		snprintf(secrets, sizeof(secrets), "{\"jwt_key\":\"%s\"}", CASES[i][1]);
		result = apply(config, secrets);
		CHECK_STR(result.error.message, "");
		if (i == 0) {
			snprintf(first, sizeof(first), "%s", header(result.request, "Authorization"));
		}
		CHECK_STR(header(result.request, "Authorization"), first);
		kh_request_free(result.request);
	}
	check_refused("{\"method\":\"jwt\",\"key_encoding\":\"hex\"}", "{\"jwt_key\":\"zz\"}",
		"not hex, as its key_encoding says: enter it again (jwt_key)");
}

static void refuses_what_is_wrong(void)
{
	check_refused(
		"{\"method\":\"jwt\",\"algorithm\":\"none\"}", SECRETS, "auth: algorithm: must be HS256");
	check_refused("{\"method\":\"jwt\",\"lifetime_s\":5}", SECRETS, "auth: lifetime_s: ");
	check_refused("{\"method\":\"jwt\",\"lifetime_s\":90000}", SECRETS, "auth: lifetime_s: ");
	check_refused("{\"method\":\"jwt\",\"lifetime_s\":\"60\"}", SECRETS, "auth: lifetime_s: ");
	check_refused("{\"method\":\"jwt\",\"claims\":\"x\"}", SECRETS, "auth: claims: ");
	check_refused("{\"method\":\"jwt\",\"claims\":{\"iss\":\"x\"}}", SECRETS,
		"auth: claims: \"iss\" is set from issuer: remove it here");
	check_refused("{\"method\":\"jwt\",\"claims\":{\"jti\":1}}", SECRETS, "the message's id");
	check_refused("{\"method\":\"jwt\",\"audience\":[1]}", SECRETS, "auth: audience: ");
	check_refused("{\"method\":\"jwt\",\"audience\":{}}", SECRETS, "auth: audience: ");
	check_refused("{\"method\":\"jwt\",\"issuer\":5}", SECRETS, "auth: issuer: ");
	check_refused("{\"method\":\"jwt\",\"header\":\"X Y\"}", SECRETS, "header name");
	check_refused("{\"method\":\"jwt\",\"header\":\"Host\"}", SECRETS, "Host");
	check_refused("{\"method\":\"jwt\",\"scheme\":\"a b\"}", SECRETS, "one word");
	check_refused("{\"method\":\"jwt\",\"key_encoding\":\"b64\"}", SECRETS, "key_encoding");
	check_refused("{\"method\":\"jwt\"}", "{}", "the shared secret of the token is missing");
	check_refused("{\"method\":\"jwt\"}", "{\"jwt_key\":\" \\n\"}", "(jwt_key)");
	check_refused("{\"method\":\"jwt\",\"algorithm\":\"RS256\"}", "{}", "the private key");
	check_refused("{\"method\":\"jwt\",\"algorithm\":\"RS256\"}", SECRETS,
		"auth: jwt_key: RS256 needs an RSA private key as PEM, but this is no PEM");
}

static void too_many_claims_are_refused(void)
{
	static char config[6000];
	outcome result;

	snprintf(config, sizeof(config), "{\"method\":\"jwt\",\"claims\":{\"x\":\"%05000d\"}}", 1);
	result = apply(config, SECRETS);
	CHECK_STATUS(result.status, KH_ERR_TOO_LARGE);
	CHECK_CONTAINS(result.error.message, "claims are longer than 4096");
	kh_request_free(result.request);
}

int main(void)
{
	RUN(claims_are_the_attempts);
	RUN(configured_claims_come_first);
	RUN(an_audience_may_be_a_list);
	RUN(the_token_goes_into_another_header);
	RUN(private_keys_sign_and_are_kept_secret);
	RUN(a_shared_secret_may_be_base64_or_hexadecimal);
	RUN(refuses_what_is_wrong);
	RUN(too_many_claims_are_refused);
	return check_done();
}
