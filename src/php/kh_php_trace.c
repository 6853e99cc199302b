#include "kh_php_names.h"

#include "../core/kh_advice.h"
#include "../core/kh_clock.h"
#include "../core/kh_digest.h"
#include "../core/kh_redact.h"

/* The log keeps so much of a request's body (DECISIONS 4: no stored value over 32 kB). */
#define KH_PHP_TRACE_BODY_BYTES (16 * 1024)

/* ---- masking ---- */

/* NULL, out of memory: everything is masked as a whole. */
static kh_redactor *kh_php_trace_redactor(const kh_request *request)
{
	kh_str *secrets = safe_emalloc(request->secret_count, sizeof(*secrets), sizeof(*secrets));
	kh_redactor *redactor = NULL;
	for (size_t i = 0; i < request->secret_count; i++) {
		secrets[i] = (kh_str){request->secrets[i], strlen(request->secrets[i])};
	}
	kh_redactor_new(secrets, request->secret_count, &redactor);
	efree(secrets);
	return redactor;
}

/* Masked first and cut afterwards: a secret that lies across the cut must not show its first half.
 * was_cut: something has cut it before, as the transport does with long answers. */
static void kh_php_trace_masked(
	zval *value, kh_str text, const kh_redactor *redactor, bool was_cut, size_t max_bytes)
{
	kh_buf masked;
	if (text.len == 0 || (redactor && kh_redactor_is_empty(redactor))) {
		ZVAL_STRINGL_FAST(value, text.len ? text.data : "", MIN(text.len, max_bytes));
		return;
	}
	kh_buf_init(&masked, SIZE_MAX / 4);
	if (redactor && kh_redactor_apply(redactor, &masked, text, was_cut) == KH_OK) {
		ZVAL_STRINGL_FAST(value, masked.len ? masked.data : "", MIN(masked.len, max_bytes));
	} else {
		ZVAL_STRING(value, KH_REDACTED); /* never in clear because masking failed */
	}
	kh_buf_free(&masked); /* what it held is in the trace, and no secret */
}

static void kh_php_trace_redacted(
	zval *out, kh_php_name name, kh_str text, const kh_redactor *redactor)
{
	zval value;
	kh_php_trace_masked(&value, text, redactor, false, SIZE_MAX);
	kh_php_put(out, name, &value);
}

/* Fields by their names first, then secrets wherever they are. */
static void kh_php_trace_body(zval *out, kh_str content_type, kh_str body,
	const kh_request *request, const kh_redactor *redactor, bool was_cut, size_t max_bytes)
{
	kh_str *names = safe_emalloc(request->masked_count, sizeof(*names), sizeof(*names));
	for (size_t i = 0; i < request->masked_count; i++) {
		names[i] = (kh_str){request->masked[i], strlen(request->masked[i])};
	}
	kh_buf masked;
	zval value;
	kh_buf_init(&masked, SIZE_MAX / 4);
	if (kh_redact_body(&masked, content_type, body, names, request->masked_count) == KH_OK) {
		kh_php_trace_masked(&value, kh_buf_str(&masked), redactor, was_cut, max_bytes);
	} else {
		ZVAL_STRING(&value, KH_REDACTED);
	}
	kh_php_put(out, KH_NAME_body, &value);
	kh_buf_wipe(&masked);
	efree(names);
}

/* ---- headers ---- */

/* A list of pairs [name, value] that grows. Arrays of PHP are what a trace costs most. */
typedef struct kh_php_trace_headers {
	zval *before; /* the list that was made last; NULL or undef: none */
	zval list;    /* undef: so far all pairs are those of the list before */
	uint32_t count;
} kh_php_trace_headers;

static void kh_php_trace_headers_make(kh_php_trace_headers *headers)
{
	if (!Z_ISUNDEF(headers->list)) {
		return;
	}
	array_init(&headers->list);
	for (uint32_t i = 0; i < headers->count; i++) {
		zval *pair = zend_hash_index_find(Z_ARRVAL_P(headers->before), i);
		Z_ADDREF_P(pair);
		zend_hash_next_index_insert_new(Z_ARRVAL(headers->list), pair);
	}
}

static bool kh_php_trace_is(const zval *string, kh_str text)
{
	return Z_STRLEN_P(string) == text.len &&
		   (text.len == 0 || memcmp(Z_STRVAL_P(string), text.data, text.len) == 0);
}

static void kh_php_trace_header_value(
	zval *out, kh_str name, kh_str value, bool secret, const kh_redactor *redactor)
{
	if (secret || kh_redact_is_secret_name(name)) {
		ZVAL_STRING(out, KH_REDACTED);
	} else {
		kh_php_trace_masked(out, value, redactor, false, SIZE_MAX);
	}
}

/* The pair at this place of the list before, if this header gives the very same. */
static zval *kh_php_trace_same(const kh_php_trace_headers *headers, kh_str name, kh_str value,
	bool secret, const kh_redactor *redactor)
{
	zval *pair = headers->before && !Z_ISUNDEF_P(headers->before)
					 ? zend_hash_index_find(Z_ARRVAL_P(headers->before), headers->count)
					 : NULL;
	if (pair == NULL || !kh_php_trace_is(zend_hash_index_find(Z_ARRVAL_P(pair), 0), name)) {
		return NULL;
	}
	const zval *shown = zend_hash_index_find(Z_ARRVAL_P(pair), 1);
	if (kh_php_trace_is(shown, KH_STR(KH_REDACTED))) {
		return secret || kh_redact_is_secret_name(name) ? pair : NULL;
	}
	/* It was shown under this name, so it is no secret's name. */
	const bool plain = !secret && redactor && kh_redactor_is_empty(redactor);
	return plain && kh_php_trace_is(shown, value) ? pair : NULL;
}

static void kh_php_trace_header(kh_php_trace_headers *headers, kh_str name, kh_str value,
	bool secret, const kh_redactor *redactor)
{
	zval *same = kh_php_trace_same(headers, name, value, secret, redactor);
	if (same && Z_ISUNDEF(headers->list)) {
		headers->count++;
		return;
	}
	kh_php_trace_headers_make(headers);
	zval pair;
	if (same) {
		ZVAL_COPY(&pair, same);
	} else {
		zval first, second;
		ZVAL_STRINGL_FAST(&first, name.len ? name.data : "", name.len);
		kh_php_trace_header_value(&second, name, value, secret, redactor);
		ZVAL_ARR(&pair, zend_new_pair(&first, &second));
	}
	zend_hash_next_index_insert_new(Z_ARRVAL(headers->list), &pair);
	headers->count++;
}

static void kh_php_trace_headers_end(kh_php_trace_headers *headers, zval *out)
{
	zval *before = headers->before;
	if (Z_ISUNDEF(headers->list) && before && !Z_ISUNDEF_P(before) &&
		zend_hash_num_elements(Z_ARRVAL_P(before)) == headers->count) {
		ZVAL_COPY(out, before);
		return;
	}
	kh_php_trace_headers_make(headers);
	ZVAL_COPY_VALUE(out, &headers->list);
	if (before) {
		zval_ptr_dtor(before);
		ZVAL_COPY(before, out);
	}
}

void kh_php_trace_before_free(kh_php_trace_before *before)
{
	zval_ptr_dtor(&before->sent);
	zval_ptr_dtor(&before->answered);
}

/* ---- the request ---- */

static kh_str kh_php_trace_request_type(const kh_request *request)
{
	for (size_t i = 0; i < request->header_count; i++) {
		const kh_header *header = &request->headers[i];
		if (strcasecmp(header->name, "content-type") == 0) {
			return (kh_str){header->value, strlen(header->value)};
		}
	}
	return (kh_str){NULL, 0};
}

static void kh_php_trace_url(zval *out, const kh_request *request, const kh_redactor *redactor)
{
	kh_buf masked;
	kh_buf_init(&masked, SIZE_MAX / 4);
	if (kh_redact_url(&masked, kh_buf_str(&request->url)) == KH_OK) {
		kh_php_trace_redacted(out, KH_NAME_url, kh_buf_str(&masked), redactor);
	} else {
		kh_php_put_string(out, KH_NAME_url, KH_REDACTED);
	}
	kh_buf_wipe(&masked);
}

static void kh_php_trace_request_body(
	zval *out, const kh_request *request, const kh_redactor *redactor)
{
	kh_php_trace_body(out, kh_php_trace_request_type(request), kh_buf_str(&request->body), request,
		redactor, false, KH_PHP_TRACE_BODY_BYTES);
	kh_php_put_long(out, KH_NAME_body_bytes, (int64_t)request->body.len);

	char hex[KH_DIGEST_HEX_BYTES + 1] = "";
	kh_error error = {0};
	kh_digest_sha256(kh_buf_str(&request->body), hex, &error);
	kh_php_put_string(out, KH_NAME_body_sha256, hex);
}

static void kh_php_trace_sent(
	zval *out, const kh_request *request, const kh_redactor *redactor, zval *before)
{
	array_init_size(out, 8);
	kh_php_put_string(out, KH_NAME_method, request->method);
	kh_php_trace_url(out, request, redactor);

	kh_php_trace_headers headers = {.before = before};
	for (size_t i = 0; i < request->header_count; i++) {
		const kh_header *header = &request->headers[i];
		kh_php_trace_header(&headers, (kh_str){header->name, strlen(header->name)},
			(kh_str){header->value, strlen(header->value)}, header->secret, redactor);
	}
	zval list;
	kh_php_trace_headers_end(&headers, &list);
	kh_php_put(out, KH_NAME_headers, &list);
	kh_php_trace_request_body(out, request, redactor);
}

void kh_php_trace_request(zval *out, const kh_request *request)
{
	kh_redactor *redactor = kh_php_trace_redactor(request);
	kh_php_trace_sent(out, request, redactor, NULL);
	kh_redactor_free(redactor);
}

/* ---- the answer ---- */

/* type: the content type among them. */
static void kh_php_trace_response_headers(
	kh_php_trace_headers *headers, const kh_buf *lines, const kh_redactor *redactor, kh_str *type)
{
	*type = (kh_str){NULL, 0};
	const char *at = lines->data, *end = lines->data + lines->len;
	while (at && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		const char *colon = memchr(at, ':', (size_t)(stop - at));
		if (colon) {
			const kh_str name = {at, (size_t)(colon - at)};
			const char *value = colon + 1;
			while (value < stop && *value == ' ') {
				value++;
			}
			const kh_str content = {value, (size_t)(stop - value)};
			if (kh_request_same_name(name, KH_STR("content-type"))) {
				*type = content;
			}
			kh_php_trace_header(headers, name, content, false, redactor);
		}
		at = stop + 1;
	}
}

static void kh_php_trace_answer(zval *out, const kh_result *result, const kh_request *request,
	const kh_redactor *redactor, zval *before)
{
	const bool truncated = result->response_bytes > (int64_t)result->response_body.len;
	kh_php_trace_headers headers = {.before = before};
	kh_str type;
	zval list;
	array_init_size(out, 8);
	kh_php_trace_response_headers(&headers, &result->response_headers, redactor, &type);
	kh_php_trace_headers_end(&headers, &list);
	kh_php_put(out, KH_NAME_headers, &list);
	kh_php_trace_body(
		out, type, kh_buf_str(&result->response_body), request, redactor, truncated, SIZE_MAX);
	kh_php_put_long(out, KH_NAME_body_bytes, result->response_bytes);
	kh_php_put_bool(out, KH_NAME_truncated, truncated);
}

/* ---- the attempt ---- */

static void kh_php_trace_times(zval *out, const kh_timings *timings)
{
	kh_php_put_long(out, KH_NAME_dns_us, timings->dns_us);
	kh_php_put_long(out, KH_NAME_connect_us, timings->connect_us);
	kh_php_put_long(out, KH_NAME_tls_us, timings->tls_us);
	kh_php_put_long(out, KH_NAME_first_byte_us, timings->first_byte_us);
	kh_php_put_long(out, KH_NAME_total_us, timings->total_us);
	kh_php_put_bool(out, KH_NAME_reused, timings->reused);
}

static void kh_php_trace_peer(
	zval *out, const char *peer, const char *version, const char *tls, const kh_tls_facts *facts)
{
	kh_php_put_string(out, KH_NAME_peer, peer);
	kh_php_put_string(out, KH_NAME_http_version, version);
	kh_php_put_string(out, KH_NAME_tls, tls);
	kh_php_put_string(out, KH_NAME_tls_expires_at, facts->expires_at);
	kh_php_put_string(out, KH_NAME_tls_subject, facts->subject);
	kh_php_put_string(out, KH_NAME_tls_issuer, facts->issuer);
}

static void kh_php_trace_start(zval *out, bool succeeded, int http_status, int64_t started_ms)
{
	char started_at[KH_CLOCK_ISO_BYTES + 1];
	kh_clock_iso8601(started_ms, started_at);
	array_init_size(out, 32);
	zend_hash_real_init_mixed(Z_ARRVAL_P(out));
	kh_php_put_bool(out, KH_NAME_succeeded, succeeded);
	kh_php_put_long(out, KH_NAME_status, http_status);
	kh_php_put_string(out, KH_NAME_started_at, started_at);
}

static bool kh_php_trace_succeeded(const kh_result *result)
{
	return result->problem == KH_OK && result->http_status >= 200 && result->http_status < 300;
}

void kh_php_trace_job(zval *out, const kh_job *job, int64_t started_ms, kh_php_trace_before *before)
{
	const kh_result *result = &job->result;
	kh_redactor *redactor = kh_php_trace_redactor(job->request);
	kh_php_trace_start(out, kh_php_trace_succeeded(result), result->http_status, started_ms);
	kh_php_put_string(out, KH_NAME_error_code, result->error_code ? result->error_code : "");
	kh_php_trace_redacted(
		out, KH_NAME_error, (kh_str){result->error, strlen(result->error)}, redactor);
	kh_php_trace_redacted(
		out, KH_NAME_advice, (kh_str){result->advice, strlen(result->advice)}, redactor);
	kh_php_put_string(out, KH_NAME_note, result->note);
	kh_php_trace_times(out, &result->timings);
	kh_php_trace_peer(out, result->peer, result->http_version, result->tls, &result->certificate);

	zval request, response;
	kh_php_trace_sent(&request, job->request, redactor, before ? &before->sent : NULL);
	kh_php_put(out, KH_NAME_request, &request);
	kh_php_trace_answer(
		&response, result, job->request, redactor, before ? &before->answered : NULL);
	kh_php_put(out, KH_NAME_response, &response);
	kh_redactor_free(redactor);
}

static const char *kh_php_trace_code(kh_status status)
{
	switch (status) {
	case KH_ERR_SEALED:
		return "sealed";
	case KH_ERR_TEMPLATE:
	case KH_ERR_JSON:
		return "template";
	case KH_ERR_BLOCKED:
		return "blocked";
	default:
		return "invalid_request";
	}
}

#define KH_PHP_ADVICE_OAUTH2                                                                       \
	"Compare the webhook's OAuth2 settings with those at the provider. If it is only out of "      \
	"reach, "                                                                                      \
	"nothing has to be done: deliveries are tried again."

/* The members of a request and of a response that never were. */
static void kh_php_trace_nothing(zval *request, zval *response)
{
	zval headers;
	array_init(request);
	kh_php_put_string(request, KH_NAME_method, "");
	kh_php_put_string(request, KH_NAME_url, "");
	array_init(&headers);
	kh_php_put(request, KH_NAME_headers, &headers);
	kh_php_put_string(request, KH_NAME_body, "");
	kh_php_put_long(request, KH_NAME_body_bytes, 0);
	kh_php_put_string(request, KH_NAME_body_sha256, "");
	array_init(response);
	array_init(&headers);
	kh_php_put(response, KH_NAME_headers, &headers);
	kh_php_put_string(response, KH_NAME_body, "");
	kh_php_put_long(response, KH_NAME_body_bytes, 0);
	kh_php_put_bool(response, KH_NAME_truncated, false);
}

/* With its place: the message alone names none, and no data. */
static void kh_php_trace_message(zval *out, const kh_error *error)
{
	char message[KH_ERROR_MESSAGE_BYTES + 64];
	if (error->line == 0 || (error->status != KH_ERR_TEMPLATE && error->status != KH_ERR_JSON)) {
		kh_php_put_string(out, KH_NAME_error, error->message);
		return;
	}
	snprintf(message, sizeof(message), "%s (Line %u, column %u.)", error->message, error->line,
		error->column);
	kh_php_put_string(out, KH_NAME_error, message);
}

void kh_php_trace_error(zval *out, const kh_error *error, int64_t started_ms, const char *code)
{
	const kh_timings none = {0};
	const kh_tls_facts no_certificate = {0};
	kh_php_trace_start(out, false, 0, started_ms);
	/* Sealed ones are sealed wherever they were needed. */
	kh_php_put_string(out, KH_NAME_error_code,
		code && error->status != KH_ERR_SEALED ? code : kh_php_trace_code(error->status));
	kh_php_trace_message(out, error);
	kh_php_put_string(out, KH_NAME_advice,
		code && error->status == KH_ERR_TRANSPORT ? KH_PHP_ADVICE_OAUTH2
												  : kh_advice_of(error->status));
	kh_php_put_string(out, KH_NAME_note, "");
	kh_php_trace_times(out, &none);
	kh_php_trace_peer(out, "", "", "", &no_certificate);

	zval request, response;
	kh_php_trace_nothing(&request, &response);
	kh_php_put(out, KH_NAME_request, &request);
	kh_php_put(out, KH_NAME_response, &response);
}
