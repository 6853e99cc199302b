#include "kh_php_names.h"

/* Filled at MINIT, only read afterwards. */
static zend_string *kh_php_names[KH_NAME_COUNT];

#define KH_PHP_NAME_TEXT(name) #name,

void kh_php_names_startup(void)
{
	static const char *const texts[] = {KH_PHP_NAMES(KH_PHP_NAME_TEXT)};
	for (size_t i = 0; i < KH_NAME_COUNT; i++) {
		kh_php_names[i] = zend_string_init_interned(texts[i], strlen(texts[i]), 1);
	}
}

void kh_php_name_value(zval *out, kh_php_name name)
{
	ZVAL_INTERNED_STR(out, kh_php_names[name]);
}

void kh_php_put(zval *out, kh_php_name name, zval *value)
{
	zend_hash_add_new(Z_ARRVAL_P(out), kh_php_names[name], value);
}

void kh_php_put_long(zval *out, kh_php_name name, int64_t number)
{
	zval value;
	ZVAL_LONG(&value, (zend_long)number);
	kh_php_put(out, name, &value);
}

void kh_php_put_bool(zval *out, kh_php_name name, bool yes)
{
	zval value;
	ZVAL_BOOL(&value, yes);
	kh_php_put(out, name, &value);
}

void kh_php_put_text(zval *out, kh_php_name name, kh_str text)
{
	zval value;
	ZVAL_STRINGL_FAST(&value, text.len ? text.data : "", text.len);
	kh_php_put(out, name, &value);
}

void kh_php_put_string(zval *out, kh_php_name name, const char *text)
{
	kh_php_put_text(out, name, (kh_str){text, strlen(text)});
}
