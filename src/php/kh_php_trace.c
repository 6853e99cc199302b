#include "kh_php.h"

#include "../core/kh_advice.h"
#include "../core/kh_clock.h"
#include "../core/kh_digest.h"
#include "../core/kh_redact.h"

/* The log keeps so much of a request's body (DECISIONS 4: no stored value over 32 kB). */
#define KH_PHP_TRACE_BODY_BYTES (16 * 1024)

/* Masked first and cut afterwards: a secret that lies across the cut must not show its first half.
 * was_cut: something has cut it before, as the transport does with long answers. */
static void kh_php_trace_redacted(zval *out, const char *name, kh_str text,
	const kh_request *request, bool was_cut, size_t max_bytes)
{
	kh_str *secrets = safe_emalloc(request->secret_count, sizeof(*secrets), sizeof(*secrets));
	for (size_t i = 0; i < request->secret_count; i++) {
		secrets[i] = (kh_str){request->secrets[i], strlen(request->secrets[i])};
	}
	kh_buf redacted;
	kh_buf_init(&redacted, SIZE_MAX / 4);
	const kh_status status =
		was_cut ? kh_redact_cut_text(&redacted, text, secrets, request->secret_count)
				: kh_redact_text(&redacted, text, secrets, request->secret_count);
	if (status == KH_OK) {
		kh_php_add_str(out, name, (kh_str){redacted.data, MIN(redacted.len, max_bytes)});
	} else {
		add_assoc_string(out, name, KH_REDACTED); /* never in clear because masking failed */
	}
	kh_buf_wipe(&redacted);
	efree(secrets);
}

/* Fields by their names first, then secrets wherever they are. */
static void kh_php_trace_body(zval *out, kh_str content_type, kh_str body,
	const kh_request *request, bool was_cut, size_t max_bytes)
{
	kh_str *names = safe_emalloc(request->masked_count, sizeof(*names), sizeof(*names));
	for (size_t i = 0; i < request->masked_count; i++) {
		names[i] = (kh_str){request->masked[i], strlen(request->masked[i])};
	}
	kh_buf masked;
	kh_buf_init(&masked, SIZE_MAX / 4);
	if (kh_redact_body(&masked, content_type, body, names, request->masked_count) == KH_OK) {
		kh_php_trace_redacted(out, "body", kh_buf_str(&masked), request, was_cut, max_bytes);
	} else {
		add_assoc_string(out, "body", KH_REDACTED);
	}
	kh_buf_wipe(&masked);
	efree(names);
}

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

static void kh_php_trace_pair(zval *list, kh_str name, kh_str value)
{
	zval pair;
	array_init_size(&pair, 2);
	add_next_index_stringl(&pair, name.len ? name.data : "", name.len);
	add_next_index_stringl(&pair, value.len ? value.data : "", value.len);
	add_next_index_zval(list, &pair);
}

static void kh_php_trace_url(zval *out, const kh_request *request)
{
	kh_buf masked;
	kh_buf_init(&masked, SIZE_MAX / 4);
	if (kh_redact_url(&masked, kh_buf_str(&request->url)) == KH_OK) {
		kh_php_trace_redacted(out, "url", kh_buf_str(&masked), request, false, SIZE_MAX);
	} else {
		add_assoc_string(out, "url", KH_REDACTED);
	}
	kh_buf_free(&masked);
}

static void kh_php_trace_request_body(zval *out, const kh_request *request)
{
	kh_php_trace_body(out, kh_php_trace_request_type(request), kh_buf_str(&request->body), request,
		false, KH_PHP_TRACE_BODY_BYTES);
	add_assoc_long(out, "body_bytes", (zend_long)request->body.len);

	char hex[KH_DIGEST_HEX_BYTES + 1] = "";
	kh_error error = {0};
	kh_digest_sha256(kh_buf_str(&request->body), hex, &error);
	add_assoc_string(out, "body_sha256", hex);
}

void kh_php_trace_request(zval *out, const kh_request *request)
{
	array_init(out);
	add_assoc_string(out, "method", request->method);
	kh_php_trace_url(out, request);

	zval headers;
	array_init_size(&headers, (uint32_t)request->header_count);
	for (size_t i = 0; i < request->header_count; i++) {
		const kh_header *header = &request->headers[i];
		const kh_str name = {header->name, strlen(header->name)};
		const bool secret = header->secret || kh_redact_is_secret_name(name);
		kh_php_trace_pair(&headers, name,
			secret ? KH_STR(KH_REDACTED) : (kh_str){header->value, strlen(header->value)});
	}
	add_assoc_zval(out, "headers", &headers);
	kh_php_trace_request_body(out, request);
}

/* type: the content type among them. */
static void kh_php_trace_response_headers(zval *out, const kh_buf *lines, kh_str *type)
{
	array_init(out);
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
			kh_php_trace_pair(
				out, name, kh_redact_is_secret_name(name) ? KH_STR(KH_REDACTED) : content);
		}
		at = stop + 1;
	}
}

static void kh_php_trace_times(zval *out, const kh_timings *timings)
{
	add_assoc_long(out, "dns_us", (zend_long)timings->dns_us);
	add_assoc_long(out, "connect_us", (zend_long)timings->connect_us);
	add_assoc_long(out, "tls_us", (zend_long)timings->tls_us);
	add_assoc_long(out, "first_byte_us", (zend_long)timings->first_byte_us);
	add_assoc_long(out, "total_us", (zend_long)timings->total_us);
	add_assoc_bool(out, "reused", timings->reused);
}

static void kh_php_trace_certificate(zval *out, const kh_tls_facts *certificate)
{
	add_assoc_string(out, "tls_expires_at", (char *)certificate->expires_at);
	add_assoc_string(out, "tls_subject", (char *)certificate->subject);
	add_assoc_string(out, "tls_issuer", (char *)certificate->issuer);
}

static void kh_php_trace_start(zval *out, bool succeeded, int http_status, int64_t started_ms)
{
	char started_at[KH_CLOCK_ISO_BYTES + 1];
	kh_clock_iso8601(started_ms, started_at);
	array_init(out);
	add_assoc_bool(out, "succeeded", succeeded);
	add_assoc_long(out, "status", http_status);
	add_assoc_string(out, "started_at", started_at);
}

static bool kh_php_trace_succeeded(const kh_result *result)
{
	return result->problem == KH_OK && result->http_status >= 200 && result->http_status < 300;
}

void kh_php_trace_job(zval *out, const kh_job *job, int64_t started_ms)
{
	const kh_result *result = &job->result;
	kh_php_trace_start(out, kh_php_trace_succeeded(result), result->http_status, started_ms);
	add_assoc_string(out, "error_code", result->error_code ? (char *)result->error_code : "");
	kh_php_trace_redacted(out, "error", (kh_str){result->error, strlen(result->error)},
		job->request, false, SIZE_MAX);
	kh_php_trace_redacted(out, "advice", (kh_str){result->advice, strlen(result->advice)},
		job->request, false, SIZE_MAX);
	add_assoc_string(out, "note", (char *)result->note);
	kh_php_trace_times(out, &result->timings);
	add_assoc_string(out, "peer", (char *)result->peer);
	add_assoc_string(out, "http_version", (char *)result->http_version);
	add_assoc_string(out, "tls", (char *)result->tls);
	kh_php_trace_certificate(out, &result->certificate);

	zval request, response, headers;
	kh_php_trace_request(&request, job->request);
	add_assoc_zval(out, "request", &request);

	array_init(&response);
	kh_str type;
	kh_php_trace_response_headers(&headers, &result->response_headers, &type);
	add_assoc_zval(&response, "headers", &headers);
	const bool truncated = result->response_bytes > (int64_t)result->response_body.len;
	kh_php_trace_body(
		&response, type, kh_buf_str(&result->response_body), job->request, truncated, SIZE_MAX);
	add_assoc_long(&response, "body_bytes", (zend_long)result->response_bytes);
	add_assoc_bool(&response, "truncated", truncated);
	add_assoc_zval(out, "response", &response);
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

void kh_php_trace_error(zval *out, const kh_error *error, int64_t started_ms, const char *code)
{
	const kh_timings none = {0};
	const kh_tls_facts no_certificate = {0};
	kh_php_trace_start(out, false, 0, started_ms);
	/* Sealed ones are sealed wherever they were needed. */
	add_assoc_string(out, "error_code",
		(char *)(code && error->status != KH_ERR_SEALED ? code : kh_php_trace_code(error->status)));
	add_assoc_string(out, "error", (char *)error->message);
	add_assoc_string(out, "advice",
		(char *)(code && error->status == KH_ERR_TRANSPORT ? KH_PHP_ADVICE_OAUTH2
														   : kh_advice_of(error->status)));
	add_assoc_string(out, "note", "");
	kh_php_trace_times(out, &none);
	add_assoc_string(out, "peer", "");
	add_assoc_string(out, "http_version", "");
	add_assoc_string(out, "tls", "");
	kh_php_trace_certificate(out, &no_certificate);

	zval request, response, headers;
	array_init(&request);
	add_assoc_string(&request, "method", "");
	add_assoc_string(&request, "url", "");
	array_init(&headers);
	add_assoc_zval(&request, "headers", &headers);
	add_assoc_string(&request, "body", "");
	add_assoc_long(&request, "body_bytes", 0);
	add_assoc_string(&request, "body_sha256", "");
	add_assoc_zval(out, "request", &request);
	array_init(&response);
	array_init(&headers);
	add_assoc_zval(&response, "headers", &headers);
	add_assoc_string(&response, "body", "");
	add_assoc_long(&response, "body_bytes", 0);
	add_assoc_bool(&response, "truncated", 0);
	add_assoc_zval(out, "response", &response);
}
