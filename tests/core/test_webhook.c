#include "check.h"
#include "kh_auth.h"
#include "kh_sign.h"
#include "kh_version.h"
#include "kh_webhook.h"

#include <stdlib.h>

#define SECRET "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define SECRETS "\"secrets\":{\"signing_secrets\":[\"" SECRET "\"]}"
#define DATA                                                                                       \
	"{\"patient_name\":\"Zo\xC3\xAB \\\"Z\\\"\",\"clinic\":{\"name\":\"A & B\"},\"id\":42,"        \
	"\"up\":\"..\",\"break\":\"a\\nb\"}"

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static kh_webhook *parse(const char *json)
{
	kh_error error = {0};
	kh_webhook *webhook = NULL;

	CHECK_STATUS(kh_webhook_parse(str(json), &webhook, &error), KH_OK);
	CHECK_STR(error.message, "");
	return webhook;
}

static void check_refused(const char *json, const char *words)
{
	kh_error error = {0};
	kh_webhook *webhook = NULL;

	CHECK(kh_webhook_parse(str(json), &webhook, &error) != KH_OK);
	CHECK(webhook == NULL);
	CHECK_CONTAINS(error.message, words);
	kh_webhook_free(webhook);
}

static const kh_attempt FIRST = {
	.message_id = {"evt_1_7", 7}, .number = 1, .timestamp_s = 1800000000};

static kh_status build_with(const kh_webhook *webhook, const kh_vault *vault,
	const kh_attempt *attempt, kh_request **out, kh_error *error)
{
	kh_event event = {.id = KH_STR("evt_1"),
		.type = KH_STR("appointment.booked"),
		.timestamp = KH_STR("2026-11-23T09:15:00.123Z"),
		.json = KH_STR(DATA)};
	kh_status status;

	/* As those who send do it: parsed only where this webhook looks into it. */
	CHECK_STATUS(kh_webhook_open_event(webhook, &event, NULL), KH_OK);
	status = kh_webhook_build(webhook, vault, &event, attempt, out, error);
	CHECK((status == KH_OK) == (*out != NULL));
	kh_event_clear(&event);
	return status;
}

static kh_request *build(const char *json)
{
	kh_error error = {0};
	kh_webhook *webhook = parse(json);
	kh_request *request = NULL;

	CHECK_STATUS(build_with(webhook, NULL, &FIRST, &request, &error), KH_OK);
	CHECK_STR(error.message, "");
	kh_webhook_free(webhook);
	return request;
}

static void check_not_built(const char *json, kh_status expected, const char *words)
{
	kh_error error = {0};
	kh_webhook *webhook = parse(json);
	kh_request *request = NULL;

	CHECK_STATUS(build_with(webhook, NULL, &FIRST, &request, &error), expected);
	CHECK_CONTAINS(error.message, words);
	kh_request_free(request);
	kh_webhook_free(webhook);
}

/* A header's value; NULL when it is not there. */
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

static void our_own_headers_are_signed_by_aws_too(void)
{
	kh_request *request = build("{\"url\":\"https://example.com/hook\",\"auth\":{\"method\":"
								"\"aws_sigv4\",\"region\":\"r\",\"service\":\"s\"},"
								"\"secrets\":{\"signing_secrets\":[\"" SECRET "\"],"
								"\"access_key_id\":\"A\",\"secret_access_key\":\"s3cret\"}}");

	CHECK_CONTAINS(header(request, "Authorization"),
		"SignedHeaders=content-type;host;webhook-id;webhook-signature;webhook-timestamp;"
		"x-amz-content-sha256;x-amz-date, ");
	kh_request_free(request);
}

static void builds_the_least(void)
{
	kh_request *request = build("{\"url\":\"https://example.com/hook\"," SECRETS "}");

	CHECK_STR(request->method, "POST");
	CHECK_BYTES(request->url, "https://example.com/hook");
	CHECK(!request->plain_http);
	CHECK(request->has_body);
	CHECK(!request->fresh_connection);
	CHECK_INT(request->timeout_ms, 30000);
	CHECK_INT(request->connect_timeout_ms, 5000);
	CHECK_STR(header(request, "User-Agent"), "KiviHook/" KH_VERSION);
	CHECK_STR(header(request, "Content-Type"), "application/json");
	CHECK_STR(header(request, "webhook-id"), "evt_1_7");
	CHECK_STR(header(request, "webhook-timestamp"), "1800000000");
	CHECK(header(request, "webhook-signature") != NULL);
	CHECK(header(request, "webhook-resend") == NULL);
	CHECK(header(request, "webhook-test") == NULL);
	CHECK(request->body.len > 0 && strstr(request->body.data, "\"appointment.booked\"") != NULL);
	kh_request_free(request);
}

static void carries_everything_that_was_configured(void)
{
	kh_request *request =
		build("{\"id\":7,\"version\":3,\"method\":\"PUT\","
			  "\"url\":\"http://example.com/p/{{id}}/{{clinic.name}}?a=1\","
			  "\"headers\":[[\"X-Patient\",\"no. {{id}}\"],[\"user-agent\",\"own\"],"
			  "[\"Content-Type\",\"application/vnd.x+json\"]],"
			  "\"query\":[[\"n&m\",\"{{patient_name}}\"],[\"e\",\"\"]],"
			  "\"content_type\":\"application/json\","
			  "\"body\":\"{\\\"name\\\":\\\"{{patient_name}}\\\"}\","
			  "\"auth\":{\"method\":\"apikey\",\"location\":\"query\",\"name\":\"key\"},"
			  "\"timeout_ms\":4000,\"connect_timeout_ms\":9000,"
			  "\"secrets\":{\"api_key\":\"s/1\",\"signing_secrets\":[\"" SECRET "\"]}}");

	CHECK_INT(request->webhook_id, 7);
	CHECK_INT(request->webhook_version, 3);
	CHECK_STR(request->method, "PUT");
	CHECK(request->plain_http);
	CHECK_BYTES(request->url, "http://example.com/p/42/A%20%26%20B?a=1&n%26m=Zo%C3%AB%20%22Z%22&e="
							  "&key=s%2F1");
	CHECK_STR(header(request, "X-Patient"), "no. 42");
	CHECK_STR(header(request, "user-agent"), "own");
	CHECK(header(request, "User-Agent") == NULL);
	CHECK_STR(header(request, "Content-Type"), "application/vnd.x+json");
	CHECK_BYTES(request->body, "{\"name\":\"Zo\xC3\xAB \\\"Z\\\"\"}");
	CHECK_INT(request->timeout_ms, 4000);
	CHECK_INT(request->connect_timeout_ms, 4000);
	CHECK_INT(request->secret_count, 1);
	CHECK_STR(request->secrets[0], "s/1");
	kh_request_free(request);
}

/* Both signatures were computed with Python's hmac. */
static void signs_the_bytes_that_are_sent(void)
{
	kh_request *request =
		build("{\"url\":\"https://example.com/\","
			  "\"body\":\"{\\\"name\\\":\\\"{{patient_name}}\\\"}\"," SECRETS "}");

	CHECK_STR(
		header(request, "webhook-signature"), "v1,uApdU097YBkTkU/a8kWIsjWu5xdekjS70/n8vNdgelU=");
	kh_request_free(request);
	request = build("{\"method\":\"GET\",\"url\":\"https://example.com/\"," SECRETS "}");
	CHECK_STR(
		header(request, "webhook-signature"), "v1,efN+3Cy+Aqa14lt1w8ccho9wlLD9bGaF/+hmHQ1rnQU=");
	kh_request_free(request);
}

static void several_signing_secrets_sign_side_by_side(void)
{
	kh_request *request =
		build("{\"url\":\"https://example.com/\",\"secrets\":{\"signing_secrets\":[\"" SECRET
			  "\",\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]}}");
	const char *signatures = header(request, "webhook-signature");

	CHECK_INT(strlen(signatures), 2 * 47 + 1);
	CHECK(signatures[47] == ' ');
	kh_request_free(request);
}

static void get_and_delete_have_no_body(void)
{
	kh_request *request = build("{\"method\":\"GET\",\"url\":\"https://example.com/\","
								"\"body\":\"{{left over\"," SECRETS "}");

	CHECK(!request->has_body);
	CHECK_INT(request->body.len, 0);
	CHECK(header(request, "Content-Type") == NULL);
	kh_request_free(request);
	request = build("{\"method\":\"DELETE\",\"url\":\"https://example.com/\"," SECRETS "}");
	CHECK(!request->has_body);
	kh_request_free(request);
	request = build("{\"method\":\"DELETE\",\"url\":\"https://example.com/\","
					"\"body\":\"{\\\"id\\\":{{id}}}\"," SECRETS "}");
	CHECK(request->has_body);
	CHECK_BYTES(request->body, "{\"id\":42}");
	CHECK_STR(header(request, "Content-Type"), "application/json");
	kh_request_free(request);
}

static void get_and_delete_have_a_body_when_asked(void)
{
	kh_request *request =
		build("{\"method\":\"GET\",\"url\":\"https://example.com/\",\"body_with_get\":true,"
			  "\"body\":\"{\\\"id\\\":{{id}}}\"," SECRETS "}");

	CHECK(request->has_body);
	CHECK_BYTES(request->body, "{\"id\":42}");
	CHECK_STR(header(request, "Content-Type"), "application/json");
	kh_request_free(request);
	request = build(
		"{\"method\":\"DELETE\",\"url\":\"https://example.com/\",\"body_with_get\":true," SECRETS
		"}");
	CHECK(request->has_body);
	CHECK(request->body.len > 0);
	kh_request_free(request);
}

static void multipart_says_its_boundary(void)
{
	kh_request *request =
		build("{\"url\":\"https://example.com/\",\"content_type\":\"multipart/form-data\","
			  "\"body\":\"a={{id}}\"," SECRETS "}");
	const char *type = header(request, "Content-Type"), *equals;

	CHECK(type != NULL && strncmp(type, "multipart/form-data; boundary=KiviHook-", 39) == 0);
	equals = type != NULL ? strchr(type, '=') : NULL;
	CHECK(equals != NULL && request->body.len > 60 &&
		  strncmp(request->body.data + 2, equals + 1, strlen(equals + 1)) == 0);
	kh_request_free(request);
}

static void says_when_it_is_a_resend_or_a_test(void)
{
	kh_webhook *webhook = parse("{\"url\":\"https://example.com/\"," SECRETS "}");
	kh_attempt attempt = FIRST;
	kh_request *request = NULL;

	attempt.resend = true;
	attempt.test = true;
	CHECK_STATUS(build_with(webhook, NULL, &attempt, &request, NULL), KH_OK);
	CHECK_STR(header(request, "webhook-resend"), "1");
	CHECK_STR(header(request, "webhook-test"), "1");
	CHECK(request->fresh_connection);
	kh_request_free(request);
	kh_webhook_free(webhook);
}

static void authenticates_and_notes_the_secrets(void)
{
	kh_request *request = build(
		"{\"url\":\"https://example.com/\",\"auth\":{\"method\":\"basic\"},"
		"\"headers\":[[\"X-Auth-Token\",\"Key abcdef\"]],"
		"\"secrets\":{\"username\":\"u\",\"password\":\"geheim\",\"signing_secrets\":[\"" SECRET
		"\"]}}");
	size_t i;

	CHECK_STR(header(request, "Authorization"), "Basic dTpnZWhlaW0=");
	CHECK_INT(request->secret_count, 4);
	CHECK_STR(request->secrets[0], "Key abcdef");
	CHECK_STR(request->secrets[1], "abcdef");
	CHECK_STR(request->secrets[2], "dTpnZWhlaW0=");
	CHECK_STR(request->secrets[3], "geheim");
	for (i = 0; i < request->header_count; i++) {
		const char *name = request->headers[i].name;
		CHECK_INT(request->headers[i].secret, strcmp(name, "Authorization") == 0 ||
												  strcmp(name, "X-Auth-Token") == 0 ||
												  strcmp(name, "webhook-signature") == 0);
	}
	kh_request_free(request);
}

static kh_vault *vault_of(const char *id)
{
	kh_vault *vault = kh_vault_new();

	CHECK_STATUS(
		kh_vault_add(vault, str(id), KH_STR("0123456789abcdef0123456789abcdef"), NULL), KH_OK);
	return vault;
}

/* A webhook whose credentials are sealed under "w/1" as given. */
static kh_webhook *parse_sealed(const kh_vault *vault, const char *plain, const char *context)
{
	kh_buf json;
	kh_webhook *webhook;

	kh_buf_init(&json, 10000);
	kh_buf_append_format(&json,
		"{\"url\":\"https://example.com/\",\"auth\":{\"method\":\"bearer\"},"
		"\"sealed_context\":\"%s\",\"sealed\":\"",
		context);
	CHECK_STATUS(kh_vault_seal(vault, str(plain), KH_STR("w/1"), &json, NULL), KH_OK);
	kh_buf_append_str(&json, KH_STR("\"}"));
	webhook = parse(json.data);
	kh_buf_free(&json);
	return webhook;
}

static void opens_sealed_credentials(void)
{
	kh_vault *vault = vault_of("k1");
	kh_webhook *webhook = parse_sealed(
		vault, "{\"bearer_token\":\"abc\",\"signing_secrets\":[\"" SECRET "\"]}", "w/1");
	kh_request *request = NULL;

	CHECK_STATUS(build_with(webhook, vault, &FIRST, &request, NULL), KH_OK);
	CHECK_STR(header(request, "Authorization"), "Bearer abc");
	kh_request_free(request);
	kh_webhook_free(webhook);
	kh_vault_free(vault);
}

static void check_stays_sealed(const char *plain, const char *context, const char *key)
{
	kh_vault *vault = vault_of("k1"), *other = key != NULL ? vault_of(key) : NULL;
	kh_webhook *webhook = parse_sealed(vault, plain, context);
	kh_request *request = NULL;
	kh_error error = {0};

	CHECK_STATUS(build_with(webhook, other, &FIRST, &request, &error), KH_ERR_SEALED);
	CHECK(error.message[0] != '\0');
	CHECK(strstr(error.message, "hidden") == NULL);
	kh_webhook_free(webhook);
	kh_vault_free(vault);
	kh_vault_free(other);
}

static void credentials_that_cannot_be_opened_stop_the_request(void)
{
	check_stays_sealed("{\"bearer_token\":\"hidden\"}", "w/2", "k1");
	check_stays_sealed("{\"bearer_token\":\"hidden\"}", "w/1", "k2");
	check_stays_sealed("{\"bearer_token\":\"hidden\"}", "w/1", NULL);
	check_stays_sealed("{\"bearer_token\":\"hidden\"", "w/1", "k1");
	check_stays_sealed("[\"hidden\"]", "w/1", "k1");
}

static void never_sends_unsigned_or_without_credentials(void)
{
	check_not_built("{\"url\":\"https://example.com/\"}", KH_ERR_INVALID, "signing_secrets");
	check_not_built("{\"url\":\"https://example.com/\",\"secrets\":{\"signing_secrets\":[]}}",
		KH_ERR_INVALID, "signing_secrets");
	check_not_built("{\"url\":\"https://example.com/\",\"secrets\":{\"signing_secrets\":[\"x\"]}}",
		KH_ERR_INVALID, "signing_secrets");
	check_not_built("{\"url\":\"https://example.com/\",\"secrets\":{\"signing_secrets\":[\"" SECRET
					"\",5]}}",
		KH_ERR_INVALID, "signing_secrets");
	check_not_built("{\"url\":\"https://example.com/\",\"auth\":{\"method\":\"bearer\"}," SECRETS
					"}",
		KH_ERR_INVALID, "bearer_token");
}

static void data_cannot_change_the_request(void)
{
	check_not_built(
		"{\"url\":\"https://example.com/a/{{up}}/b\"," SECRETS "}", KH_ERR_URL, "url: ");
	check_not_built("{\"url\":\"https://example.com/a/{{up}}\"," SECRETS "}", KH_ERR_URL, "url: ");
	check_not_built("{\"url\":\"https://example.com/\",\"headers\":[[\"X-A\",\"1\"],"
					"[\"X-Foo\",\"{{break}}\"]]," SECRETS "}",
		KH_ERR_TEMPLATE, "headers[1] \"X-Foo\": ");
	kh_request *request =
		build("{\"url\":\"https://example.com/{{break}}/x{{up}}?a=../{{up}}\"," SECRETS "}");
	CHECK_BYTES(request->url, "https://example.com/a%0Ab/x..?a=../..");
	kh_request_free(request);
}

static void errors_name_the_field(void)
{
	check_refused("[]", "object");
	check_refused("{", "");
	check_refused("{}", "url: ");
	check_refused("{\"url\":5}", "url: ");
	check_refused("{\"url\":\"ftp://example.com/\"}", "url: ");
	check_refused("{\"url\":\"https://{{id}}.example.com/\"}", "url: ");
	check_refused("{\"url\":\"https://example.com/{{id\"}", "url: ");
	check_refused("{\"url\":\"https://example.com/a/../b\"}", "url: ");
	check_refused("{\"url\":\"https://example.com/%2E%2e\"}", "url: ");
	check_refused("{\"url\":\"https://example.com/\",\"method\":\"TRACE\"}", "method: ");
	check_refused("{\"url\":\"https://example.com/\",\"method\":\"post\"}", "method: ");
	check_refused("{\"url\":\"https://example.com/\",\"timeout_ms\":999}", "timeout_ms: ");
	check_refused("{\"url\":\"https://example.com/\",\"timeout_ms\":300001}", "timeout_ms: ");
	check_refused("{\"url\":\"https://example.com/\",\"timeout_ms\":\"9000\"}", "timeout_ms: ");
	check_refused(
		"{\"url\":\"https://example.com/\",\"connect_timeout_ms\":1}", "connect_timeout_ms: ");
	check_refused("{\"url\":\"https://example.com/\",\"retry\":{\"quick_tries\":11}}",
		"retry: quick_tries: ");
	check_refused("{\"url\":\"https://example.com/\",\"retry\":{\"schedule_s\":[]}}",
		"retry: schedule_s: must be a list of 1 to 25 delays");
	check_refused("{\"url\":\"https://example.com/\",\"retry\":{\"schedule_s\":60}}",
		"retry: schedule_s: must be a list");
	check_refused("{\"url\":\"https://example.com/\",\"retry\":{\"schedule_s\":[1,86401]}}",
		"retry: schedule_s[1]: must be a whole number of seconds from 1 to 86400");
	check_refused("{\"url\":\"https://example.com/\",\"retry\":{\"schedule_s\":[\"5\"]}}",
		"retry: schedule_s[0]: ");
	check_refused("{\"url\":\"https://example.com/\",\"retry\":{\"quick_delay_s\":0}}",
		"retry: quick_delay_s: ");
	check_refused(
		"{\"url\":\"https://example.com/\",\"retry\":{\"never\":\"no\"}}", "retry: never: ");
	check_refused("{\"url\":\"https://example.com/\",\"body\":\"{\\\"a\\\":\"}", "body: ");
	check_refused("{\"url\":\"https://example.com/\",\"content_type\":\"a b\"}", "content_type: ");
	check_refused(
		"{\"url\":\"https://example.com/\",\"content_type\":\"a/b\\r\\nX: 1\"}", "content_type: ");
	check_refused(
		"{\"url\":\"https://example.com/\",\"content_type\":\"a/b c\\u0000\"}", "content_type: ");
	check_refused(
		"{\"url\":\"https://example.com/\",\"content_type\":\"/json\"}", "content_type: ");
	check_refused(
		"{\"url\":\"https://example.com/\",\"content_type\":\"text/\"}", "content_type: ");
	check_refused("{\"url\":\"https://example.com/\",\"auth\":{\"method\":\"x\"}}", "auth: ");
	check_refused("{\"url\":\"https://example.com/\",\"secrets\":\"x\"}", "secrets: ");
	check_refused("{\"url\":\"https://example.com/\",\"sealed\":{}}", "sealed: ");
}

#define WITH_HEADERS(list) "{\"url\":\"https://example.com/\",\"headers\":[" list "]}"

static void header_errors_name_the_header(void)
{
	check_refused(WITH_HEADERS("[\"X-A\",\"1\"],[\"X-B\",\"2\"],[\"X-Foo\",\"{{a\"]"),
		"headers[2] \"X-Foo\": ");
	check_refused(WITH_HEADERS("[\"X A\",\"1\"]"), "headers[0] \"X A\": ");
	check_refused(WITH_HEADERS("[\"\",\"1\"]"), "headers[0] \"\": ");
	check_refused(WITH_HEADERS("[\"Webhook-Id\",\"1\"]"), "headers[0] \"Webhook-Id\": ");
	check_refused(WITH_HEADERS("[\"host\",\"1\"]"), "headers[0] \"host\": ");
	check_refused(WITH_HEADERS("[\"Content-Length\",\"1\"]"), "headers[0] ");
	check_refused(WITH_HEADERS("[\"Transfer-Encoding\",\"chunked\"]"), "headers[0] ");
	check_refused(WITH_HEADERS("[\"Connection\",\"close\"]"), "headers[0] ");
	check_refused(WITH_HEADERS("[\"Expect\",\"100-continue\"]"), "headers[0] ");
	check_refused(WITH_HEADERS("[\"X-A\",\"1\\r\\nX-B: 2\"]"), "headers[0] \"X-A\": ");
	check_refused(WITH_HEADERS("[\"X-A\",\"1\"],[\"x-a\",\"2\"]"), "headers[1] \"x-a\": ");
	check_refused(WITH_HEADERS("[\"X-A\"]"), "headers[0]: ");
	check_refused(WITH_HEADERS("[\"X-A\",5]"), "headers[0]: ");
	check_refused(WITH_HEADERS("\"X-A\""), "headers[0]: ");
	check_refused("{\"url\":\"https://example.com/\",\"headers\":{\"X-A\":\"1\"}}", "headers: ");
	check_refused("{\"url\":\"https://example.com/\",\"headers\":[[\"authorization\",\"x\"]],"
				  "\"auth\":{\"method\":\"basic\"}}",
		"headers[0] \"Authorization\": ");
	check_refused("{\"url\":\"https://example.com/\",\"query\":[[\"\",\"x\"]]}", "query[0] ");
	check_refused(
		"{\"url\":\"https://example.com/\",\"query\":[[\"a\",\"{{#x}}\"]]}", "query[0] \"a\": ");
}

static void too_many_headers_are_refused(void)
{
	kh_buf json;
	kh_error error = {0};
	kh_webhook *webhook = NULL;
	int i;

	kh_buf_init(&json, 10000);
	kh_buf_append_str(&json, KH_STR("{\"url\":\"https://example.com/\",\"headers\":["));
	for (i = 0; i <= KH_WEBHOOK_MAX_HEADERS; i++) {
		kh_buf_append_format(&json, "%s[\"X-%d\",\"\"]", i > 0 ? "," : "", i);
	}
	kh_buf_append_str(&json, KH_STR("]}"));
	CHECK_STATUS(kh_webhook_parse(kh_buf_str(&json), &webhook, &error), KH_ERR_TOO_LARGE);
	CHECK_CONTAINS(error.message, "headers: ");
	kh_buf_free(&json);
}

static void check_too_long(const char *before, const char *behind, const char *words)
{
	kh_buf json;
	kh_webhook *webhook = NULL;
	kh_request *request = NULL;
	kh_error error = {0};

	kh_buf_init(&json, 20000);
	kh_buf_append_format(&json, "%s%09000d%s", before, 7, behind);
	/* A URL without variables is known to be too long when it is saved. */
	if (kh_webhook_parse(kh_buf_str(&json), &webhook, &error) == KH_OK) {
		CHECK_STATUS(build_with(webhook, NULL, &FIRST, &request, &error), KH_ERR_TOO_LARGE);
	}
	CHECK_STATUS(error.status, KH_ERR_TOO_LARGE);
	CHECK_CONTAINS(error.message, words);
	CHECK(strlen(error.message) > strlen(words));
	kh_buf_free(&json);
	kh_webhook_free(webhook);
}

static void what_gets_too_long_is_refused_and_says_where(void)
{
	check_too_long("{\"url\":\"https://example.com/\",\"headers\":[[\"X-A\",\"",
		"\"]]," SECRETS "}", "headers[0] \"X-A\": ");
	check_too_long("{\"url\":\"https://example.com/\",\"query\":[[\"q\",\"", "\"]]," SECRETS "}",
		"query[0] \"q\": ");
	check_too_long("{\"url\":\"https://example.com/\",\"query\":[[\"q\",\"{{id}}",
		"\"]]," SECRETS "}", "query[0] \"q\": ");
}

static void keeps_line_and_column_of_a_template(void)
{
	kh_error error = {0};
	kh_webhook *webhook = NULL;

	CHECK_STATUS(
		kh_webhook_parse(KH_STR("{\"url\":\"https://example.com/\",\"content_type\":\"text/plain\","
								"\"body\":\"a\\nbc {{x\"}"),
			&webhook, &error),
		KH_ERR_TEMPLATE);
	CHECK_INT(error.line, 2);
	CHECK_INT(error.column, 4);
}

static void names_what_no_log_may_show(void)
{
	kh_request *request =
		build("{\"url\":\"https://example.com/\",\"log_mask\":[\"patient_name\",\"clinic.name\","
			  "\"id\",\"gone\",\"clinic\"]," SECRETS "}");
	bool name = false, clinic = false;

	CHECK_INT(request->masked_count, 5);
	CHECK_STR(request->masked[0], "patient_name");
	for (size_t i = 0; i < request->secret_count; i++) {
		name |= strcmp(request->secrets[i], "Zo\xC3\xAB \"Z\"") == 0;
		clinic |= strcmp(request->secrets[i], "A & B") == 0;
	}
	CHECK(name && clinic);
	kh_request_free(request);
	check_refused(
		"{\"url\":\"https://example.com/\",\"log_mask\":\"a\"}", "log_mask: must be a list");
	check_refused("{\"url\":\"https://example.com/\",\"log_mask\":[\"a\",\"\"]}", "log_mask[1]: ");
	check_refused("{\"url\":\"https://example.com/\",\"log_mask\":[1]}", "log_mask[0]: ");
}

static bool notes(const kh_request *request, const char *secret)
{
	for (size_t i = 0; i < request->secret_count; i++) {
		if (strcmp(request->secrets[i], secret) == 0) {
			return true;
		}
	}
	return false;
}

/* What filters make of a value, and what stands in a section, is the same person's all the same. */
static void notes_what_templates_make_of_it(void)
{
	static const char *const TYPES[] = {
		"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"};
	char json[1024];

	for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
		snprintf(json, sizeof(json),
			"{\"url\":\"https://example.com/"
			"?q={{patient_name|truncate:4}}\",\"content_type\":\"%s\","
			"\"headers\":[[\"X-A\",\"{{patient_name|base64}}\"]],"
			"\"body\":\"a={{patient_name|upper}} {{gone|default:'none'}} {{id|number:2}} "
			"{{#clinic}}{{name|lower}}{{/"
			"clinic}}\",\"log_mask\":[\"patient_name\",\"gone\",\"clinic\"]," SECRETS "}",
			TYPES[i]);
		kh_request *request = build(json);
		CHECK(notes(request, "Zo\xC3\xAB \"Z\""));
		CHECK(notes(request, "Zo\xC3\xAB "));
		CHECK(notes(request, "Wm/DqyAiWiI="));
		CHECK(notes(request, "ZO\xC3\x8B \"Z\""));
		CHECK(notes(request, "A & B") && notes(request, "a & b"));
		CHECK(!notes(request, "none") && !notes(request, "42.00"));
		kh_request_free(request);
	}
}

static void what_it_may_not_carry_is_not_there(void)
{
	kh_request *request =
		build("{\"url\":\"https://example.com/{{patient_name}}/{{id}}\",\"query\":[[\"q\","
			  "\"{{patient_name}}\"]],\"headers\":[[\"X-P\",\"p{{patient_name}}\"]],"
			  "\"without\":[\"patient_name\",\"gone\",\"clinic\"]," SECRETS "}");

	CHECK(memmem(request->body.data, request->body.len, "patient_name", 12) == NULL);
	CHECK(memmem(request->body.data, request->body.len, "Zo", 2) == NULL);
	CHECK(memmem(request->body.data, request->body.len, "\"clinic\"", 8) == NULL);
	CHECK(memmem(request->body.data, request->body.len, "\"id\":", 5) != NULL);
	CHECK(memmem(request->url.data, request->url.len, "Zo", 2) == NULL);
	CHECK_STR(header(request, "X-P"), "p");
	kh_request_free(request);
	request = build("{\"url\":\"https://example.com/\",\"body\":\"[{{patient_name}},\\\"{{clinic."
					"name}}\\\",{{id}}]\",\"without\":[\"patient_name\",\"clinic\"]," SECRETS "}");
	CHECK(memmem(request->body.data, request->body.len, "[null,\"\",", 9) != NULL);
	kh_request_free(request);
	/* Nothing else of the webhook looks into the event. */
	request =
		build("{\"url\":\"https://example.com/\",\"without\":[\"patient_name\"]," SECRETS "}");
	CHECK(memmem(request->body.data, request->body.len, "patient_name", 12) == NULL);
	CHECK(memmem(request->body.data, request->body.len, "\"id\":", 5) != NULL);
	kh_request_free(request);
	/* Nothing of it in the event: the same body as without the member. */
	request = build("{\"url\":\"https://example.com/\",\"without\":[\"gone\"]," SECRETS "}");
	kh_request *same = build("{\"url\":\"https://example.com/\"," SECRETS "}");
	CHECK(kh_str_equals(kh_buf_str(&request->body), kh_buf_str(&same->body)));
	kh_request_free(request);
	kh_request_free(same);
	check_refused(
		"{\"url\":\"https://example.com/\",\"without\":\"a\"}", "without: must be a list");
	check_refused("{\"url\":\"https://example.com/\",\"without\":[\"a\",\"\"]}", "without[1]: ");
}

static void tells_its_numbers_and_retries(void)
{
	kh_webhook *webhook =
		parse("{\"id\":9007199254740993,\"version\":12,\"url\":\"https://example.com/\","
			  "\"retry\":{\"quick_tries\":3,\"quick_delay_s\":60}}");

	CHECK_INT(kh_webhook_id(webhook), 9007199254740993);
	CHECK_INT(kh_webhook_version(webhook), 12);
	CHECK_INT(kh_webhook_retry(webhook)->quick_tries, 3);
	CHECK_INT(kh_webhook_retry(webhook)->quick_delay_s, 60);
	CHECK(!kh_webhook_retry(webhook)->never);
	CHECK_INT(kh_webhook_retry(webhook)->schedule_count, 0);
	kh_webhook_free(webhook);
	webhook = parse("{\"url\":\"https://example.com/\",\"retry\":{\"schedule_s\":[1,86400,60]}}");
	CHECK_INT(kh_webhook_retry(webhook)->schedule_count, 3);
	CHECK_INT(kh_webhook_retry(webhook)->schedule_s[1], 86400);
	kh_webhook_free(webhook);
	webhook = parse("{\"url\":\"https://example.com/\",\"retry\":{\"never\":true}}");
	CHECK(kh_webhook_retry(webhook)->never);
	CHECK_INT(kh_webhook_retry(webhook)->quick_tries, 0);
	kh_webhook_free(webhook);
	/* What PHP makes of empty arrays. */
	webhook = parse("{\"url\":\"https://example.com/\",\"retry\":[],\"auth\":[],\"secrets\":[],"
					"\"headers\":[],\"query\":[],\"content_type\":\"\"}");
	kh_webhook_free(webhook);
	webhook = parse("{\"url\":\"https://example.com/\","
					"\"content_type\":\"Text/Plain ; charset=\\\"utf-8\\\"\"}");
	kh_webhook_free(webhook);
	kh_webhook_free(NULL);
}

static void lists_each_variable_once(void)
{
	static const char *const EXPECTED[] = {"id", "b", "clinic.name", "c"};
	kh_webhook *webhook = parse(
		"{\"url\":\"https://example.com/{{id}}?{{b}}\",\"query\":[[\"q\",\"{{clinic.name}}\"]],"
		"\"headers\":[[\"X-A\",\"{{id}} {{b}}\"]],"
		"\"body\":\"{\\\"x\\\":{{c}},\\\"y\\\":\\\"{{id}}\\\"}\"}");
	size_t i;

	CHECK_INT(kh_webhook_variable_count(webhook), 4);
	for (i = 0; i < kh_webhook_variable_count(webhook); i++) {
		CHECK_BYTES(kh_webhook_variable(webhook, i), EXPECTED[i]);
	}
	CHECK_INT(kh_webhook_variable(webhook, 99).len, 0);
	kh_webhook_free(webhook);
}

static void a_client_certificate_is_asked_for_over_https_only(void)
{
	check_refused("{\"url\":\"http://a.test/\",\"tls\":{\"client_certificate\":true}}",
		"tls: a client certificate needs an address that begins with https:");
	check_refused("{\"url\":\"https://a.test/\",\"tls\":{\"client_certificate\":1}}",
		"tls: client_certificate: must be true or false");
	check_refused("{\"url\":\"https://a.test/\",\"tls\":\"yes\"}", "tls: must be an object");
	kh_webhook_free(parse("{\"url\":\"HTTPS://a.test/\",\"tls\":{\"client_certificate\":true}}"));
	kh_webhook_free(parse("{\"url\":\"http://a.test/\",\"tls\":[]}"));
}

static void without_its_certificate_no_request_is_built(void)
{
	check_not_built("{\"url\":\"https://a.test/\",\"tls\":{\"client_certificate\":true}," SECRETS
					"}",
		KH_ERR_INVALID,
		"tls: the client certificate is missing: enter it (client_certificate_pem)");
}

int main(void)
{
	RUN(builds_the_least);
	RUN(our_own_headers_are_signed_by_aws_too);
	RUN(carries_everything_that_was_configured);
	RUN(signs_the_bytes_that_are_sent);
	RUN(several_signing_secrets_sign_side_by_side);
	RUN(get_and_delete_have_no_body);
	RUN(get_and_delete_have_a_body_when_asked);
	RUN(multipart_says_its_boundary);
	RUN(says_when_it_is_a_resend_or_a_test);
	RUN(authenticates_and_notes_the_secrets);
	RUN(opens_sealed_credentials);
	RUN(credentials_that_cannot_be_opened_stop_the_request);
	RUN(never_sends_unsigned_or_without_credentials);
	RUN(data_cannot_change_the_request);
	RUN(errors_name_the_field);
	RUN(header_errors_name_the_header);
	RUN(too_many_headers_are_refused);
	RUN(what_gets_too_long_is_refused_and_says_where);
	RUN(keeps_line_and_column_of_a_template);
	RUN(names_what_no_log_may_show);
	RUN(notes_what_templates_make_of_it);
	RUN(what_it_may_not_carry_is_not_there);
	RUN(tells_its_numbers_and_retries);
	RUN(lists_each_variable_once);
	RUN(a_client_certificate_is_asked_for_over_https_only);
	RUN(without_its_certificate_no_request_is_built);
	return check_done();
}
