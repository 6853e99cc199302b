#include "kh_php.h"

#include "../core/kh_sign.h"

#include <time.h>

#define KH_PHP_MAX_SECRETS 8

ZEND_METHOD(KiviHook_Signature, __construct)
{
	ZEND_PARSE_PARAMETERS_NONE();
}

ZEND_METHOD(KiviHook_Signature, secret)
{
	ZEND_PARSE_PARAMETERS_NONE();
	kh_error error = {0};
	kh_buf secret;
	kh_buf_init(&secret, 256);
	if (kh_sign_new_secret(&secret, &error) != KH_OK) {
		kh_buf_wipe(&secret);
		kh_php_throw(&error);
		RETURN_THROWS();
	}
	RETVAL_STRINGL(secret.data, secret.len);
	kh_buf_wipe(&secret);
}

ZEND_METHOD(KiviHook_Signature, keyPair)
{
	ZEND_PARSE_PARAMETERS_NONE();
	kh_error error = {0};
	kh_buf private_key, public_key;
	kh_buf_init(&private_key, 256);
	kh_buf_init(&public_key, 256);
	if (kh_sign_new_pair(&private_key, &public_key, &error) == KH_OK) {
		array_init(return_value);
		add_assoc_stringl(return_value, "private", private_key.data, private_key.len);
		add_assoc_stringl(return_value, "public", public_key.data, public_key.len);
	} else {
		kh_php_throw(&error);
	}
	kh_buf_wipe(&private_key);
	kh_buf_wipe(&public_key);
}

/* One secret or a list of them, borrowed. FAILURE: an exception is set. */
static zend_result kh_php_secrets(
	HashTable *list, zend_string *one, kh_str secrets[KH_PHP_MAX_SECRETS], size_t *count)
{
	*count = 0;
	if (one) {
		secrets[(*count)++] = kh_php_str(one);
		return SUCCESS;
	}
	zval *entry;
	ZEND_HASH_FOREACH_VAL(list, entry)
	{
		ZVAL_DEREF(entry);
		if (Z_TYPE_P(entry) != IS_STRING || *count == KH_PHP_MAX_SECRETS) {
			zend_throw_exception_ex(
				kh_php_ce_invalid, 0, "Signing secrets are at most %d texts.", KH_PHP_MAX_SECRETS);
			return FAILURE;
		}
		secrets[(*count)++] = kh_php_str(Z_STR_P(entry));
	}
	ZEND_HASH_FOREACH_END();
	if (*count == 0) {
		zend_throw_exception(kh_php_ce_invalid, "At least one signing secret is needed.", 0);
		return FAILURE;
	}
	return SUCCESS;
}

ZEND_METHOD(KiviHook_Signature, sign)
{
	HashTable *list = NULL;
	zend_string *one = NULL, *id, *body;
	zend_long timestamp;
	ZEND_PARSE_PARAMETERS_START(4, 4)
	Z_PARAM_ARRAY_HT_OR_STR(list, one)
	Z_PARAM_STR(id)
	Z_PARAM_LONG(timestamp)
	Z_PARAM_STR(body)
	ZEND_PARSE_PARAMETERS_END();

	kh_str secrets[KH_PHP_MAX_SECRETS];
	size_t count;
	if (kh_php_secrets(list, one, secrets, &count) == FAILURE) {
		RETURN_THROWS();
	}
	kh_error error = {0};
	kh_buf signature;
	kh_buf_init(&signature, 4096);
	if (kh_sign_message(&signature, secrets, count, kh_php_str(id), timestamp, kh_php_str(body),
			&error) != KH_OK) {
		kh_buf_free(&signature);
		kh_php_throw(&error);
		RETURN_THROWS();
	}
	RETVAL_STRINGL(signature.data, signature.len);
	kh_buf_free(&signature);
}

/* A header's value by name in any case; a list (as some frameworks give) counts by its first entry.
 */
static kh_str kh_php_header(
	HashTable *headers, const char *name, char number[MAX_LENGTH_OF_LONG + 1])
{
	zend_string *key;
	zval *value;
	ZEND_HASH_FOREACH_STR_KEY_VAL(headers, key, value)
	{
		if (!key || strlen(name) != ZSTR_LEN(key) || strcasecmp(ZSTR_VAL(key), name) != 0) {
			continue;
		}
		ZVAL_DEREF(value);
		if (Z_TYPE_P(value) == IS_ARRAY) {
			value = zend_hash_index_find(Z_ARRVAL_P(value), 0);
		}
		if (value && Z_TYPE_P(value) == IS_STRING) {
			return kh_php_str(Z_STR_P(value));
		}
		if (value && Z_TYPE_P(value) == IS_LONG) {
			/* A timestamp that the receiver has already converted. */
			const int length =
				snprintf(number, MAX_LENGTH_OF_LONG + 1, ZEND_LONG_FMT, Z_LVAL_P(value));
			return (kh_str){number, (size_t)length};
		}
	}
	ZEND_HASH_FOREACH_END();
	return (kh_str){NULL, 0};
}

ZEND_METHOD(KiviHook_Signature, verify)
{
	HashTable *list = NULL, *headers;
	zend_string *one = NULL, *body;
	zend_long tolerance_s = KH_SIGN_DEFAULT_TOLERANCE_S;
	ZEND_PARSE_PARAMETERS_START(3, 4)
	Z_PARAM_ARRAY_HT_OR_STR(list, one)
	Z_PARAM_ARRAY_HT(headers)
	Z_PARAM_STR(body)
	Z_PARAM_OPTIONAL
	Z_PARAM_LONG(tolerance_s)
	ZEND_PARSE_PARAMETERS_END();

	kh_str secrets[KH_PHP_MAX_SECRETS];
	size_t count;
	if (kh_php_secrets(list, one, secrets, &count) == FAILURE) {
		RETURN_THROWS();
	}
	kh_error error = {0};
	bool valid = false;
	char number[MAX_LENGTH_OF_LONG + 1];
	if (kh_sign_verify(secrets, count, kh_php_header(headers, "webhook-id", number),
			kh_php_header(headers, "webhook-timestamp", number),
			kh_php_header(headers, "webhook-signature", number), kh_php_str(body),
			(int64_t)time(NULL), tolerance_s, &valid, &error) != KH_OK) {
		kh_php_throw(&error);
		RETURN_THROWS();
	}
	RETURN_BOOL(valid);
}
