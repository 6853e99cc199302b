/*
 * The conditions of a webhook: compiled from its configuration, asked about each event before a
 * delivery is kept. Pure: no clock, no PHP. What each operator means: docs/webhook-format.md.
 *
 *   {"match":"all", "rules":[{"field":"clinic_id","operator":"in","value":[1,3]}]}
 */
#ifndef KH_CONDITION_H
#define KH_CONDITION_H

#include "kh_value.h"

#define KH_CONDITION_MAX_RULES 50
#define KH_CONDITION_MAX_VALUES 200      /* of one rule with "in" or "not_in" */
#define KH_CONDITION_MAX_FIELD_BYTES 128 /* a variable's name, and a path below it */
#define KH_CONDITION_MAX_VALUE_BYTES 1000
/* Comparisons and steps along paths for one event, all rules together: some milliseconds. */
#define KH_CONDITION_MAX_STEPS 1000000

typedef struct kh_condition kh_condition;

/* An error names what is wrong with which rule ("rules[2].operator: …"). No rules at all, {} and []
 * match everything. */
kh_status kh_condition_compile(kh_str json, kh_condition **out, kh_error *error);
void kh_condition_free(kh_condition *condition);

/*
 * data: an event's, an object. without: a list of names of variables that the webhook may not see,
 * or NULL; a rule about one of them never matches, whatever its operator.
 */
kh_status kh_condition_match(const kh_condition *condition, const kh_value *data,
	const kh_value *without, bool *matches, kh_error *error);

#endif
