#include "kh_php.h"

/* More than any site has at once; when a process serves more, it starts anew. */
#define KH_PHP_WEBHOOKS_MAX 512

static void kh_php_webhooks_dtor(zval *entry)
{
	kh_webhook_free(Z_PTR_P(entry));
}

void kh_php_webhooks_free(HashTable **webhooks)
{
	if (*webhooks) {
		zend_hash_destroy(*webhooks);
		free(*webhooks);
		*webhooks = NULL;
	}
}

static HashTable *kh_php_webhooks_table(void)
{
	if (KIVIHOOK_G(webhooks) == NULL) {
		HashTable *table = pemalloc(sizeof(*table), 1);
		zend_hash_init(table, 8, NULL, kh_php_webhooks_dtor, 1);
		KIVIHOOK_G(webhooks) = table;
	}
	return KIVIHOOK_G(webhooks);
}

kh_webhook *kh_php_webhook_uncached(zval *config, kh_error *error)
{
	zend_string *json = kh_php_json(config, "The webhook's configuration");
	if (json == NULL) {
		return NULL;
	}
	kh_webhook *webhook = NULL;
	const kh_status status = kh_webhook_parse(kh_php_str(json), &webhook, error);
	zend_string_release(json);
	return status == KH_OK ? webhook : NULL;
}

const kh_webhook *kh_php_webhook(zval *config, kh_error *error)
{
	zend_string *json = kh_php_json(config, "The webhook's configuration");
	if (json == NULL) {
		return NULL;
	}
	HashTable *table = kh_php_webhooks_table();
	kh_webhook *webhook = zend_hash_find_ptr(table, json);
	if (webhook == NULL && kh_webhook_parse(kh_php_str(json), &webhook, error) == KH_OK) {
		if (zend_hash_num_elements(table) >= KH_PHP_WEBHOOKS_MAX) {
			zend_hash_clean(table);
		}
		zend_string *key = zend_string_init(ZSTR_VAL(json), ZSTR_LEN(json), 1);
		zend_hash_add_new_ptr(table, key, webhook);
		zend_string_release_ex(key, 1);
	}
	zend_string_release(json);
	return webhook;
}
