#include "kh_form.h"
#include "kh_template_ast.h"

#include <stdlib.h>

struct kh_form {
	kh_template **parts; /* name, value, name, value, … */
	size_t count, capacity;
};

typedef struct form_parser {
	kh_form *form;
	kh_str source;
	bool by_line; /* else split at &, and %XX in literals stands for a byte */
	kh_error *error;
} form_parser;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim_span(kh_str source, size_t *begin, size_t *end)
{
	while (*begin < *end && is_blank(source.data[*begin])) {
		(*begin)++;
	}
	while (*end > *begin && is_blank(source.data[*end - 1])) {
		(*end)--;
	}
}

/* The next `wanted` outside of tags from begin on; end when there is none. */
static size_t find_outside_tags(kh_str source, size_t begin, size_t end, char wanted)
{
	kh_str part = {source.data, end};
	size_t at = begin;

	while (at < end) {
		if (kh_template_skip_tag(part, &at)) {
			continue;
		}
		if (source.data[at] == wanted) {
			return at;
		}
		at++;
	}
	return end;
}

static kh_status add_part(form_parser *p, size_t begin, size_t end)
{
	kh_form *form = p->form;
	kh_str part = {p->source.data + begin, end - begin};
	kh_template *tpl = NULL;
	unsigned line, column;
	kh_status status;

	status = kh_template_grow(&form->parts, form->count, &form->capacity, sizeof(*form->parts));
	if (status != KH_OK) {
		return kh_error_set(p->error, status, "Out of memory.");
	}
	kh_str_position(p->source, begin, &line, &column);
	status = kh_template_compile_at(part, KH_PLACE_TEXT, line, column, &tpl, p->error);
	if (status != KH_OK) {
		return status;
	}
	if (!p->by_line) {
		kh_template_decode_percent(tpl);
	}
	form->parts[form->count++] = tpl;
	return KH_OK;
}

static bool is_section_tag(kh_str source, size_t begin, size_t end)
{
	return end - begin > 3 && memcmp(source.data + begin, "{{", 2) == 0 &&
		   source.data[begin + 2] != '\0' && strchr("#^/", source.data[begin + 2]) != NULL;
}

static kh_status add_pair(form_parser *p, size_t begin, size_t end)
{
	size_t name_begin = begin, name_end, equals;
	unsigned line, column;
	kh_status status;

	equals = find_outside_tags(p->source, begin, end, '=');
	name_end = equals;
	trim_span(p->source, &name_begin, &name_end);
	if (name_begin == name_end || (equals == end && p->by_line)) {
		kh_str_position(p->source, begin, &line, &column);
		return kh_error_set_at(p->error, KH_ERR_TEMPLATE, line, column, "%s",
			name_begin == name_end ? "A name is missing before the =: write name=value."
			: is_section_tag(p->source, begin, end)
				? "A section can't stand around whole lines of a form: write it into one value, as "
				  "in items={{#items}}{{name}}; {{/items}}, or use {{items | join:\"; \"}}."
				: "This line has no =: write name=value, one pair per line, and \\n is not kept "
				  "in a value.");
	}
	if (p->form->count >= KH_TEMPLATE_MAX_TAGS) {
		return kh_error_set(p->error, KH_ERR_TEMPLATE, "The form has too many pairs.");
	}
	status = add_part(p, name_begin, name_end);
	return status == KH_OK ? add_part(p, equals < end ? equals + 1 : end, end) : status;
}

static bool is_comment(kh_str source, size_t begin, size_t end)
{
	kh_str part = {source.data, end};

	return end - begin > 3 && memcmp(source.data + begin, "{{!", 3) == 0 &&
		   kh_template_skip_tag(part, &begin) && begin == end;
}

static kh_status parse(form_parser *p)
{
	size_t begin = 0, end = p->source.len;
	kh_status status = KH_OK;

	trim_span(p->source, &begin, &end);
	p->by_line = find_outside_tags(p->source, begin, end, '\n') < end;
	while (status == KH_OK && begin < end) {
		size_t next = find_outside_tags(p->source, begin, end, p->by_line ? '\n' : '&');
		size_t pair_begin = begin, pair_end = next;

		if (p->by_line) {
			/* Blanks in front are indentation; those behind may be meant, but for a CR. */
			while (pair_begin < pair_end && is_blank(p->source.data[pair_begin])) {
				pair_begin++;
			}
			if (pair_end > pair_begin && p->source.data[pair_end - 1] == '\r') {
				pair_end--;
			}
		}
		if (pair_begin < pair_end && !is_comment(p->source, pair_begin, pair_end)) {
			status = add_pair(p, pair_begin, pair_end);
		}
		begin = next + 1;
	}
	return status;
}

kh_status kh_form_compile(kh_str source, kh_form **out, kh_error *error)
{
	kh_form *form = calloc(1, sizeof(*form));
	form_parser p = {.form = form, .source = source, .error = error};
	kh_status status;

	*out = NULL;
	if (form == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	status = parse(&p);
	if (status != KH_OK) {
		kh_form_free(form);
		return status;
	}
	*out = form;
	return KH_OK;
}

void kh_form_free(kh_form *form)
{
	if (form == NULL) {
		return;
	}
	for (size_t i = 0; i < form->count; i++) {
		kh_template_free(form->parts[i]);
	}
	free(form->parts);
	free(form);
}

/* The WHATWG set: a blank is +, and + itself %2B. */
static kh_status append_encoded(kh_buf *out, kh_str text)
{
	static const char digits[] = "0123456789ABCDEF";
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		char encoded[3] = {'%', digits[c >> 4], digits[c & 15]};
		bool plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
					 c == '*' || c == '-' || c == '.' || c == '_';

		if (c == ' ') {
			status = kh_buf_append_char(out, '+');
		} else if (plain) {
			status = kh_buf_append_char(out, (char)c);
		} else {
			status = kh_buf_append(out, encoded, sizeof(encoded));
		}
	}
	return status;
}

static kh_status too_large(kh_status status, const kh_buf *out, kh_error *error)
{
	return kh_error_set(error, status, "The form is larger than %zu bytes.", out->max_bytes);
}

kh_status kh_form_render(const kh_form *form, const kh_event *event, kh_buf *out, kh_error *error)
{
	kh_status status = KH_OK;
	kh_buf text;

	kh_buf_init(&text, out->max_bytes);
	for (size_t i = 0; status == KH_OK && i < form->count; i++) {
		kh_buf_clear(&text);
		status =
			kh_template_render_watched(form->parts[i], event->data, event->watch, &text, error);
		if (status != KH_OK) {
			break;
		}
		if (i > 0) {
			status = kh_buf_append_char(out, i % 2 == 0 ? '&' : '=');
		}
		if (status == KH_OK) {
			status = append_encoded(out, kh_buf_str(&text));
		}
		if (status != KH_OK) {
			too_large(status, out, error);
		}
	}
	kh_buf_free(&text);
	return status;
}

typedef struct member_writer {
	kh_buf *out;
	kh_buf text;
	bool first;
	kh_status status;
} member_writer;

static bool append_member(void *context, kh_str name, const kh_value *member)
{
	member_writer *w = context;

	w->status = w->first ? KH_OK : kh_buf_append_char(w->out, '&');
	w->first = false;
	kh_buf_clear(&w->text);
	if (w->status == KH_OK) {
		w->status = append_encoded(w->out, name);
	}
	if (w->status == KH_OK) {
		w->status = kh_buf_append_char(w->out, '=');
	}
	if (w->status == KH_OK) {
		w->status = kh_value_append_text(member, &w->text);
	}
	if (w->status == KH_OK) {
		w->status = append_encoded(w->out, kh_buf_str(&w->text));
	}
	return w->status == KH_OK;
}

kh_status kh_form_render_members(const kh_value *data, kh_buf *out, kh_error *error)
{
	member_writer w = {.out = out, .first = true, .status = KH_OK};

	kh_buf_init(&w.text, out->max_bytes);
	if (!kh_value_each(data, append_member, &w)) {
		too_large(w.status, out, error);
	}
	kh_buf_free(&w.text);
	return w.status;
}

size_t kh_form_template_count(const kh_form *form)
{
	return form->count;
}

const kh_template *kh_form_template(const kh_form *form, size_t index)
{
	return index < form->count ? form->parts[index] : NULL;
}
