/*
 * One event as the engine sees it: who it is, and its data as JSON. The strings belong to the
 * caller; the parsed data to the event, which kh_event_clear frees.
 */
#ifndef KH_EVENT_H
#define KH_EVENT_H

#include "kh_value.h"

typedef struct kh_event {
	kh_str id;        /* UUIDv7 */
	kh_str type;      /* "appointment.booked" */
	kh_str timestamp; /* of the event, ISO 8601, UTC, milliseconds: "2026-11-23T09:15:00.123Z" */
	kh_str json;      /* the data as it was stored */
	kh_value *data;   /* the same, parsed; NULL when it was only checked */
	const struct kh_template_watch
		*watch; /* for templates that are filled in with it; NULL: nobody */
} kh_event;

/* Both refuse what is no JSON object. open parses event->json into event->data; check leaves that
 * NULL, for whoever sends the data as they are and asks for none of them. */
kh_status kh_event_open(kh_event *event, kh_error *error);
kh_status kh_event_check(kh_event *event, kh_error *error);
void kh_event_clear(kh_event *event);

#endif
