/*
 * Every difference between PHP 8.0 and 8.5 that concerns us, and only here; the code elsewhere
 * reads as if there were one version.
 */
#ifndef KH_COMPAT_H
#define KH_COMPAT_H

#include "php.h"
#include "zend_exceptions.h"
#include "zend_interfaces.h"

/* zend_is_graceful_exit came with 8.1's fibers. */
static inline bool kh_compat_is_exit(const zend_object *exception)
{
#if PHP_VERSION_ID >= 80100
	return zend_is_unwind_exit(exception) || zend_is_graceful_exit(exception);
#else
	return zend_is_unwind_exit(exception);
#endif
}

/* ZEND_SECURE_ZERO came later. The compiler may not leave it out. */
static inline void kh_compat_wipe(char *text)
{
	for (volatile char *at = text; *at; at++) {
		*at = '\0';
	}
}

/* ZEND_ACC_NOT_SERIALIZABLE came with 8.1; before, a class refuses by its handlers. */
static inline void kh_compat_not_serializable(zend_class_entry *ce)
{
#if PHP_VERSION_ID < 80100
	ce->serialize = zend_class_serialize_deny;
	ce->unserialize = zend_class_unserialize_deny;
#else
	(void)ce;
#endif
}

#endif
