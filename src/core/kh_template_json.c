#include "kh_template_parse.h"

#include <stdlib.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void kh_json_place_free(kh_json_place *place)
{
	kh_json_scan_free(&place->scan);
	free(place->names);
	free(place->unescaped);
}

static kh_status add_text(kh_template_parser *p, size_t begin, size_t end)
{
	kh_node node = {.kind = KH_NODE_TEXT, .text = {p->source.data + begin, end - begin}};

	return begin < end ? kh_parser_add_node(p, node, begin) : KH_OK;
}

static uint64_t hash_name(kh_str text)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a: only to compare quickly */

	for (size_t i = 0; i < text.len; i++) {
		hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
	}
	return hash;
}

/* A name with a tag in it is compared as it is written: only the values tell more. */
static kh_status read_name(kh_template_parser *p, size_t end, kh_str *name)
{
	kh_json_place *j = &p->json;

	*name = (kh_str){p->source.data + j->key_begin, end - j->key_begin};
	if (j->key_has_tag || name->len == 0 || memchr(name->data, '\\', name->len) == NULL) {
		return KH_OK;
	}
	if (j->unescaped == NULL) {
		j->unescaped = malloc(p->source.len);
		if (j->unescaped == NULL) {
			return kh_parser_out_of_memory(p);
		}
	}
	name->len = kh_json_unescape(name->data, name->len, j->unescaped + j->unescaped_len);
	name->data = j->unescaped + j->unescaped_len;
	j->unescaped_len += name->len;
	return KH_OK;
}

/* The member's name that ends here. */
static kh_status note_name(kh_template_parser *p, size_t end)
{
	kh_json_place *j = &p->json;
	kh_seen_name seen;
	size_t first = j->name_begin[j->scan.depth];
	kh_status status = read_name(p, end, &seen.text);

	if (status != KH_OK) {
		return status;
	}
	seen.hash = hash_name(seen.text);
	for (size_t i = first; i < j->name_count; i++) {
		if (j->names[i].hash == seen.hash && kh_str_equals(j->names[i].text, seen.text)) {
			return KH_FAIL_AT(p, j->key_begin - 1,
				"The name \"%.*s\" is there twice in one object.", kh_parser_shown(seen.text),
				seen.text.data);
		}
	}
	if (j->name_count - first >= KH_TEMPLATE_MAX_MEMBERS) {
		return KH_FAIL_AT(
			p, j->key_begin - 1, "This object has more than %d members.", KH_TEMPLATE_MAX_MEMBERS);
	}
	if (kh_template_grow(&j->names, j->name_count, &j->name_capacity, sizeof(seen)) != KH_OK) {
		return kh_parser_out_of_memory(p);
	}
	j->names[j->name_count++] = seen;
	return KH_OK;
}

/* No byte of a section may end what began outside of it. */
static kh_status check_section(kh_template_parser *p, size_t at, kh_scan_state before)
{
	const kh_open_section *section = p->depth > 0 ? &p->open[p->depth - 1] : NULL;
	const kh_json_scan *scan = &p->json.scan;
	kh_str name;

	if (section == NULL) {
		return KH_OK;
	}
	name = p->tpl->nodes[section->node].text;
	if (section->spot == KH_SPOT_STRING && before == KH_SCAN_STRING &&
		scan->state != KH_SCAN_STRING && scan->state != KH_SCAN_ESCAPE) {
		return KH_FAIL_AT(p, at,
			"The section {{#%.*s}} begins inside double quotes and must end before they do: write "
			"{{/%.*s}} before this \".",
			kh_parser_shown(name), name.data, kh_parser_shown(name), name.data);
	}
	if (section->spot != KH_SPOT_STRING && scan->depth < section->depth) {
		return KH_FAIL_AT(p, at,
			"This %c ends what began outside of the section {{#%.*s}}: write {{/%.*s}} before it.",
			p->source.data[at], kh_parser_shown(name), name.data, kh_parser_shown(name), name.data);
	}
	return KH_OK;
}

static kh_status scan_failed(kh_template_parser *p, size_t at, const kh_error *why, bool after_tag)
{
	const kh_str *tag = &p->json.value_tag;

	if (why->status == KH_ERR_MEMORY) {
		return kh_parser_out_of_memory(p);
	}
	if (after_tag) {
		return KH_FAIL_AT(p, at,
			"%.*s is a whole JSON value here, and more text touches it: put all of it in "
			"double quotes, as in \"%.*s…\".",
			kh_parser_shown(*tag), tag->data, kh_parser_shown(*tag), tag->data);
	}
	return KH_FAIL_AT(p, at - p->json.scan.back, "%s", why->message);
}

static kh_status feed(kh_template_parser *p, size_t at)
{
	kh_json_place *j = &p->json;
	kh_json_scan *scan = &j->scan;
	kh_scan_state before = scan->state;
	size_t depth = scan->depth;
	bool after_tag = before == KH_SCAN_AFTER && at == j->value_tag_end && at > 0;
	kh_error why = {0};
	kh_status status;

	if (kh_json_scan_byte(scan, (unsigned char)p->source.data[at], &why) != KH_OK) {
		return scan_failed(p, at, &why, after_tag);
	}
	if (scan->state == before && scan->depth == depth) {
		return KH_OK;
	}
	status = check_section(p, at, before);
	if (status != KH_OK) {
		return status;
	}
	if (scan->depth > depth) {
		j->name_begin[scan->depth] = j->name_count;
	} else if (scan->depth < depth) {
		j->name_count = j->name_begin[depth];
	} else if (scan->state == KH_SCAN_STRING && scan->in_key &&
			   (before == KH_SCAN_KEY || before == KH_SCAN_FIRST_KEY)) {
		j->key_begin = at + 1;
		j->key_has_tag = false;
	} else if (scan->state == KH_SCAN_COLON && before == KH_SCAN_STRING) {
		return note_name(p, at);
	}
	return KH_OK;
}

/* A value or name begins behind a section's tag: whether a comma is due shows when it is rendered.
 */
static kh_status begin_element(kh_template_parser *p, size_t at)
{
	kh_json_place *j = &p->json;

	j->near_section = false;
	j->scan.state = kh_json_scan_in_object(&j->scan) ? KH_SCAN_KEY : KH_SCAN_VALUE;
	return kh_parser_add_node(p, (kh_node){.kind = KH_NODE_COMMA}, at);
}

/* The first byte behind a section's tag that is no blank. own: a comma, which is left out. */
static kh_status feed_near_section(kh_template_parser *p, size_t *piece, size_t at, bool *own)
{
	kh_json_place *j = &p->json;
	char c = p->source.data[at];
	kh_status status = add_text(p, *piece, at);

	*piece = at;
	*own = false;
	if (status != KH_OK) {
		return status;
	}
	if (c == ',' && j->comma_seen) {
		return KH_FAIL_AT(p, at, "There is a comma too many here.");
	}
	if (c == ',') {
		j->comma_seen = true;
		*own = true;
		*piece = at + 1;
		return KH_OK;
	}
	if (c == ']' || c == '}') {
		j->near_section = false;
		return kh_parser_add_node(p, (kh_node){.kind = KH_NODE_NO_COMMA}, at);
	}
	return begin_element(p, at);
}

kh_status kh_json_place_text(kh_template_parser *p, size_t begin, size_t end)
{
	kh_json_place *j = &p->json;
	size_t piece = begin;

	for (size_t i = begin; i < end; i++) {
		kh_status status = KH_OK;
		bool own = false;

		if (j->near_section && !is_blank(p->source.data[i])) {
			status = feed_near_section(p, &piece, i, &own);
		}
		if (status == KH_OK && !own) {
			status = feed(p, i);
		}
		if (status != KH_OK) {
			return status;
		}
	}
	return add_text(p, piece, end);
}

/* A number ends with what comes behind it, here a tag. */
static void end_number(kh_json_scan *scan)
{
	if (scan->state == KH_SCAN_ZERO || scan->state == KH_SCAN_INTEGER ||
		scan->state == KH_SCAN_FRACTION || scan->state == KH_SCAN_EXPONENT_DIGITS) {
		scan->state = KH_SCAN_AFTER;
	}
}

/* Why no tag can stand where the scan is: in an escape, a number, before a colon … */
static kh_status no_place(kh_template_parser *p, size_t begin, const kh_tag *tag)
{
	int len = kh_parser_shown(tag->whole);
	const char *text = tag->whole.data;

	switch (p->json.scan.state) {
	case KH_SCAN_STRING:
	case KH_SCAN_ESCAPE:
	case KH_SCAN_HEX:
		return KH_FAIL_AT(p, begin,
			"%.*s stands inside an escape: write \\\\ for a backslash before it.", len, text);
	case KH_SCAN_COLON:
		return KH_FAIL_AT(p, begin, "A colon must come between a name and %.*s.", len, text);
	default:
		return KH_FAIL_AT(p, begin,
			"%.*s touches a number or a word: put all of it in double quotes.", len, text);
	}
}

static kh_status after_value(kh_template_parser *p, size_t begin, const kh_tag *tag)
{
	int len = kh_parser_shown(tag->whole);

	if (p->json.scan.depth == 0) {
		return KH_FAIL_AT(p, begin,
			"The JSON value has ended before %.*s: remove the tag, or put both in a list or "
			"in double quotes.",
			len, tag->whole.data);
	}
	return KH_FAIL_AT(p, begin,
		"Two values in one place: put a comma before %.*s, or both in double quotes.", len,
		tag->whole.data);
}

kh_status kh_json_place_variable(
	kh_template_parser *p, size_t begin, const kh_tag *tag, bool *json_value)
{
	kh_json_place *j = &p->json;
	kh_status status = KH_OK;

	*json_value = false;
	if (kh_json_scan_in_text(&j->scan)) {
		j->key_has_tag = true;
		return KH_OK;
	}
	if (j->near_section) {
		status = begin_element(p, begin);
	}
	if (status != KH_OK) {
		return status;
	}
	switch (j->scan.state) {
	case KH_SCAN_VALUE:
	case KH_SCAN_FIRST_ELEMENT:
		*json_value = true;
		j->scan.state = KH_SCAN_AFTER;
		j->value_tag = tag->whole;
		j->value_tag_end = begin + tag->whole.len;
		return KH_OK;
	case KH_SCAN_FIRST_KEY:
	case KH_SCAN_KEY:
		return KH_FAIL_AT(p, begin,
			"A member's name stands in double quotes: write \"%.*s\" and a colon.",
			kh_parser_shown(tag->whole), tag->whole.data);
	case KH_SCAN_AFTER:
		return after_value(p, begin, tag);
	default:
		return no_place(p, begin, tag);
	}
}

/* Which spot a section's tag stands on, or why none can stand there. */
static kh_status find_spot(
	kh_template_parser *p, size_t begin, const kh_tag *tag, kh_json_spot *spot)
{
	kh_json_scan *scan = &p->json.scan;
	bool in_object = kh_json_scan_in_object(scan);
	int len = kh_parser_shown(tag->whole);

	end_number(scan);
	if (kh_json_scan_in_text(scan)) {
		*spot = KH_SPOT_STRING;
		return KH_OK;
	}
	switch (scan->state) {
	case KH_SCAN_FIRST_ELEMENT:
	case KH_SCAN_FIRST_KEY:
	case KH_SCAN_KEY:
		break;
	case KH_SCAN_AFTER:
		if (scan->depth == 0) {
			return after_value(p, begin, tag);
		}
		break;
	case KH_SCAN_VALUE:
		if (scan->depth > 0 && !in_object) {
			break;
		}
		return KH_FAIL_AT(p, begin,
			"%.*s stands where exactly one value must come, and a section may give none or "
			"several: %s",
			len, tag->whole.data,
			in_object ? "put the member's name into the section too, or write [ ] or double quotes "
						"around it."
					  : "write [ ] or { } around it.");
	default:
		return no_place(p, begin, tag);
	}
	*spot = in_object ? KH_SPOT_OBJECT : KH_SPOT_LIST;
	return KH_OK;
}

/* From here to the next value the template's commas don't count. */
static void begin_near_section(kh_json_place *j, kh_json_spot spot)
{
	if (spot == KH_SPOT_STRING) {
		j->key_has_tag = true;
		return;
	}
	j->near_section = true;
	j->comma_seen = false;
	j->scan.state = KH_SCAN_AFTER;
}

kh_status kh_json_place_open(
	kh_template_parser *p, size_t begin, const kh_tag *tag, kh_open_section *section)
{
	kh_status status = find_spot(p, begin, tag, &section->spot);

	if (status != KH_OK) {
		return status;
	}
	section->depth = p->json.scan.depth;
	section->name_count = p->json.name_count;
	begin_near_section(&p->json, section->spot);
	return KH_OK;
}

kh_status kh_json_place_close(
	kh_template_parser *p, size_t begin, const kh_tag *tag, const kh_open_section *section)
{
	kh_json_place *j = &p->json;
	const kh_node *node = &p->tpl->nodes[section->node];
	int len = kh_parser_shown(tag->whole);
	kh_json_spot spot = KH_SPOT_NONE;
	kh_status status;

	if (section->spot == KH_SPOT_STRING) {
		status = kh_json_scan_in_text(&j->scan) ? KH_OK : no_place(p, begin, tag);
		begin_near_section(j, KH_SPOT_STRING);
		return status;
	}
	end_number(&j->scan);
	if (j->scan.depth > section->depth || j->scan.state == KH_SCAN_STRING) {
		return KH_FAIL_AT(p, begin,
			"%.*s must stand where the section began (line %u): %s is still open.", len,
			tag->whole.data, node->line,
			j->scan.state == KH_SCAN_STRING    ? "a text in double quotes"
			: kh_json_scan_in_object(&j->scan) ? "an object"
											   : "a list");
	}
	if (j->scan.state == KH_SCAN_VALUE && section->spot == KH_SPOT_OBJECT) {
		return KH_FAIL_AT(p, begin, "A value is missing before %.*s.", len, tag->whole.data);
	}
	status = find_spot(p, begin, tag, &spot);
	if (status != KH_OK) {
		return status;
	}
	j->name_count = section->name_count;
	begin_near_section(j, spot);
	return KH_OK;
}

kh_status kh_json_place_end(kh_template_parser *p)
{
	kh_error why = {0};

	if (kh_json_scan_end(&p->json.scan, &why) != KH_OK) {
		return KH_FAIL_AT(p, p->source.len, "%s", why.message);
	}
	return KH_OK;
}
