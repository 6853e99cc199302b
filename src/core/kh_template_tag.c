#include "kh_template_parse.h"

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

/* Behind the quoted text that begins at `at`; behind the source when it has no end. */
static size_t skip_quoted(kh_str source, size_t at)
{
	char quote = source.data[at];

	for (at++; at < source.len; at++) {
		if (source.data[at] == '\\') {
			at++;
		} else if (source.data[at] == quote) {
			return at + 1;
		}
	}
	return source.len + 1;
}

/* Where the closing braces are. Behind a pipe, quoted text may contain such braces itself. */
static bool find_close(kh_str source, size_t from, kh_str close, size_t *end)
{
	bool in_filters = false, is_comment = from < source.len && source.data[from] == '!';
	size_t at = from;

	while (at + close.len <= source.len) {
		char c = source.data[at];

		if (memcmp(source.data + at, close.data, close.len) == 0) {
			*end = at;
			return true;
		}
		in_filters = in_filters || (c == '|' && !is_comment);
		at = in_filters && (c == '"' || c == '\'') ? skip_quoted(source, at) : at + 1;
	}
	return false;
}

/* What is between the braces, and where they end. */
static bool find_end(kh_str source, size_t begin, size_t *content, size_t *end, size_t *behind)
{
	bool triple = begin + 2 < source.len && source.data[begin + 2] == '{';
	kh_str close = triple ? KH_STR("}}}") : KH_STR("}}");

	*content = begin + close.len;
	if (!find_close(source, *content, close, end)) {
		return false;
	}
	*behind = *end + close.len;
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

static kh_status refuse_sigil(kh_template_parser *p, size_t begin, const kh_tag *tag)
{
	int len = kh_parser_shown(tag->whole);

	if (tag->sigil == '>') {
		return KH_FAIL_AT(p, begin, "Partials (%.*s) are not available: write their text here.",
			len, tag->whole.data);
	}
	if (tag->sigil == '=') {
		return KH_FAIL_AT(
			p, begin, "The tags stay {{ and }}: %.*s can't change them.", len, tag->whole.data);
	}
	return KH_FAIL_AT(p, begin,
		"Inheritance (%.*s) is not available: write the text here, or a section as "
		"{{#name}}…{{/name}}.",
		len, tag->whole.data);
}

static bool is_name_byte(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80 ||
		   (c != '\0' && strchr("_-.", c) != NULL);
}

static kh_status check_name(kh_template_parser *p, size_t begin, const kh_tag *tag)
{
	kh_str name = tag->name;

	if (name.len == 0) {
		return KH_FAIL_AT(p, begin, "A name is missing: write {{name}}.");
	}
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.data[i];
		char shown[16];

		if (is_name_byte(c)) {
			continue;
		}
		if (c == '{' || c == '}' || c == '\n') {
			return KH_FAIL_AT(p, begin, "This tag is not closed: write {{name}}, or {{{name}}}.");
		}
		return KH_FAIL_AT(p, begin,
			"%s can't be part of a name (%.*s): names have letters, digits, _ and -, with dots "
			"between.",
			c == ' ' ? "A blank" : kh_json_scan_name(c, shown), kh_parser_shown(tag->whole),
			tag->whole.data);
	}
	if (name.len > 1 && (name.data[0] == '.' || name.data[name.len - 1] == '.' ||
							memmem(name.data, name.len, "..", 2) != NULL)) {
		return KH_FAIL_AT(p, begin,
			"A part of the name is missing beside a dot (%.*s): write it as {{patient.name}}.",
			kh_parser_shown(tag->whole), tag->whole.data);
	}
	return KH_OK;
}

/* Cuts "name | filter | filter" at its first pipe. */
static kh_status split_filters(kh_template_parser *p, size_t begin, kh_tag *tag)
{
	const char *pipe = tag->name.len > 0 ? memchr(tag->name.data, '|', tag->name.len) : NULL;

	if (pipe == NULL) {
		return KH_OK;
	}
	tag->has_filters = true;
	tag->filters.data = pipe + 1;
	tag->filters.len = tag->name.len - (size_t)(pipe + 1 - tag->name.data);
	tag->name.len = (size_t)(pipe - tag->name.data);
	tag->name = trim(tag->name);
	if (tag->sigil != 0 && strchr("#^/", tag->sigil) != NULL) {
		return KH_FAIL_AT(p, begin,
			"A section takes no filters (%.*s): filter the values inside of it.",
			kh_parser_shown(tag->whole), tag->whole.data);
	}
	return KH_OK;
}

kh_status kh_tag_read(kh_template_parser *p, size_t begin, kh_tag *tag, size_t *behind)
{
	size_t content, end;
	kh_status status;
	char first;

	if (!find_end(p->source, begin, &content, &end, behind)) {
		return KH_FAIL_AT(p, begin, "This tag is not closed: %s is missing.",
			begin + 2 < p->source.len && p->source.data[begin + 2] == '{' ? "}}}" : "}}");
	}
	*tag = (kh_tag){.whole = {p->source.data + begin, *behind - begin}};
	tag->name = trim((kh_str){p->source.data + content, end - content});
	first = tag->name.len > 0 ? tag->name.data[0] : '\0';
	if (content == begin + 3) {
		tag->sigil = '{';
	} else if (first != '\0' && strchr("!&#^/>=<$", first) != NULL) {
		tag->sigil = first;
		tag->name = trim((kh_str){tag->name.data + 1, tag->name.len - 1});
	}
	if (tag->sigil == '!') {
		return KH_OK;
	}
	if (tag->sigil != 0 && strchr(">=<$", tag->sigil) != NULL) {
		return refuse_sigil(p, begin, tag);
	}
	status = split_filters(p, begin, tag);
	return status == KH_OK ? check_name(p, begin, tag) : status;
}

void kh_tag_take_line(const kh_template_parser *p, size_t *begin, size_t *behind)
{
	size_t from = *begin, to = *behind;
	const kh_str *source = &p->source;

	while (from > p->at && (source->data[from - 1] == ' ' || source->data[from - 1] == '\t')) {
		from--;
	}
	if (from > 0 && source->data[from - 1] != '\n') {
		return;
	}
	while (to < source->len && (source->data[to] == ' ' || source->data[to] == '\t')) {
		to++;
	}
	if (to + 1 < source->len && source->data[to] == '\r' && source->data[to + 1] == '\n') {
		to++;
	}
	if (to < source->len && source->data[to] != '\n') {
		return;
	}
	*begin = from;
	*behind = to < source->len ? to + 1 : to;
}
