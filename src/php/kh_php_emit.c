/*
 * An event on its way into the store: who wants it, its id and time, its JSON. All of it happens in
 * the caller's transaction.
 */
#include "kh_php.h"

#include "../core/kh_clock.h"
#include "../core/kh_random.h"

static void kh_php_copy_member(zval *event, HashTable *context, const char *name)
{
	zval *member = context ? kh_php_member(context, name) : NULL;
	if (member) {
		Z_TRY_ADDREF_P(member);
		add_assoc_zval(event, name, member);
	} else if (strcmp(name, "clinic_ids") == 0) {
		zval none;
		array_init(&none);
		add_assoc_zval(event, name, &none);
	} else {
		add_assoc_null(event, name);
	}
}

/* A member event_id of the data, where its event has one, becomes the event's own id. */
static void kh_php_name_event(zval *data, const zval *id)
{
	if (zend_hash_str_exists(Z_ARRVAL_P(data), ZEND_STRL("event_id"))) {
		SEPARATE_ARRAY(data);
		add_assoc_str(data, "event_id", zend_string_copy(Z_STR_P(id)));
	}
}

static zend_result kh_php_event_id(int64_t now_ms, zval *id)
{
	char uuid[KH_UUID_BYTES + 1];
	kh_error error = {0};
	if (kh_random_uuid7(now_ms, uuid, &error) != KH_OK) {
		kh_php_throw(&error);
		return FAILURE;
	}
	ZVAL_STRINGL(id, uuid, KH_UUID_BYTES);
	return SUCCESS;
}

static void kh_php_event_array(zval *event, zend_string *type, zend_string *json,
	HashTable *context, const zval *id, int64_t now_ms)
{
	static const char *const facts[] = {"record_id", "clinic_ids", "patient_id", "doctor_id"};
	char timestamp[KH_CLOCK_ISO_BYTES + 1];
	kh_clock_iso8601(now_ms, timestamp);
	array_init(event);
	add_assoc_str(event, "id", zend_string_copy(Z_STR_P(id)));
	add_assoc_str(event, "type", zend_string_copy(type));
	add_assoc_string(event, "timestamp", timestamp);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		kh_php_copy_member(event, context, facts[i]);
	}
	if (context && kh_php_member(context, "expires_at")) {
		kh_php_copy_member(event, context, "expires_at");
	}
	add_assoc_str(event, "data", zend_string_copy(json));
}

/* One delivery for each webhook that the store named. */
static zend_result kh_php_deliveries(zval *subscribers, zval *deliveries)
{
	zval *webhook;
	array_init(deliveries);
	ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(subscribers), webhook)
	{
		ZVAL_DEREF(webhook);
		const zend_long id =
			Z_TYPE_P(webhook) == IS_ARRAY ? kh_php_member_long(Z_ARRVAL_P(webhook), "id", 0) : 0;
		if (id <= 0) {
			zend_throw_exception(
				kh_php_ce_exception, "Store::webhooksFor() gave a webhook without an id.", 0);
			return FAILURE;
		}
		zval delivery;
		array_init(&delivery);
		add_assoc_long(&delivery, "webhook", id);
		add_next_index_zval(deliveries, &delivery);
	}
	ZEND_HASH_FOREACH_END();
	return SUCCESS;
}

static zend_result kh_php_append(kh_php_engine *engine, zend_string *type, zval *data,
	HashTable *context, zval *subscribers, zval *id)
{
	const int64_t now_ms = kh_clock_unix_ms();
	if (kh_php_event_id(now_ms, id) == FAILURE) {
		return FAILURE;
	}
	kh_php_name_event(data, id);
	zend_string *json = kh_php_json(data, "The event's data");
	if (json == NULL) {
		return FAILURE;
	}
	zval event, deliveries, nothing;
	ZVAL_UNDEF(&deliveries);
	ZVAL_UNDEF(&nothing);
	kh_php_event_array(&event, type, json, context, id, now_ms);
	if (kh_php_deliveries(subscribers, &deliveries) == SUCCESS) {
		zend_object *store = Z_OBJ(engine->store);
		zend_call_method(
			store, store->ce, NULL, ZEND_STRL("append"), &nothing, 2, &event, &deliveries);
	}
	zend_string_release(json);
	zval_ptr_dtor(&event);
	zval_ptr_dtor(&deliveries);
	zval_ptr_dtor(&nothing);
	return EG(exception) ? FAILURE : SUCCESS;
}

zend_result kh_php_engine_emit(
	kh_php_engine *engine, zend_string *type, zval *data, HashTable *context, zval *id)
{
	if (!kh_php_engine_listens(engine, type)) {
		return SUCCESS;
	}
	zval name, subscribers;
	ZVAL_STR(&name, type);
	ZVAL_UNDEF(&subscribers);
	zend_object *store = Z_OBJ(engine->store);
	zend_call_method(
		store, store->ce, NULL, ZEND_STRL("webhooksFor"), &subscribers, 1, &name, NULL);
	zend_result result = EG(exception) ? FAILURE : SUCCESS;
	if (result == SUCCESS && Z_TYPE(subscribers) == IS_ARRAY) {
		result = kh_php_match(engine, &subscribers, data, context);
	}
	if (result == SUCCESS && Z_TYPE(subscribers) == IS_ARRAY &&
		zend_hash_num_elements(Z_ARRVAL(subscribers)) > 0) {
		zval wanted;
		kh_php_wanted_data(&subscribers, data, &wanted);
		result = kh_php_append(engine, type, &wanted, context, &subscribers, id);
		zval_ptr_dtor(&wanted);
		if (result == SUCCESS) {
			Z_TRY_ADDREF_P(id);
			add_next_index_zval(&engine->emitted, id);
		} else {
			zval_ptr_dtor(id);
			ZVAL_UNDEF(id);
		}
	}
	zval_ptr_dtor(&subscribers);
	return result;
}
