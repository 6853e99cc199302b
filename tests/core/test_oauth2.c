/*
 * OAuth2's pure part: configurations, requests, answers, the browser's URL.
 */
#include "check.h"
#include "kh_base64.h"
#include "kh_oauth2.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

#define TOKEN_URL "\"token_url\":\"https://id.example.com/token\""
#define SECRETS "{\"client_secret\":\"s3cret & more\",\"refresh_token\":\"r3fresh\"}"
#define NOW_S 1800000000LL

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static kh_value *json(const char *text)
{
	kh_value *value = NULL;

	CHECK_STATUS(kh_value_parse(str(text), &value, NULL), KH_OK);
	return value;
}

static kh_oauth2 *parse(const char *text)
{
	kh_value *config = json(text);
	kh_oauth2 *self = NULL;
	kh_error error = {0};

	CHECK_STATUS(kh_oauth2_parse(config, &self, &error), KH_OK);
	CHECK_STR(error.message, "");
	kh_value_free(config);
	return self;
}

static void check_refused(const char *text, const char *words)
{
	kh_value *config = json(text);
	kh_oauth2 *self = NULL;
	kh_error error = {0};

	CHECK(kh_oauth2_parse(config, &self, &error) != KH_OK);
	CHECK(self == NULL);
	CHECK_CONTAINS(error.message, words);
	kh_value_free(config);
}

static kh_request *request_for(const char *config, const char *secrets_json, const char *refresh)
{
	kh_oauth2 *self = parse(config);
	kh_value *secrets = json(secrets_json);
	kh_request *request = NULL;
	kh_error error = {0};

	CHECK_STATUS(kh_oauth2_request(self, secrets, str(refresh), NOW_S, &request, &error), KH_OK);
	CHECK_STR(error.message, "");
	kh_value_wipe(secrets);
	kh_oauth2_free(self);
	return request;
}

static const char *header(const kh_request *request, const char *name)
{
	size_t i;

	for (i = 0; i < request->header_count; i++) {
		if (strcmp(request->headers[i].name, name) == 0) {
			return request->headers[i].value;
		}
	}
	return NULL;
}

static bool is_secret(const kh_request *request, const char *text)
{
	size_t i;

	for (i = 0; i < request->secret_count; i++) {
		if (strcmp(request->secrets[i], text) == 0) {
			return true;
		}
	}
	return false;
}

/* ---- configuration ---- */

static void errors_say_what_to_enter(void)
{
	check_refused("{\"client_id\":\"a\"}", "auth: token_url is missing");
	check_refused("{\"client_id\":\"a\",\"token_url\":\"ftp://x/\"}", "auth: token_url: ");
	check_refused("{\"client_id\":\"a\",\"token_url\":\"https://x/{{name}}\"}",
		"auth: token_url: has no variables");
	check_refused("{" TOKEN_URL "}", "the client id is missing: enter it (client_id)");
	check_refused("{" TOKEN_URL ",\"client_id\":\"a\\nb\"}", "client_id: has a line break");
	check_refused("{" TOKEN_URL ",\"grant\":\"password\"}",
		"grant must be client_credentials, refresh_token, authorization_code or jwt_bearer");
	check_refused("{" TOKEN_URL ",\"client_id\":\"a\",\"client_authentication\":\"none\"}",
		"choose basic or post");
	check_refused("{" TOKEN_URL ",\"client_id\":\"a\",\"grant\":\"authorization_code\"}",
		"auth: authorization_url is missing");
	check_refused("{" TOKEN_URL ",\"grant\":\"jwt_bearer\"}", "issuer is missing");
	check_refused("{" TOKEN_URL
				  ",\"grant\":\"jwt_bearer\",\"issuer\":\"a\",\"algorithm\":\"none\"}",
		"algorithm: must be");
}

/* ---- requests ---- */

static void the_client_shows_itself_by_basic(void)
{
	kh_request *request =
		request_for("{" TOKEN_URL ",\"client_id\":\"the clinic\",\"scope\":\"a b\","
					"\"audience\":\"https://api/\"}",
			SECRETS, "");

	CHECK_STR(request->method, "POST");
	CHECK_BYTES(request->url, "https://id.example.com/token");
	CHECK(!request->plain_http && request->has_body);
	CHECK_BYTES(
		request->body, "grant_type=client_credentials&scope=a%20b&audience=https%3A%2F%2Fapi%2F");
	/* base64 of "the%20clinic:s3cret%20%26%20more" */
	CHECK_STR(
		header(request, "Authorization"), "Basic dGhlJTIwY2xpbmljOnMzY3JldCUyMCUyNiUyMG1vcmU=");
	CHECK_STR(header(request, "Content-Type"), "application/x-www-form-urlencoded");
	CHECK_STR(header(request, "Accept"), "application/json");
	CHECK(is_secret(request, "s3cret & more"));
	CHECK(request->timeout_ms < KH_TOKEN_LEASE_MS);
	kh_request_free(request);
}

static void or_in_the_body(void)
{
	kh_request *request = request_for(
		"{" TOKEN_URL ",\"client_id\":\"clinic\",\"client_authentication\":\"post\"}", SECRETS, "");

	CHECK_BYTES(request->body,
		"grant_type=client_credentials&client_id=clinic&client_secret=s3cret%20%26%20more");
	CHECK(header(request, "Authorization") == NULL);
	kh_request_free(request);
}

static void the_stored_refresh_token_goes_before_the_entered_one(void)
{
	static const char config[] =
		"{" TOKEN_URL ",\"client_id\":\"clinic\",\"grant\":\"refresh_token\","
		"\"client_authentication\":\"none\",\"scope\":\"a\"}";
	kh_request *request = request_for(config, SECRETS, "");

	CHECK_BYTES(request->body, "grant_type=refresh_token&refresh_token=r3fresh&client_id=clinic");
	CHECK(is_secret(request, "r3fresh"));
	kh_request_free(request);
	request = request_for(config, SECRETS, "n3wer");
	CHECK_BYTES(request->body, "grant_type=refresh_token&refresh_token=n3wer&client_id=clinic");
	CHECK(is_secret(request, "n3wer"));
	kh_request_free(request);
}

static void what_is_missing_is_told(void)
{
	kh_oauth2 *self = parse("{" TOKEN_URL ",\"client_id\":\"clinic\"}");
	kh_value *none = json("{}");
	kh_request *request = NULL;
	kh_error error = {0};

	CHECK_STATUS(
		kh_oauth2_request(self, none, KH_STR(""), NOW_S, &request, &error), KH_ERR_INVALID);
	CHECK_CONTAINS(error.message, "the client secret is missing");
	kh_oauth2_free(self);
	self = parse("{" TOKEN_URL ",\"client_id\":\"clinic\",\"grant\":\"refresh_token\"}");
	CHECK_STATUS(
		kh_oauth2_request(self, none, KH_STR(""), NOW_S, &request, &error), KH_ERR_INVALID);
	CHECK_CONTAINS(error.message, "there is no refresh token");
	CHECK(request == NULL);
	kh_oauth2_free(self);
	kh_value_free(none);
}

static char *private_key_pem(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *bio = BIO_new(BIO_s_mem());
	char *data = NULL, *copy;
	kh_buf escaped;
	long len, i;

	PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	len = BIO_get_mem_data(bio, &data);
	kh_buf_init(&escaped, 4096);
	for (i = 0; i < len; i++) {
		kh_buf_append(&escaped, data[i] == '\n' ? "\\n" : data + i, data[i] == '\n' ? 2 : 1);
	}
	copy = kh_str_copy(kh_buf_str(&escaped));
	kh_buf_free(&escaped);
	BIO_free(bio);
	EVP_PKEY_free(key);
	return copy;
}

static void an_assertion_is_signed_for_now(void)
{
	char *pem = private_key_pem(), secrets[2048];
	unsigned char claims[1024];
	const char *begin, *end;
	size_t len = 0;
	kh_request *request;

	snprintf(secrets, sizeof(secrets), "{\"jwt_key\":\"%s\"}", pem);
	request = request_for("{" TOKEN_URL ",\"grant\":\"jwt_bearer\",\"algorithm\":\"ES256\","
						  "\"issuer\":\"clinic@x\",\"subject\":\"me\",\"scope\":\"a b\","
						  "\"key_id\":\"k1\"}",
		secrets, "");
	CHECK_CONTAINS(request->body.data,
		"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey");
	CHECK_CONTAINS(request->body.data, "&scope=a%20b");
	begin = strchr(strstr(request->body.data, "assertion="), '.') + 1;
	end = strchr(begin, '.');
	CHECK(kh_base64_decode((kh_str){begin, (size_t)(end - begin)}, KH_BASE64_URL, claims, &len));
	claims[len] = '\0';
	CHECK_CONTAINS((char *)claims,
		"{\"iat\":1800000000,\"exp\":1800000300,\"iss\":\"clinic@x\",\"sub\":\"me\","
		"\"aud\":\"https://id.example.com/token\",\"scope\":\"a b\",\"jti\":\"");
	CHECK(request->secret_count == 1); /* the assertion */
	kh_request_free(request);
	free(pem);
}

static void a_code_is_exchanged_with_its_verifier(void)
{
	kh_oauth2 *self =
		parse("{" TOKEN_URL ",\"client_id\":\"clinic\",\"grant\":\"authorization_code\","
			  "\"authorization_url\":\"https://id.example.com/auth\","
			  "\"client_authentication\":\"none\"}");
	kh_value *none = json("{}");
	kh_request *request = NULL;

	CHECK_STATUS(kh_oauth2_code_request(self, none, KH_STR("c0de"), KH_STR("v3rifier"),
					 KH_STR("https://clinic/back?a=1"), &request, NULL),
		KH_OK);
	CHECK_BYTES(request->body,
		"grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Fclinic%2Fback%3Fa%3D1"
		"&code_verifier=v3rifier&client_id=clinic");
	CHECK(is_secret(request, "c0de") && is_secret(request, "v3rifier"));
	kh_request_free(request);
	kh_value_free(none);
	kh_oauth2_free(self);
}

/* ---- names ---- */

static void key_of(const char *config, const char *secrets_json, size_t index, char *key)
{
	kh_oauth2 *self = parse(config);
	kh_value *secrets = json(secrets_json);
	kh_vault *vault = kh_vault_new();
	kh_error error = {0};

	kh_vault_add(vault, KH_STR("new"), KH_STR("0123456789abcdef0123456789abcdef"), NULL);
	kh_vault_add(vault, KH_STR("old"), KH_STR("fedcba9876543210fedcba9876543210"), NULL);
	CHECK_STATUS(kh_oauth2_key(self, secrets, vault, index, key, &error), KH_OK);
	CHECK_INT(strlen(key), KH_OAUTH2_KEY_BYTES);
	CHECK_STATUS(kh_oauth2_key(self, secrets, vault, 2, key, &error), KH_ERR_INVALID);
	kh_vault_free(vault);
	kh_value_free(secrets);
	kh_oauth2_free(self);
}

static void the_same_credentials_have_the_same_name_others_another(void)
{
	char one[KH_OAUTH2_KEY_BYTES + 1], two[KH_OAUTH2_KEY_BYTES + 1];

	key_of("{" TOKEN_URL ",\"client_id\":\"a\",\"scope\":\"b\"}", SECRETS, 0, one);
	key_of("{\"scope\":\"b\",\"client_id\":\"a\"," TOKEN_URL "}", SECRETS, 0, two);
	CHECK_STR(one, two);
	key_of("{" TOKEN_URL ",\"client_id\":\"ab\"}", SECRETS, 0, two);
	CHECK(strcmp(one, two) != 0);
	key_of(
		"{" TOKEN_URL ",\"client_id\":\"a\",\"scope\":\"b\"}", "{\"client_secret\":\"x\"}", 0, two);
	CHECK(strcmp(one, two) != 0);
	/* Without the vault's key nobody can tell which credentials a name stands for. */
	key_of("{" TOKEN_URL ",\"client_id\":\"a\",\"scope\":\"b\"}", SECRETS, 1, two);
	CHECK(strcmp(one, two) != 0);
}

/* ---- answers ---- */

static kh_token token;

static const char *answer(int status, const char *body)
{
	static kh_error error;
	kh_request *request = kh_request_new();

	CHECK_STATUS(kh_request_add_secret(request, KH_STR("s3cret & more"), NULL), KH_OK);
	error = (kh_error){0};
	CHECK((kh_oauth2_answer(request, status, str(body), &token, &error) == KH_OK) ==
		  (error.message[0] == '\0'));
	kh_request_free(request);
	return error.message;
}

static void a_token_is_taken_with_its_life(void)
{
	CHECK_STR(answer(200, "{\"access_token\":\"abc\",\"token_type\":\"bearer\",\"expires_in\":3600,"
						  "\"refresh_token\":\"one\"}"),
		"");
	CHECK_BYTES(token.access, "abc");
	CHECK_BYTES(token.refresh, "one");
	CHECK_INT(token.left_ms, 3600000);
	CHECK_INT(token.lifetime_ms, 3600000);
	/* no new refresh token: the old one stays; a text instead of a number */
	CHECK_STR(answer(201, "{\"access_token\":\"def\",\"expires_in\":\"60\"}"), "");
	CHECK_BYTES(token.access, "def");
	CHECK_BYTES(token.refresh, "one");
	CHECK_INT(token.left_ms, 60000);
	CHECK_STR(answer(200, "{\"access_token\":\"ghi\",\"expires_in\":0}"), "");
	CHECK_INT(token.left_ms, -1);
	CHECK_STR(answer(200, "{\"access_token\":\"ghi\",\"expires_in\":\"soon\"}"), "");
	CHECK_INT(token.left_ms, -1);
}

static void what_is_no_token_is_told(void)
{
	CHECK_CONTAINS(answer(200, "{}"), "answer has none");
	CHECK_CONTAINS(answer(200, "<html>"), "answered 200, and not with JSON: check token_url");
	CHECK_CONTAINS(answer(502, ""), "answered 502, and not with JSON");
	CHECK_CONTAINS(answer(500, "{}"), "answered 500 without saying why");
	CHECK_CONTAINS(answer(200, "{\"access_token\":\"a\\r\\nX: y\"}"), "can't be sent in a header");
	CHECK_CONTAINS(
		answer(200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}"), "another type than Bearer");
}

static void errors_are_told_in_plain_words_and_without_secrets(void)
{
	CHECK_STR(answer(401, "{\"error\":\"invalid_client\",\"error_description\":\"bad s3cret & more "
						  "\\u0007!\"}"),
		"No access token: the token endpoint does not know this client id, or its secret is wrong: "
		"check both (401 invalid_client, bad ***  !).");
	CHECK_CONTAINS(answer(400, "{\"error\":\"invalid_grant\"}"), "connect to the provider again");
	CHECK_CONTAINS(answer(200, "{\"error\":\"bad_verification_code\"}"),
		"No access token: the token endpoint refused (200 bad_verification_code).");
	CHECK_CONTAINS(answer(400, "{\"error\":\"invalid_scope\"}"), "the scope is unknown");
}

/* ---- the browser ---- */

static void the_browser_gets_a_challenge_and_a_state(void)
{
	kh_oauth2 *self =
		parse("{" TOKEN_URL ",\"client_id\":\"clinic\",\"grant\":\"authorization_code\","
			  "\"authorization_url\":\"https://id.example.com/auth?tenant=1\","
			  "\"scope\":\"a b\"}");
	char verifier[KH_OAUTH2_VERIFIER_BYTES + 1], state[KH_OAUTH2_STATE_BYTES + 1];
	char again[KH_OAUTH2_STATE_BYTES + 1], expected[1024];
	unsigned char digest[32];
	kh_buf url, challenge;

	kh_buf_init(&url, 8192);
	kh_buf_init(&challenge, 64);
	CHECK_STATUS(kh_oauth2_authorization_url(
					 self, KH_STR("https://clinic/back"), verifier, state, &url, NULL),
		KH_OK);
	CHECK_INT(strlen(verifier), KH_OAUTH2_VERIFIER_BYTES);
	EVP_Digest(verifier, strlen(verifier), digest, NULL, EVP_sha256(), NULL);
	kh_base64_append_url(&challenge, (kh_str){(char *)digest, 32});
	snprintf(expected, sizeof(expected),
		"https://id.example.com/auth?tenant=1&response_type=code&client_id=clinic&redirect_uri="
		"https%%3A%%2F%%2Fclinic%%2Fback&scope=a%%20b&state=%s&code_challenge=%s"
		"&code_challenge_method=S256",
		state, challenge.data);
	CHECK_BYTES(url, expected);
	kh_buf_free(&url);
	CHECK_STATUS(kh_oauth2_authorization_url(
					 self, KH_STR("https://clinic/back"), verifier, again, &url, NULL),
		KH_OK);
	CHECK(strcmp(state, again) != 0);
	kh_buf_free(&url);
	kh_buf_free(&challenge);
	kh_oauth2_free(self);
}

int main(void)
{
	kh_token_init(&token);
	RUN(errors_say_what_to_enter);
	RUN(the_client_shows_itself_by_basic);
	RUN(or_in_the_body);
	RUN(the_stored_refresh_token_goes_before_the_entered_one);
	RUN(what_is_missing_is_told);
	RUN(an_assertion_is_signed_for_now);
	RUN(a_code_is_exchanged_with_its_verifier);
	RUN(the_same_credentials_have_the_same_name_others_another);
	RUN(a_token_is_taken_with_its_life);
	RUN(what_is_no_token_is_told);
	RUN(errors_are_told_in_plain_words_and_without_secrets);
	RUN(the_browser_gets_a_challenge_and_a_state);
	kh_token_wipe(&token);
	return check_done();
}
