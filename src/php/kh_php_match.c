/*
 * Which of the webhooks that subscribed to an event's type get this very event, and what of its
 * data may be kept for them. While a tree of the core's lives here, no PHP code is called: it might
 * jump over its end.
 */
#include "kh_php.h"

#include "../core/kh_condition.h"

#define KH_PHP_HIDDEN "The list of variables to leave out"
#define KH_PHP_CONDITIONS "The webhook's conditions"

/* What is asked about one webhook; the texts are NULL where it has none. */
typedef struct kh_php_question {
	zend_string *conditions, *without;
	bool matches;
} kh_php_question;

static HashTable *kh_php_list(HashTable *row, const char *name)
{
	zval *list = kh_php_member(row, name);
	return list && Z_TYPE_P(list) == IS_ARRAY && zend_hash_num_elements(Z_ARRVAL_P(list)) > 0
			   ? Z_ARRVAL_P(list)
			   : NULL;
}

/* A webhook for some clinics matches on a common one; without any it is for all, and for events
 * of none. */
static bool kh_php_in_scope(HashTable *clinics, HashTable *context)
{
	HashTable *of_event = context ? kh_php_list(context, "clinic_ids") : NULL;
	zval *one, *other;
	if (clinics == NULL || of_event == NULL) {
		return clinics == NULL;
	}
	ZEND_HASH_FOREACH_VAL(clinics, one)
	{
		ZVAL_DEREF(one);
		ZEND_HASH_FOREACH_VAL(of_event, other)
		{
			ZVAL_DEREF(other);
			if (zval_get_long(one) > 0 && zval_get_long(one) == zval_get_long(other)) {
				return true;
			}
		}
		ZEND_HASH_FOREACH_END();
	}
	ZEND_HASH_FOREACH_END();
	return false;
}

static bool kh_php_ask(zend_string *conditions, zend_string *without, const kh_value *data,
	bool *matches, kh_error *error)
{
	kh_condition *condition = NULL;
	kh_value *hidden = NULL;
	kh_status status = kh_condition_compile(kh_php_str(conditions), &condition, error);
	*matches = false;
	if (status == KH_OK && without) {
		status = kh_value_parse(kh_php_str(without), &hidden, error);
	}
	if (status == KH_OK) {
		status = kh_condition_match(condition, data, hidden, matches, error);
	}
	kh_value_free(hidden);
	kh_condition_free(condition);
	return status == KH_OK;
}

/* Pure C between two encodings. False: *error is that of one of them, which does not match. */
static bool kh_php_answer(
	kh_php_question *questions, size_t count, zend_string *json, kh_error *error)
{
	kh_value *data = NULL;
	bool understood = kh_value_parse(kh_php_str(json), &data, error) == KH_OK;
	for (size_t i = 0; i < count; i++) {
		kh_error own = {0};
		if (questions[i].matches && questions[i].conditions &&
			!kh_php_ask(
				questions[i].conditions, questions[i].without, data, &questions[i].matches, &own)) {
			understood = false;
			*error = own;
		}
	}
	kh_value_free(data);
	return understood;
}

static zend_result kh_php_question_of(
	zval *row, HashTable *context, kh_php_question *question, bool *any)
{
	if (Z_TYPE_P(row) != IS_ARRAY) {
		return SUCCESS; /* told later: a webhook without an id */
	}
	question->matches = kh_php_in_scope(kh_php_list(Z_ARRVAL_P(row), "clinics"), context);
	zval *conditions = kh_php_member(Z_ARRVAL_P(row), "conditions");
	zval *without = kh_php_member(Z_ARRVAL_P(row), "without");
	if (!question->matches || conditions == NULL) {
		return SUCCESS;
	}
	*any = true;
	question->conditions = kh_php_json(conditions, KH_PHP_CONDITIONS);
	if (question->conditions && without) {
		question->without = kh_php_json(without, KH_PHP_HIDDEN);
	}
	return EG(exception) ? FAILURE : SUCCESS;
}

static void kh_php_keep_matching(zval *subscribers, const kh_php_question *questions)
{
	zval kept, *row;
	size_t i = 0;
	array_init(&kept);
	ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(subscribers), row)
	{
		ZVAL_DEREF(row);
		if (questions[i++].matches) {
			Z_TRY_ADDREF_P(row);
			add_next_index_zval(&kept, row);
		}
	}
	ZEND_HASH_FOREACH_END();
	zval_ptr_dtor(subscribers);
	ZVAL_COPY_VALUE(subscribers, &kept);
}

zend_result kh_php_match(kh_php_engine *engine, zval *subscribers, zval *data, HashTable *context)
{
	const size_t count = zend_hash_num_elements(Z_ARRVAL_P(subscribers));
	kh_php_question *questions = ecalloc(count + 1, sizeof(*questions));
	zend_result result = SUCCESS;
	kh_error error = {0};
	bool any = false, understood = true;
	size_t at = 0;
	zval *row;
	ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(subscribers), row)
	{
		ZVAL_DEREF(row);
		questions[at].matches = true;
		if (result == SUCCESS) {
			result = kh_php_question_of(row, context, &questions[at], &any);
		}
		at++;
	}
	ZEND_HASH_FOREACH_END();
	if (result == SUCCESS && any) {
		zend_string *json = kh_php_json(data, "The event's data");
		if (json) {
			understood = kh_php_answer(questions, count, json, &error);
			zend_string_release(json);
		} else {
			result = FAILURE;
		}
	}
	if (result == SUCCESS) {
		kh_php_keep_matching(subscribers, questions);
	}
	for (size_t i = 0; i < count; i++) {
		if (questions[i].conditions) {
			zend_string_release(questions[i].conditions);
		}
		if (questions[i].without) {
			zend_string_release(questions[i].without);
		}
	}
	efree(questions);
	if (!understood) {
		char message[KH_ERROR_MESSAGE_BYTES + 64];
		snprintf(message, sizeof(message), "A webhook was left out: %s", error.message);
		kh_php_engine_log(engine, message);
	}
	return result;
}

static bool kh_php_names(HashTable *list, zend_string *name)
{
	zval *one;
	ZEND_HASH_FOREACH_VAL(list, one)
	{
		ZVAL_DEREF(one);
		if (Z_TYPE_P(one) == IS_STRING && zend_string_equals(Z_STR_P(one), name)) {
			return true;
		}
	}
	ZEND_HASH_FOREACH_END();
	return false;
}

/* Does no webhook of the list want this variable? */
static bool kh_php_unwanted(zval *subscribers, zend_string *name)
{
	zval *row;
	ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(subscribers), row)
	{
		ZVAL_DEREF(row);
		HashTable *without =
			Z_TYPE_P(row) == IS_ARRAY ? kh_php_list(Z_ARRVAL_P(row), "without") : NULL;
		if (without == NULL || !kh_php_names(without, name)) {
			return false;
		}
	}
	ZEND_HASH_FOREACH_END();
	return true;
}

void kh_php_wanted_data(zval *subscribers, zval *data, zval *wanted)
{
	HashTable *without = NULL;
	zval *first, *name;
	ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(subscribers), first)
	{
		ZVAL_DEREF(first);
		without = Z_TYPE_P(first) == IS_ARRAY ? kh_php_list(Z_ARRVAL_P(first), "without") : NULL;
		break;
	}
	ZEND_HASH_FOREACH_END();
	if (without == NULL) {
		ZVAL_COPY(wanted, data);
		return;
	}
	ZVAL_ARR(wanted, zend_array_dup(Z_ARRVAL_P(data)));
	ZEND_HASH_FOREACH_VAL(without, name)
	{
		ZVAL_DEREF(name);
		if (Z_TYPE_P(name) == IS_STRING && kh_php_unwanted(subscribers, Z_STR_P(name))) {
			zend_hash_del(Z_ARRVAL_P(wanted), Z_STR_P(name));
		}
	}
	ZEND_HASH_FOREACH_END();
}

void kh_php_matches(zval *conditions, zval *data, zval *without, zval *return_value)
{
	kh_error error = {0};
	kh_php_question question = {.matches = true};
	zend_string *json = kh_php_json(data, "The event's data");
	if (json) {
		question.conditions = kh_php_json(conditions, KH_PHP_CONDITIONS);
	}
	if (question.conditions && without) {
		question.without = kh_php_json(without, KH_PHP_HIDDEN);
	}
	if (!EG(exception)) {
		if (kh_php_answer(&question, 1, json, &error)) {
			RETVAL_BOOL(question.matches);
		} else {
			kh_php_throw(&error);
		}
	}
	if (json) {
		zend_string_release(json);
	}
	if (question.conditions) {
		zend_string_release(question.conditions);
	}
	if (question.without) {
		zend_string_release(question.without);
	}
}
