#include "kh_xml.h"
#include "kh_json.h"
#include "kh_xml_characters.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

typedef struct scanner {
	kh_str text;
	size_t at;
	kh_xml_mode mode;
	kh_str open[KH_XML_MAX_DEPTH]; /* the names of the elements that are open */
	size_t depth;
	bool root_seen;
	kh_str attributes[KH_XML_MAX_ATTRIBUTES]; /* of the tag that is read */
	size_t attribute_count;
	kh_error *error;
} scanner;

/* "At line 3, column 4 of the XML: …" in words, and as numbers. */
#define FAIL_AT(s, offset, ...) fail_at((s), (offset), __VA_ARGS__)

static kh_status fail_at(const scanner *s, size_t offset, const char *format, ...) KH_PRINTF(3, 4);

static kh_status fail_at(const scanner *s, size_t offset, const char *format, ...)
{
	char message[KH_ERROR_MESSAGE_BYTES];
	unsigned line, column;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	kh_str_position(s->text, offset, &line, &column);
	return kh_error_set_at(
		s->error, KH_ERR_TEMPLATE, line, column, "The XML is not well-formed: %s", message);
}

/* A name as it may be told: in a document it can be a record's data, and errors are logged. */
static kh_str shown(const scanner *s, kh_str name)
{
	size_t len = name.len < 60 ? name.len : 60;

	if (s->mode == KH_XML_DOCUMENT) {
		return KH_STR("…");
	}
	while (len > 0 && len < name.len && ((unsigned char)name.data[len] & 0xC0) == 0x80) {
		len--;
	}
	return (kh_str){name.data, len};
}

#define SHOWN(s, name) (int)shown((s), (name)).len, shown((s), (name)).data

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool begins(const scanner *s, const char *what)
{
	size_t len = strlen(what);

	return s->text.len - s->at >= len && memcmp(s->text.data + s->at, what, len) == 0;
}

static bool skip_blanks(scanner *s)
{
	size_t begin = s->at;

	while (s->at < s->text.len && is_blank(s->text.data[s->at])) {
		s->at++;
	}
	return s->at > begin;
}

/* Of checked UTF-8: the character at `at`, and its bytes. */
static uint32_t read_character(kh_str text, size_t at, size_t *len)
{
	unsigned char first = (unsigned char)text.data[at];
	uint32_t code;

	*len = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	code = *len == 1 ? first : first & (0x7Fu >> *len);
	for (size_t i = 1; i < *len; i++) {
		code = code << 6 | ((unsigned char)text.data[at + i] & 0x3Fu);
	}
	return code;
}

static kh_str take_name(scanner *s)
{
	size_t begin = s->at, len;

	while (s->at < s->text.len &&
		   kh_xml_is_name_character(read_character(s->text, s->at, &len), s->at == begin)) {
		s->at += len;
	}
	return (kh_str){s->text.data + begin, s->at - begin};
}

/* Behind the next `what`; false when there is none. */
static bool skip_to(scanner *s, const char *what)
{
	const char *found = memmem(s->text.data + s->at, s->text.len - s->at, what, strlen(what));

	if (found == NULL) {
		return false;
	}
	s->at = (size_t)(found - s->text.data) + strlen(what);
	return true;
}

static kh_status take_entity(scanner *s)
{
	static const char *const names[] = {"amp", "lt", "gt", "quot", "apos"};
	size_t begin = s->at++;
	kh_str rest = {s->text.data + s->at, s->text.len - s->at};
	const char *end = memchr(rest.data, ';', rest.len < 40 ? rest.len : 40);
	kh_str name = {rest.data, end != NULL ? (size_t)(end - rest.data) : 0};

	if (end == NULL) {
		return FAIL_AT(s, begin, "an & stands alone: write &amp; for it.");
	}
	s->at += name.len + 1;
	if (name.len > 0 && name.data[0] == '#') {
		return kh_xml_is_reference((kh_str){name.data + 1, name.len - 1})
				   ? KH_OK
				   : FAIL_AT(s, begin, "&%.*s; stands for no character.", SHOWN(s, name));
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (kh_str_equals(name, (kh_str){names[i], strlen(names[i])})) {
			return KH_OK;
		}
	}
	return FAIL_AT(s, begin,
		"&%.*s; is not known: XML has &amp; &lt; &gt; &quot; &apos; and numbers like &#233;. Write "
		"&amp; for an & itself.",
		SHOWN(s, name));
}

static kh_status take_attribute_value(scanner *s, kh_str name)
{
	char quote = s->at < s->text.len ? s->text.data[s->at] : '\0';
	size_t begin = s->at;
	kh_status status = KH_OK;

	if (quote != '"' && quote != '\'') {
		return FAIL_AT(s, begin, "the value of %.*s needs quotes: write %.*s=\"…\".",
			SHOWN(s, name), SHOWN(s, name));
	}
	s->at++;
	while (status == KH_OK && s->at < s->text.len && s->text.data[s->at] != quote) {
		if (s->text.data[s->at] == '<') {
			return FAIL_AT(s, s->at,
				"a < stands in the value of %.*s: write &lt;, or end the value "
				"with a quote.",
				SHOWN(s, name));
		}
		if (s->text.data[s->at] == '&') {
			status = take_entity(s);
		} else {
			s->at++;
		}
	}
	if (status != KH_OK) {
		return status;
	}
	if (s->at == s->text.len) {
		return FAIL_AT(s, begin, "the value of %.*s has no closing quote.", SHOWN(s, name));
	}
	s->at++;
	return KH_OK;
}

static kh_status take_attribute(scanner *s)
{
	size_t begin = s->at;
	kh_str name = take_name(s);

	if (name.len == 0) {
		return FAIL_AT(s, begin, "an attribute's name or > must come here.");
	}
	for (size_t i = 0; i < s->attribute_count; i++) {
		if (kh_str_equals(s->attributes[i], name)) {
			return FAIL_AT(s, begin, "the attribute %.*s is there twice.", SHOWN(s, name));
		}
	}
	if (s->attribute_count == KH_XML_MAX_ATTRIBUTES) {
		return FAIL_AT(s, begin, "an element has more than %d attributes.", KH_XML_MAX_ATTRIBUTES);
	}
	s->attributes[s->attribute_count++] = name;
	skip_blanks(s);
	if (s->at == s->text.len || s->text.data[s->at] != '=') {
		return FAIL_AT(s, begin, "the attribute %.*s has no value: write %.*s=\"…\".",
			SHOWN(s, name), SHOWN(s, name));
	}
	s->at++;
	skip_blanks(s);
	return take_attribute_value(s, name);
}

static kh_status begin_element(scanner *s, size_t begin, kh_str name)
{
	if (s->depth == 0 && s->root_seen && s->mode == KH_XML_DOCUMENT) {
		return FAIL_AT(s, begin, "there is a second root, <%.*s>: put one element around all.",
			SHOWN(s, name));
	}
	if (s->depth == KH_XML_MAX_DEPTH) {
		return FAIL_AT(s, begin, "elements are nested more than %d deep.", KH_XML_MAX_DEPTH);
	}
	s->root_seen = true;
	s->open[s->depth++] = name;
	return KH_OK;
}

static kh_status take_start_tag(scanner *s)
{
	size_t begin = s->at++;
	kh_str name = take_name(s);
	kh_status status;

	if (name.len == 0) {
		return FAIL_AT(s, begin, "a name must come behind <: write &lt; for a < itself.");
	}
	status = begin_element(s, begin, name);
	s->attribute_count = 0;
	while (status == KH_OK) {
		bool blank = skip_blanks(s);

		if (begins(s, ">")) {
			s->at++;
			return KH_OK;
		}
		if (begins(s, "/>")) {
			s->at += 2;
			s->depth--;
			return KH_OK;
		}
		if (s->at == s->text.len) {
			return FAIL_AT(s, begin, "the tag <%.*s has no >.", SHOWN(s, name));
		}
		if (!blank) {
			return FAIL_AT(s, s->at, "a blank, > or /> must come here.");
		}
		status = take_attribute(s);
	}
	return status;
}

static kh_status take_end_tag(scanner *s)
{
	size_t begin = s->at;
	kh_str name, open;

	s->at += 2;
	name = take_name(s);
	skip_blanks(s);
	if (name.len == 0 || !begins(s, ">")) {
		return FAIL_AT(s, begin, "this end tag is not written right: write </name>.");
	}
	s->at++;
	if (s->depth == 0) {
		return FAIL_AT(s, begin, "</%.*s> ends nothing.", SHOWN(s, name));
	}
	open = s->open[s->depth - 1];
	if (!kh_str_equals(open, name)) {
		return FAIL_AT(
			s, begin, "</%.*s> stands where </%.*s> must come.", SHOWN(s, name), SHOWN(s, open));
	}
	s->depth--;
	return KH_OK;
}

static kh_status take_comment(scanner *s)
{
	size_t begin = s->at;

	s->at += 4;
	if (!skip_to(s, "--")) {
		return FAIL_AT(s, begin, "the comment has no -->.");
	}
	if (!begins(s, ">")) {
		return FAIL_AT(s, s->at - 2, "-- can't stand in a comment.");
	}
	s->at++;
	return KH_OK;
}

/* One of "version", "encoding", "standalone" with its value; false: something else stands there. */
static bool take_declared(scanner *s, const char *name, kh_str *value)
{
	size_t begin = s->at;
	bool blank = skip_blanks(s);
	char quote;

	*value = (kh_str){NULL, 0};
	if (!blank || !begins(s, name)) {
		s->at = begin;
		return false;
	}
	s->at += strlen(name);
	skip_blanks(s);
	if (!begins(s, "=")) {
		return false;
	}
	s->at++;
	skip_blanks(s);
	quote = s->at < s->text.len ? s->text.data[s->at] : '\0';
	if (quote != '"' && quote != '\'') {
		return false;
	}
	begin = ++s->at;
	while (s->at < s->text.len && s->text.data[s->at] != quote && s->text.data[s->at] != '<') {
		s->at++;
	}
	*value = (kh_str){s->text.data + begin, s->at - begin};
	if (s->at == s->text.len || s->text.data[s->at] != quote) {
		return false;
	}
	s->at++;
	return true;
}

static bool is_version(kh_str value)
{
	return value.len > 2 && memcmp(value.data, "1.", 2) == 0 &&
		   strspn(value.data + 2, "0123456789") >= value.len - 2;
}

/* <?xml version="1.0" encoding="UTF-8" standalone="yes"?>, behind its name. What is sent is UTF-8,
 * and must say nothing else. */
static kh_status take_declaration(scanner *s)
{
	kh_str value;

	if (!take_declared(s, "version", &value) || !is_version(value)) {
		return FAIL_AT(s, 0, "<?xml must go on with version=\"1.0\".");
	}
	if (take_declared(s, "encoding", &value)) {
		bool utf8 = value.len == 5 && strncasecmp(value.data, "utf-8", 5) == 0;
		bool ascii = value.len == 8 && strncasecmp(value.data, "us-ascii", 8) == 0;
		if (!utf8 && !ascii) {
			return FAIL_AT(s, (size_t)(value.data - s->text.data),
				"what is sent is UTF-8: write encoding=\"UTF-8\".");
		}
	}
	if (take_declared(s, "standalone", &value) && !kh_str_equals(value, KH_STR("yes")) &&
		!kh_str_equals(value, KH_STR("no"))) {
		return FAIL_AT(s, (size_t)(value.data - s->text.data), "standalone must be yes or no.");
	}
	skip_blanks(s);
	if (!begins(s, "?>")) {
		return FAIL_AT(
			s, s->at, "<?xml version=\"1.0\" encoding=\"UTF-8\"?> is not written right.");
	}
	s->at += 2;
	return KH_OK;
}

static kh_status take_instruction(scanner *s)
{
	size_t begin = s->at;
	kh_str name;

	s->at += 2;
	name = take_name(s);
	if (name.len == 0) {
		return FAIL_AT(s, begin, "a name must come behind <?.");
	}
	if (name.len == 3 && strncasecmp(name.data, "xml", 3) == 0 &&
		(begin != 0 || memcmp(name.data, "xml", 3) != 0)) {
		return FAIL_AT(s, begin, "<?xml …?> can only be the very beginning.");
	}
	if (kh_str_equals(name, KH_STR("xml"))) {
		return take_declaration(s);
	}
	if (!begins(s, "?>") && (s->at == s->text.len || !is_blank(s->text.data[s->at]))) {
		return FAIL_AT(s, begin, "a blank or ?> must come behind <?%.*s.", SHOWN(s, name));
	}
	return skip_to(s, "?>") ? KH_OK : FAIL_AT(s, begin, "<?%.*s has no ?>.", SHOWN(s, name));
}

static kh_status take_markup(scanner *s)
{
	size_t begin = s->at;

	if (begins(s, "<!--")) {
		return take_comment(s);
	}
	if (begins(s, "<![CDATA[")) {
		if (s->depth == 0 && s->mode == KH_XML_DOCUMENT) {
			return FAIL_AT(s, begin, "text stands outside of the root element.");
		}
		return skip_to(s, "]]>") ? KH_OK : FAIL_AT(s, begin, "<![CDATA[ has no ]]>.");
	}
	if (begins(s, "<!")) {
		return FAIL_AT(s, begin, "a DOCTYPE is not sent: remove it.");
	}
	if (begins(s, "<?")) {
		return take_instruction(s);
	}
	return begins(s, "</") ? take_end_tag(s) : take_start_tag(s);
}

static kh_status take_text(scanner *s)
{
	char c = s->text.data[s->at];

	if (s->depth == 0 && s->mode == KH_XML_DOCUMENT && !is_blank(c)) {
		return FAIL_AT(s, s->at, "text stands outside of the root element.");
	}
	if (c == '&') {
		return take_entity(s);
	}
	if (begins(s, "]]>")) {
		return FAIL_AT(s, s->at, "]]> can't stand in text: write ]]&gt;.");
	}
	s->at++;
	return KH_OK;
}

/* The whole text at once: what no place in XML may hold. */
static kh_status check_characters(const scanner *s)
{
	const unsigned char *bytes = (const unsigned char *)s->text.data;

	if (!kh_utf8_valid(s->text)) {
		return FAIL_AT(s, 0, "it is not UTF-8.");
	}
	for (size_t i = 0; i < s->text.len; i++) {
		bool forbidden = bytes[i] < 0x20 && !is_blank((char)bytes[i]);
		bool no_character = bytes[i] == 0xEF && bytes[i + 1] == 0xBF && bytes[i + 2] >= 0xBE;
		if (forbidden || no_character) {
			return FAIL_AT(
				s, i, "it has a character that XML can't carry (byte 0x%02X).", bytes[i]);
		}
	}
	return KH_OK;
}

static kh_status scan(scanner *s)
{
	kh_status status = check_characters(s);

	while (status == KH_OK && s->at < s->text.len) {
		status = s->text.data[s->at] == '<' ? take_markup(s) : take_text(s);
	}
	if (status != KH_OK) {
		return status;
	}
	if (s->depth > 0) {
		kh_str name = s->open[s->depth - 1];
		return FAIL_AT(s, s->text.len, "</%.*s> is missing.", SHOWN(s, name));
	}
	return s->root_seen || s->mode == KH_XML_FRAGMENT
			   ? KH_OK
			   : FAIL_AT(s, s->text.len, "there is no element: write <name>…</name>.");
}

kh_status kh_xml_check(kh_str text, kh_xml_mode mode, kh_error *error)
{
	scanner *s = calloc(1, sizeof(*s));
	kh_status status;

	if (s == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	s->text = text;
	s->mode = mode;
	s->error = error;
	if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) {
		s->text.data += 3; /* a byte order mark is allowed, and no character */
		s->text.len -= 3;
	}
	status = scan(s);
	free(s);
	return status;
}
