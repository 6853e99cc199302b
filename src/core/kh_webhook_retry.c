#include "kh_settings.h"
#include "kh_webhook_parts.h"

#define DEFAULT_QUICK_DELAY_S 5
#define MAX_QUICK_TRIES 10
#define MAX_QUICK_DELAY_S 60

static kh_status parse_schedule(const kh_value *retry, kh_retry_plan *plan, kh_error *error)
{
	const kh_value *list = NULL;
	size_t count;

	if (!kh_value_get(retry, KH_STR("schedule_s"), &list) || kh_value_kind(list) == KH_KIND_NULL) {
		return KH_OK;
	}
	count = kh_value_kind(list) == KH_KIND_LIST ? kh_value_length(list) : 0;
	if (count < 1 || count > KH_RETRY_MAX_SCHEDULE) {
		return kh_error_set(error, KH_ERR_INVALID,
			"schedule_s: must be a list of 1 to %d delays in seconds, such as [60, 600, 3600]; for "
			"no retry at all set never to true",
			KH_RETRY_MAX_SCHEDULE);
	}
	for (size_t i = 0; i < count; i++) {
		int64_t delay_s = kh_value_int(kh_value_at(list, i), 0, 1, KH_RETRY_MAX_DELAY_S);
		if (delay_s == 0) {
			return kh_error_set(error, KH_ERR_INVALID,
				"schedule_s[%zu]: must be a whole number of seconds from 1 to %d", i,
				KH_RETRY_MAX_DELAY_S);
		}
		plan->schedule_s[i] = (int32_t)delay_s;
	}
	plan->schedule_count = (int32_t)count;
	return KH_OK;
}

kh_status kh_webhook_parse_retry(const kh_value *root, kh_retry_plan *out, kh_error *error)
{
	const kh_value *retry = NULL;
	int64_t tries = 0, delay_s = DEFAULT_QUICK_DELAY_S;
	kh_status status;

	kh_value_get(root, KH_STR("retry"), &retry);
	status = kh_settings_number(retry, "quick_tries", 0, 0, MAX_QUICK_TRIES, &tries, error);
	if (status == KH_OK) {
		status = kh_settings_number(
			retry, "quick_delay_s", DEFAULT_QUICK_DELAY_S, 1, MAX_QUICK_DELAY_S, &delay_s, error);
	}
	if (status == KH_OK) {
		status = kh_settings_flag(retry, "never", &out->never, error);
	}
	if (status == KH_OK) {
		status = parse_schedule(retry, out, error);
	}
	if (status != KH_OK) {
		return kh_settings_in_field(error, status, "retry");
	}
	out->quick_tries = (int32_t)tries;
	out->quick_delay_s = (int32_t)delay_s;
	return KH_OK;
}
