#include "kh_multipart.h"
#include "kh_digest.h"
#include "kh_template_ast.h"

#include <stdlib.h>

#define PREFIX "KiviHook-"
#define HASH_BYTES 40
#define BOUNDARY_BYTES (sizeof(PREFIX) - 1 + HASH_BYTES)

typedef struct writer {
	kh_buf *out;
	size_t start;  /* what lies before is not ours */
	size_t *holes; /* where a boundary's hash goes */
	size_t hole_count, hole_capacity;
	kh_buf name, value;
	kh_status status;
} writer;

/* The hash is not known yet. */
static kh_status append_boundary(writer *w)
{
	static const char zeros[HASH_BYTES + 1] = "0000000000000000000000000000000000000000";
	kh_status status = kh_buf_append_str(w->out, KH_STR("--" PREFIX));

	if (status == KH_OK) {
		status = kh_template_grow(&w->holes, w->hole_count, &w->hole_capacity, sizeof(*w->holes));
	}
	if (status != KH_OK) {
		return status;
	}
	w->holes[w->hole_count++] = w->out->len;
	return kh_buf_append(w->out, zeros, HASH_BYTES);
}

/* As browsers do (WHATWG HTML, multipart/form-data encoding). */
static kh_status append_name(kh_buf *out, kh_str name)
{
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < name.len; i++) {
		switch (name.data[i]) {
		case '"':
			status = kh_buf_append_str(out, KH_STR("%22"));
			break;
		case '\r':
			status = kh_buf_append_str(out, KH_STR("%0D"));
			break;
		case '\n':
			status = kh_buf_append_str(out, KH_STR("%0A"));
			break;
		case '\0':
			status = kh_buf_append_str(out, KH_STR("%00"));
			break;
		default:
			status = kh_buf_append_char(out, name.data[i]);
		}
	}
	return status;
}

static kh_status append_field(writer *w, kh_str name, kh_str value)
{
	kh_status status = append_boundary(w);

	if (status == KH_OK) {
		status = kh_buf_append_str(w->out, KH_STR("\r\nContent-Disposition: form-data; name=\""));
	}
	if (status == KH_OK) {
		status = append_name(w->out, name);
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(w->out, KH_STR("\"\r\n\r\n"));
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(w->out, value);
	}
	return status == KH_OK ? kh_buf_append_str(w->out, KH_STR("\r\n")) : status;
}

static void begin(writer *w, kh_buf *out)
{
	*w = (writer){.out = out, .start = out->len};
	kh_buf_init(&w->name, out->max_bytes);
	kh_buf_init(&w->value, out->max_bytes);
}

/* Ends the body and puts the hash of all of it where the boundaries are. */
static kh_status end(writer *w, kh_status status, kh_error *error)
{
	char hash[KH_DIGEST_HEX_BYTES + 1];

	if (status == KH_OK) {
		status = append_boundary(w);
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(w->out, KH_STR("--\r\n"));
	}
	if (status == KH_OK) {
		kh_str body = {w->out->data + w->start, w->out->len - w->start};
		status = kh_digest_sha256(body, hash, error);
	}
	for (size_t i = 0; status == KH_OK && i < w->hole_count; i++) {
		memcpy(w->out->data + w->holes[i], hash, HASH_BYTES);
	}
	free(w->holes);
	kh_buf_free(&w->name);
	kh_buf_free(&w->value);
	return status;
}

static kh_status failed(kh_status status, const kh_buf *out, kh_error *error)
{
	return status == KH_ERR_TOO_LARGE
			   ? kh_error_set(error, status, "The form is larger than %zu bytes.", out->max_bytes)
			   : kh_error_set(
					 error, status, "The form could not be written (%s).", kh_status_name(status));
}

kh_status kh_multipart_render(
	const kh_form *form, const kh_event *event, kh_buf *out, kh_error *error)
{
	kh_status status = KH_OK;
	bool told = false;
	writer w;

	begin(&w, out);
	for (size_t i = 0; status == KH_OK && i + 1 < kh_form_template_count(form); i += 2) {
		kh_buf_clear(&w.name);
		kh_buf_clear(&w.value);
		status = kh_template_render_watched(
			kh_form_template(form, i), event->data, event->watch, &w.name, error);
		if (status == KH_OK) {
			status = kh_template_render_watched(
				kh_form_template(form, i + 1), event->data, event->watch, &w.value, error);
		}
		told = status != KH_OK;
		if (status == KH_OK) {
			status = append_field(&w, kh_buf_str(&w.name), kh_buf_str(&w.value));
		}
	}
	status = end(&w, status, error);
	return status == KH_OK || told ? status : failed(status, out, error);
}

static bool append_member(void *context, kh_str name, const kh_value *member)
{
	writer *w = context;

	kh_buf_clear(&w->value);
	w->status = kh_value_append_text(member, &w->value);
	if (w->status == KH_OK) {
		w->status = append_field(w, name, kh_buf_str(&w->value));
	}
	return w->status == KH_OK;
}

kh_status kh_multipart_render_members(const kh_value *data, kh_buf *out, kh_error *error)
{
	kh_status status;
	writer w;

	begin(&w, out);
	kh_value_each(data, append_member, &w);
	status = end(&w, w.status, error);
	return status == KH_OK ? KH_OK : failed(status, out, error);
}

kh_status kh_multipart_content_type(kh_str body, kh_buf *out)
{
	kh_status status = kh_buf_append_str(out, KH_STR("multipart/form-data; boundary="));

	if (body.len < 2 + BOUNDARY_BYTES) {
		return KH_ERR_INVALID;
	}
	return status == KH_OK ? kh_buf_append(out, body.data + 2, BOUNDARY_BYTES) : status;
}
