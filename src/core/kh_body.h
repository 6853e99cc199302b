/*
 * The body of a request: what its content type asks for, from a template and the event's data.
 * JSON is parsed before it is sent, XML must be well-formed; a form, multipart too, is written as
 * a=b&c=d, or as one pair per line; an empty template is the standard body {"id", "type",
 * "timestamp", "data"}, and in a form one field per member of data.
 */
#ifndef KH_BODY_H
#define KH_BODY_H

#include "kh_event.h"
#include "kh_template.h"

#define KH_BODY_MAX_BYTES (256 * 1024)

typedef struct kh_body kh_body;

/* content_type with or without parameters ("application/json; charset=utf-8"). */
kh_status kh_body_compile(kh_str content_type, kh_str source, kh_body **out, kh_error *error);
void kh_body_free(kh_body *body);
/* Is event->data looked at? If not, the event need only be checked (kh_event_check). */
bool kh_body_needs_data(const kh_body *body);
/* The event was opened, or checked where its data are not needed. */
kh_status kh_body_render(const kh_body *body, const kh_event *event, kh_buf *out, kh_error *error);

/* The content type is not the configured one alone: multipart/form-data gets a boundary. */
bool kh_body_has_own_type(const kh_body *body);
/* Appends the Content-Type of a rendered body. */
kh_status kh_body_content_type(
	const kh_body *body, kh_str configured, kh_str rendered, kh_buf *out, kh_error *error);

/* The names used anywhere in the body, as kh_template_variable gives them. */
size_t kh_body_variable_count(const kh_body *body);
kh_str kh_body_variable(const kh_body *body, size_t index);

#endif
