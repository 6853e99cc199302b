/*
 * Bodies by their structure. Lexical, since a body may be cut off, or not be what it says: what is
 * no longer well-formed is masked rather too far than too little.
 */
#include "kh_hex.h"
#include "kh_redact.h"

#include <strings.h>

#define LONGEST_NAME 256

typedef struct masking {
	kh_buf *out;
	kh_str text;
	size_t done; /* what lies before is in out */
	const kh_str *names;
	size_t count;
	kh_status status;
} masking;

/* ---- what all formats need ---- */

static bool is_masked(const masking *m, kh_str name)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->names[i].len == name.len &&
			strncasecmp(m->names[i].data, name.data, name.len) == 0) {
			return true;
		}
	}
	return kh_redact_is_secret_name(name);
}

static kh_str part(kh_str text, size_t begin, size_t end)
{
	return (kh_str){text.data + begin, end - begin};
}

static void replace(masking *m, size_t begin, size_t end, kh_str mask)
{
	if (m->status == KH_OK && begin > m->done) {
		m->status = kh_buf_append_str(m->out, part(m->text, m->done, begin));
	}
	if (m->status == KH_OK) {
		m->status = kh_buf_append_str(m->out, mask);
	}
	m->done = end;
}

static bool begins(kh_str text, size_t at, kh_str with)
{
	return with.len <= text.len - at && memcmp(text.data + at, with.data, with.len) == 0;
}

/* Where it stands at or behind `at`; the text's end when nowhere. */
static size_t find(kh_str text, size_t at, kh_str wanted)
{
	const char *found =
		at < text.len ? memmem(text.data + at, text.len - at, wanted.data, wanted.len) : NULL;

	return found != NULL ? (size_t)(found - text.data) : text.len;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_blanks(kh_str text, size_t at)
{
	while (at < text.len && is_blank(text.data[at])) {
		at++;
	}
	return at;
}

/* ---- JSON ---- */

/* From a quote to behind the one that ends it. */
static size_t skip_string(kh_str text, size_t at)
{
	size_t escape = 0; /* the next backslash; 0: not looked for yet */

	for (at++; at < text.len; at = escape + 2) {
		const char *quote = memchr(text.data + at, '"', text.len - at);
		size_t end = quote != NULL ? (size_t)(quote - text.data) : text.len;
		const char *backslash = memchr(text.data + at, '\\', end - at);

		if (backslash == NULL) {
			return end < text.len ? end + 1 : text.len;
		}
		escape = (size_t)(backslash - text.data);
	}
	return text.len;
}

static size_t skip_value(kh_str text, size_t at)
{
	size_t depth = 0;

	while (at < text.len) {
		char c = text.data[at];
		if (c == '"') {
			at = skip_string(text, at);
			if (depth == 0) {
				return at;
			}
			continue;
		}
		if (depth == 0 && (c == ',' || c == ']' || c == '}' || is_blank(c))) {
			return at;
		}
		depth += c == '{' || c == '[';
		at++;
		if ((c == '}' || c == ']') && --depth == 0) {
			return at;
		}
	}
	return at;
}

/* As far as it matters to ASCII; kh_json_unescape wants checked text. out: raw.len bytes. */
static size_t unescape(kh_str raw, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.data[i];
		if (c == '\\' && i + 1 < raw.len) {
			c = raw.data[++i];
			if (c == 'u' && i + 4 < raw.len) {
				int high = kh_hex_digit(raw.data[i + 3]), low = kh_hex_digit(raw.data[i + 4]);
				bool ascii = raw.data[i + 1] == '0' && raw.data[i + 2] == '0' && high >= 0 &&
							 high < 8 && low >= 0;
				c = ascii ? (char)(high * 16 + low) : '?';
				i += 4;
			}
		}
		out[len++] = c;
	}
	return len;
}

/* quoted: with its quotes. \u0070assword is a password too. */
static bool is_masked_key(const masking *m, kh_str quoted)
{
	kh_str raw = {quoted.data + 1, quoted.len - 2};
	char name[LONGEST_NAME];

	if (raw.len > sizeof(name) || memchr(raw.data, '\\', raw.len) == NULL) {
		return is_masked(m, raw);
	}
	return is_masked(m, (kh_str){name, unescape(raw, name)});
}

static void mask_json(masking *m)
{
	kh_str text = m->text;
	size_t at = 0;

	while (at < text.len) {
		size_t end, next;
		if (text.data[at] != '"') {
			at++;
			continue;
		}
		end = skip_string(text, at);
		next = skip_blanks(text, end);
		if (next == text.len || text.data[next] != ':' || !is_masked_key(m, part(text, at, end))) {
			at = end; /* a key that may be shown, or a value; what it holds comes next */
			continue;
		}
		at = skip_blanks(text, next + 1);
		end = skip_value(text, at);
		if (end > at && !kh_str_equals(part(text, at, end), KH_STR("null"))) {
			replace(m, at, end, KH_STR("\"" KH_REDACTED "\""));
		}
		at = end;
	}
}

/* ---- a=b&c=d ---- */

static bool is_masked_pair(const masking *m, kh_str name)
{
	char decoded[LONGEST_NAME];
	size_t len = 0;

	for (size_t i = 0; i < name.len && len < sizeof(decoded); i++) {
		char c = name.data[i];
		if (c == '%' && i + 2 < name.len && kh_hex_digit(name.data[i + 1]) >= 0 &&
			kh_hex_digit(name.data[i + 2]) >= 0) {
			c = (char)(kh_hex_digit(name.data[i + 1]) * 16 + kh_hex_digit(name.data[i + 2]));
			i += 2;
		}
		decoded[len++] = c == '+' ? ' ' : c;
	}
	return is_masked(m, (kh_str){decoded, len}) || is_masked(m, name);
}

static void mask_form(masking *m)
{
	for (size_t at = 0; at < m->text.len;) {
		size_t end = find(m->text, at, KH_STR("&")), equals = find(m->text, at, KH_STR("="));
		if (equals < end && is_masked_pair(m, part(m->text, at, equals))) {
			replace(m, equals + 1, end, KH_STR(KH_REDACTED));
		}
		at = end + 1;
	}
}

/* ---- XML ---- */

static bool ends_name(char c)
{
	return is_blank(c) || strchr("/>=<\"'", c) != NULL;
}

static size_t skip_name(kh_str text, size_t at)
{
	while (at < text.len && !ends_name(text.data[at])) {
		at++;
	}
	return at;
}

static bool is_masked_element(const masking *m, kh_str name)
{
	const char *colon = name.len > 0 ? memrchr(name.data, ':', name.len) : NULL;

	if (colon != NULL) {
		name.len -= (size_t)(colon + 1 - name.data);
		name.data = colon + 1;
	}
	return name.len > 0 && is_masked(m, name);
}

/* Comments, CDATA and declarations; 0: it is none of them. */
static size_t skip_special(kh_str text, size_t at)
{
	static const struct {
		kh_str begin, end;
	} specials[] = {{{"<!--", 4}, {"-->", 3}}, {{"<![CDATA[", 9}, {"]]>", 3}},
		{{"<?", 2}, {"?>", 2}}, {{"<!", 2}, {">", 1}}, {{"</", 2}, {">", 1}}};

	for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++) {
		if (begins(text, at, specials[i].begin)) {
			size_t end = find(text, at + specials[i].begin.len, specials[i].end);
			return end < text.len ? end + specials[i].end.len : text.len;
		}
	}
	return 0;
}

/* One attribute, from its name. */
static size_t mask_attribute(masking *m, size_t at)
{
	kh_str text = m->text;
	size_t name = at, name_end = skip_name(text, at), end;
	char quote[1];

	at = skip_blanks(text, name_end);
	if (at == text.len || text.data[at] != '=') {
		return name_end > name ? name_end : name + 1;
	}
	at = skip_blanks(text, at + 1);
	if (at < text.len && (text.data[at] == '"' || text.data[at] == '\'')) {
		quote[0] = text.data[at++];
		end = find(text, at, (kh_str){quote, 1});
	} else {
		end = at;
		while (end < text.len && !is_blank(text.data[end]) && text.data[end] != '>') {
			end++;
		}
	}
	if (is_masked_element(m, part(text, name, name_end))) {
		replace(m, at, end, KH_STR(KH_REDACTED));
	}
	return end < text.len && (text.data[end] == '"' || text.data[end] == '\'') ? end + 1 : end;
}

/* Where the element's end tag begins; others of its name may lie within. */
static size_t element_end(kh_str text, size_t at, kh_str name)
{
	size_t depth = 1;

	while ((at = find(text, at, name)) < text.len) {
		size_t end = at + name.len;
		bool whole = end == text.len || ends_name(text.data[end]);
		if (whole && at >= 2 && text.data[at - 1] == '/' && text.data[at - 2] == '<') {
			if (--depth == 0) {
				return at - 2;
			}
		} else if (whole && at >= 1 && text.data[at - 1] == '<') {
			size_t close = find(text, end, KH_STR(">"));
			depth += close < text.len && text.data[close - 1] != '/';
		}
		at = end;
	}
	return text.len;
}

/* One element's start tag, and what it holds when its name is masked. */
static size_t mask_element(masking *m, size_t at)
{
	kh_str text = m->text, name;
	size_t name_end = skip_name(text, at + 1);

	name = part(text, at + 1, name_end);
	if (name.len == 0) {
		return at + 1;
	}
	at = name_end;
	while ((at = skip_blanks(text, at)) < text.len && text.data[at] != '>') {
		at = text.data[at] == '/' ? at + 1 : mask_attribute(m, at);
	}
	if (at == text.len) {
		return at;
	}
	at++;
	if (text.data[at - 2] != '/' && is_masked_element(m, name)) {
		size_t end = element_end(text, at, name);
		replace(m, at, end, KH_STR(KH_REDACTED));
		at = end;
	}
	return at;
}

static void mask_xml(masking *m)
{
	size_t at = 0;

	while ((at = find(m->text, at, KH_STR("<"))) < m->text.len) {
		size_t behind = skip_special(m->text, at);
		at = behind != 0 ? behind : mask_element(m, at);
	}
}

/* ---- multipart/form-data ---- */

/* The value of name="…" in a header; empty when there is none. */
static kh_str parameter(kh_str header, kh_str name)
{
	size_t at = 0, end;

	while (at + name.len < header.len) {
		if ((at == 0 || !(header.data[at - 1] != ';' && !is_blank(header.data[at - 1]))) &&
			strncasecmp(header.data + at, name.data, name.len) == 0) {
			at += name.len;
			if (at < header.len && header.data[at] == '"') {
				end = find(header, at + 1, KH_STR("\""));
				return part(header, at + 1, end);
			}
			for (end = at;
				 end < header.len && header.data[end] != ';' && !is_blank(header.data[end]);
				 end++) {
			}
			return part(header, at, end);
		}
		at++;
	}
	return (kh_str){NULL, 0};
}

static void mask_multipart(masking *m, kh_str content_type)
{
	kh_str boundary = parameter(content_type, KH_STR("boundary="));
	char mark[LONGEST_NAME];
	size_t at, end;

	if (boundary.len == 0 || boundary.len + 2 > sizeof(mark)) {
		replace(m, 0, m->text.len, KH_STR(KH_REDACTED)); /* its parts can't be told apart */
		return;
	}
	memcpy(mark, "--", 2);
	memcpy(mark + 2, boundary.data, boundary.len);
	at = find(m->text, 0, (kh_str){mark, boundary.len + 2});
	while (at < m->text.len) {
		size_t begin = at + boundary.len + 2, head = find(m->text, begin, KH_STR("\r\n\r\n"));
		kh_str name;
		end = find(m->text, begin, (kh_str){mark, boundary.len + 2});
		if (head < end) {
			name = parameter(part(m->text, begin, head), KH_STR("name="));
			if (name.len > 0 && is_masked(m, name)) {
				/* The line break in front of the boundary is the boundary's. */
				bool breaks = end < m->text.len && end >= head + 6;
				replace(m, head + 4, breaks ? end - 2 : end, KH_STR(KH_REDACTED));
			}
		}
		at = end;
	}
}

/* ---- which one ---- */

static bool speaks_of(kh_str content_type, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= content_type.len && content_type.data[i] != ';'; i++) {
		if (strncasecmp(content_type.data + i, word, len) == 0) {
			return true;
		}
	}
	return false;
}

/* What calls itself text may be a form all the same: OAuth servers do that. */
static bool looks_like_form(kh_str text)
{
	size_t equals = find(text, 0, KH_STR("="));

	for (size_t i = 0; i < equals; i++) {
		char c = text.data[i];
		if (is_blank(c) || c == '<' || c == '"' || c == '&') {
			return false;
		}
	}
	return equals > 0 && equals < text.len;
}

kh_status kh_redact_body(
	kh_buf *out, kh_str content_type, kh_str text, const kh_str *names, size_t count)
{
	masking m = {.out = out, .text = text, .names = names, .count = count};
	size_t start = out->len, first = skip_blanks(text, 0);

	if (first + 3 <= text.len && memcmp(text.data + first, "\xEF\xBB\xBF", 3) == 0) {
		first = skip_blanks(text, first + 3); /* a byte order mark */
	}
	if (speaks_of(content_type, "multipart/")) {
		mask_multipart(&m, content_type);
	} else if (first < text.len && text.data[first] == '<') {
		mask_xml(&m);
	} else if ((first < text.len && (text.data[first] == '{' || text.data[first] == '[')) ||
			   speaks_of(content_type, "json")) {
		mask_json(&m);
	} else if (speaks_of(content_type, "x-www-form-urlencoded") || looks_like_form(text)) {
		mask_form(&m);
	} else if (speaks_of(content_type, "xml")) {
		mask_xml(&m);
	}
	if (m.status == KH_OK && m.done < text.len) {
		m.status = kh_buf_append_str(out, part(text, m.done, text.len));
	}
	if (m.status != KH_OK && out->data != NULL) {
		out->len = start;
		out->data[start] = '\0';
	}
	return m.status;
}
