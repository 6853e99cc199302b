/*
 * The module entry: what PHP calls at start, at the end of a request, and at the end. The work is
 * in src/.
 */
#include "php_kivihook.h"

#include "ext/standard/info.h"
#include "php_ini.h"
#include "src/core/kh_transport.h"
#include "src/php/kh_php.h"

ZEND_DECLARE_MODULE_GLOBALS(kivihook)

#ifdef COMPILE_DL_KIVIHOOK
#ifdef ZTS
ZEND_TSRMLS_CACHE_DEFINE()
#endif
ZEND_GET_MODULE(kivihook)
#endif

/* System level throughout: where requests may go is the machine owner's decision, not a site's. */
PHP_INI_BEGIN()
STD_PHP_INI_ENTRY("kivihook.allow_networks", "", PHP_INI_SYSTEM, OnUpdateString, allow_networks,
	zend_kivihook_globals, kivihook_globals)
STD_PHP_INI_ENTRY("kivihook.deny_networks", "", PHP_INI_SYSTEM, OnUpdateString, deny_networks,
	zend_kivihook_globals, kivihook_globals)
STD_PHP_INI_ENTRY("kivihook.ca_file", "", PHP_INI_SYSTEM, OnUpdateString, ca_file,
	zend_kivihook_globals, kivihook_globals)
STD_PHP_INI_ENTRY("kivihook.proxy", "", PHP_INI_SYSTEM, OnUpdateString, proxy,
	zend_kivihook_globals, kivihook_globals)
STD_PHP_INI_BOOLEAN("kivihook.allow_http", "0", PHP_INI_SYSTEM, OnUpdateBool, allow_http,
	zend_kivihook_globals, kivihook_globals)
STD_PHP_INI_ENTRY("kivihook.max_in_flight", "64", PHP_INI_SYSTEM, OnUpdateLongGEZero, max_in_flight,
	zend_kivihook_globals, kivihook_globals)
STD_PHP_INI_ENTRY("kivihook.max_response_bytes", "1048576", PHP_INI_SYSTEM, OnUpdateLongGEZero,
	max_response_bytes, zend_kivihook_globals, kivihook_globals)
PHP_INI_END()

static PHP_GINIT_FUNCTION(kivihook)
{
#if defined(COMPILE_DL_KIVIHOOK) && defined(ZTS)
	ZEND_TSRMLS_CACHE_UPDATE();
#endif
	memset(kivihook_globals, 0, sizeof(*kivihook_globals));
}

static PHP_GSHUTDOWN_FUNCTION(kivihook)
{
	kh_php_policy_shutdown(kivihook_globals);
}

static PHP_MINIT_FUNCTION(kivihook)
{
	kh_error error;
	REGISTER_INI_ENTRIES();
	if (kh_transport_global_init(&error) != KH_OK) {
		php_error_docref(NULL, E_CORE_WARNING, "%s", error.message);
		return FAILURE;
	}
	kh_php_policy_check();
	return kh_php_register_classes(module_number);
}

static PHP_MSHUTDOWN_FUNCTION(kivihook)
{
	/* No curl_global_cleanup: a resolver thread that was given up (CURLOPT_QUICK_EXIT) may still be
	 * alive. */
	UNREGISTER_INI_ENTRIES();
	return SUCCESS;
}

static PHP_RSHUTDOWN_FUNCTION(kivihook)
{
	kh_php_delivery_abandon();
	return SUCCESS;
}

static PHP_MINFO_FUNCTION(kivihook)
{
	char running[512], compiled[512];
	kh_version_running(running, sizeof(running));
	kh_version_compiled(compiled, sizeof(compiled));
	php_info_print_table_start();
	php_info_print_table_row(2, "KiviHook", PHP_KIVIHOOK_VERSION);
	php_info_print_table_row(2, "Libraries, running", running);
	php_info_print_table_row(2, "Libraries, compiled", compiled);
	php_info_print_table_end();
	DISPLAY_INI_ENTRIES();
}

static const zend_module_dep kivihook_deps[] = {ZEND_MOD_REQUIRED("json") ZEND_MOD_END};

zend_module_entry kivihook_module_entry = {
	STANDARD_MODULE_HEADER_EX,
	NULL,
	kivihook_deps,
	"kivihook",
	NULL,
	PHP_MINIT(kivihook),
	PHP_MSHUTDOWN(kivihook),
	NULL,
	PHP_RSHUTDOWN(kivihook),
	PHP_MINFO(kivihook),
	PHP_KIVIHOOK_VERSION,
	PHP_MODULE_GLOBALS(kivihook),
	PHP_GINIT(kivihook),
	PHP_GSHUTDOWN(kivihook),
	NULL,
	STANDARD_MODULE_PROPERTIES_EX,
};
