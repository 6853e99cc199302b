#include "kh_php.h"

static zend_class_entry *kh_php_class_for(kh_status status)
{
	switch (status) {
	case KH_ERR_INVALID:
	case KH_ERR_TOO_LARGE:
	case KH_ERR_URL:
		return kh_php_ce_invalid;
	case KH_ERR_JSON:
	case KH_ERR_TEMPLATE:
		return kh_php_ce_template_error;
	case KH_ERR_SEALED:
		return kh_php_ce_sealed;
	default:
		return kh_php_ce_exception;
	}
}

void kh_php_throw(const kh_error *error)
{
	zend_class_entry *ce = kh_php_class_for(error->status);
	zend_object *object = zend_throw_exception(ce, error->message, (zend_long)error->status);
	if (ce == kh_php_ce_template_error) {
		zend_update_property_long(ce, object, ZEND_STRL("sourceLine"), (zend_long)error->line);
		zend_update_property_long(ce, object, ZEND_STRL("sourceColumn"), (zend_long)error->column);
	}
}
