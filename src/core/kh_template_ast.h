/*
 * What the template compiler leaves and the renderer reads: a flat list of nodes in the order of
 * the source. A section is one node whose children follow it, up to `end`; so the list is walked
 * without pointers, and skipped by an index. Internal to kh_template*.c, kh_form.c and kh_url.c.
 */
#ifndef KH_TEMPLATE_AST_H
#define KH_TEMPLATE_AST_H

#include "kh_template.h"

/* A bound on work per template, not on what anybody writes. */
#define KH_TEMPLATE_MAX_TAGS 4096

typedef enum kh_node_kind { KH_NODE_TEXT, KH_NODE_VARIABLE } kh_node_kind;

typedef struct kh_node {
	kh_node_kind kind;
	bool raw;        /* {{{name}}} or {{&name}} */
	bool json_value; /* stands where a JSON value stands, not inside quotes */
	kh_str text;     /* literal text, or the variable's name; lies in the template's source */
	unsigned line, column;
} kh_node;

struct kh_template {
	kh_place place;
	char *source; /* its own copy */
	size_t source_len;
	kh_node *nodes;
	size_t node_count, node_capacity;
	kh_str *names; /* distinct, in order of first use */
	size_t name_count, name_capacity;
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

#endif
