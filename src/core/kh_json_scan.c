#include "kh_json_scan.h"

#include <stdio.h>
#include <stdlib.h>

#define LEVELS_PER_WORD 64

void kh_json_scan_init(kh_json_scan *scan, kh_json_mode mode)
{
	*scan = (kh_json_scan){.state = KH_SCAN_VALUE, .mode = mode};
}

void kh_json_scan_free(kh_json_scan *scan)
{
	free(scan->more_levels);
	scan->more_levels = NULL;
	scan->more_capacity = 0;
}

const char *kh_json_scan_name(unsigned char c, char *out)
{
	if (c > 0x20 && c < 0x7F) {
		snprintf(out, 16, "'%c'", c);
	} else if (c < 0x80) {
		snprintf(out, 16, "U+%04X", c);
	} else {
		snprintf(out, 16, "byte 0x%02X", c);
	}
	return out;
}

static kh_status fail(kh_error *error, const char *message)
{
	return kh_error_set(error, KH_ERR_JSON, "%s", message);
}

bool kh_json_scan_in_object(const kh_json_scan *scan)
{
	size_t level;

	if (scan->depth == 0) {
		return false;
	}
	level = scan->depth - 1;
	if (level < LEVELS_PER_WORD) {
		return (scan->first_levels >> level) & 1;
	}
	level -= LEVELS_PER_WORD;
	return (scan->more_levels[level / LEVELS_PER_WORD] >> (level % LEVELS_PER_WORD)) & 1;
}

bool kh_json_scan_in_text(const kh_json_scan *scan)
{
	return scan->state == KH_SCAN_STRING && scan->utf8_left == 0 && !scan->high_surrogate;
}

static kh_status open_level(kh_json_scan *scan, bool object, kh_error *error)
{
	uint64_t *word = &scan->first_levels;
	size_t level = scan->depth;

	if (scan->mode == KH_JSON_REQUEST && level >= KH_JSON_MAX_DEPTH) {
		return kh_error_set(error, KH_ERR_JSON, "Lists and objects are nested more than %d deep.",
			KH_JSON_MAX_DEPTH);
	}
	if (level >= LEVELS_PER_WORD) {
		level -= LEVELS_PER_WORD;
		if (level / LEVELS_PER_WORD >= scan->more_capacity) {
			size_t capacity = scan->more_capacity == 0 ? 16 : scan->more_capacity * 2;
			uint64_t *more = realloc(scan->more_levels, capacity * sizeof(*more));
			if (more == NULL) {
				return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
			}
			scan->more_levels = more;
			scan->more_capacity = capacity;
		}
		word = &scan->more_levels[level / LEVELS_PER_WORD];
		level %= LEVELS_PER_WORD;
	}
	*word = (*word & ~(UINT64_C(1) << level)) | ((uint64_t)object << level);
	scan->depth++;
	scan->state = object ? KH_SCAN_FIRST_KEY : KH_SCAN_FIRST_ELEMENT;
	return KH_OK;
}

static kh_status close_level(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	bool object = kh_json_scan_in_object(scan);

	if (scan->depth == 0 || (c == '}') != object) {
		return kh_error_set(error, KH_ERR_JSON, "There is no %c that this %c could close.",
			c == '}' ? '{' : '[', c);
	}
	scan->depth--;
	scan->state = KH_SCAN_AFTER;
	return KH_OK;
}

static kh_status begin_string(kh_json_scan *scan, bool key)
{
	scan->in_key = key;
	scan->state = KH_SCAN_STRING;
	return KH_OK;
}

static kh_status not_a_value(const kh_json_scan *scan, unsigned char c, kh_error *error)
{
	char name[16];

	switch (c) {
	case ']':
	case '}':
		if (c == ']' && scan->depth > 0 && !kh_json_scan_in_object(scan)) {
			return fail(error, "There is a comma too many before ].");
		}
		return kh_error_set(error, KH_ERR_JSON, "A value is missing before %c.", c);
	case ',':
		return fail(error, "A value is missing before the comma.");
	case '\'':
		return fail(error, "Text stands in double quotes (\"), not in single ones.");
	case '/':
		return fail(error, "JSON has no comments.");
	case '+':
		return fail(error, "A number has no plus sign in front.");
	case '.':
		return fail(error, "A number begins with a digit: write 0.5, not .5.");
	case 0xEF:
		return fail(error, "A value must come here, without a byte order mark in front.");
	default:
		return kh_error_set(error, KH_ERR_JSON,
			"A value must come here, not %s: text in double quotes, a number, true, false, null, "
			"a list or an object.",
			kh_json_scan_name(c, name));
	}
}

static kh_status value_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	switch (c) {
	case '"':
		return begin_string(scan, false);
	case '{':
		return open_level(scan, true, error);
	case '[':
		return open_level(scan, false, error);
	case 't':
		scan->word = "rue";
		break;
	case 'f':
		scan->word = "alse";
		break;
	case 'n':
		scan->word = "ull";
		break;
	case '-':
		scan->state = KH_SCAN_MINUS;
		return KH_OK;
	case '0':
		scan->state = KH_SCAN_ZERO;
		return KH_OK;
	default:
		if (c >= '1' && c <= '9') {
			scan->state = KH_SCAN_INTEGER;
			return KH_OK;
		}
		return not_a_value(scan, c, error);
	}
	scan->state = KH_SCAN_WORD;
	return KH_OK;
}

static kh_status after_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	bool object = kh_json_scan_in_object(scan);
	char name[16];

	if (scan->depth == 0) {
		return kh_error_set(
			error, KH_ERR_JSON, "The value has ended; %s is too much.", kh_json_scan_name(c, name));
	}
	if (c == ',') {
		scan->state = object ? KH_SCAN_KEY : KH_SCAN_VALUE;
		return KH_OK;
	}
	if (c == (object ? '}' : ']')) {
		return close_level(scan, c, error);
	}
	return kh_error_set(error, KH_ERR_JSON, "A comma or %c must come here, not %s.",
		object ? '}' : ']', kh_json_scan_name(c, name));
}

static kh_status key_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	char name[16];

	if (c == '"') {
		return begin_string(scan, true);
	}
	if (c == '}') {
		return scan->state == KH_SCAN_FIRST_KEY
				   ? close_level(scan, c, error)
				   : fail(error, "There is a comma too many before }.");
	}
	return kh_error_set(error, KH_ERR_JSON,
		"A member's name in double quotes must come here, not %s.", kh_json_scan_name(c, name));
}

/* Between values: blanks are skipped. */
static kh_status structure_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	char name[16];

	if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
		return KH_OK;
	}
	switch (scan->state) {
	case KH_SCAN_FIRST_ELEMENT:
		return c == ']' ? close_level(scan, c, error) : value_byte(scan, c, error);
	case KH_SCAN_FIRST_KEY:
	case KH_SCAN_KEY:
		return key_byte(scan, c, error);
	case KH_SCAN_COLON:
		if (c != ':') {
			return kh_error_set(error, KH_ERR_JSON, "A colon must come after a name, not %s.",
				kh_json_scan_name(c, name));
		}
		scan->state = KH_SCAN_VALUE;
		return KH_OK;
	case KH_SCAN_AFTER:
		return after_byte(scan, c, error);
	default:
		return value_byte(scan, c, error);
	}
}

/* The first byte of a character beyond ASCII: which bytes may follow (Unicode, table 3-7). */
static kh_status utf8_begin(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	scan->utf8_min = 0x80;
	scan->utf8_max = 0xBF;
	scan->utf8_seen = 1;
	if (c >= 0xC2 && c <= 0xDF) {
		scan->utf8_left = 1;
	} else if (c >= 0xE0 && c <= 0xEF) {
		scan->utf8_left = 2;
		scan->utf8_min = c == 0xE0 ? 0xA0 : 0x80;
		scan->utf8_max = c == 0xED ? 0x9F : 0xBF;
	} else if (c >= 0xF0 && c <= 0xF4) {
		scan->utf8_left = 3;
		scan->utf8_min = c == 0xF0 ? 0x90 : 0x80;
		scan->utf8_max = c == 0xF4 ? 0x8F : 0xBF;
	} else {
		return kh_error_set(error, KH_ERR_JSON, "The text is not UTF-8 (byte 0x%02X).", c);
	}
	return KH_OK;
}

static kh_status utf8_continue(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	if (c < scan->utf8_min || c > scan->utf8_max) {
		scan->back = scan->utf8_seen;
		return kh_error_set(error, KH_ERR_JSON, "The text is not UTF-8 (byte 0x%02X).", c);
	}
	scan->utf8_min = 0x80;
	scan->utf8_max = 0xBF;
	scan->utf8_left--;
	scan->utf8_seen++;
	return KH_OK;
}

static kh_status string_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	char name[16];

	if (scan->utf8_left > 0) {
		return utf8_continue(scan, c, error);
	}
	if (scan->high_surrogate && c != '\\') {
		scan->back = 6;
		return fail(error, "Half a character: the other \\uDC00 to \\uDFFF is missing.");
	}
	if (c == '\\') {
		scan->state = KH_SCAN_ESCAPE;
	} else if (c == '"') {
		scan->state = scan->in_key ? KH_SCAN_COLON : KH_SCAN_AFTER;
	} else if (c < 0x20) {
		return kh_error_set(error, KH_ERR_JSON,
			"A line break or control character (%s) inside double quotes: write it as %s.",
			kh_json_scan_name(c, name),
			c == '\n'   ? "\\n"
			: c == '\t' ? "\\t"
						: "\\u00…");
	} else if (c >= 0x80) {
		return utf8_begin(scan, c, error);
	}
	return KH_OK;
}

static kh_status escape_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	char name[16];

	if (scan->high_surrogate && c != 'u') {
		scan->back = 7;
		return fail(error, "Half a character: the other \\uDC00 to \\uDFFF is missing.");
	}
	if (c == 'u') {
		scan->hex_left = 4;
		scan->code = 0;
		scan->state = KH_SCAN_HEX;
		return KH_OK;
	}
	if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL) {
		scan->back = 1;
		return kh_error_set(error, KH_ERR_JSON,
			"A backslash before %s means nothing: write \\\\ for a backslash itself.",
			kh_json_scan_name(c, name));
	}
	scan->state = KH_SCAN_STRING;
	return KH_OK;
}

static int hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static kh_status hex_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	int digit = hex_digit(c);
	bool low;

	if (digit < 0) {
		return fail(error, "Four hexadecimal digits must follow \\u.");
	}
	scan->code = scan->code * 16 + (unsigned)digit;
	scan->hex_left--;
	if (scan->hex_left > 0) {
		return KH_OK;
	}
	scan->state = KH_SCAN_STRING;
	if (scan->mode == KH_JSON_GRAMMAR) {
		return KH_OK; /* the grammar lets halves stand alone */
	}
	low = scan->code >= 0xDC00 && scan->code <= 0xDFFF;
	if (low != scan->high_surrogate) {
		scan->back = low ? 5 : 11;
		return fail(error, "Half a character: \\uD800 to \\uDBFF and \\uDC00 to \\uDFFF only "
						   "stand together, in this order.");
	}
	scan->high_surrogate = scan->code >= 0xD800 && scan->code <= 0xDBFF;
	return KH_OK;
}

static kh_status word_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	if (c != (unsigned char)*scan->word) {
		return fail(error, "Without quotes only true, false and null may stand here.");
	}
	scan->word++;
	if (*scan->word == '\0') {
		scan->state = KH_SCAN_AFTER;
	}
	return KH_OK;
}

/* A number ends with the byte behind it, which then has its own meaning. */
static kh_status number_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	bool digit = c >= '0' && c <= '9';
	bool exponent = c == 'e' || c == 'E';
	kh_scan_state state = scan->state;

	switch (state) {
	case KH_SCAN_MINUS:
		if (!digit) {
			return fail(error, "A digit must follow the minus sign.");
		}
		scan->state = c == '0' ? KH_SCAN_ZERO : KH_SCAN_INTEGER;
		return KH_OK;
	case KH_SCAN_POINT:
		scan->state = KH_SCAN_FRACTION;
		return digit ? KH_OK : fail(error, "A digit must follow the decimal point.");
	case KH_SCAN_EXPONENT:
		if (c == '+' || c == '-') {
			scan->state = KH_SCAN_EXPONENT_SIGN;
			return KH_OK;
		}
		/* fall through */
	case KH_SCAN_EXPONENT_SIGN:
		scan->state = KH_SCAN_EXPONENT_DIGITS;
		return digit ? KH_OK : fail(error, "A digit must follow in the exponent.");
	default:
		break;
	}
	if (digit) {
		return state != KH_SCAN_ZERO
				   ? KH_OK
				   : fail(error, "A number may not begin with 0: put it in quotes to keep the 0.");
	}
	if (exponent && state != KH_SCAN_EXPONENT_DIGITS) {
		scan->state = KH_SCAN_EXPONENT;
		return KH_OK;
	}
	if (c == '.' && (state == KH_SCAN_ZERO || state == KH_SCAN_INTEGER)) {
		scan->state = KH_SCAN_POINT;
		return KH_OK;
	}
	scan->state = KH_SCAN_AFTER;
	return structure_byte(scan, c, error);
}

kh_status kh_json_scan_byte(kh_json_scan *scan, unsigned char c, kh_error *error)
{
	scan->back = 0;
	switch (scan->state) {
	case KH_SCAN_STRING:
		return string_byte(scan, c, error);
	case KH_SCAN_ESCAPE:
		return escape_byte(scan, c, error);
	case KH_SCAN_HEX:
		return hex_byte(scan, c, error);
	case KH_SCAN_WORD:
		return word_byte(scan, c, error);
	case KH_SCAN_VALUE:
	case KH_SCAN_FIRST_ELEMENT:
	case KH_SCAN_FIRST_KEY:
	case KH_SCAN_KEY:
	case KH_SCAN_COLON:
	case KH_SCAN_AFTER:
		return structure_byte(scan, c, error);
	default:
		return number_byte(scan, c, error);
	}
}

kh_status kh_json_scan_end(kh_json_scan *scan, kh_error *error)
{
	scan->back = 0;
	switch (scan->state) {
	case KH_SCAN_STRING:
	case KH_SCAN_ESCAPE:
	case KH_SCAN_HEX:
		return fail(error, "The text ends inside double quotes: a closing \" is missing.");
	case KH_SCAN_WORD:
	case KH_SCAN_MINUS:
	case KH_SCAN_POINT:
	case KH_SCAN_EXPONENT:
	case KH_SCAN_EXPONENT_SIGN:
		return fail(error, "The text ends inside a value.");
	default:
		break;
	}
	if (scan->depth > 0) {
		return kh_error_set(error, KH_ERR_JSON, "The text ends too early: %c is missing.",
			kh_json_scan_in_object(scan) ? '}' : ']');
	}
	if (scan->state == KH_SCAN_VALUE) {
		return fail(error, "The text ends where a value must come.");
	}
	return KH_OK;
}

static unsigned read_hex4(const char *in)
{
	unsigned code = 0;

	for (int i = 0; i < 4; i++) {
		code = code * 16 + (unsigned)hex_digit((unsigned char)in[i]);
	}
	return code;
}

static size_t write_utf8(char *out, unsigned code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | (code >> 6));
		out[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | (code >> 12));
		out[1] = (char)(0x80 | ((code >> 6) & 0x3F));
		out[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | (code >> 18));
	out[1] = (char)(0x80 | ((code >> 12) & 0x3F));
	out[2] = (char)(0x80 | ((code >> 6) & 0x3F));
	out[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

size_t kh_json_unescape(const char *in, size_t len, char *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	size_t i = 0, written = 0;

	while (i < len) {
		const char *special;
		unsigned code;

		if (in[i] != '\\') {
			out[written++] = in[i++];
			continue;
		}
		if (in[i + 1] != 'u') {
			special = strchr(from, in[i + 1]);
			out[written++] = special != NULL ? to[special - from] : in[i + 1];
			i += 2;
			continue;
		}
		code = read_hex4(in + i + 2);
		i += 6;
		if (code >= 0xD800 && code <= 0xDBFF) { /* checked: the other half follows */
			code = 0x10000 + ((code - 0xD800) << 10) + (read_hex4(in + i + 2) - 0xDC00);
			i += 6;
		}
		written += write_utf8(out + written, code);
	}
	return written;
}
