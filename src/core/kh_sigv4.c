#include "kh_sigv4.h"

#include "kh_digest.h"
#include "kh_hex.h"
#include "kh_mac.h"
#include "kh_sigv4_canonical.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <time.h>

#define ALGORITHM "AWS4-HMAC-SHA256"
#define TERMINATOR "aws4_request"
#define DATE_BYTES 8   /* 20150830 */
#define STAMP_BYTES 16 /* 20150830T123600Z */

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

typedef struct signed_header {
	kh_str name;
	kh_str value;
} signed_header;

typedef struct signed_headers {
	signed_header items[KH_REQUEST_MAX_HEADERS + 1];
	size_t count;
} signed_headers;

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static int compare_headers(const void *left, const void *right)
{
	kh_str a = ((const signed_header *)left)->name, b = ((const signed_header *)right)->name;
	size_t i;

	for (i = 0; i < a.len && i < b.len; i++) {
		unsigned char x = (unsigned char)small(a.data[i]), y = (unsigned char)small(b.data[i]);
		if (x != y) {
			return x < y ? -1 : 1;
		}
	}
	return (a.len > b.len) - (a.len < b.len);
}

static bool is_signed(kh_str name)
{
	static const char *const UNSIGNED[] = {"Authorization", "User-Agent", "X-Amzn-Trace-Id"};
	size_t i;

	for (i = 0; i < sizeof(UNSIGNED) / sizeof(UNSIGNED[0]); i++) {
		if (kh_request_same_name(name, str(UNSIGNED[i]))) {
			return false;
		}
	}
	return true;
}

static void collect_headers(const kh_request *request, kh_str host, signed_headers *headers)
{
	size_t i;

	headers->items[0] = (signed_header){KH_STR("host"), host};
	headers->count = 1;
	for (i = 0; i < request->header_count; i++) {
		kh_str name = str(request->headers[i].name);
		if (is_signed(name)) {
			headers->items[headers->count++] =
				(signed_header){name, str(request->headers[i].value)};
		}
	}
	qsort(headers->items, headers->count, sizeof(headers->items[0]), compare_headers);
}

static kh_status append_small(kh_buf *out, kh_str text)
{
	kh_status status = KH_OK;
	size_t i;

	for (i = 0; i < text.len && status == KH_OK; i++) {
		status = kh_buf_append_char(out, small(text.data[i]));
	}
	return status;
}

/* "name:value\n", several blanks in the value as one. */
static kh_status append_header(kh_buf *out, const signed_header *header)
{
	kh_status status = append_small(out, header->name);
	size_t i;

	if (status == KH_OK) {
		status = kh_buf_append_char(out, ':');
	}
	for (i = 0; i < header->value.len && status == KH_OK; i++) {
		char c = header->value.data[i];
		if (c != ' ' || i == 0 || header->value.data[i - 1] != ' ') {
			status = kh_buf_append_char(out, c);
		}
	}
	return status == KH_OK ? kh_buf_append_char(out, '\n') : status;
}

static kh_status append_header_names(kh_buf *out, const signed_headers *headers)
{
	kh_status status = KH_OK;
	size_t i;

	for (i = 0; i < headers->count && status == KH_OK; i++) {
		status = i > 0 ? kh_buf_append_char(out, ';') : KH_OK;
		if (status == KH_OK) {
			status = append_small(out, headers->items[i].name);
		}
	}
	return status;
}

typedef struct url_parts {
	kh_str host; /* with its port, unless it is the scheme's */
	kh_str path;
	kh_str query;
} url_parts;

/* Of a normalised URL. */
static url_parts split_url(kh_str url)
{
	url_parts parts = {.query = KH_STR("")};
	size_t host = 0, path, query;

	while (host + 2 < url.len && memcmp(url.data + host, "://", 3) != 0) {
		host++;
	}
	host += 3;
	for (path = host; path < url.len && strchr("/?", url.data[path]) == NULL; path++) {
	}
	for (query = path; query < url.len && url.data[query] != '?'; query++) {
	}
	parts.host = (kh_str){url.data + host, path - host};
	parts.path = (kh_str){url.data + path, query - path};
	if (query < url.len) {
		parts.query = (kh_str){url.data + query + 1, url.len - query - 1};
	}
	return parts;
}

static kh_status write_canonical(const kh_sigv4 *with, const kh_request *request,
	const url_parts *parts, const signed_headers *headers, const char *body_hash, kh_buf *out,
	kh_error *error)
{
	kh_status status = kh_buf_append_format(out, "%s\n", request->method);
	size_t i;

	if (status == KH_OK) {
		status = kh_sigv4_canonical_path(parts->path, with->path_once, out);
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(out, '\n');
	}
	if (status == KH_OK) {
		status = kh_sigv4_canonical_query(parts->query, out, error);
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(out, '\n');
	}
	for (i = 0; i < headers->count && status == KH_OK; i++) {
		status = append_header(out, &headers->items[i]);
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(out, '\n');
	}
	if (status == KH_OK) {
		status = append_header_names(out, headers);
	}
	return status == KH_OK ? kh_buf_append_format(out, "\n%s", body_hash) : status;
}

/* The day's key for region and service, then the signature itself. */
static kh_status derive(
	const kh_sigv4 *with, const char *stamp, kh_str text, kh_mac *out, kh_error *error)
{
	const kh_str steps[] = {
		{stamp, DATE_BYTES}, with->region, with->service, KH_STR(TERMINATOR), text};
	kh_mac next = {.len = 0};
	kh_buf first;
	kh_str key;
	kh_status status;
	size_t i;

	kh_buf_init(&first, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_buf_append_str(&first, KH_STR("AWS4"));
	if (status == KH_OK) {
		status = kh_buf_append_str(&first, with->secret_access_key);
	}
	key = kh_buf_str(&first);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]) && status == KH_OK; i++) {
		status = kh_mac_compute("SHA256", key, &steps[i], 1, &next, error);
		*out = next;
		key = kh_mac_str(out);
	}
	kh_buf_wipe(&first);
	OPENSSL_cleanse(&next, sizeof(next));
	return status;
}

/* Appends the signature of a canonical request, hexadecimal. */
static kh_status append_signature(const kh_sigv4 *with, const char *stamp, kh_str scope,
	kh_str canonical, kh_buf *out, kh_error *error)
{
	char hash[KH_DIGEST_HEX_BYTES + 1];
	kh_mac signature = {.len = 0};
	kh_buf text;
	kh_status status = kh_digest_sha256(canonical, hash, error);

	if (status != KH_OK) {
		return status;
	}
	kh_buf_init(&text, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_buf_append_format(
		&text, ALGORITHM "\n%s\n%.*s\n%s", stamp, (int)scope.len, scope.data, hash);
	if (status == KH_OK) {
		status = derive(with, stamp, kh_buf_str(&text), &signature, error);
	}
	if (status == KH_OK) {
		status = kh_hex_append(out, kh_mac_str(&signature));
	}
	OPENSSL_cleanse(&signature, sizeof(signature));
	kh_buf_free(&text);
	return status;
}

static kh_status write_stamp(int64_t timestamp_s, char stamp[STAMP_BYTES + 1], kh_error *error)
{
	time_t time_s = (time_t)timestamp_s;
	struct tm utc;

	/* 253402300799 is the last second of the year 9999. */
	if (timestamp_s < 0 || timestamp_s > INT64_C(253402300799) || gmtime_r(&time_s, &utc) == NULL ||
		strftime(stamp, STAMP_BYTES + 1, "%Y%m%dT%H%M%SZ", &utc) != STAMP_BYTES) {
		return kh_error_set(
			error, KH_ERR_INVALID, "the time to be signed must be seconds since 1970");
	}
	return KH_OK;
}

static kh_status set_headers(const kh_sigv4 *with, const char *stamp, const char *body_hash,
	kh_request *request, kh_error *error)
{
	kh_status status =
		kh_request_set_header(request, KH_STR("X-Amz-Date"), str(stamp), false, error);

	if (status == KH_OK && with->session_token.len > 0) {
		status = kh_request_set_header(
			request, KH_STR("X-Amz-Security-Token"), with->session_token, true, error);
	}
	if (status == KH_OK && with->content_hash) {
		status = kh_request_set_header(
			request, KH_STR("X-Amz-Content-Sha256"), str(body_hash), false, error);
	}
	return status;
}

/* Appends the value of Authorization; *signature_at: where in it the signature begins. */
static kh_status write_authorization(const kh_sigv4 *with, const char *stamp, const char *body_hash,
	const kh_request *request, kh_buf *out, size_t *signature_at, kh_error *error)
{
	url_parts parts = split_url(kh_buf_str(&request->url));
	signed_headers headers;
	kh_buf canonical, scope;
	kh_status status;

	collect_headers(request, parts.host, &headers);
	kh_buf_init(&canonical, KH_SIGV4_MAX_CANONICAL_BYTES);
	kh_buf_init(&scope, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_buf_append_format(&scope, "%.*s/%.*s/%.*s/" TERMINATOR, DATE_BYTES, stamp,
		(int)with->region.len, with->region.data, (int)with->service.len, with->service.data);
	if (status == KH_OK) {
		status = write_canonical(with, request, &parts, &headers, body_hash, &canonical, error);
	}
	if (status == KH_OK) {
		status = kh_buf_append_format(out,
			ALGORITHM " Credential=%.*s/%s, SignedHeaders=", (int)with->access_key_id.len,
			with->access_key_id.data, scope.data);
	}
	if (status == KH_OK) {
		status = append_header_names(out, &headers);
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(out, KH_STR(", Signature="));
	}
	*signature_at = out->len;
	if (status == KH_OK) {
		status =
			append_signature(with, stamp, kh_buf_str(&scope), kh_buf_str(&canonical), out, error);
	}
	kh_buf_wipe(&canonical);
	kh_buf_free(&scope);
	return status;
}

static kh_status note_secrets(
	const kh_sigv4 *with, kh_str signature, kh_request *request, kh_error *error)
{
	kh_status status = kh_request_add_secret(request, with->secret_access_key, error);

	if (status == KH_OK) {
		status = kh_request_add_secret(request, with->session_token, error);
	}
	return status == KH_OK ? kh_request_add_secret(request, signature, error) : status;
}

kh_status kh_sigv4_sign(const kh_sigv4 *with, kh_request *request, kh_error *error)
{
	char stamp[STAMP_BYTES + 1], body_hash[KH_DIGEST_HEX_BYTES + 1];
	kh_error local = {0};
	kh_buf value;
	size_t signature_at = 0;
	kh_status status;

	error = error != NULL ? error : &local;
	kh_buf_init(&value, KH_REQUEST_MAX_HEADER_BYTES);
	status = write_stamp(with->timestamp_s, stamp, error);
	if (status == KH_OK) {
		status = kh_digest_sha256(kh_buf_str(&request->body), body_hash, error);
	}
	if (status == KH_OK) {
		status = set_headers(with, stamp, body_hash, request, error);
	}
	if (status == KH_OK) {
		status = write_authorization(with, stamp, body_hash, request, &value, &signature_at, error);
	}
	if (status == KH_ERR_TOO_LARGE && error->status != status) {
		kh_error_set(error, status, "URL and headers are too long to be signed");
	}
	if (status == KH_OK) {
		status = kh_request_set_header(
			request, KH_STR("Authorization"), kh_buf_str(&value), true, error);
	}
	if (status == KH_OK) {
		status = note_secrets(
			with, (kh_str){value.data + signature_at, value.len - signature_at}, request, error);
	}
	kh_buf_wipe(&value);
	return status;
}
