/*
 * Mustache templates: compiled once, rendered into a place. The place decides the escaping, never
 * the tag, and a value is data: it is inserted once and never expanded again. What is offered:
 * docs/webhook-format.md.
 */
#ifndef KH_TEMPLATE_H
#define KH_TEMPLATE_H

#include "kh_value.h"

#define KH_TEMPLATE_MAX_BYTES (256 * 1024)

/* Bounds on work, not on what anybody writes: no template can hang or blow up a worker. */
#define KH_TEMPLATE_MAX_TAGS 4096
#define KH_TEMPLATE_MAX_DEPTH 32
#define KH_TEMPLATE_MAX_MEMBERS 10000     /* of one object written out in a JSON template */
#define KH_TEMPLATE_MAX_ITERATIONS 100000 /* of all sections in one rendering */
#define KH_TEMPLATE_MAX_WORK                                                                       \
	2000000 /* nodes, look-ups and filtered bytes / 16 in one rendering                            \
			 */

typedef enum kh_place {
	KH_PLACE_TEXT,  /* nothing is escaped: plain text, and pieces that the caller encodes as a whole
					   (form, query) */
	KH_PLACE_JSON,  /* inside quotes: JSON-escaped text; where a value stands: a typed JSON value */
	KH_PLACE_XML,   /* & < > " ' as entities */
	KH_PLACE_HTML,  /* the same */
	KH_PLACE_URL,   /* everything but RFC 3986 "unreserved" is percent-encoded */
	KH_PLACE_HEADER /* CR, LF and NUL refuse the delivery */
} kh_place;

typedef struct kh_template kh_template;

kh_status kh_template_compile(kh_str source, kh_place place, kh_template **out, kh_error *error);
void kh_template_free(kh_template *tpl);

/* Appends to out. Unknown variables render empty ("" in a JSON string, null in a JSON value place).
 */
kh_status kh_template_render(
	const kh_template *tpl, const kh_value *data, kh_buf *out, kh_error *error);

/*
 * Tells what was made of certain variables, so that a log can mask it: what filters gave, and
 * whatever stands in their sections.
 */
typedef struct kh_template_watch {
	bool (*is_watched)(const void *context, kh_str name);
	kh_status (*tell)(void *context, kh_str text); /* text is the caller's */
	void *context;
} kh_template_watch;

/* watch may be NULL. */
kh_status kh_template_render_watched(const kh_template *tpl, const kh_value *data,
	const kh_template_watch *watch, kh_buf *out, kh_error *error);

/* The distinct variable names in order of first use. */
size_t kh_template_variable_count(const kh_template *tpl);
kh_str kh_template_variable(const kh_template *tpl, size_t index);

#endif
