/*
 * What libcurl calls during a transfer: they copy bytes and say yes or no, nothing else.
 */
#include "kh_curl_parts.h"

#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>

/* A browser's limit is about the same; without one an endpoint could send header lines for as long
 * as the timeout lasts. */
#define MOST_HEADER_BYTES ((size_t)256 * 1024)

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

kh_status kh_curl_set_callbacks(CURL *easy, kh_error *error)
{
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_PREREQFUNCTION, before_request);
	SET(CURLOPT_SSL_CTX_FUNCTION, kh_curl_before_handshake);
	SET(CURLOPT_READFUNCTION, refuse_to_read);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	return KH_OK;
}

kh_status kh_curl_set_owner(CURL *easy, kh_wire *wire, kh_error *error)
{
	SET(CURLOPT_ERRORBUFFER, wire != NULL ? wire->reason : NULL);
	SET(CURLOPT_PRIVATE, wire != NULL ? wire->job : NULL);
	SET(CURLOPT_OPENSOCKETDATA, wire);
	SET(CURLOPT_PREREQDATA, wire);
	SET(CURLOPT_SSL_CTX_DATA, wire);
	SET(CURLOPT_READDATA, wire);
	SET(CURLOPT_WRITEDATA, wire);
	SET(CURLOPT_HEADERDATA, wire);
	return KH_OK;
}
