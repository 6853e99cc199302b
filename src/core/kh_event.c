#include "kh_event.h"

#include "kh_json.h"

static kh_status refuse(kh_error *error)
{
	return kh_error_set(error, KH_ERR_INVALID,
		"An event's data must be an object: names in double quotes with their values, in { }.");
}

/* Of checked JSON: where its value begins. */
static size_t skip_blanks(kh_str text, size_t at)
{
	while (at < text.len && memchr(" \t\r\n", text.data[at], 4) != NULL) {
		at++;
	}
	return at;
}

kh_status kh_event_check(kh_event *event, kh_error *error)
{
	kh_str json = event->json;
	kh_status status;
	size_t at;

	kh_event_clear(event);
	status = kh_json_check(json, KH_JSON_REQUEST, error);
	if (status != KH_OK) {
		return status;
	}
	at = skip_blanks(json, 0);
	if (json.data[at] == '[') {
		at = skip_blanks(json, at + 1);
		return json.data[at] == ']' ? KH_OK : refuse(error);
	}
	return json.data[at] == '{' ? KH_OK : refuse(error);
}

kh_status kh_event_open(kh_event *event, kh_error *error)
{
	kh_status status;
	kh_kind kind;

	kh_event_clear(event);
	status = kh_value_parse(event->json, &event->data, error);
	if (status != KH_OK) {
		return status;
	}
	kind = kh_value_kind(event->data);
	/* PHP writes an empty array as []: no data, and no mistake. */
	if (kind == KH_KIND_OBJECT || (kind == KH_KIND_LIST && kh_value_length(event->data) == 0)) {
		return KH_OK;
	}
	kh_event_clear(event);
	return refuse(error);
}

void kh_event_clear(kh_event *event)
{
	if (event == NULL) {
		return;
	}
	kh_value_free(event->data);
	event->data = NULL;
}
