#include "kh_php.h"

typedef struct kh_php_vault {
	kh_vault *vault;
	zend_object std;
} kh_php_vault;

static zend_object_handlers kh_php_vault_handlers;

static kh_php_vault *kh_php_vault_from(zend_object *object)
{
	return (kh_php_vault *)((char *)object - XtOffsetOf(kh_php_vault, std));
}

static zend_object *kh_php_vault_create(zend_class_entry *ce)
{
	kh_php_vault *self = zend_object_alloc(sizeof(*self), ce);
	zend_object_std_init(&self->std, ce);
	object_properties_init(&self->std, ce);
	self->std.handlers = &kh_php_vault_handlers;
	return &self->std;
}

static void kh_php_vault_free(zend_object *object)
{
	kh_php_vault *self = kh_php_vault_from(object);
	kh_vault_free(self->vault);
	self->vault = NULL;
	zend_object_std_dtor(object);
}

void kh_php_vault_startup(void)
{
	memcpy(&kh_php_vault_handlers, zend_get_std_object_handlers(), sizeof(zend_object_handlers));
	kh_php_vault_handlers.offset = XtOffsetOf(kh_php_vault, std);
	kh_php_vault_handlers.free_obj = kh_php_vault_free;
	kh_php_vault_handlers.clone_obj = NULL;
	kh_php_ce_vault->create_object = kh_php_vault_create;
	kh_compat_not_serializable(kh_php_ce_vault);
}

const kh_vault *kh_php_vault_of(const zval *vault)
{
	return Z_TYPE_P(vault) == IS_OBJECT ? kh_php_vault_from(Z_OBJ_P(vault))->vault : NULL;
}

static zend_result kh_php_vault_fill(kh_php_vault *self, HashTable *keys, kh_error *error)
{
	zend_string *id;
	zend_ulong index;
	zval *key;
	ZEND_HASH_FOREACH_KEY_VAL(keys, index, id, key)
	{
		char number[MAX_LENGTH_OF_LONG + 1];
		kh_str name =
			id ? kh_php_str(id)
			   : (kh_str){number, (size_t)snprintf(number, sizeof(number), ZEND_ULONG_FMT, index)};
		ZVAL_DEREF(key);
		if (Z_TYPE_P(key) != IS_STRING) {
			kh_error_set(error, KH_ERR_INVALID, "The key \"%.*s\" has to be a string of %d bytes.",
				(int)name.len, name.data, KH_VAULT_KEY_BYTES);
			return FAILURE;
		}
		if (kh_vault_add(self->vault, name, kh_php_str(Z_STR_P(key)), error) != KH_OK) {
			return FAILURE;
		}
	}
	ZEND_HASH_FOREACH_END();
	return SUCCESS;
}

ZEND_METHOD(KiviHook_Vault, __construct)
{
	HashTable *keys;
	ZEND_PARSE_PARAMETERS_START(1, 1)
	Z_PARAM_ARRAY_HT(keys)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_vault *self = kh_php_vault_from(Z_OBJ_P(ZEND_THIS));
	if (self->vault) {
		zend_throw_exception(kh_php_ce_exception, "A vault is constructed once.", 0);
		RETURN_THROWS();
	}
	kh_error error = {0};
	self->vault = kh_vault_new();
	if (self->vault == NULL) {
		kh_error_set(&error, KH_ERR_MEMORY, "Out of memory.");
	} else if (zend_hash_num_elements(keys) == 0) {
		kh_error_set(&error, KH_ERR_INVALID, "A vault needs at least one key.");
	} else if (kh_php_vault_fill(self, keys, &error) == SUCCESS) {
		return;
	}
	kh_php_throw(&error);
}

typedef kh_status (*kh_php_vault_operation)(
	const kh_vault *vault, kh_str in, kh_str context, kh_buf *out, kh_error *error);

static void kh_php_vault_apply(INTERNAL_FUNCTION_PARAMETERS, kh_php_vault_operation operation)
{
	zend_string *in, *context;
	ZEND_PARSE_PARAMETERS_START(2, 2)
	Z_PARAM_STR(in)
	Z_PARAM_STR(context)
	ZEND_PARSE_PARAMETERS_END();

	const kh_php_vault *self = kh_php_vault_from(Z_OBJ_P(ZEND_THIS));
	if (self->vault == NULL) {
		zend_throw_exception(kh_php_ce_exception, "The vault was not constructed.", 0);
		RETURN_THROWS();
	}
	kh_error error = {0};
	kh_buf out;
	kh_buf_init(&out, SIZE_MAX / 4);
	if (operation(self->vault, kh_php_str(in), kh_php_str(context), &out, &error) != KH_OK) {
		kh_buf_wipe(&out);
		kh_php_throw(&error);
		RETURN_THROWS();
	}
	RETVAL_STRINGL(out.len ? out.data : "", out.len);
	kh_buf_wipe(&out);
}

ZEND_METHOD(KiviHook_Vault, seal)
{
	kh_php_vault_apply(INTERNAL_FUNCTION_PARAM_PASSTHRU, kh_vault_seal);
}

ZEND_METHOD(KiviHook_Vault, open)
{
	kh_php_vault_apply(INTERNAL_FUNCTION_PARAM_PASSTHRU, kh_vault_open);
}

ZEND_METHOD(KiviHook_Vault, reseal)
{
	kh_php_vault_apply(INTERNAL_FUNCTION_PARAM_PASSTHRU, kh_vault_reseal);
}
