#include "kh_php.h"

#include "../core/kh_random.h"

#include <unistd.h>

/* Waiting for what is on its way when a worker's time is over; longer answers are tried again. */
#define KH_PHP_RUN_GRACE_MS 30000
#define KH_PHP_MAX_BUDGET_MS (3600 * 1000)

static zend_object_handlers kh_php_engine_handlers;

/* ---- the object ---- */

static zend_object *kh_php_engine_create(zend_class_entry *ce)
{
	kh_php_engine *self = zend_object_alloc(sizeof(*self), ce);
	zend_object_std_init(&self->std, ce);
	object_properties_init(&self->std, ce);
	ZVAL_UNDEF(&self->store);
	ZVAL_UNDEF(&self->vault);
	ZVAL_UNDEF(&self->log);
	array_init(&self->emitted);
	self->std.handlers = &kh_php_engine_handlers;
	return &self->std;
}

static void kh_php_engine_free(zend_object *object)
{
	kh_php_engine *self = kh_php_engine_of(object);
	zval_ptr_dtor(&self->store);
	zval_ptr_dtor(&self->vault);
	zval_ptr_dtor(&self->log);
	zval_ptr_dtor(&self->emitted);
	if (self->types) {
		zend_array_destroy(self->types);
		self->types = NULL;
	}
	if (self->owner) {
		zend_string_release(self->owner);
		self->owner = NULL;
	}
	zend_object_std_dtor(object);
}

static HashTable *kh_php_engine_gc(zend_object *object, zval **table, int *count)
{
	kh_php_engine *self = kh_php_engine_of(object);
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	zend_get_gc_buffer_add_zval(buffer, &self->store);
	zend_get_gc_buffer_add_zval(buffer, &self->vault);
	zend_get_gc_buffer_add_zval(buffer, &self->log);
	zend_get_gc_buffer_use(buffer, table, count);
	return NULL;
}

void kh_php_engine_startup(void)
{
	memcpy(&kh_php_engine_handlers, zend_get_std_object_handlers(), sizeof(zend_object_handlers));
	kh_php_engine_handlers.offset = XtOffsetOf(kh_php_engine, std);
	kh_php_engine_handlers.free_obj = kh_php_engine_free;
	kh_php_engine_handlers.get_gc = kh_php_engine_gc;
	kh_php_engine_handlers.clone_obj = NULL;
	kh_php_ce_engine->create_object = kh_php_engine_create;
	kh_compat_not_serializable(kh_php_ce_engine);
	kh_compat_not_serializable(kh_php_ce_demand);
}

/* The engine behind a method; NULL, with an exception, when its constructor did not run. */
static kh_php_engine *kh_php_engine_this(zval *object)
{
	kh_php_engine *self = kh_php_engine_of(Z_OBJ_P(object));
	if (Z_TYPE(self->store) != IS_OBJECT) {
		zend_throw_exception(kh_php_ce_exception, "The engine was not constructed.", 0);
		return NULL;
	}
	return self;
}

/* ---- options ---- */

static zend_result kh_php_option_types(kh_php_engine *self, HashTable *types)
{
	ALLOC_HASHTABLE(self->types);
	zend_hash_init(self->types, zend_hash_num_elements(types), NULL, NULL, 0);
	zval *type;
	ZEND_HASH_FOREACH_VAL(types, type)
	{
		ZVAL_DEREF(type);
		if (Z_TYPE_P(type) != IS_STRING) {
			zend_throw_exception(
				kh_php_ce_invalid, "The option \"types\" is a list of event types.", 0);
			return FAILURE;
		}
		zend_hash_add_empty_element(self->types, Z_STR_P(type));
	}
	ZEND_HASH_FOREACH_END();
	return SUCCESS;
}

/* Without the option: this process and something random, so that no two engines share it. */
static zend_result kh_php_option_owner(kh_php_engine *self, zend_string *given)
{
	if (ZSTR_LEN(given) > 0) {
		self->owner = zend_string_copy(given);
		return SUCCESS;
	}
	char random[17];
	kh_error error = {0};
	if (kh_random_hex(random, 8, &error) != KH_OK) {
		kh_php_throw(&error);
		return FAILURE;
	}
	self->owner = strpprintf(0, "%ld:%s", (long)getpid(), random);
	return SUCCESS;
}

static zend_result kh_php_options(kh_php_engine *self, HashTable *options)
{
	zval *vault = kh_php_member(options, "vault");
	zval *log = kh_php_member(options, "log");
	zval *types = kh_php_member(options, "types");
	if (vault) {
		if (Z_TYPE_P(vault) != IS_OBJECT || Z_OBJCE_P(vault) != kh_php_ce_vault) {
			zend_throw_exception(
				kh_php_ce_invalid, "The option \"vault\" is a KiviHook\\Vault.", 0);
			return FAILURE;
		}
		ZVAL_COPY(&self->vault, vault);
	}
	if (log) {
		if (!zend_is_callable(log, 0, NULL)) {
			zend_throw_exception(kh_php_ce_invalid, "The option \"log\" is a callable.", 0);
			return FAILURE;
		}
		ZVAL_COPY(&self->log, log);
	}
	if (types) {
		if (Z_TYPE_P(types) != IS_ARRAY) {
			zend_throw_exception(
				kh_php_ce_invalid, "The option \"types\" is a list of event types.", 0);
			return FAILURE;
		}
		if (kh_php_option_types(self, Z_ARRVAL_P(types)) == FAILURE) {
			return FAILURE;
		}
	}
	return kh_php_option_owner(self, kh_php_member_string(options, "owner"));
}

ZEND_METHOD(KiviHook_Engine, __construct)
{
	zval *store;
	HashTable *options = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
	Z_PARAM_OBJECT_OF_CLASS(store, kh_php_ce_store)
	Z_PARAM_OPTIONAL
	Z_PARAM_ARRAY_HT(options)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_engine *self = kh_php_engine_of(Z_OBJ_P(ZEND_THIS));
	if (self->owner) {
		zend_throw_exception(kh_php_ce_exception, "An engine is constructed once.", 0);
		RETURN_THROWS();
	}
	if (options ? kh_php_options(self, options) == FAILURE
				: kh_php_option_owner(self, ZSTR_EMPTY_ALLOC()) == FAILURE) {
		RETURN_THROWS();
	}
	ZVAL_COPY(&self->store, store);
}

/* ---- listening and emitting ---- */

bool kh_php_engine_listens(const kh_php_engine *engine, zend_string *type)
{
	return engine->types == NULL || zend_hash_exists(engine->types, type);
}

void kh_php_engine_log(kh_php_engine *engine, const char *message)
{
	zend_object *cause = EG(exception);
	if (cause) {
		GC_ADDREF(cause);
		zend_clear_exception();
	}
	zval args[2], nothing;
	ZVAL_STRING(&args[0], message);
	if (cause) {
		ZVAL_OBJ(&args[1], cause);
	} else {
		ZVAL_NULL(&args[1]);
	}
	ZVAL_UNDEF(&nothing);
	if (Z_TYPE(engine->log) != IS_UNDEF) {
		call_user_function(NULL, NULL, &engine->log, &nothing, 2, args);
		if (EG(exception) && !kh_compat_is_exit(EG(exception))) {
			zend_clear_exception(); /* a logger that fails must not cost the booking either */
		}
	} else {
		php_error_docref(NULL, E_NOTICE, "%s%s%s", message, cause ? " " : "",
			cause ? ZSTR_VAL(cause->ce->name) : "");
	}
	zval_ptr_dtor(&nothing);
	zval_ptr_dtor(&args[0]);
	zval_ptr_dtor(&args[1]);
}

ZEND_METHOD(KiviHook_Engine, listener)
{
	zend_string *type;
	zval *snapshot;
	ZEND_PARSE_PARAMETERS_START(2, 2)
	Z_PARAM_STR(type)
	Z_PARAM_ZVAL(snapshot)
	ZEND_PARSE_PARAMETERS_END();

	if (kh_php_engine_this(ZEND_THIS) == NULL) {
		RETURN_THROWS();
	}
	char *reason = NULL;
	if (!zend_is_callable_ex(snapshot, NULL, 0, NULL, NULL, &reason)) {
		zend_argument_type_error(2, "must be a valid callback, %s", reason ? reason : "");
		efree(reason);
		RETURN_THROWS();
	}
	kh_php_listener_create(return_value, ZEND_THIS, type, snapshot);
}

ZEND_METHOD(KiviHook_Engine, emit)
{
	zend_string *type;
	zval *data;
	HashTable *context = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 3)
	Z_PARAM_STR(type)
	Z_PARAM_ARRAY(data)
	Z_PARAM_OPTIONAL
	Z_PARAM_ARRAY_HT(context)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_engine *self = kh_php_engine_this(ZEND_THIS);
	zval id;
	ZVAL_UNDEF(&id);
	if (self == NULL || kh_php_engine_emit(self, type, data, context, &id) == FAILURE) {
		RETURN_THROWS();
	}
	if (Z_TYPE(id) == IS_STRING) {
		RETURN_COPY_VALUE(&id);
	}
	RETURN_NULL();
}

/* ---- sending ---- */

/* The engine, ready to send; NULL, with an exception, when something is being sent already. */
static kh_php_engine *kh_php_engine_sender(zval *object)
{
	kh_php_engine *self = kh_php_engine_this(object);
	if (self && KIVIHOOK_G(sending)) {
		zend_throw_exception(kh_php_ce_exception,
			"Something is being sent already: flush(), run() and test() can't be nested.", 0);
		return NULL;
	}
	return self;
}

ZEND_METHOD(KiviHook_Engine, flush)
{
	zend_long budget_ms;
	ZEND_PARSE_PARAMETERS_START(1, 1)
	Z_PARAM_LONG(budget_ms)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_engine *self = kh_php_engine_sender(ZEND_THIS);
	if (self == NULL) {
		RETURN_THROWS();
	}
	if (zend_hash_num_elements(Z_ARRVAL(self->emitted)) == 0) {
		array_init(return_value);
		add_assoc_long(return_value, "sent", 0);
		add_assoc_long(return_value, "succeeded", 0);
		add_assoc_long(return_value, "left", 0);
		return;
	}
	zval events;
	ZVAL_COPY_VALUE(&events, &self->emitted);
	array_init(&self->emitted);
	const int64_t end_ms = kh_now_ms() + MAX(0, MIN(budget_ms, KH_PHP_MAX_BUDGET_MS));
	const kh_php_bounds bounds = {
		.events = Z_ARRVAL(events), .lease_until_ms = end_ms, .end_ms = end_ms};
	self->stop = false;
	kh_php_deliver(self, &bounds, return_value);
	zval_ptr_dtor(&events);
}

static zend_result kh_php_run_options(HashTable *options, kh_php_bounds *bounds)
{
	const zval *wait = kh_php_member(options, "wait");
	const zend_long grace_ms = kh_php_member_long(options, "grace_ms", 0);
	bounds->wait = wait && Z_TYPE_P(wait) == IS_TRUE;
	bounds->most = MAX(0, kh_php_member_long(options, "max_in_flight", 0));
	bounds->grace_ms = MAX(0, MIN(grace_ms, KH_PHP_MAX_BUDGET_MS));
	bounds->tick = kh_php_member(options, "tick");
	if (bounds->grace_ms > 0) {
		bounds->end_ms = bounds->lease_until_ms + bounds->grace_ms;
	}
	if (bounds->tick && !zend_is_callable(bounds->tick, 0, NULL)) {
		zend_throw_exception(kh_php_ce_invalid, "The option \"tick\" is a callable.", 0);
		return FAILURE;
	}
	return SUCCESS;
}

ZEND_METHOD(KiviHook_Engine, run)
{
	zend_long seconds, limit = 0;
	HashTable *options = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 3)
	Z_PARAM_LONG(seconds)
	Z_PARAM_OPTIONAL
	Z_PARAM_LONG(limit)
	Z_PARAM_ARRAY_HT(options)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_engine *self = kh_php_engine_sender(ZEND_THIS);
	if (self == NULL) {
		RETURN_THROWS();
	}
	const int64_t lease_until_ms =
		kh_now_ms() + MAX(0, MIN(seconds, KH_PHP_MAX_BUDGET_MS / 1000)) * 1000;
	kh_php_bounds bounds = {.lease_until_ms = lease_until_ms,
		.end_ms = lease_until_ms + KH_PHP_RUN_GRACE_MS,
		.limit = MAX(0, limit)};
	if (options && kh_php_run_options(options, &bounds) == FAILURE) {
		RETURN_THROWS();
	}
	self->stop = false;
	kh_php_deliver(self, &bounds, return_value);
}

ZEND_METHOD(KiviHook_Engine, stop)
{
	ZEND_PARSE_PARAMETERS_NONE();
	kh_php_engine_of(Z_OBJ_P(ZEND_THIS))->stop = true;
}

typedef void (*kh_php_single_call)(
	kh_php_engine *engine, zval *webhook, zval *data, zend_string *type, zval *return_value);

static void kh_php_engine_single(INTERNAL_FUNCTION_PARAMETERS, kh_php_single_call call)
{
	zval *webhook, *data;
	zend_string *type = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 3)
	Z_PARAM_ARRAY(webhook)
	Z_PARAM_ARRAY(data)
	Z_PARAM_OPTIONAL
	Z_PARAM_STR(type)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_engine *self = kh_php_engine_sender(ZEND_THIS);
	if (self == NULL) {
		RETURN_THROWS();
	}
	zend_string *name = type ? zend_string_copy(type) : zend_string_init(ZEND_STRL("test"), 0);
	call(self, webhook, data, name, return_value);
	zend_string_release(name);
}

ZEND_METHOD(KiviHook_Engine, test)
{
	kh_php_engine_single(INTERNAL_FUNCTION_PARAM_PASSTHRU, kh_php_deliver_test);
}

ZEND_METHOD(KiviHook_Engine, preview)
{
	kh_php_engine_single(INTERNAL_FUNCTION_PARAM_PASSTHRU, kh_php_deliver_preview);
}

ZEND_METHOD(KiviHook_Engine, authorizationUrl)
{
	zval *webhook;
	zend_string *redirect_uri;
	ZEND_PARSE_PARAMETERS_START(2, 2)
	Z_PARAM_ARRAY(webhook)
	Z_PARAM_STR(redirect_uri)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_authorization_url(webhook, redirect_uri, return_value);
}

ZEND_METHOD(KiviHook_Engine, exchangeCode)
{
	zval *webhook;
	kh_php_code code;
	ZEND_PARSE_PARAMETERS_START(4, 4)
	Z_PARAM_ARRAY(webhook)
	Z_PARAM_STR(code.code)
	Z_PARAM_STR(code.verifier)
	Z_PARAM_STR(code.redirect_uri)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_engine *self = kh_php_engine_sender(ZEND_THIS);
	if (self == NULL) {
		RETURN_THROWS();
	}
	kh_php_exchange_code(self, webhook, &code, return_value);
}

/* Takes a webhook alone. NULL: EG(exception) is set. */
static kh_php_engine *kh_php_engine_token_call(INTERNAL_FUNCTION_PARAMETERS, zval **webhook)
{
	ZEND_PARSE_PARAMETERS_START(1, 1)
	Z_PARAM_ARRAY(*webhook)
	ZEND_PARSE_PARAMETERS_END_EX(return NULL);
	return kh_php_engine_sender(ZEND_THIS);
}

ZEND_METHOD(KiviHook_Engine, refreshToken)
{
	zval *webhook;
	kh_php_engine *self = kh_php_engine_token_call(INTERNAL_FUNCTION_PARAM_PASSTHRU, &webhook);
	if (self == NULL) {
		RETURN_THROWS();
	}
	kh_php_refresh_token(self, webhook, return_value);
}

ZEND_METHOD(KiviHook_Engine, renewToken)
{
	zval *webhook;
	kh_php_engine *self = kh_php_engine_token_call(INTERNAL_FUNCTION_PARAM_PASSTHRU, &webhook);
	if (self == NULL) {
		RETURN_THROWS();
	}
	kh_php_renew_token(self, webhook);
}

ZEND_METHOD(KiviHook_Engine, matches)
{
	zval *conditions, *data, *without = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 3)
	Z_PARAM_ARRAY(conditions)
	Z_PARAM_ARRAY(data)
	Z_PARAM_OPTIONAL
	Z_PARAM_ARRAY(without)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_matches(conditions, data, without, return_value);
}

/* A configuration, for a look at it alone. NULL: EG(exception) is set. */
static kh_webhook *kh_php_engine_compile(zval *config)
{
	kh_error error = {0};
	kh_webhook *webhook = kh_php_webhook_uncached(config, &error);
	if (webhook == NULL && !EG(exception)) {
		kh_php_throw(&error);
	}
	return webhook;
}

ZEND_METHOD(KiviHook_Engine, check)
{
	zval *config;
	ZEND_PARSE_PARAMETERS_START(1, 1)
	Z_PARAM_ARRAY(config)
	ZEND_PARSE_PARAMETERS_END();

	kh_webhook *webhook = kh_php_engine_compile(config);
	if (webhook == NULL) {
		RETURN_THROWS();
	}
	array_init(return_value);
	for (size_t i = 0; i < kh_webhook_variable_count(webhook); i++) {
		const kh_str name = kh_webhook_variable(webhook, i);
		add_next_index_stringl(return_value, name.data, name.len);
	}
	kh_webhook_free(webhook);
}

ZEND_METHOD(KiviHook_Engine, warnings)
{
	zval *config;
	ZEND_PARSE_PARAMETERS_START(1, 1)
	Z_PARAM_ARRAY(config)
	ZEND_PARSE_PARAMETERS_END();

	kh_webhook *webhook = kh_php_engine_compile(config);
	if (webhook == NULL) {
		RETURN_THROWS();
	}
	array_init(return_value);
	if (kh_webhook_warning(webhook) != NULL) {
		add_next_index_string(return_value, kh_webhook_warning(webhook));
	}
	kh_webhook_free(webhook);
}
