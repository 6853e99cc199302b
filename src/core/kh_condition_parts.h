/* What kh_condition.c compiles and kh_condition_match.c asks about: private to the two. */
#ifndef KH_CONDITION_PARTS_H
#define KH_CONDITION_PARTS_H

#include "kh_condition.h"
#include "kh_decimal.h"

typedef enum kh_operation {
	OP_IS,
	OP_IN,
	OP_CONTAINS,
	OP_STARTS_WITH,
	OP_GT,
	OP_GTE,
	OP_LT,
	OP_LTE,
	OP_EXISTS
} kh_operation;

typedef struct kh_operator {
	const char *name;
	kh_operation operation;
	bool negated;
} kh_operator;

typedef struct kh_rule {
	kh_str field;
	const kh_operator *operator;
	const kh_value *value; /* in the condition's tree */
	kh_buf folded;         /* of a text that is searched for */
} kh_rule;

struct kh_condition {
	kh_value *root;
	bool any;
	kh_rule *rules;
	size_t count;
};

/*
 * Does text begin like the day and time that pattern is, digits where it has digits? Such as
 * "2031-05-14", "2031-05-14T10:15", "10:15:00"; a blank is as good as the T. False for a pattern
 * that is neither.
 */
bool kh_condition_moment(kh_str pattern, kh_str text);
/* A number, or a string that is one. */
bool kh_condition_number(const kh_value *value, kh_decimal *out);
kh_status kh_condition_out_of_memory(kh_error *error);

#endif
