/* Content type, secret, body. A long secret is nowhere in the result; JSON stays JSON, without the
 * value of a secret member; masking what is masked changes nothing. */
#include "fuzz.h"
#include "kh_json.h"
#include "kh_redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kh_str rest = fuzz_all(data, size), type = fuzz_piece(&rest), secret = fuzz_piece(&rest);
	const kh_str names[] = {KH_STR("patient_email")};
	bool was_json = kh_json_check(rest, KH_JSON_GRAMMAR, NULL) == KH_OK;
	kh_buf body, text, again;

	kh_buf_init(&body, 16 * size + 256);
	kh_buf_init(&text, 64 * size + 1024);
	kh_buf_init(&again, 64 * size + 1024);
	PROMISE(kh_redact_body(&body, type, rest, names, 1) == KH_OK);
	if (was_json && memmem(type.data != NULL ? type.data : "", type.len, "multi", 5) == NULL &&
		(rest.data[0] == '{' || rest.data[0] == '[')) {
		PROMISE(kh_json_check(kh_buf_str(&body), KH_JSON_GRAMMAR, NULL) == KH_OK);
		PROMISE(kh_redact_body(&again, type, kh_buf_str(&body), names, 1) == KH_OK);
		PROMISE(kh_str_equals(kh_buf_str(&again), kh_buf_str(&body)));
	}
	PROMISE(kh_redact_text(&text, kh_buf_str(&body), &secret, 1) == KH_OK);
	if (secret.len >= 4 && memchr(secret.data, '*', secret.len) == NULL && text.len > 0) {
		PROMISE(memmem(text.data, text.len, secret.data, secret.len) == NULL);
	}
	kh_buf_clear(&text);
	PROMISE(kh_redact_cut_text(&text, kh_buf_str(&body), &secret, 1) == KH_OK);
	kh_buf_clear(&text);
	PROMISE(kh_redact_url(&text, rest) == KH_OK);
	(void)kh_redact_is_secret_name(rest);
	kh_buf_free(&body);
	kh_buf_free(&text);
	kh_buf_free(&again);
	return 0;
}
