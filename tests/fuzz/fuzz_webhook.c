/* A whole webhook with its secrets, built for an event. No header breaks its line, the URL keeps its
 * host, nothing of a secret is without its mask, and no certificate or key brings OpenSSL down. */
#include "fuzz.h"
#include "kh_webhook.h"

static void check_request(const kh_request *request)
{
	PROMISE(request->url.len > 0 && strlen(request->url.data) == request->url.len);
	PROMISE(strncmp(request->url.data, "http", 4) == 0);
	for (size_t i = 0; i < request->header_count; i++) {
		PROMISE(strpbrk(request->headers[i].name, "\r\n: ") == NULL);
		PROMISE(strpbrk(request->headers[i].value, "\r\n") == NULL);
	}
	for (size_t i = 0; i < request->secret_count; i++) {
		PROMISE(request->secrets[i] != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const kh_attempt attempt = {.message_id = KH_STR("evt_1_7"),
		.number = 1,
		.timestamp_s = 1800000000,
		.test = true};
	kh_event event = {.id = KH_STR("evt_1"),
		.type = KH_STR("appointment.booked"),
		.timestamp = KH_STR("2026-11-23T09:15:00.123Z"),
		.json = KH_STR("{\"a\":\"x\\r\\ny\",\"b\":[1,{\"c\":\"&=/..\"}],\"n\":-1.5e3}")};
	kh_str text = fuzz_all(data, size);
	kh_webhook *webhook = NULL;
	kh_request *request = NULL;
	kh_error error = {0};

	if (kh_webhook_parse(text, &webhook, &error) != KH_OK) {
		PROMISE(webhook == NULL && error.message[0] != '\0');
		return 0;
	}
	PROMISE(kh_webhook_open_event(webhook, &event, NULL) == KH_OK);
	if (kh_webhook_build(webhook, NULL, &event, &attempt, &request, &error) == KH_OK) {
		check_request(request);
	} else {
		PROMISE(request == NULL && error.message[0] != '\0');
	}
	kh_request_free(request);
	request = NULL;
	if (kh_webhook_needs_token(webhook) &&
		kh_webhook_token_request(webhook, NULL, (kh_str){NULL, 0}, 1800000000, &request, &error) ==
			KH_OK) {
		kh_token token;
		check_request(request);
		kh_token_init(&token);
		(void)kh_oauth2_answer(request, 200, text, &token, &error);
		kh_token_wipe(&token);
	}
	kh_request_free(request);
	kh_event_clear(&event);
	kh_webhook_free(webhook);
	return 0;
}
