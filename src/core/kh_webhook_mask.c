#include "kh_settings.h"
#include "kh_webhook_parts.h"

#define MAX_NAME_BYTES 128
#define MAX_VALUE_BYTES (64 * 1024) /* longer ones are masked by their name alone */

kh_status kh_webhook_parse_mask(kh_webhook *webhook, kh_error *error)
{
	const kh_value *list = NULL;
	size_t count;

	if (!kh_value_get(webhook->root, KH_STR("log_mask"), &list) ||
		kh_value_kind(list) == KH_KIND_NULL) {
		return KH_OK;
	}
	count = kh_value_kind(list) == KH_KIND_LIST ? kh_value_length(list) : SIZE_MAX;
	if (count > KH_WEBHOOK_MAX_MASKED) {
		return kh_error_set(error, KH_ERR_INVALID,
			"log_mask: must be a list of at most %d names of variables", KH_WEBHOOK_MAX_MASKED);
	}
	for (size_t i = 0; i < count; i++) {
		kh_str name = kh_value_string(kh_value_at(list, i));
		if (name.len == 0 || name.len > MAX_NAME_BYTES) {
			return kh_error_set(error, KH_ERR_INVALID,
				"log_mask[%zu]: must be the name of a variable, of 1 to %d bytes", i,
				MAX_NAME_BYTES);
		}
	}
	webhook->log_mask = list;
	return KH_OK;
}

/* Numbers too: a telephone number may be one. Lists and objects are masked by their name alone. */
static kh_status mask_value(const kh_value *value, kh_request *request, kh_error *error)
{
	kh_kind kind = kh_value_kind(value);
	kh_buf text;
	kh_status status = KH_OK;

	if (kind != KH_KIND_STRING && kind != KH_KIND_NUMBER) {
		return KH_OK;
	}
	kh_buf_init(&text, MAX_VALUE_BYTES);
	if (kh_value_append_text(value, &text) == KH_OK && text.len > 0 &&
		memchr(text.data, '\0', text.len) == NULL) {
		status = kh_request_add_secret(request, kh_buf_str(&text), error);
	}
	kh_buf_wipe(&text);
	return status;
}

kh_status kh_webhook_apply_mask(
	const kh_webhook *webhook, const kh_event *event, kh_request *request, kh_error *error)
{
	size_t count = webhook->log_mask != NULL ? kh_value_length(webhook->log_mask) : 0;
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < count; i++) {
		kh_str name = kh_value_string(kh_value_at(webhook->log_mask, i));
		const kh_value *value;
		status = kh_request_add_masked(request, name, error);
		if (status == KH_OK && kh_value_find(event->data, name, &value)) {
			status = mask_value(value, request, error);
		}
	}
	return status;
}
