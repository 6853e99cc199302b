#include "kh_php.h"

#include "../kivihook_arginfo.h"

#include "ext/spl/spl_exceptions.h"

zend_class_entry *kh_php_ce_exception;
zend_class_entry *kh_php_ce_invalid;
zend_class_entry *kh_php_ce_template_error;
zend_class_entry *kh_php_ce_sealed;
zend_class_entry *kh_php_ce_transaction_lost;
zend_class_entry *kh_php_ce_demand;
zend_class_entry *kh_php_ce_store;
zend_class_entry *kh_php_ce_engine;
zend_class_entry *kh_php_ce_listener;
zend_class_entry *kh_php_ce_template;
zend_class_entry *kh_php_ce_vault;

zend_result kh_php_register_classes(int module_number)
{
	register_kivihook_symbols(module_number);
	kh_php_ce_exception = register_class_KiviHook_Exception(spl_ce_RuntimeException);
	kh_php_ce_invalid = register_class_KiviHook_InvalidException(kh_php_ce_exception);
	kh_php_ce_template_error = register_class_KiviHook_TemplateException(kh_php_ce_exception);
	kh_php_ce_sealed = register_class_KiviHook_SealedException(kh_php_ce_exception);
	kh_php_ce_transaction_lost = register_class_KiviHook_TransactionLost(kh_php_ce_exception);
	kh_php_ce_demand = register_class_KiviHook_Demand();
	kh_php_ce_store = register_class_KiviHook_Store();
	kh_php_ce_engine = register_class_KiviHook_Engine();
	kh_php_ce_listener = register_class_KiviHook_Listener();
	kh_php_ce_template = register_class_KiviHook_Template();
	kh_php_ce_vault = register_class_KiviHook_Vault();
	register_class_KiviHook_Signature();
	register_class_KiviHook_Endpoint();
	kh_php_engine_startup();
	kh_php_names_startup();
	kh_php_listener_startup();
	kh_php_template_startup();
	kh_php_vault_startup();
	return SUCCESS;
}
