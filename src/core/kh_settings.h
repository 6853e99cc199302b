/*
 * Settings out of a configuration: a member that is there must be what it should be. One of another
 * kind is an error that names it, and never quietly turns into the fallback; missing or null is
 * the fallback.
 */
#ifndef KH_SETTINGS_H
#define KH_SETTINGS_H

#include "kh_value.h"

kh_status kh_settings_text(
	const kh_value *object, const char *name, kh_str fallback, kh_str *out, kh_error *error);
/* A whole number in [min, max]; min is above INT64_MIN. */
kh_status kh_settings_number(const kh_value *object, const char *name, int64_t fallback,
	int64_t min, int64_t max, int64_t *out, kh_error *error);
/* Missing is false. */
kh_status kh_settings_flag(const kh_value *object, const char *name, bool *out, kh_error *error);

/* Puts "field: " before the error's message, keeps its line and column; returns status. error must
 * not be NULL. */
kh_status kh_settings_in_field(kh_error *error, kh_status status, const char *format, ...)
	KH_PRINTF(3, 4);
/* For "%.*s": how many bytes of a name to print, at most 64, not ending within a character. */
int kh_settings_shown(kh_str name);

#endif
