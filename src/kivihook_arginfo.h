/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 75e47fd5bb558caf4de6f8320cdc2308996e5bc7 */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Store_webhooksFor, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, type, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Store_append, 0, 2, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, event, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, deliveries, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Store_lease, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_OBJ_INFO(0, demand, KiviHook\\Demand, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Store_release, 0, 2, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, owner, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, ids, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Store_settle, 0, 2, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, owner, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, outcomes, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Store_token, 0, 3, IS_ARRAY, 1)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, replace, IS_ARRAY, 1)
	ZEND_ARG_TYPE_INFO(0, expected, IS_STRING, 1)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_KiviHook_Engine___construct, 0, 0, 1)
	ZEND_ARG_OBJ_INFO(0, store, KiviHook\\Store, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_KiviHook_Engine_listener, 0, 2, KiviHook\\Listener, 0)
	ZEND_ARG_TYPE_INFO(0, type, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, snapshot, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_emit, 0, 2, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, type, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, context, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_flush, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, budgetMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_run, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, seconds, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, limit, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_stop, 0, 0, IS_VOID, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_test, 0, 2, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, webhook, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, type, IS_STRING, 0, "\'test\'")
ZEND_END_ARG_INFO()

#define arginfo_class_KiviHook_Engine_preview arginfo_class_KiviHook_Engine_test

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_authorizationUrl, 0, 2, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, webhook, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, redirectUri, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_exchangeCode, 0, 4, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, webhook, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, code, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, verifier, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, redirectUri, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_refreshToken, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, webhook, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_renewToken, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, webhook, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_openPkcs12, 0, 2, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, p12, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, password, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Engine_matches, 0, 2, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, conditions, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, without, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

#define arginfo_class_KiviHook_Engine_check arginfo_class_KiviHook_Engine_refreshToken

#define arginfo_class_KiviHook_Engine_warnings arginfo_class_KiviHook_Engine_refreshToken

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_KiviHook_Endpoint___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Endpoint_ask, 0, 3, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, breaker, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, nowMs, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, probingMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Endpoint_watch, 0, 3, IS_ARRAY, 1)
	ZEND_ARG_TYPE_INFO(0, breaker, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, minutes, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, nowMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Endpoint_probed, 0, 3, IS_ARRAY, 1)
	ZEND_ARG_TYPE_INFO(0, breaker, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, health, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, nowMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Endpoint_inlineTimeoutMs, 0, 2, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, latenciesUs, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, timeoutMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_KiviHook_Listener___construct arginfo_class_KiviHook_Endpoint___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Listener___invoke, 0, 0, IS_MIXED, 0)
	ZEND_ARG_VARIADIC_TYPE_INFO(0, args, IS_MIXED, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_KiviHook_Template___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, source, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, contentType, IS_STRING, 0, "\'application/json\'")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Template_render, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Template_variables, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_KiviHook_Vault___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, keys, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Vault_seal, 0, 2, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, plain, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, context, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Vault_open, 0, 2, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, sealed, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, context, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_KiviHook_Vault_reseal arginfo_class_KiviHook_Vault_open

#define arginfo_class_KiviHook_Signature___construct arginfo_class_KiviHook_Endpoint___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Signature_secret, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_KiviHook_Signature_keyPair arginfo_class_KiviHook_Template_variables

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Signature_sign, 0, 4, IS_STRING, 0)
	ZEND_ARG_TYPE_MASK(0, secrets, MAY_BE_ARRAY|MAY_BE_STRING, NULL)
	ZEND_ARG_TYPE_INFO(0, id, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, timestamp, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, body, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_KiviHook_Signature_verify, 0, 3, _IS_BOOL, 0)
	ZEND_ARG_TYPE_MASK(0, secrets, MAY_BE_ARRAY|MAY_BE_STRING, NULL)
	ZEND_ARG_TYPE_INFO(0, headers, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, body, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, toleranceSeconds, IS_LONG, 0, "300")
ZEND_END_ARG_INFO()


ZEND_METHOD(KiviHook_Engine, __construct);
ZEND_METHOD(KiviHook_Engine, listener);
ZEND_METHOD(KiviHook_Engine, emit);
ZEND_METHOD(KiviHook_Engine, flush);
ZEND_METHOD(KiviHook_Engine, run);
ZEND_METHOD(KiviHook_Engine, stop);
ZEND_METHOD(KiviHook_Engine, test);
ZEND_METHOD(KiviHook_Engine, preview);
ZEND_METHOD(KiviHook_Engine, authorizationUrl);
ZEND_METHOD(KiviHook_Engine, exchangeCode);
ZEND_METHOD(KiviHook_Engine, refreshToken);
ZEND_METHOD(KiviHook_Engine, renewToken);
ZEND_METHOD(KiviHook_Engine, openPkcs12);
ZEND_METHOD(KiviHook_Engine, matches);
ZEND_METHOD(KiviHook_Engine, check);
ZEND_METHOD(KiviHook_Engine, warnings);
ZEND_METHOD(KiviHook_Endpoint, __construct);
ZEND_METHOD(KiviHook_Endpoint, ask);
ZEND_METHOD(KiviHook_Endpoint, watch);
ZEND_METHOD(KiviHook_Endpoint, probed);
ZEND_METHOD(KiviHook_Endpoint, inlineTimeoutMs);
ZEND_METHOD(KiviHook_Listener, __construct);
ZEND_METHOD(KiviHook_Listener, __invoke);
ZEND_METHOD(KiviHook_Template, __construct);
ZEND_METHOD(KiviHook_Template, render);
ZEND_METHOD(KiviHook_Template, variables);
ZEND_METHOD(KiviHook_Vault, __construct);
ZEND_METHOD(KiviHook_Vault, seal);
ZEND_METHOD(KiviHook_Vault, open);
ZEND_METHOD(KiviHook_Vault, reseal);
ZEND_METHOD(KiviHook_Signature, __construct);
ZEND_METHOD(KiviHook_Signature, secret);
ZEND_METHOD(KiviHook_Signature, keyPair);
ZEND_METHOD(KiviHook_Signature, sign);
ZEND_METHOD(KiviHook_Signature, verify);


static const zend_function_entry class_KiviHook_Exception_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_InvalidException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_TemplateException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_SealedException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_TransactionLost_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_Demand_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_Store_methods[] = {
	ZEND_ABSTRACT_ME_WITH_FLAGS(KiviHook_Store, webhooksFor, arginfo_class_KiviHook_Store_webhooksFor, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_ABSTRACT_ME_WITH_FLAGS(KiviHook_Store, append, arginfo_class_KiviHook_Store_append, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_ABSTRACT_ME_WITH_FLAGS(KiviHook_Store, lease, arginfo_class_KiviHook_Store_lease, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_ABSTRACT_ME_WITH_FLAGS(KiviHook_Store, release, arginfo_class_KiviHook_Store_release, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_ABSTRACT_ME_WITH_FLAGS(KiviHook_Store, settle, arginfo_class_KiviHook_Store_settle, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_ABSTRACT_ME_WITH_FLAGS(KiviHook_Store, token, arginfo_class_KiviHook_Store_token, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_Engine_methods[] = {
	ZEND_ME(KiviHook_Engine, __construct, arginfo_class_KiviHook_Engine___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, listener, arginfo_class_KiviHook_Engine_listener, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, emit, arginfo_class_KiviHook_Engine_emit, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, flush, arginfo_class_KiviHook_Engine_flush, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, run, arginfo_class_KiviHook_Engine_run, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, stop, arginfo_class_KiviHook_Engine_stop, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, test, arginfo_class_KiviHook_Engine_test, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, preview, arginfo_class_KiviHook_Engine_preview, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, authorizationUrl, arginfo_class_KiviHook_Engine_authorizationUrl, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Engine, exchangeCode, arginfo_class_KiviHook_Engine_exchangeCode, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, refreshToken, arginfo_class_KiviHook_Engine_refreshToken, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, renewToken, arginfo_class_KiviHook_Engine_renewToken, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Engine, openPkcs12, arginfo_class_KiviHook_Engine_openPkcs12, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Engine, matches, arginfo_class_KiviHook_Engine_matches, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Engine, check, arginfo_class_KiviHook_Engine_check, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Engine, warnings, arginfo_class_KiviHook_Engine_warnings, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_Endpoint_methods[] = {
	ZEND_ME(KiviHook_Endpoint, __construct, arginfo_class_KiviHook_Endpoint___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(KiviHook_Endpoint, ask, arginfo_class_KiviHook_Endpoint_ask, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Endpoint, watch, arginfo_class_KiviHook_Endpoint_watch, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Endpoint, probed, arginfo_class_KiviHook_Endpoint_probed, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Endpoint, inlineTimeoutMs, arginfo_class_KiviHook_Endpoint_inlineTimeoutMs, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_Listener_methods[] = {
	ZEND_ME(KiviHook_Listener, __construct, arginfo_class_KiviHook_Listener___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(KiviHook_Listener, __invoke, arginfo_class_KiviHook_Listener___invoke, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_Template_methods[] = {
	ZEND_ME(KiviHook_Template, __construct, arginfo_class_KiviHook_Template___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Template, render, arginfo_class_KiviHook_Template_render, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Template, variables, arginfo_class_KiviHook_Template_variables, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_Vault_methods[] = {
	ZEND_ME(KiviHook_Vault, __construct, arginfo_class_KiviHook_Vault___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Vault, seal, arginfo_class_KiviHook_Vault_seal, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Vault, open, arginfo_class_KiviHook_Vault_open, ZEND_ACC_PUBLIC)
	ZEND_ME(KiviHook_Vault, reseal, arginfo_class_KiviHook_Vault_reseal, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_KiviHook_Signature_methods[] = {
	ZEND_ME(KiviHook_Signature, __construct, arginfo_class_KiviHook_Signature___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(KiviHook_Signature, secret, arginfo_class_KiviHook_Signature_secret, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Signature, keyPair, arginfo_class_KiviHook_Signature_keyPair, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Signature, sign, arginfo_class_KiviHook_Signature_sign, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(KiviHook_Signature, verify, arginfo_class_KiviHook_Signature_verify, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};

static void register_kivihook_symbols(int module_number)
{
	REGISTER_STRING_CONSTANT("KiviHook\\VERSION", PHP_KIVIHOOK_VERSION, CONST_PERSISTENT);
}

static zend_class_entry *register_class_KiviHook_Exception(zend_class_entry *class_entry_RuntimeException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "Exception", class_KiviHook_Exception_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_InvalidException(zend_class_entry *class_entry_KiviHook_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "InvalidException", class_KiviHook_InvalidException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_KiviHook_Exception);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_TemplateException(zend_class_entry *class_entry_KiviHook_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "TemplateException", class_KiviHook_TemplateException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_KiviHook_Exception);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	zval property_sourceLine_default_value;
	ZVAL_LONG(&property_sourceLine_default_value, 0);
	zend_string *property_sourceLine_name = zend_string_init("sourceLine", sizeof("sourceLine") - 1, 1);
	zend_declare_typed_property(class_entry, property_sourceLine_name, &property_sourceLine_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_sourceLine_name);

	zval property_sourceColumn_default_value;
	ZVAL_LONG(&property_sourceColumn_default_value, 0);
	zend_string *property_sourceColumn_name = zend_string_init("sourceColumn", sizeof("sourceColumn") - 1, 1);
	zend_declare_typed_property(class_entry, property_sourceColumn_name, &property_sourceColumn_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_sourceColumn_name);

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_SealedException(zend_class_entry *class_entry_KiviHook_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "SealedException", class_KiviHook_SealedException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_KiviHook_Exception);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_TransactionLost(zend_class_entry *class_entry_KiviHook_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "TransactionLost", class_KiviHook_TransactionLost_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_KiviHook_Exception);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_Demand(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "Demand", class_KiviHook_Demand_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
#if (PHP_VERSION_ID >= 80100)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
#elif (PHP_VERSION_ID >= 80000)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
#endif

	zval property_limit_default_value;
	ZVAL_LONG(&property_limit_default_value, 0);
	zend_string *property_limit_name = zend_string_init("limit", sizeof("limit") - 1, 1);
	zend_declare_typed_property(class_entry, property_limit_name, &property_limit_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_limit_name);

	zval property_owner_default_value;
	ZVAL_EMPTY_STRING(&property_owner_default_value);
	zend_string *property_owner_name = zend_string_init("owner", sizeof("owner") - 1, 1);
	zend_declare_typed_property(class_entry, property_owner_name, &property_owner_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_owner_name);

	zval property_leaseMs_default_value;
	ZVAL_LONG(&property_leaseMs_default_value, 0);
	zend_string *property_leaseMs_name = zend_string_init("leaseMs", sizeof("leaseMs") - 1, 1);
	zend_declare_typed_property(class_entry, property_leaseMs_name, &property_leaseMs_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_leaseMs_name);

	zval property_events_default_value;
	ZVAL_EMPTY_ARRAY(&property_events_default_value);
	zend_string *property_events_name = zend_string_init("events", sizeof("events") - 1, 1);
	zend_declare_typed_property(class_entry, property_events_name, &property_events_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_events_name);

	zval property_capacity_default_value;
	ZVAL_EMPTY_ARRAY(&property_capacity_default_value);
	zend_string *property_capacity_name = zend_string_init("capacity", sizeof("capacity") - 1, 1);
	zend_declare_typed_property(class_entry, property_capacity_name, &property_capacity_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_capacity_name);

	zval property_share_default_value;
	ZVAL_LONG(&property_share_default_value, 0);
	zend_string *property_share_name = zend_string_init("share", sizeof("share") - 1, 1);
	zend_declare_typed_property(class_entry, property_share_name, &property_share_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_share_name);

	zval property_without_default_value;
	ZVAL_EMPTY_ARRAY(&property_without_default_value);
	zend_string *property_without_name = zend_string_init("without", sizeof("without") - 1, 1);
	zend_declare_typed_property(class_entry, property_without_name, &property_without_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_without_name);

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_Store(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "Store", class_KiviHook_Store_methods);
	class_entry = zend_register_internal_interface(&ce);

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_Engine(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "Engine", class_KiviHook_Engine_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
#if (PHP_VERSION_ID >= 80100)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
#elif (PHP_VERSION_ID >= 80000)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
#endif

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_Endpoint(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "Endpoint", class_KiviHook_Endpoint_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_Listener(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "Listener", class_KiviHook_Listener_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
#if (PHP_VERSION_ID >= 80100)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
#elif (PHP_VERSION_ID >= 80000)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
#endif

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_Template(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "Template", class_KiviHook_Template_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
#if (PHP_VERSION_ID >= 80100)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
#elif (PHP_VERSION_ID >= 80000)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
#endif

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_Vault(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "Vault", class_KiviHook_Vault_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
#if (PHP_VERSION_ID >= 80100)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
#elif (PHP_VERSION_ID >= 80000)
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
#endif

	return class_entry;
}

static zend_class_entry *register_class_KiviHook_Signature(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "KiviHook", "Signature", class_KiviHook_Signature_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}
