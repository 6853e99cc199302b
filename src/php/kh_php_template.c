#include "kh_php.h"

#include "../core/kh_body.h"

typedef struct kh_php_template {
	kh_body *body;
	zend_object std;
} kh_php_template;

static zend_object_handlers kh_php_template_handlers;

static kh_php_template *kh_php_template_from(zend_object *object)
{
	return (kh_php_template *)((char *)object - XtOffsetOf(kh_php_template, std));
}

static zend_object *kh_php_template_create(zend_class_entry *ce)
{
	kh_php_template *self = zend_object_alloc(sizeof(*self), ce);
	zend_object_std_init(&self->std, ce);
	object_properties_init(&self->std, ce);
	self->std.handlers = &kh_php_template_handlers;
	return &self->std;
}

static void kh_php_template_free(zend_object *object)
{
	kh_php_template *self = kh_php_template_from(object);
	kh_body_free(self->body);
	self->body = NULL;
	zend_object_std_dtor(object);
}

void kh_php_template_startup(void)
{
	memcpy(&kh_php_template_handlers, zend_get_std_object_handlers(), sizeof(zend_object_handlers));
	kh_php_template_handlers.offset = XtOffsetOf(kh_php_template, std);
	kh_php_template_handlers.free_obj = kh_php_template_free;
	kh_php_template_handlers.clone_obj = NULL;
	kh_php_ce_template->create_object = kh_php_template_create;
	kh_compat_not_serializable(kh_php_ce_template);
}

/* The compiled template; NULL, with an exception, when the constructor did not run or failed. */
static const kh_body *kh_php_template_body(zval *object)
{
	const kh_body *body = kh_php_template_from(Z_OBJ_P(object))->body;
	if (body == NULL) {
		zend_throw_exception(kh_php_ce_exception, "The template was not constructed.", 0);
	}
	return body;
}

ZEND_METHOD(KiviHook_Template, __construct)
{
	zend_string *source, *content_type = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
	Z_PARAM_STR(source)
	Z_PARAM_OPTIONAL
	Z_PARAM_STR(content_type)
	ZEND_PARSE_PARAMETERS_END();

	kh_php_template *self = kh_php_template_from(Z_OBJ_P(ZEND_THIS));
	if (self->body) {
		zend_throw_exception(kh_php_ce_exception, "A template is constructed once.", 0);
		RETURN_THROWS();
	}
	kh_error error = {0};
	const kh_str type = content_type ? kh_php_str(content_type) : KH_STR("application/json");
	if (kh_body_compile(type, kh_php_str(source), &self->body, &error) != KH_OK) {
		kh_php_throw(&error);
	}
}

ZEND_METHOD(KiviHook_Template, render)
{
	zval *data;
	ZEND_PARSE_PARAMETERS_START(1, 1)
	Z_PARAM_ARRAY(data)
	ZEND_PARSE_PARAMETERS_END();

	const kh_body *body = kh_php_template_body(ZEND_THIS);
	zend_string *json = body ? kh_php_json(data, "The template's data") : NULL;
	if (json == NULL) {
		RETURN_THROWS();
	}
	kh_error error = {0};
	kh_event event = {.id = KH_STR(""),
		.type = KH_STR("test"),
		.timestamp = KH_STR(""),
		.json = kh_php_str(json)};
	kh_buf out;
	kh_buf_init(&out, KH_BODY_MAX_BYTES);
	if (kh_event_open(&event, &error) == KH_OK &&
		kh_body_render(body, &event, &out, &error) == KH_OK) {
		RETVAL_STRINGL(out.len ? out.data : "", out.len);
	} else {
		kh_php_throw(&error);
	}
	kh_buf_free(&out);
	kh_event_clear(&event);
	zend_string_release(json);
}

ZEND_METHOD(KiviHook_Template, variables)
{
	ZEND_PARSE_PARAMETERS_NONE();
	const kh_body *body = kh_php_template_body(ZEND_THIS);
	if (body == NULL) {
		RETURN_THROWS();
	}
	array_init(return_value);
	for (size_t i = 0; i < kh_body_variable_count(body); i++) {
		const kh_str name = kh_body_variable(body, i);
		add_next_index_stringl(return_value, name.data, name.len);
	}
}
