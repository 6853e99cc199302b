/*
 * The compiler's state, shared by kh_template.c (nodes and sections), kh_template_tag.c (what
 * stands between the braces) and kh_template_json.c (where in the JSON around it a tag stands).
 * Private to the three.
 */
#ifndef KH_TEMPLATE_PARSE_H
#define KH_TEMPLATE_PARSE_H

#include "kh_json_scan.h"
#include "kh_template_ast.h"

/* Where a section stands in JSON, and has to end. */
typedef enum kh_json_spot {
	KH_SPOT_NONE,
	KH_SPOT_STRING,
	KH_SPOT_LIST,
	KH_SPOT_OBJECT
} kh_json_spot;

typedef struct kh_open_section {
	size_t node;
	kh_json_spot spot;
	size_t depth;      /* of the JSON around it */
	size_t name_count; /* names that were visible before it */
} kh_open_section;

typedef struct kh_seen_name {
	uint64_t hash;
	kh_str text;
} kh_seen_name;

typedef struct kh_json_place {
	kh_json_scan scan;
	size_t value_tag_end; /* where the last tag ended that is a whole JSON value; 0: none */
	kh_str value_tag;
	bool near_section; /* only blanks and commas since a section's tag: the renderer owns the commas
						*/
	bool comma_seen;   /* since that tag */
	size_t key_begin;
	bool key_has_tag;
	kh_seen_name
		*names; /* of open objects; those of a section go with it, since it may not render */
	size_t name_count, name_capacity;
	size_t name_begin[KH_JSON_MAX_DEPTH + 1]; /* by depth: the first one of that object */
	char *unescaped;
	size_t unescaped_len;
} kh_json_place;

typedef struct kh_template_parser {
	kh_template *tpl;
	kh_str source;
	size_t at;   /* what lies before has become nodes */
	size_t seen; /* line and column are those of this byte */
	unsigned line, column;
	unsigned first_line, first_column; /* of the source's first byte */
	size_t tag_count;
	kh_open_section open[KH_TEMPLATE_MAX_DEPTH];
	size_t depth;
	kh_json_place json; /* KH_PLACE_JSON only */
	kh_error *error;
} kh_template_parser;

typedef struct kh_tag {
	kh_str whole; /* with its braces */
	kh_str name;
	kh_str filters; /* what stands behind the first pipe */
	bool has_filters;
	char sigil; /* '!', '&', '{', '#', '^', '/', or 0 for a plain variable */
} kh_tag;

/* Sets line and column to those of an offset. */
void kh_parser_move(kh_template_parser *p, size_t offset);

/* The start of every message about a place in the source. */
#define KH_FAIL_AT(p, offset, ...)                                                                 \
	(kh_parser_move((p), (offset)),                                                                \
		kh_error_set_at((p)->error, KH_ERR_TEMPLATE, (p)->line, (p)->column, __VA_ARGS__))

/* For "%.*s" in messages: a tag or name that somebody made very long is cut. */
int kh_parser_shown(kh_str text);
kh_status kh_parser_out_of_memory(kh_template_parser *p);
kh_status kh_parser_add_node(kh_template_parser *p, kh_node node, size_t offset);

/* The tag at begin; behind: where the text goes on. */
kh_status kh_tag_read(kh_template_parser *p, size_t begin, kh_tag *tag, size_t *behind);
/* Mustache: a comment or section tag alone on its line takes the line with it. Moves both ends over
 * the blanks and the line break. */
void kh_tag_take_line(const kh_template_parser *p, size_t *begin, size_t *behind);

/* Literal text in JSON: adds its nodes. */
kh_status kh_json_place_text(kh_template_parser *p, size_t begin, size_t end);
/* A variable; json_value: it stands for a whole value. */
kh_status kh_json_place_variable(
	kh_template_parser *p, size_t begin, const kh_tag *tag, bool *json_value);
/* Both before the section is on the parser's stack, or still on it. */
kh_status kh_json_place_open(
	kh_template_parser *p, size_t begin, const kh_tag *tag, kh_open_section *section);
kh_status kh_json_place_close(
	kh_template_parser *p, size_t begin, const kh_tag *tag, const kh_open_section *section);
kh_status kh_json_place_end(kh_template_parser *p);
void kh_json_place_free(kh_json_place *place);

#endif
