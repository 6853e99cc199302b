#include "kh_php.h"

#include "ext/json/php_json.h"
#include "zend_smart_str.h"

#define KH_PHP_JSON_MAX_BYTES (1024 * 1024)

static const char *kh_php_json_reason(php_json_error_code code)
{
	switch (code) {
	case PHP_JSON_ERROR_DEPTH:
		return "it is nested too deeply";
	case PHP_JSON_ERROR_RECURSION:
		return "it contains itself";
	case PHP_JSON_ERROR_INF_OR_NAN:
		return "it holds a number that is infinite or not a number";
	case PHP_JSON_ERROR_UNSUPPORTED_TYPE:
		return "it holds something that is no data, such as a resource";
	default:
		return "PHP's JSON encoder refuses it";
	}
}

zend_string *kh_php_json(zval *value, const char *what)
{
	/* A broken byte in a name must not cost the event: it becomes U+FFFD. */
	const int options = PHP_JSON_UNESCAPED_SLASHES | PHP_JSON_UNESCAPED_UNICODE |
						PHP_JSON_PRESERVE_ZERO_FRACTION | PHP_JSON_INVALID_UTF8_SUBSTITUTE;
	smart_str text = {0};
	JSON_G(error_code) = PHP_JSON_ERROR_NONE;
	php_json_encode_ex(&text, value, options, KH_JSON_MAX_DEPTH);
	const php_json_error_code code = JSON_G(error_code);
	JSON_G(error_code) = PHP_JSON_ERROR_NONE;

	if (EG(exception) || code != PHP_JSON_ERROR_NONE || text.s == NULL) {
		smart_str_free(&text);
		if (!EG(exception)) {
			zend_throw_exception_ex(kh_php_ce_invalid, 0, "%s can't be written as JSON: %s.", what,
				kh_php_json_reason(code));
		}
		return NULL;
	}
	if (ZSTR_LEN(text.s) > KH_PHP_JSON_MAX_BYTES) {
		zend_throw_exception_ex(kh_php_ce_invalid, 0,
			"%s has %zu bytes as JSON; at most %d are kept.", what, ZSTR_LEN(text.s),
			KH_PHP_JSON_MAX_BYTES);
		smart_str_free(&text);
		return NULL;
	}
	smart_str_0(&text);
	return text.s;
}

zval *kh_php_member(HashTable *array, const char *name)
{
	zval *member = zend_hash_str_find(array, name, strlen(name));
	if (member == NULL) {
		return NULL;
	}
	ZVAL_DEREF(member);
	return Z_TYPE_P(member) == IS_NULL ? NULL : member;
}

zend_long kh_php_member_long(HashTable *array, const char *name, zend_long fallback)
{
	zval *member = kh_php_member(array, name);
	return member && Z_TYPE_P(member) == IS_LONG ? Z_LVAL_P(member) : fallback;
}

zend_string *kh_php_member_string(HashTable *array, const char *name)
{
	zval *member = kh_php_member(array, name);
	return member && Z_TYPE_P(member) == IS_STRING ? Z_STR_P(member) : ZSTR_EMPTY_ALLOC();
}

void kh_php_add_str(zval *array, const char *name, kh_str text)
{
	add_assoc_stringl(array, name, text.len ? (char *)text.data : "", text.len);
}
