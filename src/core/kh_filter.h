/*
 * What may stand behind a pipe in a tag: {{name | default:"x" | upper}}. Filters are parsed with
 * the template, and checked there: an unknown name or a wrong argument never gets to a delivery.
 * When they run they refuse nothing: a value that a filter can't make sense of (a date that is
 * none) goes through as it is, and a missing one stays missing, so that `default` may come
 * anywhere.
 */
#ifndef KH_FILTER_H
#define KH_FILTER_H

#include "kh_value.h"

#define KH_FILTER_MAX_COUNT 8 /* in one tag */
#define KH_FILTER_MAX_ARGUMENTS 24
#define KH_FILTER_MAX_BYTES (4 * 1024 * 1024) /* of what goes in or comes out */

typedef enum kh_filter_kind {
	KH_FILTER_DEFAULT,
	KH_FILTER_DATE,
	KH_FILTER_UPPER,
	KH_FILTER_LOWER,
	KH_FILTER_TRIM,
	KH_FILTER_TRUNCATE,
	KH_FILTER_JSON,
	KH_FILTER_URL,
	KH_FILTER_BASE64,
	KH_FILTER_SHA256,
	KH_FILTER_E164,
	KH_FILTER_NUMBER,
	KH_FILTER_JOIN,
	KH_FILTER_MAP
} kh_filter_kind;

typedef struct kh_filter_argument {
	kh_str text;    /* without quotes and escapes */
	bool is_quoted; /* else a JSON number, true, false or null */
} kh_filter_argument;

typedef struct kh_filter {
	kh_filter_kind kind;
	size_t argument_count;
	kh_filter_argument arguments[KH_FILTER_MAX_ARGUMENTS];
	unsigned number; /* the first argument, where it is a number */
} kh_filter;

/*
 * source: what stands behind the first pipe. Arguments come after a colon, with commas between:
 * number:2,",","." . Their texts are written to arguments from *used on, which has room for a whole
 * source. out: KH_FILTER_MAX_COUNT of them.
 */
kh_status kh_filter_parse(
	kh_str source, char *arguments, size_t *used, kh_filter *out, size_t *count, kh_error *error);

/* What goes through the pipe. */
typedef struct kh_piped {
	enum {
		KH_PIPED_VALUE, /* value, untouched; NULL is missing or null */
		KH_PIPED_TEXT,
		KH_PIPED_JSON /* text is a JSON value: where one stands it is one */
	} kind;
	const kh_value *value;
	kh_buf text;
	size_t work; /* grows with the bytes that went through */
} kh_piped;

/* kind and value given, text initialised; the caller frees text. */
kh_status kh_filter_run(const kh_filter *filters, size_t count, kh_piped *piped);

/* The single filters: text in, text appended to out. */
kh_status kh_filter_upper(kh_str text, kh_buf *out);
kh_status kh_filter_lower(kh_str text, kh_buf *out);
/* PHP's format letters on the value's own local time; text that is no date is appended as it is.
 * is_number: text is a number of Unix seconds. */
kh_status kh_filter_date(kh_str text, bool is_number, kh_str format, kh_buf *out);
/* False: text is no number, and nothing was appended. */
bool kh_filter_number(
	kh_str text, unsigned decimals, kh_str point, kh_str thousands, kh_buf *out, kh_status *status);
kh_status kh_filter_e164(kh_str text, kh_str country, kh_buf *out);

#endif
