#include "kh_php.h"

#include "../core/kh_certificate.h"
#include "../core/kh_clock.h"

ZEND_METHOD(KiviHook_Engine, openPkcs12)
{
	zend_string *p12, *password;
	ZEND_PARSE_PARAMETERS_START(2, 2)
	Z_PARAM_STR(p12)
	Z_PARAM_STR(password)
	ZEND_PARSE_PARAMETERS_END();

	kh_error error = {0};
	kh_certificate opened;
	kh_certificate_init(&opened);
	if (kh_pkcs12_to_pem(kh_php_str(p12), kh_php_str(password), &opened, &error) != KH_OK) {
		kh_certificate_wipe(&opened);
		kh_php_throw(&error);
		RETURN_THROWS();
	}
	char not_after[KH_CLOCK_ISO_BYTES + 1];
	kh_clock_iso8601(opened.not_after_s * 1000, not_after);
	const kh_str all = kh_buf_str(&opened.certificate);
	array_init(return_value);
	kh_php_add_str(return_value, "certificate", (kh_str){all.data, opened.own_bytes});
	kh_php_add_str(return_value, "key", kh_buf_str(&opened.key));
	kh_php_add_str(
		return_value, "chain", (kh_str){all.data + opened.own_bytes, all.len - opened.own_bytes});
	add_assoc_string(return_value, "not_after", not_after);
	kh_certificate_wipe(&opened);
}
