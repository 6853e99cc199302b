#include "kh_curl_parts.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#if LIBCURL_VERSION_NUM < 0x075700
#error                                                                                             \
	"KiviHook needs libcurl 7.87 or newer: without CURLOPT_QUICK_EXIT a stuck name lookup outlives every deadline."
#endif

/* A browser's limit is about the same; without one an endpoint could send header lines for as long
 * as the timeout lasts. */
#define MOST_HEADER_BYTES ((size_t)256 * 1024)

/* Older names are asked again after a minute, connections idle for longer than most servers keep
 * them are not tried, and none lives past a change of DNS or certificate by more than this. */
#define DNS_CACHE_S 60L
#define IDLE_CONNECTION_S 50L
#define OLDEST_CONNECTION_S 600L

/* ---- callbacks: they copy bytes and say yes or no, nothing else ---- */

static void note_blocked(kh_wire *wire, const kh_error *error)
{
	wire->job->blocked = true;
	snprintf(wire->job->result.error, sizeof(wire->job->result.error), "%s", error->message);
}

/* A proxy is named by the machine's owner, who decides about plain http to it as well; what goes
 * through it was judged by its URL before (kh_curl_prepare). */
static bool judged_as_plain(const kh_wire *wire)
{
	return wire->job->request->plain_http && !wire->through_proxy;
}

/* Before the connection: the address that is connected to is the address that is checked. */
static curl_socket_t open_socket(void *wire_, curlsocktype purpose, struct curl_sockaddr *address)
{
	kh_wire *wire = wire_;
	kh_error error;

	if (purpose != CURLSOCKTYPE_IPCXN) {
		return CURL_SOCKET_BAD;
	}
	if (kh_guard_check(&wire->policy->guard, &address->addr, judged_as_plain(wire), &error) !=
		KH_OK) {
		note_blocked(wire, &error);
		return CURL_SOCKET_BAD;
	}
#ifdef SOCK_CLOEXEC
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
	return socket(address->family, address->socktype, address->protocol);
#endif
}

/* The second line: a reused connection opens no socket, but comes past here. */
static int before_request(void *wire_, char *peer_ip, char *own_ip, int peer_port, int own_port)
{
	kh_wire *wire = wire_;
	kh_error error;

	if (kh_guard_check_text(&wire->policy->guard, peer_ip, judged_as_plain(wire), &error) !=
		KH_OK) {
		note_blocked(wire, &error);
		return CURL_PREREQFUNC_ABORT;
	}
	wire->connected = true;
	kh_curl_note_tls(wire);
	return CURL_PREREQFUNC_OK;
}

/* Never called, since each request has POSTFIELDS or no body; libcurl's own would read stdin. */
static size_t refuse_to_read(char *data, size_t size, size_t count, void *wire)
{
	return CURL_READFUNC_ABORT;
}

static size_t on_body(char *data, size_t size, size_t count, void *wire_)
{
	kh_wire *wire = wire_;
	kh_result *result = &wire->job->result;
	size_t len = size * count, room = KH_RESPONSE_KEPT_BYTES - result->response_body.len;

	result->response_bytes += (int64_t)len;
	if (kh_buf_append(&result->response_body, data, len < room ? len : room) != KH_OK) {
		wire->out_of_memory = true;
		return 0;
	}
	if ((uint64_t)result->response_bytes > wire->policy->max_response_bytes) {
		return 0; /* ends the transfer; kh_outcome knows why by the count */
	}
	return len;
}

static void keep_header_value(char *out, size_t size, kh_str value)
{
	while (value.len > 0 && (*value.data == ' ' || *value.data == '\t')) {
		value.data++;
		value.len--;
	}
	while (
		value.len > 0 && (value.data[value.len - 1] == ' ' || value.data[value.len - 1] == '\t')) {
		value.len--;
	}
	snprintf(out, size, "%.*s", (int)(value.len < size ? value.len : size - 1), value.data);
}

/* One line without its end. What doesn't fit is left out as a whole. */
static kh_status keep_header(kh_result *result, kh_str line)
{
	static const kh_str retry_after = {"retry-after:", 12};
	kh_buf *kept = &result->response_headers;
	kh_str end = KH_STR("\n");

	if (line.len > retry_after.len &&
		strncasecmp(line.data, retry_after.data, retry_after.len) == 0) {
		keep_header_value(result->retry_after, sizeof(result->retry_after),
			(kh_str){line.data + retry_after.len, line.len - retry_after.len});
	}
	if (kept->len + line.len + end.len > kept->max_bytes) {
		return KH_OK;
	}
	if ((line.data[0] == ' ' || line.data[0] == '\t') && kept->len > 0) {
		kept->data[kept->len - 1] = ' '; /* a folded line (RFC 9112, 5.2) goes on with the last */
	}
	if (kh_buf_append_str(kept, line) != KH_OK) {
		return KH_ERR_MEMORY;
	}
	return kh_buf_append_str(kept, end);
}

static size_t on_header(char *data, size_t size, size_t count, void *wire_)
{
	kh_wire *wire = wire_;
	kh_result *result = &wire->job->result;
	size_t len = size * count;
	kh_str line = {data, len};

	kh_curl_note_tls(wire);
	wire->header_bytes += len;
	if (wire->header_bytes > MOST_HEADER_BYTES) {
		wire->header_too_large = true;
		return 0;
	}
	while (line.len > 0 && (line.data[line.len - 1] == '\n' || line.data[line.len - 1] == '\r')) {
		line.len--;
	}
	if (line.len >= 5 && memcmp(line.data, "HTTP/", 5) == 0) {
		/* A status line. Answers of the 100s come before the real one. */
		kh_buf_clear(&result->response_headers);
		result->retry_after[0] = '\0';
		return len;
	}
	if (line.len > 0 && keep_header(result, line) != KH_OK) {
		wire->out_of_memory = true;
		return 0;
	}
	return len;
}

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

static kh_status set_connection(CURL *easy, const kh_request *request, kh_error *error)
{
	SET(CURLOPT_CONNECTTIMEOUT_MS, positive_ms(request->connect_timeout_ms));
	SET(CURLOPT_TIMEOUT_MS, positive_ms(request->timeout_ms));
	SET(CURLOPT_QUICK_EXIT, 1L); /* a stuck getaddrinfo must not hold up its deadline */
	SET(CURLOPT_DNS_CACHE_TIMEOUT, DNS_CACHE_S);
	SET(CURLOPT_MAXAGE_CONN, IDLE_CONNECTION_S);
	SET(CURLOPT_MAXLIFETIME_CONN, OLDEST_CONNECTION_S);
	SET(CURLOPT_TCP_NODELAY, 1L);
	/*
	 * To wait for the first connection of a burst is worth it where TLS soon says whether it can
	 * carry all of them. Plain http says so only with its first answer, which may be slow.
	 */
	SET(CURLOPT_HTTP_VERSION,
		(long)(request->plain_http ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
	SET(CURLOPT_PIPEWAIT, request->plain_http ? 0L : 1L);
	SET(CURLOPT_FRESH_CONNECT, request->fresh_connection ? 1L : 0L);
	SET(CURLOPT_FORBID_REUSE, request->fresh_connection ? 1L : 0L);
	return KH_OK;
}

static kh_status set_callbacks(CURL *easy, kh_wire *wire, kh_error *error)
{
	SET(CURLOPT_ERRORBUFFER, wire->reason);
	SET(CURLOPT_PRIVATE, wire->job);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, wire);
	SET(CURLOPT_PREREQFUNCTION, before_request);
	SET(CURLOPT_PREREQDATA, wire);
	SET(CURLOPT_SSL_CTX_FUNCTION, kh_curl_before_handshake);
	SET(CURLOPT_SSL_CTX_DATA, wire);
	SET(CURLOPT_READFUNCTION, refuse_to_read);
	SET(CURLOPT_READDATA, wire);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, wire);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, wire);
	return KH_OK;
}

static kh_status add_line(kh_wire *wire, const char *line, kh_error *error)
{
	struct curl_slist *longer = curl_slist_append(wire->headers, line);

	if (longer == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	wire->headers = longer;
	return KH_OK;
}

static kh_status add_header(kh_wire *wire, const kh_header *header, kh_error *error)
{
	kh_buf line;
	kh_status status;

	/* The last line of defence: libcurl sends what it is given. */
	if (strpbrk(header->name, "\r\n: ") != NULL || strpbrk(header->value, "\r\n") != NULL) {
		return kh_error_set(error, KH_ERR_INVALID,
			"The header %.64s contains a line break or an invalid name.", header->name);
	}
	kh_buf_init(&line, strlen(header->name) + strlen(header->value) + 8);
	/* "Name:" alone would tell libcurl to leave that header out. */
	status = header->value[0] == '\0'
				 ? kh_buf_append_format(&line, "%s;", header->name)
				 : kh_buf_append_format(&line, "%s: %s", header->name, header->value);
	if (status == KH_OK) {
		status = add_line(wire, line.data, error);
	} else {
		kh_error_set(error, status, "Out of memory.");
	}
	kh_buf_wipe(&line);
	return status;
}

static kh_status set_headers(CURL *easy, kh_wire *wire, kh_error *error)
{
	const kh_request *request = wire->job->request;
	bool names_content_type = false;
	kh_status status;
	size_t i;

	for (i = 0; i < request->header_count; i++) {
		status = add_header(wire, &request->headers[i], error);
		if (status != KH_OK) {
			return status;
		}
		names_content_type |= strcasecmp(request->headers[i].name, "content-type") == 0;
	}
	/* Bodies over 1 MB would wait a second for "100 Continue". */
	status = add_line(wire, "Expect:", error);
	if (status == KH_OK && !names_content_type) {
		status = add_line(wire, "Content-Type:", error); /* libcurl would call it a form */
	}
	if (status != KH_OK) {
		return status;
	}
	SET(CURLOPT_HTTPHEADER, wire->headers);
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

static kh_status set_options(kh_wire *wire, kh_error *error)
{
	const kh_request *request = wire->job->request;
	kh_status status;

	status = set_isolation(wire->easy, wire->policy, request->plain_http, error);
	if (status == KH_OK) {
		status = kh_curl_set_tls(wire->easy, wire->policy, error);
	}
	if (status == KH_OK) {
		status = set_connection(wire->easy, request, error);
	}
	if (status == KH_OK) {
		status = kh_curl_set_certificate(wire->easy, request, error);
	}
	if (status == KH_OK) {
		status = set_callbacks(wire->easy, wire, error);
	}
	if (status == KH_OK) {
		status = set_headers(wire->easy, wire, error);
	}
	if (status == KH_OK) {
		status = set_request(wire->easy, request, error);
	}
	return status;
}

kh_status kh_curl_prepare(kh_job *job, const kh_policy *policy, kh_error *error)
{
	kh_wire *wire = calloc(1, sizeof(*wire));
	kh_status status;

	if (wire == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	wire->job = job;
	wire->policy = policy;
	wire->through_proxy = is_set(policy->proxy);
	job->wire = wire;
	status = parse_url(wire, error);
	if (status == KH_OK && wire->through_proxy) {
		/* Through a proxy the callbacks see only the proxy's address. What the URL itself tells is
		 * judged here; what a name means is the proxy's to decide. */
		status = kh_guard_check_host(&policy->guard, wire->host, job->request->plain_http, error);
		if (status == KH_OK) {
			status = kh_guard_check_port(&policy->guard, wire->host, wire->port, error);
		}
		job->blocked = status == KH_ERR_BLOCKED;
	}
	if (status != KH_OK) {
		return status;
	}
	wire->easy = curl_easy_init();
	if (wire->easy == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	return set_options(wire, error);
}

void kh_curl_release(kh_job *job)
{
	struct curl_slist *line;

	if (job->wire == NULL) {
		return;
	}
	curl_easy_cleanup(job->wire->easy);
	for (line = job->wire->headers; line != NULL; line = line->next) {
		OPENSSL_cleanse(line->data, strlen(line->data)); /* credentials among them */
	}
	curl_slist_free_all(job->wire->headers);
	free(job->wire);
	job->wire = NULL;
}
