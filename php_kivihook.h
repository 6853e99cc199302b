/*
 * The module: its entry, its version, and the globals of one process (of one thread under ZTS).
 */
#ifndef PHP_KIVIHOOK_H
#define PHP_KIVIHOOK_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "php.h"
#include "src/core/kh_transport.h"
#include "src/core/kh_version.h"

#define PHP_KIVIHOOK_VERSION KH_VERSION

extern zend_module_entry kivihook_module_entry;
#define phpext_kivihook_ptr &kivihook_module_entry

ZEND_BEGIN_MODULE_GLOBALS(kivihook)
/* INI, system level */
char *allow_networks;
char *deny_networks;
char *ca_file;
char *proxy;
bool allow_http;
zend_long max_in_flight;
zend_long max_response_bytes;

/* What follows from it; made at first use, belongs to this process */
struct kh_networks *allow;
struct kh_networks *deny;
kh_policy policy;
bool policy_ready;
kh_transport *transport;
HashTable *webhooks; /* compiled configurations by their JSON, malloc'd */

/* A flush, run or test is on the way: no other may begin, they share the transport */
bool sending;
/* The job whose result is being told to PHP: here, so that a fatal error there can't lose it */
kh_job *telling;
/* Access tokens that this flush, run or test needs; malloc'd */
struct kh_php_token *tokens;
/* The webhook of a test, which may call the store for a token */
struct kh_webhook *trying;
ZEND_END_MODULE_GLOBALS(kivihook)

ZEND_EXTERN_MODULE_GLOBALS(kivihook)
#define KIVIHOOK_G(v) ZEND_MODULE_GLOBALS_ACCESSOR(kivihook, v)

#if defined(ZTS) && defined(COMPILE_DL_KIVIHOOK)
ZEND_TSRMLS_CACHE_EXTERN()
#endif

#endif
