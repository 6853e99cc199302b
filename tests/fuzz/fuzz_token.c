/* What a token server answers (status, body), and what the store gives back. A token that was taken
 * is clean text, and the same after it was kept; one that can't be read is none. */
#include "fuzz.h"
#include "kh_webhook.h"

static const char config[] =
	"{\"url\":\"https://api.example.org/\",\"auth\":{\"method\":\"oauth2\",\"grant\":"
	"\"client_credentials\",\"token_url\":\"https://login.example.org/token\",\"client_id\":\"me\"},"
	"\"secrets\":{\"client_secret\":\"s3cret\",\"signing_secrets\":"
	"[\"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"]}}";

static void check_kept(const kh_token *token)
{
	kh_token again;
	kh_error error = {0};
	kh_buf text;

	kh_token_init(&again);
	kh_buf_init(&text, 1 << 20);
	if (kh_token_write(token, &text) == KH_OK) {
		PROMISE(kh_token_read(kh_buf_str(&text), &again, &error) == KH_OK);
		PROMISE(kh_str_equals(kh_buf_str(&again.access), kh_buf_str(&token->access)));
		PROMISE(kh_str_equals(kh_buf_str(&again.refresh), kh_buf_str(&token->refresh)));
	}
	kh_token_wipe(&again);
	kh_buf_wipe(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 201, 302, 400, 401, 500, 0, 200};
	kh_str body = fuzz_all(data + (size > 0), size - (size > 0));
	int status = statuses[size > 0 ? data[0] % 8 : 0];
	kh_webhook *webhook = NULL;
	kh_request *request = NULL;
	kh_error error = {0};
	kh_token token;

	PROMISE(kh_webhook_parse(KH_STR(config), &webhook, &error) == KH_OK);
	PROMISE(kh_webhook_token_request(
				webhook, NULL, (kh_str){NULL, 0}, 1800000000, &request, &error) == KH_OK);
	kh_token_init(&token);
	if (kh_oauth2_answer(request, status, body, &token, &error) == KH_OK) {
		PROMISE(status >= 200 && status <= 299 && token.access.len > 0);
		PROMISE(memchr(token.access.data, '\n', token.access.len) == NULL);
		check_kept(&token);
	} else {
		PROMISE(error.message[0] != '\0');
	}
	if (kh_token_read(body, &token, &error) == KH_OK) {
		check_kept(&token);
		(void)kh_token_judge(&token, 5000, KH_STR("old"));
		kh_token_mark(&token, 5000, KH_STR("old"));
		kh_token_fail(&token, 5000, "no");
		check_kept(&token);
	}
	kh_token_wipe(&token);
	kh_request_free(request);
	kh_webhook_free(webhook);
	return 0;
}
