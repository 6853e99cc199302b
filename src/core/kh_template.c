#include "kh_template.h"
#include "kh_json.h"
#include "kh_template_parse.h"

#include <stdlib.h>

static kh_status out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
}

kh_status kh_parser_out_of_memory(kh_template_parser *p)
{
	return out_of_memory(p->error);
}

void kh_parser_move(kh_template_parser *p, size_t offset)
{
	if (offset < p->seen) { /* only a message goes back */
		p->seen = 0;
		p->line = p->first_line;
		p->column = p->first_column;
	}
	for (; p->seen < offset && p->seen < p->source.len; p->seen++) {
		unsigned char c = (unsigned char)p->source.data[p->seen];
		if (c == '\n') {
			p->line++;
			p->column = 1;
		} else if ((c & 0xC0) != 0x80) {
			p->column++;
		}
	}
}

int kh_parser_shown(kh_str text)
{
	size_t len = text.len < 80 ? text.len : 80;

	while (len > 0 && len < text.len && ((unsigned char)text.data[len] & 0xC0) == 0x80) {
		len--;
	}
	return (int)len;
}

kh_status kh_template_grow(void *items, size_t count, size_t *capacity, size_t item_size)
{
	void **list = items;
	size_t more;
	void *grown;

	if (count < *capacity) {
		return KH_OK;
	}
	more = *capacity == 0 ? 8 : *capacity * 2;
	grown = realloc(*list, more * item_size);
	if (grown == NULL) {
		return KH_ERR_MEMORY;
	}
	*list = grown;
	*capacity = more;
	return KH_OK;
}

kh_status kh_parser_add_node(kh_template_parser *p, kh_node node, size_t offset)
{
	kh_template *tpl = p->tpl;

	kh_parser_move(p, offset);
	node.line = p->line;
	node.column = p->column;
	if (kh_template_grow(&tpl->nodes, tpl->node_count, &tpl->node_capacity, sizeof(node)) !=
		KH_OK) {
		return out_of_memory(p->error);
	}
	tpl->nodes[tpl->node_count++] = node;
	return KH_OK;
}

static kh_status add_name(kh_template_parser *p, kh_str name)
{
	kh_template *tpl = p->tpl;

	if (kh_str_equals(name, KH_STR("."))) {
		return KH_OK; /* what is there already, not a name in it */
	}
	for (size_t i = 0; i < tpl->name_count; i++) {
		if (kh_str_equals(tpl->names[i], name)) {
			return KH_OK;
		}
	}
	if (kh_template_grow(&tpl->names, tpl->name_count, &tpl->name_capacity, sizeof(name)) !=
		KH_OK) {
		return out_of_memory(p->error);
	}
	tpl->names[tpl->name_count++] = name;
	return KH_OK;
}

static kh_status add_text(kh_template_parser *p, size_t end)
{
	kh_str text = {p->source.data + p->at, end - p->at};

	if (text.len == 0) {
		return KH_OK;
	}
	if (p->tpl->place == KH_PLACE_JSON) {
		return kh_json_place_text(p, p->at, end);
	}
	for (size_t i = 0; p->tpl->place == KH_PLACE_HEADER && i < text.len; i++) {
		if (text.data[i] == '\r' || text.data[i] == '\n' || text.data[i] == '\0') {
			return KH_FAIL_AT(p, p->at + i, "A header's value is one line: remove the line break.");
		}
	}
	return kh_parser_add_node(p, (kh_node){.kind = KH_NODE_TEXT, .text = text}, p->at);
}

static kh_status add_filters(kh_template_parser *p, size_t begin, const kh_tag *tag, kh_node *node)
{
	kh_filter list[KH_FILTER_MAX_COUNT];
	kh_template *tpl = p->tpl;
	kh_error why = {0};
	size_t count = 0;

	node->filter_begin = tpl->filter_count;
	if (!tag->has_filters) {
		return KH_OK;
	}
	if (tpl->arguments == NULL) {
		tpl->arguments = malloc(p->source.len + 1);
	}
	if (tpl->arguments == NULL) {
		return out_of_memory(p->error);
	}
	if (kh_filter_parse(tag->filters, tpl->arguments, &tpl->argument_bytes, list, &count, &why) !=
		KH_OK) {
		return KH_FAIL_AT(p, begin, "%s", why.message);
	}
	for (size_t i = 0; i < count; i++) {
		if (kh_template_grow(&tpl->filters, tpl->filter_count, &tpl->filter_capacity,
				sizeof(*tpl->filters)) != KH_OK) {
			return out_of_memory(p->error);
		}
		tpl->filters[tpl->filter_count++] = list[i];
	}
	node->filter_count = count;
	return KH_OK;
}

static kh_status add_variable(kh_template_parser *p, size_t begin, const kh_tag *tag)
{
	kh_node node = {.kind = KH_NODE_VARIABLE, .raw = tag->sigil != 0, .text = tag->name};
	kh_status status = KH_OK;

	if (p->tpl->place == KH_PLACE_JSON) {
		status = kh_json_place_variable(p, begin, tag, &node.json_value);
	}
	if (status == KH_OK) {
		status = add_filters(p, begin, tag, &node);
	}
	if (status == KH_OK) {
		status = add_name(p, tag->name);
	}
	p->tpl->has_raw = p->tpl->has_raw || node.raw;
	return status == KH_OK ? kh_parser_add_node(p, node, begin) : status;
}

static kh_status open_section(kh_template_parser *p, size_t begin, const kh_tag *tag)
{
	kh_open_section section = {.node = p->tpl->node_count};
	kh_node node = {
		.kind = tag->sigil == '#' ? KH_NODE_SECTION : KH_NODE_INVERTED, .text = tag->name};
	kh_status status = KH_OK;

	if (p->depth == KH_TEMPLATE_MAX_DEPTH) {
		return KH_FAIL_AT(
			p, begin, "Sections are nested more than %d deep here.", KH_TEMPLATE_MAX_DEPTH);
	}
	if (p->tpl->place == KH_PLACE_JSON) {
		status = kh_json_place_open(p, begin, tag, &section);
	}
	if (status == KH_OK) {
		status = add_name(p, tag->name);
	}
	if (status == KH_OK) {
		status = kh_parser_add_node(p, node, begin);
	}
	p->open[p->depth++] = section;
	p->tpl->section_count++;
	return status;
}

static kh_status close_section(kh_template_parser *p, size_t begin, const kh_tag *tag)
{
	kh_template *tpl = p->tpl;
	const kh_open_section *section = p->depth > 0 ? &p->open[p->depth - 1] : NULL;
	kh_node node = {.kind = KH_NODE_END, .text = tag->name};
	kh_status status = KH_OK;
	kh_str name;

	if (section == NULL) {
		return KH_FAIL_AT(p, begin, "No section is open that %.*s could close.",
			kh_parser_shown(tag->whole), tag->whole.data);
	}
	name = tpl->nodes[section->node].text;
	if (!kh_str_equals(name, tag->name)) {
		return KH_FAIL_AT(p, begin,
			"%.*s can't close the section {{%c%.*s}} of line %u: write {{/%.*s}} first.",
			kh_parser_shown(tag->whole), tag->whole.data,
			tpl->nodes[section->node].kind == KH_NODE_SECTION ? '#' : '^', kh_parser_shown(name),
			name.data, tpl->nodes[section->node].line, kh_parser_shown(name), name.data);
	}
	if (tpl->place == KH_PLACE_JSON) {
		status = kh_json_place_close(p, begin, tag, section);
	}
	if (status != KH_OK) {
		return status;
	}
	node.other = section->node;
	tpl->nodes[section->node].other = tpl->node_count;
	p->depth--;
	return kh_parser_add_node(p, node, begin);
}

static kh_status add_tag(kh_template_parser *p, size_t begin, const kh_tag *tag)
{
	switch (tag->sigil) {
	case '!':
		p->json.key_has_tag = true;
		return KH_OK;
	case '#':
	case '^':
		return open_section(p, begin, tag);
	case '/':
		return close_section(p, begin, tag);
	default:
		return add_variable(p, begin, tag);
	}
}

static kh_status parse_tag(kh_template_parser *p, size_t begin)
{
	size_t from = begin, behind;
	kh_status status;
	kh_tag tag;

	if (++p->tag_count > KH_TEMPLATE_MAX_TAGS) {
		return KH_FAIL_AT(p, begin, "The template has more than %d tags.", KH_TEMPLATE_MAX_TAGS);
	}
	status = kh_tag_read(p, begin, &tag, &behind);
	if (status != KH_OK) {
		return status;
	}
	if (tag.sigil != 0 && strchr("!#^/", tag.sigil) != NULL) {
		kh_tag_take_line(p, &from, &behind);
	}
	status = add_text(p, from);
	if (status == KH_OK) {
		status = add_tag(p, begin, &tag);
	}
	p->at = behind;
	return status;
}

static kh_status not_closed(const kh_template_parser *p)
{
	const kh_node *node = &p->tpl->nodes[p->open[p->depth - 1].node];
	int len = kh_parser_shown(node->text);

	return kh_error_set_at(p->error, KH_ERR_TEMPLATE, node->line, node->column,
		"The section {{%c%.*s}} is not closed: {{/%.*s}} is missing.",
		node->kind == KH_NODE_SECTION ? '#' : '^', len, node->text.data, len, node->text.data);
}

static kh_status check_json(kh_str text, kh_error *error)
{
	/* Names that are there twice were found on parsing, where it is known what renders together. */
	return kh_json_check(text, KH_JSON_GRAMMAR, error);
}

static kh_status end(kh_template_parser *p)
{
	kh_status status = add_text(p, p->source.len);

	if (status == KH_OK && p->depth > 0) {
		return not_closed(p);
	}
	if (status != KH_OK || p->tpl->place != KH_PLACE_JSON) {
		return status;
	}
	status = kh_json_place_end(p);
	/* What the parser allows is tried as well, so that nothing depends on it alone. */
	for (unsigned times = 0; status == KH_OK && p->tpl->section_count > 0 && times <= 2; times++) {
		status = kh_template_try(p->tpl, times, check_json, p->error);
	}
	return status;
}

/* In JSON "{{{#name}}" is an object that begins with a section: {{{ never goes with a section. */
static size_t skip_brace(const kh_template_parser *p, size_t at)
{
	bool is_object = p->tpl->place == KH_PLACE_JSON && p->source.len - at > 3 &&
					 p->source.data[at + 2] == '{' && p->source.data[at + 3] != '\0' &&
					 strchr("#^/!", p->source.data[at + 3]) != NULL;

	return is_object ? at + 1 : at;
}

static kh_status parse(kh_template_parser *p)
{
	kh_status status = KH_OK;
	const char *found;

	while (status == KH_OK) {
		found = p->at < p->source.len
					? memmem(p->source.data + p->at, p->source.len - p->at, "{{", 2)
					: NULL;
		if (found == NULL) {
			break;
		}
		status = parse_tag(p, skip_brace(p, (size_t)(found - p->source.data)));
	}
	return status == KH_OK ? end(p) : status;
}

static kh_status compile(kh_template *tpl, unsigned line, unsigned column, kh_error *error)
{
	kh_template_parser *p;
	kh_status status;

	if (!kh_utf8_valid((kh_str){tpl->source, tpl->source_len})) {
		return kh_error_set_at(error, KH_ERR_TEMPLATE, line, column, "The template is not UTF-8.");
	}
	p = calloc(1, sizeof(*p));
	if (p == NULL) {
		return out_of_memory(error);
	}
	p->tpl = tpl;
	p->source = (kh_str){tpl->source, tpl->source_len};
	p->line = p->first_line = line;
	p->column = p->first_column = column;
	p->error = error;
	kh_json_scan_init(&p->json.scan, KH_JSON_REQUEST);
	status = parse(p);
	kh_json_place_free(&p->json);
	free(p);
	return status;
}

kh_status kh_template_compile_at(kh_str source, kh_place place, unsigned line, unsigned column,
	kh_template **out, kh_error *error)
{
	kh_template *tpl;
	kh_status status;

	*out = NULL;
	if (source.len > KH_TEMPLATE_MAX_BYTES) {
		return kh_error_set(error, KH_ERR_TOO_LARGE,
			"The template has %zu bytes; at most %d are possible.", source.len,
			KH_TEMPLATE_MAX_BYTES);
	}
	tpl = calloc(1, sizeof(*tpl));
	if (tpl == NULL) {
		return out_of_memory(error);
	}
	tpl->place = place;
	tpl->source = kh_str_copy(source);
	tpl->source_len = source.len;
	status = tpl->source != NULL ? compile(tpl, line, column, error) : out_of_memory(error);
	if (status != KH_OK) {
		kh_template_free(tpl);
		return status;
	}
	*out = tpl;
	return KH_OK;
}

kh_status kh_template_compile(kh_str source, kh_place place, kh_template **out, kh_error *error)
{
	return kh_template_compile_at(source, place, 1, 1, out, error);
}

void kh_template_free(kh_template *tpl)
{
	if (tpl == NULL) {
		return;
	}
	free(tpl->nodes);
	free(tpl->filters);
	free(tpl->arguments);
	free(tpl->names);
	free(tpl->source);
	free(tpl);
}

size_t kh_template_variable_count(const kh_template *tpl)
{
	return tpl->name_count;
}

kh_str kh_template_variable(const kh_template *tpl, size_t index)
{
	return index < tpl->name_count ? tpl->names[index] : (kh_str){NULL, 0};
}
