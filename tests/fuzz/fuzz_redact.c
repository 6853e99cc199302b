/* Content type, secret, body. Whatever way a secret is written in, nothing of it is left. A long secret is nowhere in the result; JSON stays JSON, without the
 * value of a secret member; masking what is masked changes nothing. */
#include "fuzz.h"
#include "kh_base64.h"
#include "kh_json.h"
#include "kh_redact.h"

static void append_hex(kh_buf *out, const char *before, unsigned char byte)
{
	PROMISE(kh_buf_append_format(out, "%s%02x", before, byte) == KH_OK);
}

/* All of it percent-encoded, as JSON escapes (of ASCII), as entities (of ASCII), in base64 with something around it. */
static void write_secret(kh_buf *out, kh_str secret, unsigned way)
{
	kh_buf around;

	for (size_t i = 0; way < 3 && i < secret.len; i++) {
		unsigned char c = (unsigned char)secret.data[i];
		if (way == 0) {
			append_hex(out, "%", c);
		} else if (c < 0x80) {
			append_hex(out, way == 1 ? "\\u00" : "&#x", c);
			PROMISE(way == 1 || kh_buf_append_char(out, ';') == KH_OK);
		} else {
			PROMISE(kh_buf_append_char(out, (char)c) == KH_OK);
		}
	}
	if (way == 3) {
		kh_buf_init(&around, secret.len + 3);
		PROMISE(kh_buf_append(&around, "abc", secret.len % 3) == KH_OK);
		PROMISE(kh_buf_append_str(&around, secret) == KH_OK);
		PROMISE(kh_base64_append(out, kh_buf_str(&around)) == KH_OK);
		kh_buf_free(&around);
	}
}

static void is_masked_in_every_way(kh_str secret)
{
	kh_buf text, out;

	kh_buf_init(&text, 8 * secret.len + 64);
	kh_buf_init(&out, 16 * secret.len + 64);
	for (unsigned way = 0; way < 4; way++) {
		kh_buf_clear(&text);
		kh_buf_clear(&out);
		write_secret(&text, secret, way);
		PROMISE(kh_redact_text(&out, kh_buf_str(&text), &secret, 1) == KH_OK);
		if (way < 3) {
			PROMISE(kh_str_equals(kh_buf_str(&out), KH_STR(KH_REDACTED)));
		} else if (secret.len >= 6) {
			/* At most what stands around it, and the characters that it shares. */
			PROMISE(out.len <= strlen(KH_REDACTED) + 8);
		}
	}
	kh_buf_free(&text);
	kh_buf_free(&out);
}

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
	if (secret.len >= 4) {
		is_masked_in_every_way(secret);
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
