/* OAuth2 from a webhook's configuration: which token it needs, how that is asked for, where it
 * goes. */
#include "check.h"
#include "kh_webhook.h"

#define SIGNING "\"signing_secrets\":[\"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"]"

static const char oauth2[] =
	"{\"id\":7,\"version\":1,\"url\":\"https://api.example.org/x\",\"auth\":{\"method\":\"oauth2\","
	"\"grant\":\"authorization_code\",\"token_url\":\"https://login.example.org/token\","
	"\"authorization_url\":\"https://login.example.org/authorize\",\"client_id\":\"me\","
	"\"scheme\":\"Token\"},\"secrets\":{\"client_secret\":\"s3cret\",\"refresh_token\":"
	"\"refresh1\","
	"\"access_token\":\"access1\"," SIGNING "}}";

static kh_webhook *parse(const char *json)
{
	kh_error error = {0};
	kh_webhook *webhook = NULL;

	CHECK_STATUS(kh_webhook_parse((kh_str){json, strlen(json)}, &webhook, &error), KH_OK);
	CHECK_STR(error.message, "");
	return webhook;
}

static kh_status build(
	const kh_webhook *webhook, kh_str token, kh_request **request, kh_error *error)
{
	const kh_attempt attempt = {.message_id = KH_STR("evt_1_7"),
		.number = 1,
		.timestamp_s = 1800000000,
		.access_token = token};
	kh_event event = {.id = KH_STR("evt_1"),
		.type = KH_STR("appointment.booked"),
		.timestamp = KH_STR("2026-11-23T09:15:00.123Z"),
		.json = KH_STR("{}")};
	kh_status status;

	CHECK_STATUS(kh_webhook_open_event(webhook, &event, NULL), KH_OK);
	status = kh_webhook_build(webhook, NULL, &event, &attempt, request, error);
	kh_event_clear(&event);
	return status;
}

static void the_token_is_put_on_and_masked(void)
{
	kh_webhook *webhook = parse(oauth2);
	kh_request *request = NULL;
	kh_error error = {0};
	bool found = false, masked = false;

	CHECK(kh_webhook_needs_token(webhook));
	CHECK_STATUS(build(webhook, KH_STR("tok3n-a"), &request, &error), KH_OK);
	for (size_t i = 0; request != NULL && i < request->header_count; i++) {
		if (strcmp(request->headers[i].name, "Authorization") == 0) {
			CHECK_STR(request->headers[i].value, "Token tok3n-a");
			CHECK(request->headers[i].secret);
			found = true;
		}
	}
	for (size_t i = 0; request != NULL && i < request->secret_count; i++) {
		masked |= strcmp(request->secrets[i], "tok3n-a") == 0;
	}
	CHECK(found && masked);
	kh_request_free(request);
	request = NULL;
	CHECK_STATUS(build(webhook, (kh_str){NULL, 0}, &request, &error), KH_ERR_INVALID);
	CHECK_CONTAINS(error.message, "no access token");
	kh_webhook_free(webhook);
}

static void it_is_found_by_its_credentials_and_asked_for(void)
{
	kh_webhook *webhook = parse(oauth2);
	kh_webhook_token_keys keys;
	kh_vault *vault = kh_vault_new();
	kh_request *request = NULL;
	kh_token first;
	kh_error error = {0};

	kh_token_init(&first);
	kh_vault_add(vault, KH_STR("new"), KH_STR("0123456789abcdef0123456789abcdef"), NULL);
	CHECK_STATUS(kh_webhook_token_key(webhook, vault, &keys, &first, &error), KH_OK);
	CHECK_INT(strlen(keys.now), KH_OAUTH2_KEY_BYTES);
	CHECK_INT(keys.older_count, 0);
	kh_buf_wipe(&first.access);
	for (char id[] = "a"; id[0] <= 'e'; id[0]++) {
		char bytes[KH_VAULT_KEY_BYTES];
		memset(bytes, id[0], sizeof(bytes));
		kh_vault_add(vault, (kh_str){id, 1}, (kh_str){bytes, sizeof(bytes)}, NULL);
	}
	CHECK_STATUS(kh_webhook_token_key(webhook, vault, &keys, &first, &error), KH_OK);
	CHECK_INT(keys.older_count, KH_WEBHOOK_OLDER_KEYS);
	CHECK(strcmp(keys.now, keys.older[0]) != 0 && strcmp(keys.older[0], keys.older[1]) != 0);
	kh_vault_free(vault);
	CHECK_BYTES(first.access, "access1");
	kh_token_wipe(&first);

	CHECK_STATUS(
		kh_webhook_token_request(webhook, NULL, KH_STR("refresh2"), 1800000000, &request, &error),
		KH_OK);
	CHECK_STR(request->url.data, "https://login.example.org/token");
	CHECK_STR(request->method, "POST");
	CHECK_CONTAINS(request->body.data, "grant_type=refresh_token");
	CHECK_CONTAINS(request->body.data, "refresh_token=refresh2");
	kh_request_free(request);

	CHECK_STATUS(kh_webhook_code_request(webhook, NULL, KH_STR("c0de"), KH_STR("ver1fier"),
					 KH_STR("https://clinic.example/back"), &request, &error),
		KH_OK);
	CHECK_CONTAINS(request->body.data, "grant_type=authorization_code");
	CHECK_CONTAINS(request->body.data, "code=c0de");
	CHECK_CONTAINS(request->body.data, "code_verifier=ver1fier");
	kh_request_free(request);
	CHECK(kh_webhook_oauth2(webhook, &error) != NULL);
	kh_webhook_free(webhook);
}

static void other_methods_need_none(void)
{
	kh_webhook *webhook = parse(
		"{\"url\":\"https://api.example.org/\",\"auth\":{\"method\":\"none\"},\"secrets\":{" SIGNING
		"}}");
	kh_webhook_token_keys keys;
	kh_request *request = NULL;
	kh_token first;
	kh_error error = {0};

	kh_token_init(&first);
	CHECK(!kh_webhook_needs_token(webhook));
	CHECK(kh_webhook_oauth2(webhook, &error) == NULL);
	CHECK_CONTAINS(error.message, "not oauth2");
	CHECK_STATUS(kh_webhook_token_key(webhook, NULL, &keys, &first, &error), KH_ERR_INVALID);
	CHECK_STATUS(
		kh_webhook_token_request(webhook, NULL, KH_STR(""), 0, &request, &error), KH_ERR_INVALID);
	CHECK_STATUS(kh_webhook_code_request(
					 webhook, NULL, KH_STR(""), KH_STR(""), KH_STR(""), &request, &error),
		KH_ERR_INVALID);
	CHECK(request == NULL);
	kh_token_wipe(&first);
	kh_webhook_free(webhook);
}

int main(void)
{
	RUN(the_token_is_put_on_and_masked);
	RUN(it_is_found_by_its_credentials_and_asked_for);
	RUN(other_methods_need_none);
	return check_done();
}
