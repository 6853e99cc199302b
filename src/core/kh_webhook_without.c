/* The member "without": variables that a webhook may not carry, whatever its templates say. */
#include "kh_json.h"
#include "kh_webhook_parts.h"

#define MAX_NAME_BYTES 128
/* No longer than the event itself but for the form in which its numbers and texts are written. */
#define MAX_JSON_BYTES (16 * 1024 * 1024)

kh_status kh_webhook_parse_without(kh_webhook *webhook, kh_error *error)
{
	const kh_value *list = NULL;
	size_t count;

	if (!kh_value_get(webhook->root, KH_STR("without"), &list) ||
		kh_value_kind(list) == KH_KIND_NULL) {
		return KH_OK;
	}
	count = kh_value_kind(list) == KH_KIND_LIST ? kh_value_length(list) : SIZE_MAX;
	if (count > KH_WEBHOOK_MAX_WITHOUT) {
		return kh_error_set(error, KH_ERR_INVALID,
			"without: must be a list of at most %d names of variables", KH_WEBHOOK_MAX_WITHOUT);
	}
	for (size_t i = 0; i < count; i++) {
		kh_str name = kh_value_string(kh_value_at(list, i));
		if (name.len == 0 || name.len > MAX_NAME_BYTES) {
			return kh_error_set(error, KH_ERR_INVALID,
				"without[%zu]: must be the name of a variable, of 1 to %d bytes", i,
				MAX_NAME_BYTES);
		}
	}
	webhook->without = list;
	return KH_OK;
}

typedef struct copy {
	const kh_value *without;
	kh_buf *out;
	kh_status status;
	bool first;
} copy;

static bool is_hidden(const kh_value *without, kh_str name)
{
	for (size_t i = 0; i < kh_value_length(without); i++) {
		if (kh_str_equals(kh_value_string(kh_value_at(without, i)), name)) {
			return true;
		}
	}
	return false;
}

static bool copy_member(void *context, kh_str name, const kh_value *member)
{
	copy *c = context;

	if (is_hidden(c->without, name)) {
		return true;
	}
	c->status = c->first ? KH_OK : kh_buf_append_char(c->out, ',');
	c->first = false;
	if (c->status == KH_OK) {
		c->status = kh_buf_append_char(c->out, '"');
	}
	if (c->status == KH_OK) {
		c->status = kh_json_escape(c->out, name);
	}
	if (c->status == KH_OK) {
		c->status = kh_buf_append_str(c->out, KH_STR("\":"));
	}
	if (c->status == KH_OK) {
		c->status = kh_value_append_json(member, c->out);
	}
	return c->status == KH_OK;
}

static bool has_hidden(const kh_value *without, const kh_value *data)
{
	const kh_value *value;

	for (size_t i = 0; i < kh_value_length(without); i++) {
		if (kh_value_get(data, kh_value_string(kh_value_at(without, i)), &value)) {
			return true;
		}
	}
	return false;
}

kh_status kh_webhook_see(
	const kh_webhook *webhook, const kh_event *event, kh_event *seen, kh_buf *json, kh_error *error)
{
	copy c = {.without = webhook->without, .out = json, .status = KH_OK, .first = true};

	*seen = *event;
	kh_buf_init(json, MAX_JSON_BYTES);
	if (webhook->without == NULL) {
		return KH_OK;
	}
	/* Of data that were only checked nobody can tell what is in them. */
	if (event->data == NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "The event was not opened for this webhook.");
	}
	if (!has_hidden(webhook->without, event->data)) {
		return KH_OK;
	}
	seen->data = NULL;
	c.status = kh_buf_append_char(json, '{');
	if (c.status == KH_OK) {
		kh_value_each(event->data, copy_member, &c);
	}
	if (c.status == KH_OK) {
		c.status = kh_buf_append_char(json, '}');
	}
	if (c.status != KH_OK) {
		return kh_error_set(error, c.status, "The event's data could not be copied.");
	}
	seen->json = kh_buf_str(json);
	return kh_event_open(seen, error);
}

void kh_webhook_unsee(const kh_event *event, kh_event *seen, kh_buf *json)
{
	if (seen->data != event->data) {
		kh_event_clear(seen);
	}
	kh_buf_free(json);
}
