/*
 * An extension beside ours, for jansson.phpt: it uses jansson, whose json_object_* have the names of json-c's, and would be
 * given those of the library that was loaded first if names were all that counted.
 */
#include <php.h>

#include <jansson.h>

ZEND_BEGIN_ARG_INFO_EX(beside_arguments, 0, 0, 1)
ZEND_ARG_INFO(0, json)
ZEND_END_ARG_INFO()

/* The object with a member more, its keys in order. */
PHP_FUNCTION(beside_mark)
{
	char *json = NULL;
	size_t length = 0;
	json_t *tree;
	char *text;

	ZEND_PARSE_PARAMETERS_START(1, 1)
	Z_PARAM_STRING(json, length)
	ZEND_PARSE_PARAMETERS_END();
	tree = json_loadb(json, length, 0, NULL);
	if (tree == NULL || json_object_get(tree, "a") == NULL) {
		json_decref(tree);
		RETURN_FALSE;
	}
	json_object_set_new(tree, "size", json_integer((json_int_t) json_object_size(tree)));
	text = json_dumps(tree, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(tree);
	RETVAL_STRING(text);
	free(text);
}

static const zend_function_entry beside_functions[] = {PHP_FE(beside_mark, beside_arguments) PHP_FE_END};

static zend_module_entry beside_module = {
	STANDARD_MODULE_HEADER, "beside", beside_functions, NULL, NULL, NULL, NULL, NULL, "1", STANDARD_MODULE_PROPERTIES};

#ifdef ZTS
ZEND_TSRMLS_CACHE_DEFINE()
#endif
__attribute__((visibility("default"))) zend_module_entry *get_module(void)
{
	return &beside_module;
}
