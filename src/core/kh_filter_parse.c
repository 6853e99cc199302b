#include "kh_filter.h"

#define MAX_TRUNCATE 100000
#define MAX_DECIMALS 20
#define NAME_BYTES 16

typedef struct filter_rule {
	const char *name;
	kh_filter_kind kind;
	size_t min_arguments, max_arguments;
	const char *usage;
} filter_rule;

static const filter_rule RULES[] = {
	{"default", KH_FILTER_DEFAULT, 1, 1, "default:\"what to write instead\""},
	{"date", KH_FILTER_DATE, 1, 1, "date:\"Y-m-d H:i\", with the letters of PHP's date()"},
	{"upper", KH_FILTER_UPPER, 0, 0, "upper"},
	{"lower", KH_FILTER_LOWER, 0, 0, "lower"},
	{"trim", KH_FILTER_TRIM, 0, 0, "trim"},
	{"truncate", KH_FILTER_TRUNCATE, 1, 2,
		"truncate:50 or truncate:50,\"…\", with 1 to 100000 characters"},
	{"json", KH_FILTER_JSON, 0, 0, "json"},
	{"url", KH_FILTER_URL, 0, 0, "url"},
	{"base64", KH_FILTER_BASE64, 0, 0, "base64"},
	{"sha256", KH_FILTER_SHA256, 0, 0, "sha256"},
	{"e164", KH_FILTER_E164, 0, 1, "e164 or e164:\"49\", with the calling code of the country"},
	{"number", KH_FILTER_NUMBER, 0, 3,
		"number:2 or number:2,\",\",\".\", with 0 to 20 decimals, then the decimal point and the "
		"thousands separator"},
	{"join", KH_FILTER_JOIN, 0, 2, "join:\", \" or join:\", \",\"name\""},
	{"map", KH_FILTER_MAP, 1, KH_FILTER_MAX_ARGUMENTS,
		"map:\"0=cancelled\",\"1=booked\",\"*=unknown\", with at most 24 of them"},
};

#define RULE_COUNT (sizeof(RULES) / sizeof(RULES[0]))

typedef struct filter_parser {
	kh_str source;
	size_t at;
	char *arguments;
	size_t *used;
	kh_error *error;
} filter_parser;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int shown(kh_str text)
{
	size_t len = text.len < 60 ? text.len : 60;

	while (len > 0 && len < text.len && ((unsigned char)text.data[len] & 0xC0) == 0x80) {
		len--;
	}
	return (int)len;
}

static void skip_blanks(filter_parser *p)
{
	while (p->at < p->source.len && is_blank(p->source.data[p->at])) {
		p->at++;
	}
}

static bool take(filter_parser *p, char c)
{
	skip_blanks(p);
	if (p->at < p->source.len && p->source.data[p->at] == c) {
		p->at++;
		return true;
	}
	return false;
}

/* Up to the next of these bytes. */
static kh_str take_word(filter_parser *p)
{
	size_t begin = p->at;

	while (p->at < p->source.len && !is_blank(p->source.data[p->at]) &&
		   (p->source.data[p->at] == '\0' || strchr("|:,\"'", p->source.data[p->at]) == NULL)) {
		p->at++;
	}
	return (kh_str){p->source.data + begin, p->at - begin};
}

/* How many letters have to change (Levenshtein). Both shorter than NAME_BYTES. */
static size_t distance(kh_str a, const char *b)
{
	size_t row[NAME_BYTES + 1], b_len = strlen(b);

	for (size_t j = 0; j <= b_len; j++) {
		row[j] = j;
	}
	for (size_t i = 0; i < a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < b_len; j++) {
			size_t cost = diagonal + ((a.data[i] | 0x20) != b[j]);
			diagonal = row[j + 1];
			if (row[j] + 1 < cost) {
				cost = row[j] + 1;
			}
			row[j + 1] = diagonal + 1 < cost ? diagonal + 1 : cost;
		}
	}
	return row[b_len];
}

static kh_status unknown(const filter_parser *p, kh_str name)
{
	size_t best = 0, best_distance = 4;

	for (size_t i = 0; i < RULE_COUNT && name.len < NAME_BYTES; i++) {
		size_t changes = distance(name, RULES[i].name);
		if (changes < best_distance) {
			best_distance = changes;
			best = i + 1;
		}
	}
	if (best > 0) {
		return kh_error_set(p->error, KH_ERR_TEMPLATE,
			"There is no filter \"%.*s\"; did you mean \"%s\"?", shown(name), name.data,
			RULES[best - 1].name);
	}
	return kh_error_set(p->error, KH_ERR_TEMPLATE,
		"There is no filter \"%.*s\": use default, date, upper, lower, trim, truncate, json, url, "
		"base64, sha256, e164, number, join or map.",
		shown(name), name.data);
}

static kh_status wrong(const filter_parser *p, const filter_rule *rule)
{
	return kh_error_set(p->error, KH_ERR_TEMPLATE,
		"The filter \"%s\" is not written right: use %s.", rule->name, rule->usage);
}

/* Between quotes; \" \' \\ \n stand for a byte. */
static bool take_quoted(filter_parser *p, kh_filter_argument *argument)
{
	char quote = p->source.data[p->at++];
	char *out = p->arguments + *p->used;

	*argument = (kh_filter_argument){.text = {out, 0}, .is_quoted = true};
	while (p->at < p->source.len) {
		char c = p->source.data[p->at++];

		if (c == quote) {
			*p->used += argument->text.len;
			return true;
		}
		if (c == '\\' && p->at < p->source.len) {
			c = p->source.data[p->at++];
			if (c == 'n') {
				c = '\n';
			} else if (strchr("\"'\\", c) == NULL || c == '\0') {
				out[argument->text.len++] = '\\'; /* date formats have backslashes of their own */
			}
		}
		out[argument->text.len++] = c;
	}
	return false;
}

static bool is_json_word(kh_str text)
{
	size_t i = 0, digits = 0;

	if (kh_str_equals(text, KH_STR("true")) || kh_str_equals(text, KH_STR("false")) ||
		kh_str_equals(text, KH_STR("null"))) {
		return true;
	}
	if (i < text.len && text.data[i] == '-') {
		i++;
	}
	if (i + 1 < text.len && text.data[i] == '0' && text.data[i + 1] != '.') {
		return false;
	}
	for (; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++) {
		digits++;
	}
	if (digits > 0 && i + 1 < text.len && text.data[i] == '.') {
		for (i++; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++) {
		}
	}
	return digits > 0 && i == text.len;
}

static bool take_arguments(filter_parser *p, kh_filter *filter)
{
	if (!take(p, ':')) {
		return true;
	}
	do {
		kh_filter_argument *argument = &filter->arguments[filter->argument_count];

		if (filter->argument_count == KH_FILTER_MAX_ARGUMENTS) {
			return false;
		}
		skip_blanks(p);
		if (p->at < p->source.len &&
			(p->source.data[p->at] == '"' || p->source.data[p->at] == '\'')) {
			if (!take_quoted(p, argument)) {
				return false;
			}
		} else {
			argument->text = take_word(p);
			if (!is_json_word(argument->text)) {
				return false;
			}
		}
		filter->argument_count++;
	} while (take(p, ','));
	return true;
}

static bool read_number(kh_str text, unsigned min, unsigned max, unsigned *out)
{
	unsigned number = 0;

	if (text.len == 0 || text.len > 6) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9') {
			return false;
		}
		number = number * 10 + (unsigned)(text.data[i] - '0');
	}
	*out = number;
	return number >= min && number <= max;
}

/* "49", "+49" or 49: without its plus, which is not kept. */
static bool read_country(kh_filter_argument *argument)
{
	unsigned number;

	if (argument->text.len > 0 && argument->text.data[0] == '+') {
		argument->text.data++;
		argument->text.len--;
	}
	return argument->text.len <= 3 && argument->text.len > 0 && argument->text.data[0] != '0' &&
		   read_number(argument->text, 1, 999, &number);
}

/* "from=to", all of them. */
static bool are_pairs(const kh_filter *filter)
{
	for (size_t i = 0; i < filter->argument_count; i++) {
		const kh_filter_argument *pair = &filter->arguments[i];
		if (!pair->is_quoted || pair->text.len == 0 ||
			memchr(pair->text.data, '=', pair->text.len) == NULL) {
			return false;
		}
	}
	return true;
}

static bool check_arguments(const filter_rule *rule, kh_filter *filter)
{
	size_t count = filter->argument_count;
	kh_filter_argument *first = &filter->arguments[0];

	if (count < rule->min_arguments || count > rule->max_arguments) {
		return false;
	}
	switch (filter->kind) {
	case KH_FILTER_DATE:
		return first->is_quoted && first->text.len > 0;
	case KH_FILTER_TRUNCATE:
		return read_number(first->text, 1, MAX_TRUNCATE, &filter->number) &&
			   (count < 2 || filter->arguments[1].is_quoted);
	case KH_FILTER_E164:
		return count == 0 || read_country(first);
	case KH_FILTER_NUMBER:
		return (count == 0 || read_number(first->text, 0, MAX_DECIMALS, &filter->number)) &&
			   (count < 2 || filter->arguments[1].is_quoted) &&
			   (count < 3 || filter->arguments[2].is_quoted);
	case KH_FILTER_JOIN:
		return (count < 1 || first->is_quoted) && (count < 2 || filter->arguments[1].is_quoted);
	case KH_FILTER_MAP:
		return are_pairs(filter);
	default:
		return true;
	}
}

static kh_status parse_one(filter_parser *p, kh_filter *filter)
{
	kh_str name;

	*filter = (kh_filter){0};
	skip_blanks(p);
	name = take_word(p);
	if (name.len == 0) {
		return kh_error_set(p->error, KH_ERR_TEMPLATE,
			"A filter's name is missing behind |: write {{name | upper}}.");
	}
	for (size_t i = 0; i < RULE_COUNT; i++) {
		if (!kh_str_equals(name, (kh_str){RULES[i].name, strlen(RULES[i].name)})) {
			continue;
		}
		filter->kind = RULES[i].kind;
		if (!take_arguments(p, filter) || !check_arguments(&RULES[i], filter)) {
			return wrong(p, &RULES[i]);
		}
		skip_blanks(p);
		return p->at == p->source.len || p->source.data[p->at] == '|' ? KH_OK : wrong(p, &RULES[i]);
	}
	return unknown(p, name);
}

kh_status kh_filter_parse(
	kh_str source, char *arguments, size_t *used, kh_filter *out, size_t *count, kh_error *error)
{
	filter_parser p = {.source = source, .arguments = arguments, .used = used, .error = error};
	kh_status status;

	*count = 0;
	do {
		if (*count == KH_FILTER_MAX_COUNT) {
			return kh_error_set(
				error, KH_ERR_TEMPLATE, "A tag has more than %d filters.", KH_FILTER_MAX_COUNT);
		}
		status = parse_one(&p, &out[*count]);
		(*count)++;
	} while (status == KH_OK && take(&p, '|'));
	return status;
}
