#include "kh_curl_parts.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <strings.h>

#if LIBCURL_VERSION_NUM < 0x075700
#error                                                                                             \
	"KiviHook needs libcurl 7.87 or newer: without CURLOPT_QUICK_EXIT a stuck name lookup outlives every deadline."
#endif

/* Older names are asked again after a minute, connections idle for longer than most servers keep
 * them are not tried, and none lives past a change of DNS or certificate by more than this. */
#define DNS_CACHE_S 60L
#define IDLE_CONNECTION_S 50L
#define OLDEST_CONNECTION_S 600L
#define READ_BYTES 1024L

/* ---- options ---- */

kh_status kh_curl_refuse_option(kh_error *error, const char *option, CURLcode code)
{
	return kh_error_set(error, code == CURLE_OUT_OF_MEMORY ? KH_ERR_MEMORY : KH_ERR_TRANSPORT,
		"libcurl refused %s: %s.", option, curl_easy_strerror(code));
}

/* What libcurl would otherwise take from the environment, the home folder or an answer. */
static kh_status set_isolation(
	CURL *easy, const kh_policy *policy, bool plain_http, kh_error *error)
{
	const char *scheme = plain_http ? "http" : "https";

	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_NOPROGRESS, 1L);
	/* The scheme that the guard judges by, and no other. */
	SET(CURLOPT_PROTOCOLS_STR, scheme);
	SET(CURLOPT_REDIR_PROTOCOLS_STR, "https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_MAXREDIRS, 0L);
	SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(CURLOPT_UNRESTRICTED_AUTH, 0L);
	SET(CURLOPT_HTTPAUTH, CURLAUTH_NONE);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_COOKIEFILE, NULL);
	SET(CURLOPT_COOKIE, NULL);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	/* "" is none, whatever http_proxy says; and with one, no_proxy makes no exception. */
	SET(CURLOPT_PROXY, is_set(policy->proxy) ? policy->proxy : "");
	SET(CURLOPT_PRE_PROXY, "");
	SET(CURLOPT_NOPROXY, "");
	SET(CURLOPT_PROXYAUTH, CURLAUTH_BASIC);
	/* Our headers carry credentials, which a proxy has no business with. */
	SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	return KH_OK;
}

static long positive_ms(int64_t ms)
{
	return ms < 1           ? 1L
		   : ms > INT32_MAX ? (long)INT32_MAX
							: (long)ms; /* libcurl: 0 is its default */
}

/* What is the same for every request of a scheme. */
static kh_status set_connection(CURL *easy, bool plain_http, kh_error *error)
{
	SET(CURLOPT_QUICK_EXIT, 1L); /* a stuck getaddrinfo must not hold up its deadline */
	SET(CURLOPT_DNS_CACHE_TIMEOUT, DNS_CACHE_S);
	SET(CURLOPT_MAXAGE_CONN, IDLE_CONNECTION_S);
	SET(CURLOPT_MAXLIFETIME_CONN, OLDEST_CONNECTION_S);
	SET(CURLOPT_TCP_NODELAY, 1L);
	/* Answers are short, and libcurl takes this memory anew for each of them. */
	SET(CURLOPT_BUFFERSIZE, READ_BYTES);
	/*
	 * To wait for the first connection of a burst is worth it where TLS soon says whether it can
	 * carry all of them. Plain http says so only with its first answer, which may be slow.
	 */
	SET(CURLOPT_HTTP_VERSION, (long)(plain_http ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
	SET(CURLOPT_PIPEWAIT, plain_http ? 0L : 1L);
	return KH_OK;
}

void kh_curl_set_clock(kh_job *job, int64_t more_ms)
{
	CURL *easy = job->wire->easy;

	/* libcurl refuses negative times only. */
	(void)curl_easy_setopt(
		easy, CURLOPT_CONNECTTIMEOUT_MS, positive_ms(job->request->connect_timeout_ms + more_ms));
	(void)curl_easy_setopt(
		easy, CURLOPT_TIMEOUT_MS, positive_ms(job->request->timeout_ms + more_ms));
}

static kh_status set_limits(CURL *easy, const kh_request *request, kh_error *error)
{
	SET(CURLOPT_CONNECTTIMEOUT_MS, positive_ms(request->connect_timeout_ms));
	SET(CURLOPT_TIMEOUT_MS, positive_ms(request->timeout_ms));
	SET(CURLOPT_FRESH_CONNECT, request->fresh_connection ? 1L : 0L);
	SET(CURLOPT_FORBID_REUSE, request->fresh_connection ? 1L : 0L);
	return KH_OK;
}

#define OWN_LINES 2

/* Room for all lines: each has ": " and a NUL more than its name and value. */
static kh_status make_room(kh_wire *wire, kh_error *error)
{
	const kh_request *request = wire->job->request;
	size_t nodes = (request->header_count + OWN_LINES) * sizeof(*wire->lines);
	size_t bytes = sizeof("Expect:") + sizeof("Content-Type:");

	for (size_t i = 0; i < request->header_count; i++) {
		bytes += strlen(request->headers[i].name) + strlen(request->headers[i].value) + 3;
	}
	wire->lines = malloc(nodes + bytes);
	if (wire->lines == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	wire->texts = (char *)wire->lines + nodes;
	return KH_OK;
}

/* "name" and behind it "between" and "value", as the next line. */
static void add_line(kh_wire *wire, const char *name, const char *between, const char *value)
{
	struct curl_slist *line = &wire->lines[wire->line_count];
	char *text = wire->texts + wire->text_bytes;
	size_t name_len = strlen(name), between_len = strlen(between), value_len = strlen(value);

	*line = (struct curl_slist){.data = text};
	memcpy(text, name, name_len);
	memcpy(text + name_len, between, between_len);
	memcpy(text + name_len + between_len, value, value_len + 1);
	wire->text_bytes += name_len + between_len + value_len + 1;
	if (wire->line_count++ > 0) {
		line[-1].next = line;
	}
}

static kh_status add_header(kh_wire *wire, const kh_header *header, kh_error *error)
{
	/* The last line of defence: libcurl sends what it is given. */
	if (strpbrk(header->name, "\r\n: ") != NULL || strpbrk(header->value, "\r\n") != NULL) {
		return kh_error_set(error, KH_ERR_INVALID,
			"The header %.64s contains a line break or an invalid name.", header->name);
	}
	/* "Name:" alone would tell libcurl to leave that header out. */
	add_line(wire, header->name, header->value[0] == '\0' ? ";" : ": ", header->value);
	return KH_OK;
}

static kh_status set_headers(CURL *easy, kh_wire *wire, kh_error *error)
{
	const kh_request *request = wire->job->request;
	bool names_content_type = false;
	kh_status status = make_room(wire, error);
	size_t i;

	for (i = 0; status == KH_OK && i < request->header_count; i++) {
		status = add_header(wire, &request->headers[i], error);
		names_content_type |= strcasecmp(request->headers[i].name, "content-type") == 0;
	}
	if (status != KH_OK) {
		return status;
	}
	/* Bodies over 1 MB would wait a second for "100 Continue". */
	add_line(wire, "Expect", ":", "");
	if (!names_content_type) {
		add_line(wire, "Content-Type", ":", ""); /* libcurl would call it a form */
	}
	SET(CURLOPT_HTTPHEADER, wire->lines);
	return KH_OK;
}

static kh_status set_request(CURL *easy, const kh_request *request, kh_error *error)
{
	bool has_body = request->has_body && request->body.len > 0;
	bool may_have_body =
		strcmp(request->method, "GET") != 0 && strcmp(request->method, "DELETE") != 0;

	SET(CURLOPT_URL, request->url.data);
	SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
	SET(CURLOPT_ACCEPT_ENCODING, NULL);
	SET(CURLOPT_TRANSFER_ENCODING, 0L);
	if (has_body || may_have_body) {
		/* Not copied: the request outlives the transfer. Without a body "Content-Length: 0" is
		 * sent. */
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(has_body ? request->body.len : 0));
		SET(CURLOPT_POSTFIELDS, has_body ? request->body.data : "");
	} else {
		SET(CURLOPT_HTTPGET, 1L);
	}
	SET(CURLOPT_CUSTOMREQUEST, request->method);
	return KH_OK;
}

/* ---- what is checked before libcurl sees it ---- */

static kh_status copy_part(
	CURLU *url, CURLUPart part, unsigned flags, char *out, size_t size, kh_error *error)
{
	char *text = NULL;
	CURLUcode code = curl_url_get(url, part, &text, flags);
	kh_status status = KH_OK;

	if (code != CURLUE_OK) {
		return kh_error_set(error, code == CURLUE_OUT_OF_MEMORY ? KH_ERR_MEMORY : KH_ERR_URL,
			"The URL can't be used: %s.", curl_url_strerror(code));
	}
	if (strlen(text) >= size) {
		status = kh_error_set(error, KH_ERR_URL, "The URL's host name is too long.");
	} else {
		memcpy(out, text, strlen(text) + 1);
	}
	curl_free(text);
	return status;
}

/* libcurl's own parser, so that what is checked is what libcurl will do. */
static kh_status parse_url(kh_wire *wire, kh_error *error)
{
	const kh_request *request = wire->job->request;
	char scheme[8] = "";
	CURLU *url;
	CURLUcode code;
	kh_status status;

	if (request->url.data == NULL || strlen(request->url.data) != request->url.len) {
		return kh_error_set(error, KH_ERR_URL, "The URL is empty or contains a NUL byte.");
	}
	url = curl_url();
	if (url == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	code = curl_url_set(url, CURLUPART_URL, request->url.data, CURLU_DISALLOW_USER);
	if (code != CURLUE_OK) {
		status =
			kh_error_set(error, KH_ERR_URL, "The URL can't be used: %s.", curl_url_strerror(code));
		goto done;
	}
	status = copy_part(url, CURLUPART_SCHEME, 0, scheme, sizeof(scheme), error);
	if (status == KH_OK && strcmp(scheme, request->plain_http ? "http" : "https") != 0) {
		status =
			kh_error_set(error, KH_ERR_URL, "Only https and http can be sent to, not %s.", scheme);
	}
	if (status == KH_OK) {
		status = copy_part(url, CURLUPART_HOST, 0, wire->host, sizeof(wire->host), error);
	}
	if (status == KH_OK) {
		status = copy_part(
			url, CURLUPART_PORT, CURLU_DEFAULT_PORT, wire->port, sizeof(wire->port), error);
	}
done:
	curl_url_cleanup(url);
	return status;
}

/* The same for all requests of a scheme, under one policy. */
static kh_status set_common(kh_wire *wire, bool plain_http, kh_error *error)
{
	kh_status status = set_isolation(wire->easy, wire->policy, plain_http, error);

	if (status == KH_OK) {
		status = kh_curl_set_tls(wire->easy, wire->policy, error);
	}
	if (status == KH_OK) {
		status = set_connection(wire->easy, plain_http, error);
	}
	return status == KH_OK ? kh_curl_set_callbacks(wire->easy, error) : status;
}

static kh_status set_options(kh_wire *wire, kh_error *error)
{
	const kh_request *request = wire->job->request;
	kh_status status = wire->used_before ? KH_OK : set_common(wire, request->plain_http, error);

	if (status == KH_OK) {
		status = set_limits(wire->easy, request, error);
	}
	if (status == KH_OK) {
		status = kh_curl_set_certificate(wire->easy, request, error);
	}
	if (status == KH_OK) {
		status = kh_curl_set_owner(wire->easy, wire, error);
	}
	if (status == KH_OK) {
		status = set_headers(wire->easy, wire, error);
	}
	if (status == KH_OK) {
		status = set_request(wire->easy, request, error);
	}
	return status;
}

/* ---- handles ---- */

static kh_status take_handle(kh_wire *wire, kh_handles *handles, kh_error *error)
{
	const kh_request *request = wire->job->request;
	size_t *count = &handles->count[request->plain_http];

	/* One that showed a client certificate is never used again, nor one that is new to it. */
	if (*count > 0 && request->client_certificate == NULL) {
		wire->easy = handles->idle[request->plain_http][--*count];
		wire->used_before = true;
		return KH_OK;
	}
	wire->easy = curl_easy_init();
	return wire->easy != NULL ? KH_OK : kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
}

/* False: it must be closed. */
static bool keep_handle(kh_wire *wire, kh_handles *handles)
{
	const kh_request *request = wire->job->request;
	CURL *easy = wire->easy;
	size_t *count;

	if (handles == NULL || !wire->may_be_kept || request->client_certificate != NULL) {
		return false;
	}
	count = &handles->count[request->plain_http];
	if (*count == KH_IDLE_HANDLES || kh_curl_set_owner(easy, NULL, NULL) != KH_OK ||
		curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL) != CURLE_OK ||
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL) != CURLE_OK ||
		curl_easy_setopt(easy, CURLOPT_URL, NULL) != CURLE_OK) {
		return false;
	}
	handles->idle[request->plain_http][(*count)++] = easy;
	return true;
}

void kh_curl_forget(kh_handles *handles)
{
	for (size_t plain = 0; plain < 2; plain++) {
		while (handles->count[plain] > 0) {
			curl_easy_cleanup(handles->idle[plain][--handles->count[plain]]);
		}
	}
	handles->origin[0] = '\0';
	kh_tls_memory_free(handles->tls);
	handles->tls = NULL;
}

/* How long "https://host:port" is. */
static size_t origin_len(kh_str url)
{
	size_t at = 0;

	while (at + 3 <= url.len && memcmp(url.data + at, "://", 3) != 0) {
		at++;
	}
	for (at += 3; at < url.len && url.data[at] != '/' && url.data[at] != '?'; at++) {
	}
	return at;
}

/* Many requests in a row go to one host, whose name then need not be read again. */
static kh_status read_url(kh_wire *wire, kh_handles *handles, kh_error *error)
{
	const kh_buf *url = &wire->job->request->url;
	size_t len = origin_len(kh_buf_str(url));
	kh_status status;

	if (url->data != NULL && strlen(url->data) == url->len && len == strlen(handles->origin) &&
		memcmp(url->data, handles->origin, len) == 0) {
		memcpy(wire->host, handles->host, sizeof(wire->host));
		memcpy(wire->port, handles->port, sizeof(wire->port));
		return KH_OK;
	}
	status = parse_url(wire, error);
	if (status == KH_OK && len < sizeof(handles->origin)) {
		memcpy(handles->origin, url->data, len);
		handles->origin[len] = '\0';
		memcpy(handles->host, wire->host, sizeof(handles->host));
		memcpy(handles->port, wire->port, sizeof(handles->port));
	}
	return status;
}

kh_status kh_curl_prepare(
	kh_job *job, const kh_policy *policy, kh_handles *handles, kh_error *error)
{
	kh_wire *wire = calloc(1, sizeof(*wire));
	kh_status status;

	if (wire == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	wire->job = job;
	wire->policy = policy;
	wire->handles = handles;
	wire->through_proxy = is_set(policy->proxy);
	job->wire = wire;
	status = read_url(wire, handles, error);
	if (status == KH_OK && wire->through_proxy) {
		/* Through a proxy the callbacks see only the proxy's address. What the URL itself tells is
		 * judged here; what a name means is the proxy's to decide. */
		status = kh_guard_check_host(&policy->guard, wire->host, job->request->plain_http, error);
		if (status == KH_OK) {
			status = kh_guard_check_port(&policy->guard, wire->host, wire->port, error);
		}
		job->blocked = status == KH_ERR_BLOCKED;
	}
	if (status == KH_OK) {
		status = take_handle(wire, handles, error);
	}
	return status == KH_OK ? set_options(wire, error) : status;
}

void kh_curl_release(kh_job *job, kh_handles *handles)
{
	kh_wire *wire = job->wire;

	if (wire == NULL) {
		return;
	}
	if (wire->easy != NULL && !keep_handle(wire, handles)) {
		curl_easy_cleanup(wire->easy);
	}
	if (wire->text_bytes > 0) {
		OPENSSL_cleanse(wire->texts, wire->text_bytes); /* credentials among them */
	}
	free(wire->lines);
	free(wire);
	job->wire = NULL;
}
