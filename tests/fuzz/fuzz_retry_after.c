/* A clock (8 bytes) and a header. Whatever both say, the answer is none, or within its bounds. */
#include "fuzz.h"
#include "kh_retry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t now_s = 0, after_ms, same_ms;
	const kh_retry_plan plan = {.quick_tries = 3, .quick_delay_s = 5};
	kh_decision decision;
	char *text;

	if (size < sizeof(now_s)) {
		return 0;
	}
	memcpy(&now_s, data, sizeof(now_s));
	text = fuzz_text((kh_str){(const char *)data + sizeof(now_s), size - sizeof(now_s)});
	after_ms = kh_retry_after_ms(text, now_s);
	same_ms = kh_retry_after_ms(text, 1795000000);
	PROMISE(after_ms >= -1 && after_ms <= KH_RETRY_MAX_AFTER_MS);
	PROMISE(same_ms >= -1 && same_ms <= KH_RETRY_MAX_AFTER_MS);
	decision = kh_retry_decide(&plan, 1, 429, KH_OK, after_ms, 0.5);
	PROMISE(decision.verdict == KH_VERDICT_RETRY);
	PROMISE(decision.delay_ms >= after_ms && decision.delay_ms >= 4000);
	free(text);
	return 0;
}
