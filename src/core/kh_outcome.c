#include "kh_advice.h"
#include "kh_outcome_parts.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#define ADDRESS_BYTES_SHOWN 200

#define fail kh_outcome_fail

/* Through kh_error, which cuts between characters. */
void kh_outcome_fail(
	kh_result *result, kh_status problem, const char *code, const char *format, ...)
{
	char words[2 * KH_ERROR_MESSAGE_BYTES];
	kh_error error;
	va_list args;

	va_start(args, format);
	if (vsnprintf(words, sizeof(words), format, args) < 0) {
		words[0] = '\0';
	}
	va_end(args);
	kh_error_set(&error, problem, "%s", words);
	memcpy(result->error, error.message, sizeof(result->error));
	result->problem = problem;
	result->error_code = code;
}

/* ---- facts ---- */

static int64_t microseconds(CURL *easy, CURLINFO what)
{
	curl_off_t value = 0;

	return curl_easy_getinfo(easy, what, &value) == CURLE_OK && value > 0 ? (int64_t)value : 0;
}

static long number(CURL *easy, CURLINFO what)
{
	long value = 0;

	return curl_easy_getinfo(easy, what, &value) == CURLE_OK ? value : 0;
}

static const char *text_of(CURL *easy, CURLINFO what)
{
	char *value = NULL;

	return curl_easy_getinfo(easy, what, &value) == CURLE_OK && value != NULL ? value : "";
}

static void fill_timings(const kh_wire *wire, kh_timings *timings)
{
	CURL *easy = wire->easy;

	timings->reused = wire->connected && number(easy, CURLINFO_NUM_CONNECTS) == 0;
	if (!timings->reused) {
		timings->dns_us = microseconds(easy, CURLINFO_NAMELOOKUP_TIME_T);
		timings->connect_us = microseconds(easy, CURLINFO_CONNECT_TIME_T);
		timings->tls_us = microseconds(easy, CURLINFO_APPCONNECT_TIME_T);
	}
	timings->first_byte_us = microseconds(easy, CURLINFO_STARTTRANSFER_TIME_T);
	timings->total_us = microseconds(easy, CURLINFO_TOTAL_TIME_T);
}

/* "203.0.113.7:443", "through proxy [::1]:3128"; by hand, since each attempt has one. */
static void print_peer(kh_result *result, bool through_proxy, const char *ip, long port)
{
	char digits[8];
	size_t len = strlen(ip), at = 0, i = sizeof(digits);
	bool bracket = memchr(ip, ':', len) != NULL;
	const kh_str through = through_proxy ? KH_STR("through proxy ") : KH_STR("");

	if (len == 0 || through.len + len + 10 > sizeof(result->peer) || port < 0 ||
		port > UINT16_MAX) {
		return;
	}
	do {
		digits[--i] = (char)('0' + port % 10);
		port /= 10;
	} while (port > 0);
	memcpy(result->peer, through.data, through.len);
	at = through.len;
	if (bracket) {
		result->peer[at++] = '[';
	}
	memcpy(result->peer + at, ip, len);
	at += len;
	if (bracket) {
		result->peer[at++] = ']';
	}
	result->peer[at++] = ':';
	memcpy(result->peer + at, digits + i, sizeof(digits) - i);
	result->peer[at + sizeof(digits) - i] = '\0';
}

static void fill_facts(const kh_wire *wire, kh_result *result)
{
	const char *ip = text_of(wire->easy, CURLINFO_PRIMARY_IP);
	long status = number(wire->easy, CURLINFO_RESPONSE_CODE);

	/* Answers of the 100s are only announcements. */
	result->http_status = status >= 200 || status == 101 ? (int)status : 0;
	print_peer(result, wire->through_proxy, ip, number(wire->easy, CURLINFO_PRIMARY_PORT));
	switch (number(wire->easy, CURLINFO_HTTP_VERSION)) {
	case CURL_HTTP_VERSION_1_0:
		memcpy(result->http_version, "1.0", sizeof("1.0"));
		break;
	case CURL_HTTP_VERSION_1_1:
		memcpy(result->http_version, "1.1", sizeof("1.1"));
		break;
	case CURL_HTTP_VERSION_2_0:
		memcpy(result->http_version, "2", sizeof("2"));
		break;
	default:
		break;
	}
	fill_timings(wire, &result->timings);
}

/* ---- words ---- */

/* "30 s", "0.5 s" */
static void print_seconds(char *out, size_t size, int64_t ms)
{
	if (ms % 1000 == 0) {
		snprintf(out, size, "%lld s", (long long)(ms / 1000));
	} else {
		snprintf(out, size, "%.4g s", (double)ms / 1000);
	}
}

static void print_bytes(char *out, size_t size, size_t bytes)
{
	if (bytes >= 1048576 && bytes % 1048576 == 0) {
		snprintf(out, size, "%zu MB", bytes / 1048576);
	} else if (bytes >= 1024 && bytes % 1024 == 0) {
		snprintf(out, size, "%zu kB", bytes / 1024);
	} else {
		snprintf(out, size, "%zu bytes", bytes);
	}
}

/* Our own words for a status: HTTP/2 has none, and those of HTTP/1.1 are the receiver's text. */
static const char *status_words(int status)
{
	static const struct {
		int status;
		const char *words;
	} table[] = {
		{300, "Multiple Choices"},
		{301, "Moved Permanently"},
		{302, "Found"},
		{303, "See Other"},
		{304, "Not Modified"},
		{307, "Temporary Redirect"},
		{308, "Permanent Redirect"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{402, "Payment Required"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{406, "Not Acceptable"},
		{407, "Proxy Authentication Required"},
		{408, "Request Timeout"},
		{409, "Conflict"},
		{410, "Gone"},
		{411, "Length Required"},
		{412, "Precondition Failed"},
		{413, "Content Too Large"},
		{414, "URI Too Long"},
		{415, "Unsupported Media Type"},
		{417, "Expectation Failed"},
		{421, "Misdirected Request"},
		{422, "Unprocessable Content"},
		{423, "Locked"},
		{424, "Failed Dependency"},
		{425, "Too Early"},
		{426, "Upgrade Required"},
		{428, "Precondition Required"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{451, "Unavailable For Legal Reasons"},
		{500, "Internal Server Error"},
		{501, "Not Implemented"},
		{502, "Bad Gateway"},
		{503, "Service Unavailable"},
		{504, "Gateway Timeout"},
		{505, "HTTP Version Not Supported"},
		{507, "Insufficient Storage"},
		{508, "Loop Detected"},
		{511, "Network Authentication Required"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (table[i].status == status) {
			return table[i].words;
		}
	}
	return "";
}

/* Where a redirect leads, without what may be secret in it. "": it doesn't say, or badly. */
static void print_redirect(CURL *easy, char *out, size_t size)
{
	CURLU *url = curl_url();
	char *text = NULL;

	out[0] = '\0';
	if (url == NULL ||
		curl_url_set(url, CURLUPART_URL, text_of(easy, CURLINFO_REDIRECT_URL), 0) != CURLUE_OK ||
		curl_url_set(url, CURLUPART_QUERY, NULL, 0) != CURLUE_OK ||
		curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0) != CURLUE_OK ||
		curl_url_set(url, CURLUPART_USER, NULL, 0) != CURLUE_OK ||
		curl_url_set(url, CURLUPART_PASSWORD, NULL, 0) != CURLUE_OK ||
		curl_url_get(url, CURLUPART_URL, &text, CURLU_URLENCODE) != CURLUE_OK) {
		text = NULL;
	}
	if (text != NULL && strlen(text) < size) {
		memcpy(out, text, strlen(text) + 1);
	}
	curl_free(text);
	curl_url_cleanup(url);
}

/* ---- what an answer means ---- */

static void judge_redirect(const kh_wire *wire, kh_result *result)
{
	char address[ADDRESS_BYTES_SHOWN];

	print_redirect(wire->easy, address, sizeof(address));
	if (address[0] == '\0') {
		fail(result, KH_OK, "redirect",
			"The endpoint answered %d %s, a redirect; redirects are not followed: enter the final "
			"address.",
			result->http_status, status_words(result->http_status));
		return;
	}
	fail(result, KH_OK, "redirect",
		"The endpoint redirects to %s; redirects are not followed: enter the final address.",
		address);
}

static void judge_status(const kh_wire *wire, kh_result *result)
{
	const char *words = status_words(result->http_status);

	result->problem = KH_OK;
	result->error_code = "";
	result->error[0] = '\0';
	if (result->http_status >= 300 && result->http_status <= 399) {
		judge_redirect(wire, result);
	} else if (result->http_status < 200 || result->http_status > 299) {
		fail(result, KH_OK, "http_status", "The endpoint answered %d%s%s.", result->http_status,
			words[0] != '\0' ? " " : "", words);
	}
}

static void judge_too_long(const kh_wire *wire, kh_result *result)
{
	char limit[32];

	print_bytes(limit, sizeof(limit), wire->policy->max_response_bytes);
	snprintf(result->note, sizeof(result->note),
		"The answer was larger than %s; the rest was not read.", limit);
	judge_status(wire, result);
}

/* ---- why there is no answer ---- */

static void judge_connect(const kh_wire *wire, kh_result *result)
{
	const char *code = wire->through_proxy ? "proxy" : "connect_refused";
	const char *who = wire->through_proxy ? "the proxy" : wire->host;
	long reason = number(wire->easy, CURLINFO_OS_ERRNO);

	if (reason == ECONNREFUSED && !wire->through_proxy) {
		fail(result, KH_ERR_TRANSPORT, code,
			"%s refused the connection: nothing answers on port %s.", wire->host, wire->port);
	} else if (reason == ENETUNREACH || reason == EHOSTUNREACH) {
		fail(result, KH_ERR_TRANSPORT, code, "There is no network route to %s.", who);
	} else if (reason == EMFILE || reason == ENFILE) {
		fail(result, KH_ERR_TRANSPORT, "other",
			"This server has too many files open to connect to %s.", who);
	} else {
		fail(result, KH_ERR_TRANSPORT, code, "No connection to %s could be made (%s).", who,
			wire->reason[0] != '\0' ? wire->reason : "no reason given");
	}
}

static void judge_timeout(const kh_wire *wire, kh_result *result)
{
	const kh_request *request = wire->job->request;
	char limit[32];
	bool in_connect = request->connect_timeout_ms < request->timeout_ms;

	if (wire->connected) {
		print_seconds(limit, sizeof(limit), request->timeout_ms);
		if (result->http_status == 0 && wire->header_bytes == 0) {
			fail(result, KH_ERR_TRANSPORT, "timeout",
				"The endpoint took the request, but had not answered after %s.", limit);
		} else {
			fail(result, KH_ERR_TRANSPORT, "timeout",
				"The endpoint's answer was not complete after %s (%lld bytes of its body came).",
				limit, (long long)result->response_bytes);
		}
		return;
	}
	print_seconds(
		limit, sizeof(limit), in_connect ? request->connect_timeout_ms : request->timeout_ms);
	if (microseconds(wire->easy, CURLINFO_NAMELOOKUP_TIME_T) == 0) {
		fail(result, KH_ERR_TRANSPORT, "dns", "The name %s could not be looked up within %s.",
			wire->host, limit);
	} else if (!wire->handshaking && /* libcurl 8 has neither of these before TLS is through */
			   microseconds(wire->easy, CURLINFO_CONNECT_TIME_T) == 0 &&
			   text_of(wire->easy, CURLINFO_PRIMARY_IP)[0] == '\0') {
		fail(result, KH_ERR_TRANSPORT, "connect_timeout",
			"%s did not accept the connection within %s.",
			wire->through_proxy ? "The proxy" : wire->host, limit);
	} else {
		fail(result, KH_ERR_TRANSPORT, "connect_timeout",
			"%s accepted the connection, but did not finish the %s within %s.", wire->host,
			wire->through_proxy ? "connection through the proxy" : "TLS handshake", limit);
	}
}

static void judge_closed(const kh_wire *wire, kh_result *result)
{
	long connect_status = number(wire->easy, CURLINFO_HTTP_CONNECTCODE);

	if (wire->through_proxy && !wire->connected) {
		if (connect_status >= 300) {
			fail(result, KH_ERR_TRANSPORT, "proxy",
				"The proxy refused to connect to %s (it answered %ld %s).", wire->host,
				connect_status, status_words((int)connect_status));
		} else {
			fail(result, KH_ERR_TRANSPORT, "proxy", "The proxy closed the connection to %s.",
				wire->host);
		}
	} else if (result->http_status == 0 && wire->header_bytes == 0) {
		fail(result, KH_ERR_TRANSPORT, "closed",
			"The endpoint closed the connection without an answer.");
	} else {
		fail(result, KH_ERR_TRANSPORT, "closed",
			"The endpoint closed the connection in the middle of its answer.");
	}
}

/* What our own callbacks stopped. False: it was somebody else. */
static bool judge_own_stop(const kh_wire *wire, kh_result *result)
{
	if (wire->job->blocked && !wire->connected) {
		result->problem = KH_ERR_BLOCKED; /* the guard's words are there already */
		result->error_code = "blocked";
	} else if (wire->out_of_memory) {
		fail(result, KH_ERR_MEMORY, "other", "Out of memory.");
	} else if (wire->header_too_large) {
		fail(result, KH_ERR_TRANSPORT, "too_large",
			"The endpoint's answer has more header lines than are read (256 kB).");
	} else if ((uint64_t)result->response_bytes > wire->policy->max_response_bytes) {
		judge_too_long(wire, result);
	} else {
		return false;
	}
	return true;
}

static void judge_rest(const kh_wire *wire, kh_result *result, CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		fail(result, KH_ERR_TRANSPORT, "dns",
			"The name %s could not be found: check the address for typing errors.", wire->host);
		break;
	case CURLE_COULDNT_RESOLVE_PROXY:
		fail(result, KH_ERR_TRANSPORT, "proxy", "The proxy's name could not be found.");
		break;
	case CURLE_PROXY:
		fail(result, KH_ERR_TRANSPORT, "proxy", "The proxy failed (%s).", wire->reason);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		fail(result, KH_ERR_TRANSPORT, "other", "The endpoint's answer is not HTTP.");
		break;
	case CURLE_OUT_OF_MEMORY:
		fail(
			result, KH_ERR_MEMORY, "other", "Out of memory, or a header line of over 100 kB came.");
		break;
	default:
		fail(result, KH_ERR_TRANSPORT, "other", "The request could not be sent (%s).",
			wire->reason[0] != '\0' ? wire->reason : curl_easy_strerror(code));
	}
}

static void judge_failure(const kh_wire *wire, kh_result *result, CURLcode code)
{
	if (kh_outcome_certificate(wire, result, code)) {
		return;
	}
	switch (code) {
	case CURLE_COULDNT_CONNECT:
		/* Newer libcurl says this of a proxy that has answered, and refused. */
		if (wire->through_proxy && number(wire->easy, CURLINFO_HTTP_CONNECTCODE) >= 300) {
			judge_closed(wire, result);
		} else {
			judge_connect(wire, result);
		}
		break;
	case CURLE_OPERATION_TIMEDOUT:
		judge_timeout(wire, result);
		break;
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		judge_closed(wire, result);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_USE_SSL_FAILED:
		kh_outcome_tls(wire, result, code);
		break;
	default:
		judge_rest(wire, result, code);
	}
}

void kh_outcome_of_transfer(kh_job *job, CURLcode code)
{
	kh_wire *wire = job->wire;
	kh_result *result = &job->result;

	fill_facts(wire, result);
	if (code == CURLE_OK) {
		judge_status(wire, result);
	} else if ((code != CURLE_WRITE_ERROR && code != CURLE_ABORTED_BY_CALLBACK &&
				   code != CURLE_COULDNT_CONNECT) ||
			   !judge_own_stop(wire, result)) {
		judge_failure(wire, result, code);
	}
	kh_advise(job, wire->host);
}

void kh_outcome_of_error(kh_job *job, const kh_error *error)
{
	fail(&job->result, error->status, error->status == KH_ERR_BLOCKED ? "blocked" : "other", "%s",
		error->message);
	kh_advise(job, job->wire != NULL ? job->wire->host : "");
}

void kh_outcome_of_abort(kh_job *job, const char *why)
{
	if (job->wire != NULL && job->wire->easy != NULL) {
		fill_facts(job->wire, &job->result);
	}
	fail(&job->result, KH_ERR_TRANSPORT, "aborted", "%s", why);
	kh_advise(job, "");
}
