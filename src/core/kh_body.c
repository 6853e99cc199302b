#include "kh_body.h"
#include "kh_form.h"
#include "kh_json.h"
#include "kh_multipart.h"
#include "kh_template_ast.h"
#include "kh_xml.h"

#include <stdlib.h>
#include <strings.h>

/* How far a body that is too large is still rendered, to be able to say how large it is. */
#define MEASURED_BYTES (16 * KH_BODY_MAX_BYTES)

typedef enum body_kind {
	BODY_JSON,
	BODY_FORM,
	BODY_MULTIPART,
	BODY_XML,
	BODY_HTML,
	BODY_TEXT
} body_kind;

struct kh_body {
	body_kind kind;
	bool standard; /* the template is empty */
	kh_template *tpl;
	kh_form *form;
	kh_str *names; /* point into tpl or form */
	size_t name_count, name_capacity;
};

static kh_status out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
}

static bool is_type(kh_str type, const char *name)
{
	return type.len == strlen(name) && strncasecmp(type.data, name, type.len) == 0;
}

static bool has_suffix(kh_str type, const char *suffix)
{
	size_t len = strlen(suffix);

	return type.len > len && strncasecmp(type.data + type.len - len, suffix, len) == 0;
}

static kh_str without_parameters(kh_str type)
{
	const char *semicolon = type.len > 0 ? memchr(type.data, ';', type.len) : NULL;

	if (semicolon != NULL) {
		type.len = (size_t)(semicolon - type.data);
	}
	while (type.len > 0 && strchr(" \t", type.data[0]) != NULL) {
		type.data++;
		type.len--;
	}
	while (type.len > 0 && strchr(" \t", type.data[type.len - 1]) != NULL) {
		type.len--;
	}
	return type;
}

/* "application/json; charset=utf-8" is BODY_JSON: the parameters play no part. */
static body_kind kind_of(kh_str content_type)
{
	kh_str type = without_parameters(content_type);

	if (is_type(type, "application/json") || has_suffix(type, "+json")) {
		return BODY_JSON;
	}
	if (is_type(type, "application/x-www-form-urlencoded")) {
		return BODY_FORM;
	}
	if (is_type(type, "multipart/form-data")) {
		return BODY_MULTIPART;
	}
	if (is_type(type, "application/xml") || is_type(type, "text/xml") || has_suffix(type, "+xml")) {
		return BODY_XML;
	}
	return is_type(type, "text/html") ? BODY_HTML : BODY_TEXT;
}

static bool is_empty(kh_str source)
{
	for (size_t i = 0; i < source.len; i++) {
		if (source.data[i] == '\0' || strchr(" \t\r\n", source.data[i]) == NULL) {
			return false;
		}
	}
	return true;
}

static kh_status add_names(kh_body *body, const kh_template *tpl, kh_error *error)
{
	for (size_t i = 0; i < kh_template_variable_count(tpl); i++) {
		kh_str name = kh_template_variable(tpl, i);
		bool known = false;

		for (size_t k = 0; k < body->name_count && !known; k++) {
			known = kh_str_equals(body->names[k], name);
		}
		if (known) {
			continue;
		}
		if (body->name_count == KH_TEMPLATE_MAX_TAGS) {
			return kh_error_set(error, KH_ERR_TEMPLATE, "The body has more than %d variables.",
				KH_TEMPLATE_MAX_TAGS);
		}
		if (kh_template_grow(&body->names, body->name_count, &body->name_capacity, sizeof(name)) !=
			KH_OK) {
			return out_of_memory(error);
		}
		body->names[body->name_count++] = name;
	}
	return KH_OK;
}

static kh_status check_fragment(kh_str text, kh_error *error)
{
	return kh_xml_check(text, KH_XML_FRAGMENT, error);
}

/* What can be told before there are values: with markup in them ({{{name}}}) nothing can. */
static kh_status try_xml(const kh_body *body, kh_error *error)
{
	kh_status status = KH_OK;

	for (unsigned times = 0; status == KH_OK && !body->tpl->has_raw && times <= 1; times++) {
		status = kh_template_try(body->tpl, times, check_fragment, error);
	}
	return status;
}

static kh_status compile_form(kh_body *body, kh_str source, kh_error *error)
{
	kh_status status = kh_form_compile(source, &body->form, error);

	for (size_t i = 0; status == KH_OK && i < kh_form_template_count(body->form); i++) {
		status = add_names(body, kh_form_template(body->form, i), error);
	}
	return status;
}

static kh_status compile(kh_body *body, kh_str source, kh_error *error)
{
	static const kh_place places[] = {[BODY_JSON] = KH_PLACE_JSON,
		[BODY_XML] = KH_PLACE_XML,
		[BODY_HTML] = KH_PLACE_HTML,
		[BODY_TEXT] = KH_PLACE_TEXT};
	kh_status status;

	if (source.len > KH_TEMPLATE_MAX_BYTES) {
		return kh_error_set(error, KH_ERR_TOO_LARGE,
			"The body's template has %zu bytes; at most %d are possible.", source.len,
			KH_TEMPLATE_MAX_BYTES);
	}
	if (body->kind == BODY_FORM || body->kind == BODY_MULTIPART) {
		return compile_form(body, source, error);
	}
	status = kh_template_compile(source, places[body->kind], &body->tpl, error);
	if (status == KH_OK && body->kind == BODY_XML) {
		status = try_xml(body, error);
	}
	return status == KH_OK ? add_names(body, body->tpl, error) : status;
}

/* A boundary in the configuration could turn up in a value. */
static kh_status check_parameters(const kh_body *body, kh_str content_type, kh_error *error)
{
	if (body->kind == BODY_MULTIPART && memchr(content_type.data, ';', content_type.len) != NULL) {
		return kh_error_set(error, KH_ERR_INVALID,
			"The boundary is made for each request: write multipart/form-data alone as the content "
			"type.");
	}
	return KH_OK;
}

kh_status kh_body_compile(kh_str content_type, kh_str source, kh_body **out, kh_error *error)
{
	kh_body *body = calloc(1, sizeof(*body));
	kh_status status = KH_OK;

	*out = NULL;
	if (body == NULL) {
		return out_of_memory(error);
	}
	body->kind = kind_of(content_type);
	body->standard = is_empty(source);
	status = check_parameters(body, content_type, error);
	if (status != KH_OK) {
		kh_body_free(body);
		return status;
	}
	if (!body->standard) {
		status = compile(body, source, error);
	} else if (body->kind == BODY_XML) {
		status = kh_error_set_at(error, KH_ERR_TEMPLATE, 1, 1,
			"An XML body has no standard form: write one, as in <event>{{name}}</event>.");
	}
	if (status != KH_OK) {
		kh_body_free(body);
		return status;
	}
	*out = body;
	return KH_OK;
}

void kh_body_free(kh_body *body)
{
	if (body == NULL) {
		return;
	}
	kh_template_free(body->tpl);
	kh_form_free(body->form);
	free(body->names);
	free(body);
}

static kh_status append_member(kh_buf *out, const char *before, kh_str value)
{
	kh_status status = kh_buf_append(out, before, strlen(before));

	return status == KH_OK ? kh_json_escape(out, value) : status;
}

/* {"id", "type", "timestamp", "data"}, the data as it was stored. */
static kh_status render_standard(const kh_event *event, kh_buf *out, kh_error *error)
{
	kh_status status = append_member(out, "{\"id\":\"", event->id);

	if (status == KH_OK) {
		status = append_member(out, "\",\"type\":\"", event->type);
	}
	if (status == KH_OK) {
		status = append_member(out, "\",\"timestamp\":\"", event->timestamp);
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(out, KH_STR("\",\"data\":"));
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(out, event->json);
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(out, '}');
	}
	return status == KH_OK
			   ? KH_OK
			   : kh_error_set(error, status, "The standard body could not be written (%s).",
					 kh_status_name(status));
}

static kh_status render(const kh_body *body, const kh_event *event, kh_buf *out, kh_error *error)
{
	kh_status status;

	if (body->kind == BODY_FORM) {
		return body->standard ? kh_form_render_members(event->data, out, error)
							  : kh_form_render(body->form, event, out, error);
	}
	if (body->kind == BODY_MULTIPART) {
		return body->standard ? kh_multipart_render_members(event->data, out, error)
							  : kh_multipart_render(body->form, event, out, error);
	}
	status = body->standard
				 ? render_standard(event, out, error)
				 : kh_template_render_watched(body->tpl, event->data, event->watch, out, error);
	if (status != KH_OK || out->len > KH_BODY_MAX_BYTES) {
		return status;
	}
	if (body->standard) {
		return KH_OK; /* its parts are escaped here, or were checked when the event was opened */
	}
	if (body->kind == BODY_JSON) {
		return kh_json_check(kh_buf_str(out), KH_JSON_REQUEST, error);
	}
	return body->kind == BODY_XML ? kh_xml_check(kh_buf_str(out), KH_XML_DOCUMENT, error) : KH_OK;
}

/* {"id":"","type":"","timestamp":"","data":} and what escapes may add to an id. */
#define AROUND_BYTES 512

kh_status kh_body_render(const kh_body *body, const kh_event *event, kh_buf *out, kh_error *error)
{
	bool straight = body->standard && body->kind != BODY_FORM && body->kind != BODY_MULTIPART;
	size_t expected = event->json.len + event->id.len + event->type.len + AROUND_BYTES;
	kh_status status;
	kh_buf whole;

	/* Of most bodies it is known that they fit. */
	if (straight && expected < KH_BODY_MAX_BYTES && out->len == 0 &&
		kh_buf_reserve(out, expected) == KH_OK) {
		status = render_standard(event, out, error);
		if (status != KH_OK) {
			kh_buf_clear(out);
		}
		return status;
	}
	kh_buf_init(&whole, MEASURED_BYTES);
	status = render(body, event, &whole, error);
	if (status == KH_ERR_TOO_LARGE) {
		kh_error_set(error, status,
			"The body would have more than %d bytes; at most %d (256 kB) are sent. Use fewer or "
			"shorter variables.",
			MEASURED_BYTES, KH_BODY_MAX_BYTES);
	} else if (status == KH_OK && whole.len > KH_BODY_MAX_BYTES) {
		status = kh_error_set(error, KH_ERR_TOO_LARGE,
			"The body would have %zu bytes; at most %d (256 kB) are sent. Use fewer or shorter "
			"variables.",
			whole.len, KH_BODY_MAX_BYTES);
	} else if (status == KH_OK) {
		status = kh_buf_append_str(out, kh_buf_str(&whole));
		if (status != KH_OK) {
			kh_error_set(error, status, "The body has %zu bytes; there is room for %zu.", whole.len,
				out->max_bytes);
		}
	}
	kh_buf_free(&whole);
	return status;
}

bool kh_body_needs_data(const kh_body *body)
{
	return body->name_count > 0 ||
		   (body->standard && (body->kind == BODY_FORM || body->kind == BODY_MULTIPART));
}

bool kh_body_has_own_type(const kh_body *body)
{
	return body->kind == BODY_MULTIPART;
}

kh_status kh_body_content_type(
	const kh_body *body, kh_str configured, kh_str rendered, kh_buf *out, kh_error *error)
{
	kh_status status = body->kind == BODY_MULTIPART ? kh_multipart_content_type(rendered, out)
													: kh_buf_append_str(out, configured);

	return status == KH_OK
			   ? KH_OK
			   : kh_error_set(error, status, "The content type could not be written (%s).",
					 kh_status_name(status));
}

size_t kh_body_variable_count(const kh_body *body)
{
	return body->name_count;
}

kh_str kh_body_variable(const kh_body *body, size_t index)
{
	return index < body->name_count ? body->names[index] : (kh_str){NULL, 0};
}
