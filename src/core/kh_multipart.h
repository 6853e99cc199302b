/*
 * multipart/form-data (RFC 7578) from a form's template. The boundary is made for each body out of
 * what the body holds (SHA-256): no value can contain it, and the same fields give the same bytes,
 * so that a preview shows what is sent. The body begins with "--" and its boundary.
 */
#ifndef KH_MULTIPART_H
#define KH_MULTIPART_H

#include "kh_form.h"

kh_status kh_multipart_render(
	const kh_form *form, const kh_event *event, kh_buf *out, kh_error *error);
/* One field per member of data: an empty template. */
kh_status kh_multipart_render_members(const kh_value *data, kh_buf *out, kh_error *error);

/* Appends "multipart/form-data; boundary=…" for a body that one of the two above has rendered. */
kh_status kh_multipart_content_type(kh_str body, kh_buf *out);

#endif
