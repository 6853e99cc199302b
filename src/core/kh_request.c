#include "kh_request.h"

#include "kh_body.h"
#include "kh_url.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <strings.h>

/* ": " and the line end that stand around name and value on the wire. */
#define HEADER_OVERHEAD_BYTES 4
#define HEADERS_AT_ONCE 16

kh_request *kh_request_new(void)
{
	kh_request *request = calloc(1, sizeof(*request));

	if (request == NULL) {
		return NULL;
	}
	kh_buf_init(&request->url, KH_URL_MAX_BYTES);
	kh_buf_init(&request->body, KH_BODY_MAX_BYTES);
	return request;
}

static void wipe_string(char *text)
{
	if (text != NULL) {
		OPENSSL_cleanse(text, strlen(text));
		free(text);
	}
}

static void free_header(kh_header *header)
{
	if (header->value != NULL) {
		OPENSSL_cleanse(header->value, strlen(header->value));
	}
	free(header->name);
}

void kh_request_free(kh_request *request)
{
	size_t i;

	if (request == NULL) {
		return;
	}
	for (i = 0; i < request->header_count; i++) {
		free_header(&request->headers[i]);
	}
	free(request->headers);
	for (i = 0; i < request->secret_count; i++) {
		wipe_string(request->secrets[i]);
	}
	free(request->secrets);
	for (i = 0; i < request->masked_count; i++) {
		free(request->masked[i]);
	}
	free(request->masked);
	free(request->method);
	if (request->client_certificate != NULL) {
		kh_certificate_wipe(request->client_certificate);
		free(request->client_certificate);
	}
	/* An API key may stand in the URL. */
	kh_buf_wipe(&request->url);
	kh_buf_wipe(&request->body);
	free(request);
}

bool kh_request_is_token(kh_str text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		char c = text.data[i];
		bool alphanumeric =
			(c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!alphanumeric && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL)) {
			return false;
		}
	}
	return text.len > 0;
}

bool kh_request_same_name(kh_str a, kh_str b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.data, b.data, a.len) == 0);
}

const char *kh_request_reserved(kh_str header_name)
{
	/* The last ones belong to one connection (RFC 9110 7.6.1); HTTP/2 refuses them. */
	static const char *const RESERVED[] = {"Host", "Content-Length", "Transfer-Encoding",
		"Connection", "Expect", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Upgrade"};
	const kh_str prefix = KH_STR("webhook-");
	size_t i;

	if (header_name.len >= prefix.len &&
		kh_request_same_name((kh_str){header_name.data, prefix.len}, prefix)) {
		return "names that begin with webhook- are kept for the id, time and signature that "
			   "KiviHook adds";
	}
	for (i = 0; i < sizeof(RESERVED) / sizeof(RESERVED[0]); i++) {
		if (kh_request_same_name(header_name, (kh_str){RESERVED[i], strlen(RESERVED[i])})) {
			return "KiviHook sets it itself, from the URL, the body and the connection";
		}
	}
	return NULL;
}

static kh_str trim(kh_str text)
{
	while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
		text.data++;
		text.len--;
	}
	while (text.len > 0 && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t')) {
		text.len--;
	}
	return text;
}

static kh_status check_header(kh_str name, kh_str value, kh_error *error)
{
	size_t i;

	if (!kh_request_is_token(name)) {
		return kh_error_set(error, KH_ERR_INVALID,
			"a header's name must be letters, digits and any of !#$%%&'*+-.^_`|~");
	}
	for (i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.data[i];
		if (c == '\r' || c == '\n') {
			return kh_error_set(error, KH_ERR_INVALID,
				"the value of the header \"%.*s\" has a line break", (int)name.len, name.data);
		}
		if ((c < 0x20 && c != '\t') || c == 0x7F) {
			return kh_error_set(error, KH_ERR_INVALID,
				"the value of the header \"%.*s\" has a control character (0x%02X)", (int)name.len,
				name.data, c);
		}
	}
	/* In this order, since the sum could overflow. */
	if (name.len > KH_REQUEST_MAX_HEADER_BYTES || value.len > KH_REQUEST_MAX_HEADER_BYTES ||
		name.len + value.len + HEADER_OVERHEAD_BYTES > KH_REQUEST_MAX_HEADER_BYTES) {
		return kh_error_set(error, KH_ERR_TOO_LARGE, "the header \"%.*s\" is longer than %d bytes",
			name.len > 64 ? 64 : (int)name.len, name.data, KH_REQUEST_MAX_HEADER_BYTES);
	}
	return KH_OK;
}

static kh_header *find_header(kh_request *request, kh_str name)
{
	size_t i;

	for (i = 0; i < request->header_count; i++) {
		const char *known = request->headers[i].name;
		if (kh_request_same_name((kh_str){known, strlen(known)}, name)) {
			return &request->headers[i];
		}
	}
	return NULL;
}

/* The next free header, its members NULL; NULL with *error set when there is none. */
static kh_header *claim_header(kh_request *request, kh_error *error)
{
	if (request->header_count == KH_REQUEST_MAX_HEADERS) {
		kh_error_set(
			error, KH_ERR_TOO_LARGE, "a request has at most %d headers", KH_REQUEST_MAX_HEADERS);
		return NULL;
	}
	if (request->header_count == request->header_capacity) {
		size_t capacity = request->header_capacity + HEADERS_AT_ONCE;
		kh_header *grown = realloc(request->headers, capacity * sizeof(*grown));
		if (grown == NULL) {
			kh_error_set(error, KH_ERR_MEMORY, "out of memory for a header");
			return NULL;
		}
		request->headers = grown;
		request->header_capacity = capacity;
	}
	request->headers[request->header_count] = (kh_header){.name = NULL};
	return &request->headers[request->header_count];
}

kh_status kh_request_set_header(
	kh_request *request, kh_str name, kh_str value, bool secret, kh_error *error)
{
	kh_error local;
	kh_header *header;
	char *copy;
	kh_status status;

	error = error != NULL ? error : &local;
	value = trim(value);
	status = check_header(name, value, error);
	if (status != KH_OK) {
		return status;
	}
	header = find_header(request, name);
	if (header == NULL) {
		header = claim_header(request, error);
		if (header == NULL) {
			return error->status;
		}
	}
	copy = malloc(name.len + value.len + 2);
	if (copy == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for a header");
	}
	memcpy(copy, name.data, name.len);
	copy[name.len] = '\0';
	if (value.len > 0) {
		memcpy(copy + name.len + 1, value.data, value.len);
	}
	copy[name.len + 1 + value.len] = '\0';
	if (header->name == NULL) {
		request->header_count++;
	}
	free_header(header);
	*header = (kh_header){.name = copy, .value = copy + name.len + 1, .secret = secret};
	return KH_OK;
}

kh_status kh_request_add_secret(kh_request *request, kh_str secret, kh_error *error)
{
	char **grown, *copy;
	size_t i;

	if (secret.len == 0) {
		return KH_OK;
	}
	if (memchr(secret.data, '\0', secret.len) != NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "a credential has a NUL character");
	}
	for (i = 0; i < request->secret_count; i++) {
		const char *known = request->secrets[i];
		if (kh_str_equals((kh_str){known, strlen(known)}, secret)) {
			return KH_OK;
		}
	}
	copy = kh_str_copy(secret);
	grown = realloc(request->secrets, (request->secret_count + 1) * sizeof(*grown));
	if (grown != NULL) {
		request->secrets = grown;
	}
	if (copy == NULL || grown == NULL) {
		wipe_string(copy);
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for a credential");
	}
	request->secrets[request->secret_count++] = copy;
	return KH_OK;
}

kh_status kh_request_add_masked(kh_request *request, kh_str name, kh_error *error)
{
	char *copy = kh_str_copy(name);
	char **grown = realloc(request->masked, (request->masked_count + 1) * sizeof(*grown));

	if (grown != NULL) {
		request->masked = grown;
	}
	if (copy == NULL || grown == NULL) {
		free(copy);
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for a request");
	}
	request->masked[request->masked_count++] = copy;
	return KH_OK;
}
