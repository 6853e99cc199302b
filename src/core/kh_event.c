#include "kh_event.h"

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
	return kh_error_set(error, KH_ERR_INVALID,
		"An event's data must be an object: names in double quotes with their values, in { }.");
}

void kh_event_clear(kh_event *event)
{
	if (event == NULL) {
		return;
	}
	kh_value_free(event->data);
	event->data = NULL;
}
