#include "kh_json_scan.h"
#include "kh_template_ast.h"

#include <stdlib.h>

typedef struct parser {
	kh_template *tpl;
	kh_str source;
	size_t at;   /* what lies before has become nodes */
	size_t seen; /* line and column are those of this byte */
	unsigned line, column;
	size_t tag_count;
	kh_json_scan scan;    /* KH_PLACE_JSON: where we are between the pieces of text */
	size_t value_tag_end; /* where the last tag ended that is a whole JSON value; 0: none */
	kh_str value_tag;
	char *shadow; /* KH_PLACE_JSON: the source with stand-ins of the same length for tags */
	kh_error *error;
} parser;

typedef struct tag {
	kh_str whole; /* with its braces */
	kh_str name;
	char sigil; /* '!', '&', '{', or 0 for a plain variable */
} tag;

static kh_status out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
}

/* Line and column grow along with the offset, which only ever does so itself. */
static void move_position(parser *p, size_t offset)
{
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

/* The start of every message about a tag: where it is. */
#define FAIL_AT(p, offset, ...)                                                                    \
	(move_position((p), (offset)),                                                                 \
		kh_error_set_at((p)->error, KH_ERR_TEMPLATE, (p)->line, (p)->column, __VA_ARGS__))

/* For "%.*s" in messages: a tag or name that somebody made very long is cut. */
static int shown(kh_str text)
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

static kh_status add_node(parser *p, kh_node node)
{
	kh_template *tpl = p->tpl;

	if (kh_template_grow(&tpl->nodes, tpl->node_count, &tpl->node_capacity, sizeof(node)) !=
		KH_OK) {
		return out_of_memory(p->error);
	}
	tpl->nodes[tpl->node_count++] = node;
	return KH_OK;
}

static kh_status add_name(parser *p, kh_str name)
{
	kh_template *tpl = p->tpl;

	if (kh_str_equals(name, KH_STR("."))) {
		return KH_OK; /* the data as a whole, not a name in it */
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

static kh_status feed_json(parser *p, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++) {
		bool after_value = p->scan.state == KH_SCAN_AFTER && i == p->value_tag_end && i > 0;
		kh_error why = {0};

		if (kh_json_scan_byte(&p->scan, (unsigned char)p->source.data[i], &why) == KH_OK) {
			continue;
		}
		if (why.status == KH_ERR_MEMORY) {
			return out_of_memory(p->error);
		}
		if (after_value) {
			return FAIL_AT(p, i,
				"%.*s is a whole JSON value here, and more text touches it: put all of it in "
				"double quotes, as in \"%.*s…\".",
				shown(p->value_tag), p->value_tag.data, shown(p->value_tag), p->value_tag.data);
		}
		return FAIL_AT(p, i - p->scan.back, "%s", why.message);
	}
	return KH_OK;
}

static kh_status add_text(parser *p, size_t end)
{
	kh_str text = {p->source.data + p->at, end - p->at};
	kh_status status;

	if (text.len == 0) {
		return KH_OK;
	}
	if (p->tpl->place == KH_PLACE_HEADER) {
		for (size_t i = 0; i < text.len; i++) {
			if (text.data[i] == '\r' || text.data[i] == '\n' || text.data[i] == '\0') {
				return FAIL_AT(
					p, p->at + i, "A header's value is one line: remove the line break.");
			}
		}
	}
	if (p->tpl->place == KH_PLACE_JSON) {
		status = feed_json(p, p->at, end);
		if (status != KH_OK) {
			return status;
		}
	}
	move_position(p, p->at);
	return add_node(
		p, (kh_node){.kind = KH_NODE_TEXT, .text = text, .line = p->line, .column = p->column});
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static kh_str trim(kh_str text)
{
	while (text.len > 0 && is_blank(text.data[0])) {
		text.data++;
		text.len--;
	}
	while (text.len > 0 && is_blank(text.data[text.len - 1])) {
		text.len--;
	}
	return text;
}

/* What is between the braces: of a comment anything, else it ends before the next brace. */
static bool find_end(kh_str source, size_t begin, size_t *content, size_t *end, size_t *behind)
{
	bool triple = begin + 2 < source.len && source.data[begin + 2] == '{';
	const char *close = triple ? "}}}" : "}}";
	size_t close_len = triple ? 3 : 2;
	const char *found;

	*content = begin + close_len;
	found = *content <= source.len
				? memmem(source.data + *content, source.len - *content, close, close_len)
				: NULL;
	if (found == NULL) {
		return false;
	}
	*end = (size_t)(found - source.data);
	*behind = *end + close_len;
	return true;
}

bool kh_template_skip_tag(kh_str source, size_t *at)
{
	size_t content, end;

	if (*at + 1 >= source.len || source.data[*at] != '{' || source.data[*at + 1] != '{') {
		return false;
	}
	if (!find_end(source, *at, &content, &end, at)) {
		*at = source.len;
	}
	return true;
}

static kh_status refuse_sigil(parser *p, size_t begin, const tag *t)
{
	switch (t->sigil) {
	case '#':
	case '^':
	case '/':
		return FAIL_AT(p, begin,
			"Sections (%.*s) are not available: write each value by itself, as {{name}} or "
			"{{list.0.name}}.",
			shown(t->whole), t->whole.data);
	case '>':
		return FAIL_AT(p, begin, "Partials (%.*s) are not available: write their text here.",
			shown(t->whole), t->whole.data);
	default:
		return FAIL_AT(p, begin, "The tags stay {{ and }}: %.*s can't change them.",
			shown(t->whole), t->whole.data);
	}
}

static kh_status check_name(parser *p, size_t begin, const tag *t)
{
	if (t->name.len == 0) {
		return FAIL_AT(p, begin, "A name is missing: write {{name}}.");
	}
	for (size_t i = 0; i < t->name.len; i++) {
		unsigned char c = (unsigned char)t->name.data[i];
		char name[16];

		if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80 ||
			(c != '\0' && strchr("_-.", c) != NULL)) {
			continue;
		}
		if (c == '|') {
			return FAIL_AT(p, begin, "Filters (%.*s) are not available: write only the name.",
				shown(t->whole), t->whole.data);
		}
		if (c == '{' || c == '}' || c == '\n') {
			return FAIL_AT(p, begin, "This tag is not closed: write {{name}}, or {{{name}}}.");
		}
		return FAIL_AT(p, begin,
			"%s can't be part of a name (%.*s): names have letters, digits, _ and -, with dots "
			"between.",
			c == ' ' ? "A blank" : kh_json_scan_name(c, name), shown(t->whole), t->whole.data);
	}
	return KH_OK;
}

static kh_status read_tag(parser *p, size_t begin, tag *t, size_t *behind)
{
	size_t content, end;
	char first;

	if (!find_end(p->source, begin, &content, &end, behind)) {
		return FAIL_AT(p, begin, "This tag is not closed: %s is missing.",
			begin + 2 < p->source.len && p->source.data[begin + 2] == '{' ? "}}}" : "}}");
	}
	*t = (tag){.whole = {p->source.data + begin, *behind - begin}};
	t->name = trim((kh_str){p->source.data + content, end - content});
	if (content == begin + 3) {
		t->sigil = '{';
		return check_name(p, begin, t);
	}
	first = t->name.len > 0 ? t->name.data[0] : '\0';
	if (first == '!') {
		t->sigil = first;
		return KH_OK;
	}
	if (first == '&') {
		t->sigil = first;
		t->name = trim((kh_str){t->name.data + 1, t->name.len - 1});
	} else if (first != '\0' && strchr("#^/>=", first) != NULL) {
		t->sigil = first;
		return refuse_sigil(p, begin, t);
	}
	return check_name(p, begin, t);
}

/*
 * Mustache: a comment alone on its line takes the line with it. Answers true and moves both ends
 * over the blanks and the line break.
 */
static bool stands_alone(const parser *p, size_t *begin, size_t *behind)
{
	size_t from = *begin, to = *behind;
	const kh_str *source = &p->source;

	while (from > p->at && (source->data[from - 1] == ' ' || source->data[from - 1] == '\t')) {
		from--;
	}
	if (from > 0 && source->data[from - 1] != '\n') {
		return false;
	}
	while (to < source->len && (source->data[to] == ' ' || source->data[to] == '\t')) {
		to++;
	}
	if (to + 1 < source->len && source->data[to] == '\r' && source->data[to + 1] == '\n') {
		to++;
	}
	if (to < source->len && source->data[to] != '\n') {
		return false;
	}
	*begin = from;
	*behind = to < source->len ? to + 1 : to;
	return true;
}

/* Same length, same line breaks: an error found in the shadow is where it is in the source. */
static void write_shadow(parser *p, const tag *t, bool in_text, bool is_value)
{
	char *out = p->shadow + (t->whole.data - p->source.data);

	for (size_t i = 0; i < t->whole.len; i++) {
		bool keep = in_text ? t->sigil != '!' && !is_blank(out[i]) : out[i] == '\n';
		if (!keep) {
			out[i] = ' ';
		}
	}
	if (is_value) {
		out[0] = '0';
	}
}

/* Which place a variable has in the JSON around it, or why it can't stand there. */
static kh_status place_in_json(parser *p, size_t begin, const tag *t, bool *is_value)
{
	int len = shown(t->whole);
	const char *text = t->whole.data;

	*is_value = false;
	switch (p->scan.state) {
	case KH_SCAN_STRING:
		if (kh_json_scan_in_text(&p->scan)) {
			return KH_OK;
		}
		/* fall through */
	case KH_SCAN_ESCAPE:
	case KH_SCAN_HEX:
		return FAIL_AT(p, begin,
			"%.*s stands inside an escape: write \\\\ for a backslash before it.", len, text);
	case KH_SCAN_VALUE:
	case KH_SCAN_FIRST_ELEMENT:
		*is_value = true;
		p->scan.state = KH_SCAN_AFTER;
		p->value_tag = t->whole;
		p->value_tag_end = begin + t->whole.len;
		return KH_OK;
	case KH_SCAN_FIRST_KEY:
	case KH_SCAN_KEY:
		return FAIL_AT(p, begin,
			"A member's name stands in double quotes: write \"%.*s\" and a colon.", len, text);
	case KH_SCAN_COLON:
		return FAIL_AT(p, begin, "A colon must come between a name and %.*s.", len, text);
	case KH_SCAN_AFTER:
		if (p->scan.depth == 0) {
			return FAIL_AT(p, begin,
				"The JSON value has ended before %.*s: remove the tag, or put both in a list or "
				"in double quotes.",
				len, text);
		}
		return FAIL_AT(p, begin,
			"Two values in one place: put a comma before %.*s, or both in double quotes.", len,
			text);
	default:
		return FAIL_AT(p, begin, "%.*s touches a number or a word: put all of it in double quotes.",
			len, text);
	}
}

static kh_status add_variable(parser *p, size_t begin, const tag *t)
{
	kh_status status = KH_OK;
	bool is_value = false;

	if (p->tpl->place == KH_PLACE_JSON) {
		bool in_text = kh_json_scan_in_text(&p->scan);
		status = place_in_json(p, begin, t, &is_value);
		if (status != KH_OK) {
			return status;
		}
		write_shadow(p, t, in_text, is_value);
	}
	status = add_name(p, t->name);
	if (status != KH_OK) {
		return status;
	}
	move_position(p, begin);
	return add_node(p, (kh_node){.kind = KH_NODE_VARIABLE,
						   .raw = t->sigil != 0,
						   .json_value = is_value,
						   .text = t->name,
						   .line = p->line,
						   .column = p->column});
}

static kh_status parse_tag(parser *p, size_t begin)
{
	size_t from = begin, behind;
	kh_status status;
	tag t;

	if (++p->tag_count > KH_TEMPLATE_MAX_TAGS) {
		return FAIL_AT(p, begin, "The template has more than %d tags.", KH_TEMPLATE_MAX_TAGS);
	}
	status = read_tag(p, begin, &t, &behind);
	if (status != KH_OK) {
		return status;
	}
	if (t.sigil == '!') {
		stands_alone(p, &from, &behind);
	}
	status = add_text(p, from);
	if (status != KH_OK) {
		return status;
	}
	if (t.sigil != '!') {
		status = add_variable(p, begin, &t);
	} else if (p->shadow != NULL) {
		write_shadow(p, &t, p->scan.state == KH_SCAN_STRING, false);
	}
	p->at = behind;
	return status;
}

static kh_status end_json(parser *p)
{
	kh_error why = {0};
	kh_status status;
	unsigned line = p->line, column = p->column;

	if (kh_json_scan_end(&p->scan, &why) != KH_OK) {
		return FAIL_AT(p, p->source.len, "%s", why.message);
	}
	/* The scan has found the grammar right; what is left are names that are there twice. */
	status = kh_json_check((kh_str){p->shadow, p->source.len}, KH_JSON_REQUEST, &why);
	if (status != KH_OK && status != KH_ERR_MEMORY) {
		line = why.line;
		column = why.column;
		status = KH_ERR_TEMPLATE;
	}
	return status == KH_OK ? KH_OK
						   : kh_error_set_at(p->error, status, line, column, "%s", why.message);
}

static kh_status parse(parser *p)
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
		status = parse_tag(p, (size_t)(found - p->source.data));
	}
	if (status == KH_OK) {
		status = add_text(p, p->source.len);
	}
	if (status == KH_OK && p->tpl->place == KH_PLACE_JSON) {
		status = end_json(p);
	}
	return status;
}

static kh_status compile(kh_template *tpl, unsigned line, unsigned column, kh_error *error)
{
	parser p = {.tpl = tpl,
		.source = {tpl->source, tpl->source_len},
		.line = line,
		.column = column,
		.error = error};
	kh_status status;

	if (!kh_utf8_valid(p.source)) {
		return kh_error_set_at(error, KH_ERR_TEMPLATE, line, column, "The template is not UTF-8.");
	}
	if (tpl->place == KH_PLACE_JSON) {
		kh_json_scan_init(&p.scan, KH_JSON_REQUEST);
		p.shadow = kh_str_copy(p.source);
		if (p.shadow == NULL) {
			return out_of_memory(error);
		}
	}
	status = parse(&p);
	kh_json_scan_free(&p.scan);
	free(p.shadow);
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
