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

static kh_status mask_text(kh_request *request, kh_str text, kh_error *error)
{
	return text.len == 0 || text.len > MAX_VALUE_BYTES || memchr(text.data, '\0', text.len) != NULL
			   ? KH_OK
			   : kh_request_add_secret(request, text, error);
}

/* How many values of lists and objects are noted for one request; what is beyond is masked by its
 * name alone. */
#define MAX_VALUES 500

typedef struct mask_walk {
	kh_request *request;
	kh_error *error;
	size_t left;
	kh_status status;
} mask_walk;

static void mask_value(mask_walk *walk, const kh_value *value);

static bool mask_member(void *walk_, kh_str name, const kh_value *member)
{
	mask_walk *walk = walk_;

	mask_value(walk, member);
	return walk->status == KH_OK;
}

/* Numbers too: a telephone number may be one. Recursion is bounded as the data's depth is. */
static void mask_value(mask_walk *walk, const kh_value *value)
{
	kh_kind kind = kh_value_kind(value);
	kh_buf text;

	if (kind == KH_KIND_OBJECT) {
		kh_value_each(value, mask_member, walk);
		return;
	}
	for (size_t i = 0; walk->status == KH_OK && i < kh_value_length(value); i++) {
		mask_value(walk, kh_value_at(value, i));
	}
	if (walk->status != KH_OK || walk->left == 0 ||
		(kind != KH_KIND_STRING && kind != KH_KIND_NUMBER)) {
		return;
	}
	walk->left--;
	kh_buf_init(&text, MAX_VALUE_BYTES);
	if (kh_value_append_text(value, &text) == KH_OK) {
		walk->status = mask_text(walk->request, kh_buf_str(&text), walk->error);
	}
	kh_buf_wipe(&text);
}

/* The variable itself, and a part of it: "services" is "services.0.name", too. */
static bool is_masked(const void *masking_, kh_str name)
{
	const kh_webhook_masking *masking = masking_;
	const kh_value *list = masking->webhook->log_mask;

	for (size_t i = 0; i < kh_value_length(list); i++) {
		kh_str masked = kh_value_string(kh_value_at(list, i));
		if (masked.len <= name.len && memcmp(masked.data, name.data, masked.len) == 0 &&
			(masked.len == name.len || name.data[masked.len] == '.')) {
			return true;
		}
	}
	return false;
}

static kh_status tell(void *masking_, kh_str text)
{
	kh_webhook_masking *masking = masking_;

	return mask_text(masking->request, text, NULL);
}

kh_template_watch kh_webhook_watch(kh_webhook_masking *masking)
{
	return (kh_template_watch){.is_watched = is_masked, .tell = tell, .context = masking};
}

kh_status kh_webhook_apply_mask(
	const kh_webhook *webhook, const kh_event *event, kh_request *request, kh_error *error)
{
	size_t count = webhook->log_mask != NULL ? kh_value_length(webhook->log_mask) : 0;
	mask_walk walk = {.request = request, .error = error, .left = MAX_VALUES};
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < count; i++) {
		kh_str name = kh_value_string(kh_value_at(webhook->log_mask, i));
		const kh_value *value;
		status = kh_request_add_masked(request, name, error);
		if (status == KH_OK && kh_value_find(event->data, name, &value)) {
			mask_value(&walk, value);
			status = walk.status;
		}
	}
	return status;
}
