#include "kh_php.h"

typedef struct kh_php_listener {
	zval engine;
	zval snapshot;
	zend_string *type;
	bool idle; /* known at the start: nobody subscribed */
	zend_object std;
} kh_php_listener;

static zend_object_handlers kh_php_listener_handlers;

static kh_php_listener *kh_php_listener_from(zend_object *object)
{
	return (kh_php_listener *)((char *)object - XtOffsetOf(kh_php_listener, std));
}

static zend_object *kh_php_listener_allocate(zend_class_entry *ce)
{
	kh_php_listener *self = zend_object_alloc(sizeof(*self), ce);
	zend_object_std_init(&self->std, ce);
	object_properties_init(&self->std, ce);
	ZVAL_UNDEF(&self->engine);
	ZVAL_UNDEF(&self->snapshot);
	self->std.handlers = &kh_php_listener_handlers;
	return &self->std;
}

static void kh_php_listener_free(zend_object *object)
{
	kh_php_listener *self = kh_php_listener_from(object);
	zval_ptr_dtor(&self->engine);
	zval_ptr_dtor(&self->snapshot);
	if (self->type) {
		zend_string_release(self->type);
		self->type = NULL;
	}
	zend_object_std_dtor(object);
}

static HashTable *kh_php_listener_gc(zend_object *object, zval **table, int *count)
{
	kh_php_listener *self = kh_php_listener_from(object);
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	zend_get_gc_buffer_add_zval(buffer, &self->engine);
	zend_get_gc_buffer_add_zval(buffer, &self->snapshot);
	zend_get_gc_buffer_use(buffer, table, count);
	return NULL;
}

void kh_php_listener_startup(void)
{
	memcpy(&kh_php_listener_handlers, zend_get_std_object_handlers(), sizeof(zend_object_handlers));
	kh_php_listener_handlers.offset = XtOffsetOf(kh_php_listener, std);
	kh_php_listener_handlers.free_obj = kh_php_listener_free;
	kh_php_listener_handlers.get_gc = kh_php_listener_gc;
	kh_php_listener_handlers.clone_obj = NULL;
	kh_php_ce_listener->create_object = kh_php_listener_allocate;
	kh_compat_not_serializable(kh_php_ce_listener);
}

void kh_php_listener_create(zval *object, zval *engine, zend_string *type, zval *snapshot)
{
	object_init_ex(object, kh_php_ce_listener);
	kh_php_listener *self = kh_php_listener_from(Z_OBJ_P(object));
	ZVAL_COPY(&self->engine, engine);
	ZVAL_COPY(&self->snapshot, snapshot);
	self->type = zend_string_copy(type);
	self->idle = !kh_php_engine_listens(kh_php_engine_of(Z_OBJ_P(engine)), type);
}

ZEND_METHOD(KiviHook_Listener, __construct)
{
	ZEND_PARSE_PARAMETERS_NONE();
}

/* The snapshot says what there is to tell; null is nothing. */
static void kh_php_listener_tell(kh_php_listener *self, uint32_t argc, zval *args)
{
	kh_php_engine *engine = kh_php_engine_of(Z_OBJ(self->engine));
	zval snapshot, id;
	ZVAL_UNDEF(&snapshot);
	ZVAL_UNDEF(&id);
	if (call_user_function(NULL, NULL, &self->snapshot, &snapshot, argc, args) == SUCCESS &&
		!EG(exception) && Z_TYPE(snapshot) == IS_ARRAY) {
		zval *data = kh_php_member(Z_ARRVAL(snapshot), "data");
		if (data && Z_TYPE_P(data) == IS_ARRAY) {
			kh_php_engine_emit(engine, self->type, data, Z_ARRVAL(snapshot), &id);
		} else {
			zend_throw_exception(kh_php_ce_invalid,
				"A snapshot has to be null or an array with a member \"data\".", 0);
		}
	}
	zval_ptr_dtor(&snapshot);
	zval_ptr_dtor(&id);
}

/*
 * Whatever goes wrong here must not reach the hook's owner: a booking is worth more than its
 * webhook. Two exceptions to that: exit(), which is no error, and TransactionLost (DECISIONS 3),
 * since swallowing it would let half a booking commit.
 */
static bool kh_php_listener_lets_through(const zend_object *exception)
{
	return kh_compat_is_exit(exception) ||
		   instanceof_function(exception->ce, kh_php_ce_transaction_lost);
}

ZEND_METHOD(KiviHook_Listener, __invoke)
{
	const uint32_t argc = ZEND_NUM_ARGS();
	zval *args = ZEND_CALL_ARG(execute_data, 1);
	kh_php_listener *self = kh_php_listener_from(Z_OBJ_P(ZEND_THIS));

	if (!self->idle && self->type && !EG(exception)) {
		kh_php_listener_tell(self, argc, args);
		if (EG(exception)) {
			if (kh_php_listener_lets_through(EG(exception))) {
				RETURN_THROWS();
			}
			char message[192];
			snprintf(
				message, sizeof(message), "The event %.100s was not kept.", ZSTR_VAL(self->type));
			kh_php_engine_log(kh_php_engine_of(Z_OBJ(self->engine)), message);
		}
	}
	if (argc > 0 && !EG(exception)) {
		RETURN_COPY_DEREF(&args[0]);
	}
}
