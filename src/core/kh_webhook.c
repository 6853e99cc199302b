#include "kh_webhook.h"

#include "kh_auth.h"
#include "kh_body.h"
#include "kh_redact.h"
#include "kh_settings.h"
#include "kh_url.h"
#include "kh_webhook_parts.h"

#include <stdlib.h>

#define DEFAULT_TIMEOUT_MS 30000
#define DEFAULT_CONNECT_TIMEOUT_MS 5000

static kh_status out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "out of memory for a webhook");
}

static void free_fields(kh_webhook_fields *fields)
{
	size_t i;

	for (i = 0; i < fields->count; i++) {
		kh_template_free(fields->items[i].value);
	}
	free(fields->items);
}

void kh_webhook_free(kh_webhook *webhook)
{
	if (webhook == NULL) {
		return;
	}
	kh_template_free(webhook->url);
	free_fields(&webhook->headers);
	free_fields(&webhook->query);
	kh_body_free(webhook->body);
	kh_auth_free(webhook->auth);
	free(webhook->variables);
	kh_buf_free(&webhook->fixed_url);
	/* It may hold secrets in clear. */
	kh_value_wipe(webhook->root);
	free(webhook);
}

static kh_status parse_retry(kh_webhook *webhook, kh_error *error)
{
	return kh_webhook_parse_retry(webhook->root, &webhook->retry, error);
}

static kh_status parse_method(kh_webhook *webhook, kh_error *error)
{
	static const char *const METHODS[] = {"POST", "PUT", "PATCH", "GET", "DELETE"};
	kh_status status =
		kh_settings_text(webhook->root, "method", KH_STR("POST"), &webhook->method, error);
	size_t i;

	for (i = 0; i < sizeof(METHODS) / sizeof(METHODS[0]) && status == KH_OK; i++) {
		if (kh_str_equals(webhook->method, (kh_str){METHODS[i], strlen(METHODS[i])})) {
			return KH_OK;
		}
	}
	return status != KH_OK ? status
						   : kh_error_set(error, KH_ERR_INVALID,
								 "method: must be POST, PUT, PATCH, GET or DELETE");
}

static kh_status parse_numbers(kh_webhook *webhook, kh_error *error)
{
	int64_t version = 0;
	kh_status status;

	status = kh_settings_number(webhook->root, "id", 0, 0, INT64_MAX, &webhook->id, error);
	if (status == KH_OK) {
		status = kh_settings_number(webhook->root, "version", 0, 0, INT64_MAX, &version, error);
		webhook->version = (uint64_t)version;
	}
	if (status == KH_OK) {
		status = kh_settings_number(webhook->root, "timeout_ms", DEFAULT_TIMEOUT_MS,
			KH_WEBHOOK_MIN_TIMEOUT_MS, KH_WEBHOOK_MAX_TIMEOUT_MS, &webhook->timeout_ms, error);
	}
	if (status == KH_OK) {
		status = kh_settings_number(webhook->root, "connect_timeout_ms", DEFAULT_CONNECT_TIMEOUT_MS,
			KH_WEBHOOK_MIN_TIMEOUT_MS, KH_WEBHOOK_MAX_TIMEOUT_MS, &webhook->connect_timeout_ms,
			error);
	}
	if (status == KH_OK && webhook->connect_timeout_ms > webhook->timeout_ms) {
		webhook->connect_timeout_ms = webhook->timeout_ms;
	}
	return status;
}

static kh_status parse_url(kh_webhook *webhook, kh_error *error)
{
	kh_str source;
	kh_status status = kh_settings_text(webhook->root, "url", KH_STR(""), &source, error);

	if (status != KH_OK) {
		return status;
	}
	if (source.len == 0) {
		return kh_error_set(
			error, KH_ERR_URL, "url: enter the address that the webhook is sent to");
	}
	status = kh_url_check_template(source, error);
	if (status == KH_OK && kh_webhook_has_dot_segment(source)) {
		status = kh_error_set(
			error, KH_ERR_URL, "a part of the path is \".\" or \"..\": write the path it leads to");
	}
	if (status == KH_OK) {
		status = kh_template_compile(source, KH_PLACE_URL, &webhook->url, error);
	}
	return status == KH_OK ? KH_OK : kh_settings_in_field(error, status, "url");
}

static bool has_line_break(kh_str text)
{
	return text.len > 0 && (memchr(text.data, '\r', text.len) != NULL ||
							   memchr(text.data, '\n', text.len) != NULL ||
							   memchr(text.data, '\0', text.len) != NULL);
}

static kh_status check_header_name(
	const kh_webhook_fields *earlier, kh_str name, kh_str value, kh_error *error)
{
	const char *reserved;
	size_t i;

	if (!kh_request_is_token(name)) {
		return kh_error_set(
			error, KH_ERR_INVALID, "the name must be letters, digits and any of !#$%%&'*+-.^_`|~");
	}
	reserved = kh_request_reserved(name);
	if (reserved != NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "can't be set here: %s", reserved);
	}
	for (i = 0; i < earlier->count; i++) {
		if (kh_request_same_name(earlier->items[i].name, name)) {
			return kh_error_set(error, KH_ERR_INVALID, "is there twice: remove one of them");
		}
	}
	if (has_line_break(value)) {
		return kh_error_set(error, KH_ERR_INVALID, "the value has a line break");
	}
	return KH_OK;
}

static kh_status check_query_name(
	const kh_webhook_fields *earlier, kh_str name, kh_str value, kh_error *error)
{
	if (name.len == 0 || memchr(name.data, '\0', name.len) != NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "enter a name");
	}
	return KH_OK;
}

typedef struct field_rules {
	const char *member;
	size_t max_count;
	kh_place place;
	kh_status (*check)(
		const kh_webhook_fields *earlier, kh_str name, kh_str value, kh_error *error);
} field_rules;

static kh_status parse_field(
	const field_rules *rules, const kh_value *pair, kh_webhook_fields *fields, kh_error *error)
{
	const kh_value *name = kh_value_at(pair, 0), *value = kh_value_at(pair, 1);
	kh_webhook_field field = {.name = kh_value_string(name)};
	kh_status status;

	if (kh_value_kind(pair) != KH_KIND_LIST || kh_value_length(pair) != 2 ||
		kh_value_kind(name) != KH_KIND_STRING || kh_value_kind(value) != KH_KIND_STRING) {
		status = kh_error_set(error, KH_ERR_INVALID, "must be a name and a value, both text");
		return kh_settings_in_field(error, status, "%s[%zu]", rules->member, fields->count);
	}
	status = rules->check(fields, field.name, kh_value_string(value), error);
	if (status == KH_OK) {
		status = kh_template_compile(kh_value_string(value), rules->place, &field.value, error);
	}
	if (status != KH_OK) {
		return kh_settings_in_field(error, status, "%s[%zu] \"%.*s\"", rules->member, fields->count,
			kh_settings_shown(field.name), field.name.data);
	}
	field.secret = kh_redact_is_secret_name(field.name);
	fields->items[fields->count++] = field;
	return KH_OK;
}

static kh_status parse_fields(
	const kh_webhook *webhook, const field_rules *rules, kh_webhook_fields *fields, kh_error *error)
{
	const kh_value *list = NULL;
	size_t i, count;
	kh_status status = KH_OK;

	kh_value_get(webhook->root, (kh_str){rules->member, strlen(rules->member)}, &list);
	if (kh_value_kind(list) != KH_KIND_NULL && kh_value_kind(list) != KH_KIND_LIST) {
		return kh_error_set(
			error, KH_ERR_INVALID, "%s: must be a list of [name, value]", rules->member);
	}
	count = kh_value_kind(list) == KH_KIND_LIST ? kh_value_length(list) : 0;
	if (count > rules->max_count) {
		return kh_error_set(error, KH_ERR_TOO_LARGE, "%s: at most %zu, here are %zu", rules->member,
			rules->max_count, count);
	}
	fields->items = calloc(count + 1, sizeof(*fields->items));
	if (fields->items == NULL) {
		return out_of_memory(error);
	}
	for (i = 0; i < count && status == KH_OK; i++) {
		status = parse_field(rules, kh_value_at(list, i), fields, error);
	}
	return status;
}

static kh_status parse_auth(kh_webhook *webhook, kh_error *error)
{
	const kh_value *config = NULL;
	kh_str header;
	kh_status status;
	size_t i, j;

	kh_value_get(webhook->root, KH_STR("auth"), &config);
	status = kh_auth_parse(config, &webhook->auth, error);
	if (status != KH_OK) {
		return status;
	}
	for (j = 0; (header = kh_auth_header(webhook->auth, j)).len > 0; j++) {
		for (i = 0; i < webhook->headers.count; i++) {
			if (kh_request_same_name(webhook->headers.items[i].name, header)) {
				return kh_error_set(error, KH_ERR_INVALID,
					"headers[%zu] \"%.*s\": the authentication sets this header too: remove it "
					"here, or set the authentication to none",
					i, kh_settings_shown(header), header.data);
			}
		}
	}
	return KH_OK;
}

/* "type/subtype", perhaps with parameters, which are left to the receiver. */
static kh_status parse_content_type(kh_webhook *webhook, kh_error *error)
{
	kh_str type, subtype;
	const char *slash;
	size_t i;
	kh_status status =
		kh_settings_text(webhook->root, "content_type", KH_STR(""), &webhook->content_type, error);

	if (status != KH_OK) {
		return status;
	}
	if (webhook->content_type.len == 0) {
		webhook->content_type = KH_STR("application/json");
	}
	type = subtype = webhook->content_type;
	slash = memchr(type.data, '/', type.len);
	if (slash != NULL) {
		type.len = (size_t)(slash - type.data);
		subtype.data = slash + 1;
		subtype.len -= type.len + 1;
		for (i = 0; i < subtype.len && strchr(" \t;", subtype.data[i]) == NULL; i++) {
		}
		subtype.len = i;
	}
	if (slash == NULL || !kh_request_is_token(type) || !kh_request_is_token(subtype) ||
		has_line_break(webhook->content_type)) {
		return kh_error_set(error, KH_ERR_INVALID,
			"content_type: must look like application/json or text/plain; charset=utf-8");
	}
	return KH_OK;
}

/* A GET has a body only when asked, a DELETE when there is a template or when asked. */
static bool wants_body(const kh_webhook *webhook, kh_str source, bool asked)
{
	if (kh_str_equals(webhook->method, KH_STR("GET"))) {
		return asked;
	}
	return asked || source.len > 0 || !kh_str_equals(webhook->method, KH_STR("DELETE"));
}

/* The boundary would be missing in a Content-Type of the webhook's own. */
static kh_status check_own_type(const kh_webhook *webhook, kh_error *error)
{
	for (size_t i = 0; kh_body_has_own_type(webhook->body) && i < webhook->headers.count; i++) {
		if (kh_request_same_name(webhook->headers.items[i].name, KH_STR("Content-Type"))) {
			return kh_error_set(error, KH_ERR_INVALID,
				"headers[%zu] \"Content-Type\": remove it: multipart/form-data needs the boundary "
				"that each request makes",
				i);
		}
	}
	return KH_OK;
}

static kh_status parse_body(kh_webhook *webhook, kh_error *error)
{
	kh_str source;
	bool asked = false;
	kh_status status = parse_content_type(webhook, error);

	if (status == KH_OK) {
		status = kh_settings_text(webhook->root, "body", KH_STR(""), &source, error);
	}
	if (status == KH_OK) {
		status = kh_settings_flag(webhook->root, "body_with_get", &asked, error);
	}
	if (status != KH_OK || !wants_body(webhook, source, asked)) {
		return status;
	}
	status = kh_body_compile(webhook->content_type, source, &webhook->body, error);
	return status == KH_OK ? check_own_type(webhook, error)
						   : kh_settings_in_field(error, status, "body");
}

static kh_status parse_secrets(kh_webhook *webhook, kh_error *error)
{
	kh_kind kind;
	kh_status status =
		kh_settings_text(webhook->root, "sealed", KH_STR(""), &webhook->sealed, error);

	if (status == KH_OK) {
		status = kh_settings_text(
			webhook->root, "sealed_context", KH_STR(""), &webhook->sealed_context, error);
	}
	kh_value_get(webhook->root, KH_STR("secrets"), &webhook->secrets);
	kind = kh_value_kind(webhook->secrets);
	if (status == KH_OK && kind != KH_KIND_OBJECT && kind != KH_KIND_NULL &&
		(kind != KH_KIND_LIST || kh_value_length(webhook->secrets) > 0)) {
		status = kh_error_set(error, KH_ERR_INVALID, "secrets: must be an object");
	}
	return status;
}

static kh_status add_variable(kh_webhook *webhook, kh_str name, kh_error *error)
{
	kh_str *grown;
	size_t i, capacity;

	for (i = 0; i < webhook->variable_count; i++) {
		if (kh_str_equals(webhook->variables[i], name)) {
			return KH_OK;
		}
	}
	if (webhook->variable_count == webhook->variable_capacity) {
		capacity = webhook->variable_capacity * 2 + 16;
		grown = realloc(webhook->variables, capacity * sizeof(*grown));
		if (grown == NULL) {
			return out_of_memory(error);
		}
		webhook->variables = grown;
		webhook->variable_capacity = capacity;
	}
	webhook->variables[webhook->variable_count++] = name;
	return KH_OK;
}

static kh_status add_template_variables(
	kh_webhook *webhook, const kh_template *tpl, kh_error *error)
{
	kh_status status = KH_OK;
	size_t i;

	for (i = 0; i < kh_template_variable_count(tpl) && status == KH_OK; i++) {
		status = add_variable(webhook, kh_template_variable(tpl, i), error);
	}
	return status;
}

static kh_status collect_variables(kh_webhook *webhook, kh_error *error)
{
	kh_status status = add_template_variables(webhook, webhook->url, error);
	size_t i;

	for (i = 0; i < webhook->query.count && status == KH_OK; i++) {
		status = add_template_variables(webhook, webhook->query.items[i].value, error);
	}
	for (i = 0; i < webhook->headers.count && status == KH_OK; i++) {
		status = add_template_variables(webhook, webhook->headers.items[i].value, error);
	}
	for (i = 0;
		 webhook->body != NULL && i < kh_body_variable_count(webhook->body) && status == KH_OK;
		 i++) {
		status = add_variable(webhook, kh_body_variable(webhook->body, i), error);
	}
	return status;
}

static kh_status parse_query(kh_webhook *webhook, kh_error *error)
{
	static const field_rules RULES = {
		"query", KH_WEBHOOK_MAX_QUERY, KH_PLACE_TEXT, check_query_name};

	return parse_fields(webhook, &RULES, &webhook->query, error);
}

static kh_status parse_headers(kh_webhook *webhook, kh_error *error)
{
	static const field_rules RULES = {
		"headers", KH_WEBHOOK_MAX_HEADERS, KH_PLACE_HEADER, check_header_name};

	return parse_fields(webhook, &RULES, &webhook->headers, error);
}

/* Authentication looks at the headers, the body at the method, the variables at all of it. */
static kh_status parse_all(kh_webhook *webhook, kh_error *error)
{
	static kh_status (*const STEPS[])(kh_webhook *, kh_error *) = {parse_method, parse_numbers,
		parse_retry, parse_url, parse_query, parse_headers, parse_auth, kh_webhook_parse_tls,
		parse_body, parse_secrets, kh_webhook_parse_mask, kh_webhook_parse_without,
		collect_variables, kh_webhook_fix_url};
	kh_status status = KH_OK;
	size_t i;

	for (i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]) && status == KH_OK; i++) {
		status = STEPS[i](webhook, error);
	}
	return status;
}

kh_status kh_webhook_parse(kh_str json, kh_webhook **out, kh_error *error)
{
	kh_error local;
	kh_webhook *webhook = calloc(1, sizeof(*webhook));
	kh_status status;

	error = error != NULL ? error : &local;
	*error = (kh_error){0};
	*out = NULL;
	if (webhook == NULL) {
		return out_of_memory(error);
	}
	status = kh_value_parse(json, &webhook->root, error);
	if (status == KH_OK && kh_value_kind(webhook->root) != KH_KIND_OBJECT) {
		status = kh_error_set(error, KH_ERR_INVALID, "a webhook's configuration must be an object");
	}
	if (status == KH_OK) {
		status = parse_all(webhook, error);
	}
	if (status != KH_OK) {
		kh_webhook_free(webhook);
		return status;
	}
	*out = webhook;
	return KH_OK;
}

int64_t kh_webhook_id(const kh_webhook *webhook)
{
	return webhook->id;
}

uint64_t kh_webhook_version(const kh_webhook *webhook)
{
	return webhook->version;
}

const kh_retry_plan *kh_webhook_retry(const kh_webhook *webhook)
{
	return &webhook->retry;
}

const char *kh_webhook_warning(const kh_webhook *webhook)
{
	return kh_auth_warning(webhook->auth);
}

size_t kh_webhook_variable_count(const kh_webhook *webhook)
{
	return webhook->variable_count;
}

kh_str kh_webhook_variable(const kh_webhook *webhook, size_t index)
{
	return index < webhook->variable_count ? webhook->variables[index] : KH_STR("");
}
