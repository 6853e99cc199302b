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

/* Came with 8.1: the one-letter strings and the empty one are shared. */
#ifndef ZVAL_STRINGL_FAST
#define ZVAL_STRINGL_FAST(z, s, l) ZVAL_STR(z, zend_string_init_fast(s, l))
#endif

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

/*
 * Runs what a signal has asked for (pcntl's asynchronous signals): the VM looks for it between its
 * own instructions, and there are none while we wait. A time limit that has passed is left to the
 * VM, which meets it at the next call into PHP. The flag became atomic with 8.2.
 */
static inline void kh_compat_interrupts(void)
{
#if PHP_VERSION_ID >= 80200
	if (!zend_atomic_bool_load_ex(&EG(vm_interrupt)) || zend_atomic_bool_load_ex(&EG(timed_out))) {
		return;
	}
	zend_atomic_bool_store_ex(&EG(vm_interrupt), false);
#else
	if (!EG(vm_interrupt) || EG(timed_out)) {
		return;
	}
	EG(vm_interrupt) = 0;
#endif
	if (zend_interrupt_function) {
		zend_interrupt_function(EG(current_execute_data));
	}
}

#endif
