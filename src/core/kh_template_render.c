#include "kh_json.h"
#include "kh_template_ast.h"
#include "kh_url.h"

/* XML 1.0 can't write these at all, not even as an entity: U+FFFD stands in for them. */
static bool not_in_xml(unsigned char c)
{
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

static kh_status append_xml(kh_buf *out, kh_str text)
{
	size_t i, plain = 0;
	kh_status status;

	for (i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		kh_str entity;

		switch (c) {
		case '&':
			entity = KH_STR("&amp;");
			break;
		case '<':
			entity = KH_STR("&lt;");
			break;
		case '>':
			entity = KH_STR("&gt;");
			break;
		case '"':
			entity = KH_STR("&quot;");
			break;
		case '\'':
			entity = KH_STR("&#39;");
			break;
		default:
			if (!not_in_xml(c)) {
				continue;
			}
			entity = KH_STR("\xEF\xBF\xBD");
		}
		status = kh_buf_append(out, text.data + plain, i - plain);
		if (status == KH_OK) {
			status = kh_buf_append_str(out, entity);
		}
		if (status != KH_OK) {
			return status;
		}
		plain = i + 1;
	}
	return kh_buf_append(out, text.data != NULL ? text.data + plain : NULL, text.len - plain);
}

static kh_status append_header(kh_buf *out, const kh_node *node, kh_str text, kh_error *error)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\r' || text.data[i] == '\n' || text.data[i] == '\0') {
			return kh_error_set_at(error, KH_ERR_TEMPLATE, node->line, node->column,
				"The value of {{%.*s}} has a line break, which a header can't carry: use it in "
				"the body instead.",
				(int)(node->text.len < 80 ? node->text.len : 80), node->text.data);
		}
	}
	return kh_buf_append_str(out, text);
}

static kh_status append_escaped(
	const kh_template *tpl, const kh_node *node, kh_str text, kh_buf *out, kh_error *error)
{
	switch (tpl->place) {
	case KH_PLACE_JSON:
		return kh_json_escape(out, text);
	case KH_PLACE_XML:
		return node->raw ? kh_buf_append_str(out, text) : append_xml(out, text);
	case KH_PLACE_URL:
		return kh_url_encode(out, text);
	case KH_PLACE_HEADER:
		return append_header(out, node, text, error);
	default:
		return kh_buf_append_str(out, text);
	}
}

static kh_status append_variable(const kh_template *tpl, const kh_node *node, const kh_value *value,
	kh_buf *out, kh_error *error)
{
	kh_status status;
	kh_buf text;

	if (node->json_value) {
		return kh_value_append_json(value, out);
	}
	if (kh_value_kind(value) == KH_KIND_STRING) {
		return append_escaped(tpl, node, kh_value_string(value), out, error);
	}
	kh_buf_init(&text, out->max_bytes);
	status = kh_value_append_text(value, &text);
	if (status == KH_OK) {
		status = append_escaped(tpl, node, kh_buf_str(&text), out, error);
	}
	kh_buf_free(&text);
	return status;
}

/* An unknown name is NULL: null as a JSON value, empty as text. */
static const kh_value *find(const kh_value *data, kh_str name)
{
	const kh_value *value = NULL;

	if (kh_str_equals(name, KH_STR("."))) {
		return data;
	}
	return kh_value_find(data, name, &value) ? value : NULL;
}

kh_status kh_template_render(
	const kh_template *tpl, const kh_value *data, kh_buf *out, kh_error *error)
{
	size_t start = out->len;
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < tpl->node_count; i++) {
		const kh_node *node = &tpl->nodes[i];

		if (node->kind == KH_NODE_TEXT) {
			status = kh_buf_append_str(out, node->text);
		} else {
			status = append_variable(tpl, node, find(data, node->text), out, error);
		}
	}
	if (status == KH_OK) {
		return KH_OK;
	}
	out->len = start;
	if (out->data != NULL) {
		out->data[start] = '\0';
	}
	if (status == KH_ERR_TOO_LARGE) {
		return kh_error_set(
			error, status, "What the template gives is larger than %zu bytes.", out->max_bytes);
	}
	if (status == KH_ERR_TEMPLATE) {
		return status; /* has its message */
	}
	return kh_error_set(
		error, status, "The template could not be filled in (%s).", kh_status_name(status));
}

static int hex(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void kh_template_decode_percent(kh_template *tpl)
{
	for (size_t n = 0; n < tpl->node_count; n++) {
		kh_node *node = &tpl->nodes[n];
		char *text;
		size_t i, written = 0;

		if (node->kind != KH_NODE_TEXT) {
			continue;
		}
		text = tpl->source + (node->text.data - tpl->source); /* it lies in our own copy */
		for (i = 0; i < node->text.len; i++) {
			if (text[i] == '%' && i + 2 < node->text.len && hex(text[i + 1]) >= 0 &&
				hex(text[i + 2]) >= 0) {
				text[written++] = (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]));
				i += 2;
			} else {
				text[written++] = text[i];
			}
		}
		node->text.len = written;
	}
}
