/*
 * What the template compiler leaves and the renderer reads: a flat list of nodes in the order of
 * the source. A section is one node, its children follow it, and an end node closes it; so the list
 * is walked without pointers, and skipped by an index. Internal to kh_template*.c, kh_body.c,
 * kh_form.c and kh_url.c.
 */
#ifndef KH_TEMPLATE_AST_H
#define KH_TEMPLATE_AST_H

#include "kh_filter.h"
#include "kh_template.h"

typedef enum kh_node_kind {
	KH_NODE_TEXT,
	KH_NODE_VARIABLE,
	KH_NODE_SECTION,
	KH_NODE_INVERTED,
	KH_NODE_END,
	/* JSON, near sections: an element or member begins (a comma is due unless it is the first), and
	 * a list or object ends (no comma may stand before it). */
	KH_NODE_COMMA,
	KH_NODE_NO_COMMA
} kh_node_kind;

typedef struct kh_node {
	kh_node_kind kind;
	bool raw;        /* {{{name}}} or {{&name}} */
	bool json_value; /* stands where a JSON value stands, not inside quotes */
	kh_str text;     /* literal text, or the name; lies in the template's source */
	size_t other;    /* a section's end, an end's section */
	size_t filter_begin, filter_count;
	unsigned line, column;
} kh_node;

struct kh_template {
	kh_place place;
	char *source; /* its own copy */
	size_t source_len;
	kh_node *nodes;
	size_t node_count, node_capacity;
	kh_filter *filters; /* of all nodes */
	size_t filter_count, filter_capacity;
	char *arguments; /* the filters' texts without escapes; as long as the source at most */
	size_t argument_bytes;
	kh_str *names; /* distinct, in order of first use */
	size_t name_count, name_capacity;
	size_t section_count;
	bool has_raw;
};

/* kh_template_compile for a piece of a larger source: line and column of its first character. */
kh_status kh_template_compile_at(kh_str source, kh_place place, unsigned line, unsigned column,
	kh_template **out, kh_error *error);

/* If a tag begins at *at, moves behind its end (to the end of source when it has none) and says so.
 */
bool kh_template_skip_tag(kh_str source, size_t *at);

/* Replaces %XX in the literal text, after parsing: what comes of it is never taken for a tag. */
void kh_template_decode_percent(kh_template *tpl);

/* Grows a list by one. items: address of the pointer. */
kh_status kh_template_grow(void *items, size_t count, size_t *capacity, size_t item_size);

/* Appends text as the place wants it. tag: for messages. */
kh_status kh_template_escape(
	const kh_template *tpl, const kh_node *tag, kh_str text, kh_buf *out, kh_error *error);

/*
 * Renders against made-up data: every section `times` times (0, 1 or 2), every variable as
 * something harmless. What `check` then says about the result is told with the place in the source.
 */
kh_status kh_template_try(const kh_template *tpl, unsigned times,
	kh_status (*check)(kh_str text, kh_error *error), kh_error *error);

#endif
