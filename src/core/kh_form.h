/*
 * application/x-www-form-urlencoded from a template: one pair per line, or a=b&c=d. The pairs are
 * split before anything is filled in, so a value can't add a pair, and names and values are encoded
 * as a whole afterwards.
 */
#ifndef KH_FORM_H
#define KH_FORM_H

#include "kh_event.h"
#include "kh_template.h"

typedef struct kh_form kh_form;

kh_status kh_form_compile(kh_str source, kh_form **out, kh_error *error);
void kh_form_free(kh_form *form);
kh_status kh_form_render(const kh_form *form, const kh_event *event, kh_buf *out, kh_error *error);
/* One pair per member of data: an empty template. */
kh_status kh_form_render_members(const kh_value *data, kh_buf *out, kh_error *error);

/* The templates of names and values, alternating; for kh_body_variable. */
size_t kh_form_template_count(const kh_form *form);
const kh_template *kh_form_template(const kh_form *form, size_t index);

#endif
