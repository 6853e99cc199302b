#include "kh_json.h"
#include "kh_template_ast.h"
#include "kh_url.h"

/* XML 1.0 can't write these at all, not even as an entity: U+FFFD stands in for them. HTML can, but
 * for U+0000. */
static bool is_unwritable(bool is_xml, const unsigned char *at, size_t left, size_t *len)
{
	*len = 1;
	if (!is_xml) {
		return at[0] == '\0';
	}
	if (at[0] < 0x20) {
		return at[0] != '\t' && at[0] != '\n' && at[0] != '\r';
	}
	*len = 3; /* U+FFFE, U+FFFF */
	return left >= 3 && at[0] == 0xEF && at[1] == 0xBF && (at[2] == 0xBE || at[2] == 0xBF);
}

static kh_status append_markup(kh_buf *out, bool is_xml, kh_str text)
{
	size_t i, plain = 0, len;
	kh_status status;

	for (i = 0; i < text.len; i++) {
		kh_str entity;

		len = 1;
		switch (text.data[i]) {
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
			if (!is_unwritable(is_xml, (const unsigned char *)text.data + i, text.len - i, &len)) {
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
		i += len - 1;
		plain = i + 1;
	}
	return kh_buf_append(out, text.data != NULL ? text.data + plain : NULL, text.len - plain);
}

static kh_status append_header(kh_buf *out, const kh_node *tag, kh_str text, kh_error *error)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\r' || text.data[i] == '\n' || text.data[i] == '\0') {
			return kh_error_set_at(error, KH_ERR_TEMPLATE, tag->line, tag->column,
				"The value of {{%.*s}} has a line break, which a header can't carry: use it in "
				"the body instead.",
				(int)(tag->text.len < 80 ? tag->text.len : 80), tag->text.data);
		}
	}
	return kh_buf_append_str(out, text);
}

kh_status kh_template_escape(
	const kh_template *tpl, const kh_node *tag, kh_str text, kh_buf *out, kh_error *error)
{
	switch (tpl->place) {
	case KH_PLACE_JSON:
		return kh_json_escape(out, text);
	case KH_PLACE_XML:
	case KH_PLACE_HTML:
		return tag->raw ? kh_buf_append_str(out, text)
						: append_markup(out, tpl->place == KH_PLACE_XML, text);
	case KH_PLACE_URL:
		return kh_url_encode(out, text);
	case KH_PLACE_HEADER:
		return append_header(out, tag, text, error);
	default:
		return kh_buf_append_str(out, text);
	}
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
