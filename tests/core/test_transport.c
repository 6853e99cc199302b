#include "kh_curl.h"
#include "wire_server.h"

#include <fcntl.h>
#include <sys/wait.h>

static struct server *server;
static kh_networks *loopback;

static kh_transport *new_transport(void)
{
	kh_policy policy = policy_for(loopback);

	return kh_transport_new(&policy, NULL);
}

/* What came back for one GET with a transport of its own. */
static kh_job *once(const char *path)
{
	kh_transport *transport = new_transport();
	kh_job *job = get(transport, server, path);

	kh_transport_free(transport);
	return job;
}

/* ---- answers ---- */

static void an_answer_comes_with_all_its_facts(void)
{
	char peer[64];
	kh_job *job = once("/ok");
	const kh_result *result = &job->result;

	snprintf(peer, sizeof(peer), "127.0.0.1:%d", server->port);
	CHECK_STATUS(result->problem, KH_OK);
	CHECK_INT(result->http_status, 200);
	CHECK_STR(result->error_code, "");
	CHECK_STR(result->error, "");
	CHECK_STR(result->note, "");
	CHECK_STR(result->peer, peer);
	CHECK_STR(result->http_version, "1.1");
	CHECK_STR(result->tls, "");
	CHECK_BYTES(result->response_body, "hello");
	CHECK_INT(result->response_bytes, 5);
	/* Newer libcurl itself makes one blank of a folded line's many. */
	CHECK(strncmp(result->response_headers.data, "X-Folded: one ", 14) == 0);
	CHECK_CONTAINS(
		result->response_headers.data, " two\nSet-Cookie: a=b\nX-Last: 3\nContent-Length: 5\n");
	CHECK(!job->blocked);
	CHECK(!result->timings.reused);
	CHECK(result->timings.dns_us <= result->timings.connect_us);
	CHECK(result->timings.connect_us > 0);
	CHECK(result->timings.connect_us <= result->timings.first_byte_us);
	CHECK(result->timings.first_byte_us <= result->timings.total_us);
	CHECK_INT(result->timings.tls_us, 0);
	kh_job_free(job);
}

static void a_status_is_an_answer_with_plain_words(void)
{
	static const struct {
		const char *path;
		int status;
		const char *code, *words;
	} table[] = {
		{"/status/200", 200, "", ""},
		{"/204", 204, "", ""},
		{"/status/299", 299, "", ""},
		{"/status/404", 404, "http_status", "The endpoint answered 404 Not Found."},
		{"/status/410", 410, "http_status", "The endpoint answered 410 Gone."},
		{"/status/500", 500, "http_status", "The endpoint answered 500 Internal Server Error."},
		{"/status/599", 599, "http_status", "The endpoint answered 599."},
		{"/status/304", 304, "redirect",
			"The endpoint answered 304 Not Modified, a redirect; redirects are not followed: enter "
			"the final address."},
		{"/redirect", 302, "redirect",
			"The endpoint redirects to https://example.com/final; redirects are not followed: "
			"enter "
			"the final address."},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		kh_job *job = once(table[i].path);
		CHECK_STATUS(job->result.problem, KH_OK);
		CHECK_INT(job->result.http_status, table[i].status);
		CHECK_STR(job->result.error_code, table[i].code);
		CHECK_STR(job->result.error, table[i].words);
		if (strstr(table[i].path, "status") != NULL) {
			CHECK_STR(job->result.retry_after, "120");
		}
		kh_job_free(job);
	}
}

static void only_the_last_of_several_heads_counts(void)
{
	kh_job *job = once("/early");

	CHECK_INT(job->result.http_status, 200);
	CHECK_STR(job->result.retry_after, "");
	CHECK_BYTES(job->result.response_headers, "X-Real: yes\nContent-Length: 0\n");
	kh_job_free(job);
}

static void only_the_beginning_of_a_long_answer_is_kept(void)
{
	kh_job *job = once("/large");

	CHECK_INT(job->result.response_bytes, 100 << 10);
	CHECK_INT(job->result.response_body.len, KH_RESPONSE_KEPT_BYTES);
	CHECK_STR(job->result.note, "");
	kh_job_free(job);
}

static void an_answer_over_the_limit_is_not_read_to_its_end(void)
{
	kh_job *job = once("/huge");

	CHECK_STATUS(job->result.problem, KH_OK);
	CHECK_INT(job->result.http_status, 200);
	CHECK_STR(job->result.error_code, "");
	CHECK_STR(job->result.error, "");
	CHECK_STR(job->result.note, "The answer was larger than 1 MB; the rest was not read.");
	CHECK(job->result.response_bytes > 1 << 20);
	CHECK(job->result.response_bytes < 2 << 20);
	CHECK_INT(job->result.response_body.len, KH_RESPONSE_KEPT_BYTES);
	kh_job_free(job);
	job = once("/huge-failure");
	CHECK_STATUS(job->result.problem, KH_OK);
	CHECK_STR(job->result.error_code, "http_status");
	CHECK_CONTAINS(job->result.note, "larger than 1 MB");
	kh_job_free(job);
}

static void endless_header_lines_are_cut_off(void)
{
	kh_job *job = once("/headers");

	CHECK_STATUS(job->result.problem, KH_ERR_TRANSPORT);
	CHECK_STR(job->result.error_code, "too_large");
	CHECK(job->result.response_headers.len <= KH_RESPONSE_KEPT_BYTES);
	kh_job_free(job);
}

/* ---- no answer ---- */

static void what_breaks_off_is_closed(void)
{
	static const struct {
		const char *path, *code, *words;
		int status;
	} table[] = {
		{"/half", "closed", "The endpoint closed the connection in the middle of its answer.", 200},
		{"/nothing", "closed", "The endpoint closed the connection without an answer.", 0},
		{"/slam", "closed", "The endpoint closed the connection without an answer.", 0},
		{"/garbage", "other", "The endpoint's answer is not HTTP.", 0},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		kh_job *job = once(table[i].path);
		CHECK_STATUS(job->result.problem, KH_ERR_TRANSPORT);
		CHECK_STR(job->result.error_code, table[i].code);
		CHECK_STR(job->result.error, table[i].words);
		CHECK_INT(job->result.http_status, table[i].status);
		kh_job_free(job);
	}
}

static void a_slow_endpoint_ends_with_the_timeout(void)
{
	static const struct {
		const char *path, *words;
	} table[] = {
		{"/hang", "The endpoint took the request, but had not answered after 0.3 s."},
		{"/slow-head", "The endpoint's answer was not complete after 0.3 s (0 bytes of its body "
					   "came)."},
		{"/slow-body", "The endpoint's answer was not complete after 0.3 s (5 bytes of its body "
					   "came)."},
	};
	kh_transport *transport = new_transport();
	kh_request *request;
	kh_job *job;
	int64_t began;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		request = request_to("GET", server->base, table[i].path);
		request->timeout_ms = 300;
		began = kh_now_ms();
		job = transfer(transport, request);
		CHECK(kh_now_ms() - began >= 299);
		CHECK(kh_now_ms() - began < 5000);
		CHECK_STATUS(job->result.problem, KH_ERR_TRANSPORT);
		CHECK_STR(job->result.error_code, "timeout");
		CHECK_STR(job->result.error, table[i].words);
		kh_job_free(job);
	}
	kh_transport_free(transport);
}

/* Lets a request go out, then stays away for longer than it may take. */
static kh_job *after_an_absence(const char *path)
{
	kh_transport *transport = new_transport();
	kh_request *request = request_to("GET", server->base, path);
	int asked = atomic_load(&server->requests);
	kh_job *job;

	request->timeout_ms = 300;
	request->connect_timeout_ms = 200;
	server->at_gate = 0;
	server->gate = 2;
	kh_transport_submit_take(transport, kh_job_new_take(request));
	while (atomic_load(&server->requests) == asked) {
		kh_transport_drive(transport, kh_now_ms() + 1);
	}
	pthread_mutex_lock(&server->lock);
	server->gate = 0;
	pthread_cond_broadcast(&server->changed);
	pthread_mutex_unlock(&server->lock);
	usleep(400000);
	kh_transport_drive(transport, kh_now_ms() + GIVE_UP_MS);
	job = kh_transport_next_done(transport);
	kh_transport_free(transport);
	return job;
}

static void an_answer_that_came_while_nobody_looked_is_in_time(void)
{
	kh_job *job = after_an_absence("/gate");

	CHECK(job != NULL);
	CHECK_STR(job->result.error_code, "");
	CHECK_INT(job->result.http_status, 200);
	CHECK_BYTES(job->result.response_body, "through");
	kh_job_free(job);
}

static void what_did_not_come_meanwhile_is_late_at_once(void)
{
	static const char *const paths[] = {"/hang", "/slow-head", "/slow-body"};
	int64_t began;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		began = kh_now_ms();
		kh_job *job = after_an_absence(paths[i]);
		CHECK(job != NULL);
		CHECK_STR(job->result.error_code, "timeout");
		CHECK(kh_now_ms() - began < GIVE_UP_MS / 2);
		kh_job_free(job);
	}
}

static void an_unknown_name_and_a_closed_port_are_told(void)
{
	kh_transport *transport = new_transport();
	char base[64], words[128];
	int port = 0;
	int listener = listen_on("127.0.0.1", 1, &port);
	kh_job *job = transfer(transport, request_to("GET", NULL, "https://nonexistent.invalid/"));

	CHECK_STATUS(job->result.problem, KH_ERR_TRANSPORT);
	CHECK_STR(job->result.error_code, "dns");
	CHECK_CONTAINS(job->result.error, "The name nonexistent.invalid could not be ");
	CHECK(!job->result.timings.reused);
	kh_job_free(job);

	close(listener);
	snprintf(base, sizeof(base), "http://127.0.0.1:%d", port);
	snprintf(words, sizeof(words), "127.0.0.1 refused the connection: nothing answers on port %d.",
		port);
	job = transfer(transport, request_to("GET", base, "/"));
	CHECK_STATUS(job->result.problem, KH_ERR_TRANSPORT);
	CHECK_STR(job->result.error_code, "connect_refused");
	CHECK_STR(job->result.error, words);
	CHECK(!job->blocked);
	CHECK(!job->result.timings.reused);
	kh_job_free(job);
	kh_transport_free(transport);
}

/* A listener whose queue is full answers no SYN. */
static void an_endpoint_that_accepts_nothing_ends_with_the_connect_timeout(void)
{
	kh_transport *transport = new_transport();
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char base[64];
	int fillers[8], port = 0, listener = listen_on("127.0.0.1", 0, &port);
	kh_request *request;
	kh_job *job;
	size_t i;

	address.sin_port = htons((uint16_t)port);
	for (i = 0; i < 8; i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)!connect(fillers[i], (struct sockaddr *)&address, sizeof(address));
	}
	snprintf(base, sizeof(base), "http://127.0.0.1:%d", port);
	request = request_to("GET", base, "/");
	request->connect_timeout_ms = 300;
	job = transfer(transport, request);
	CHECK_STR(job->result.error_code, "connect_timeout");
	CHECK_STR(job->result.error, "127.0.0.1 did not accept the connection within 0.3 s.");
	kh_job_free(job);
	for (i = 0; i < 8; i++) {
		close(fillers[i]);
	}
	close(listener);
	kh_transport_free(transport);
}

static void what_can_not_be_sent_comes_back_with_its_reason(void)
{
	static const char *const urls[] = {"", "ftp://example.com/", "https://user:pw@example.com/",
		"https://", "example.com", "https://exa mple.com/", "file:///etc/passwd"};
	kh_transport *transport = new_transport();
	kh_request *request;
	kh_job *job;
	size_t i;

	for (i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		job = transfer(transport, request_to("GET", NULL, urls[i]));
		CHECK_STATUS(job->result.problem, KH_ERR_URL);
		CHECK_STR(job->result.error_code, "other");
		CHECK(job->result.error[0] != '\0');
		kh_job_free(job);
	}
	request = request_to("GET", NULL, "http://127.0.0.1/");
	request->plain_http = false; /* says https, which the guard would judge by */
	job = transfer(transport, request);
	CHECK_STATUS(job->result.problem, KH_ERR_URL);
	kh_job_free(job);
	request = request_to("GET", server->base, "/ok");
	CHECK_STATUS(kh_buf_append(&request->url, "\0/", 2), KH_OK);
	job = transfer(transport, request);
	CHECK_STATUS(job->result.problem, KH_ERR_URL);
	kh_job_free(job);
	CHECK_INT(kh_transport_in_flight(transport), 0);
	kh_transport_free(transport);
}

/* ---- what is sent ---- */

static kh_job *echo(kh_request *request)
{
	kh_transport *transport = new_transport();
	kh_job *job = transfer(transport, request);

	kh_transport_free(transport);
	return job;
}

static void the_request_is_sent_as_it_was_built(void)
{
	kh_request *request = request_to("PATCH", server->base, "/echo?a=%20b");
	char expected[512];
	kh_job *job;

	CHECK_STATUS(
		kh_request_set_header(request, KH_STR("Content-Type"), KH_STR("text/plain"), false, NULL),
		KH_OK);
	CHECK_STATUS(kh_request_set_header(request, KH_STR("X-Empty"), KH_STR(""), false, NULL), KH_OK);
	CHECK_STATUS(
		kh_request_set_header(request, KH_STR("User-Agent"), KH_STR("KiviHook"), false, NULL),
		KH_OK);
	CHECK_STATUS(kh_buf_append_str(&request->body, KH_STR("{\"a\":1}")), KH_OK);
	request->has_body = true;
	job = echo(request);
	snprintf(expected, sizeof(expected),
		"PATCH /echo?a=%%20b HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\n"
		"Content-Type: text/plain\r\nX-Empty:\r\nUser-Agent: KiviHook\r\nContent-Length: 7\r\n\r\n"
		"{\"a\":1}",
		server->port);
	CHECK_BYTES(job->result.response_body, expected);
	kh_job_free(job);
}

/* Number 0 to 5: methods, headers and bodies that differ in everything. */
static kh_request *one_of_a_kind(int number)
{
	static const char *const METHODS[] = {"PATCH", "GET", "DELETE", "POST", "GET", "DELETE"};
	kh_request *request =
		request_to(METHODS[number], server->base, number % 2 ? "/echo" : "/echo?a=1");

	if (number == 0 || number == 4) {
		kh_request_set_header(request, KH_STR("X-API-Key"), KH_STR("s3cret"), true, NULL);
		kh_request_set_header(request, KH_STR("Content-Type"), KH_STR("text/plain"), false, NULL);
	}
	if (number == 0 || number == 2 || number == 4) {
		kh_buf_append_format(&request->body, "body of %d", number);
		request->has_body = true;
	}
	return request;
}

/* Handles are used again: nothing of the request before may be left in them. */
static void no_request_leaves_anything_for_the_next(void)
{
	kh_policy policy = policy_for(loopback);

	for (int first = 0; first < 6; first++) {
		for (int second = 0; second < 6; second++) {
			kh_transport *transport = kh_transport_new(&policy, NULL);
			kh_job *alone = echo(one_of_a_kind(second)), *after;
			kh_job_free(transfer(transport, one_of_a_kind(first)));
			after = transfer(transport, one_of_a_kind(second));
			CHECK(after->result.timings.reused);
			CHECK_BYTES(after->result.response_body, alone->result.response_body.data);
			kh_job_free(alone);
			kh_job_free(after);
			kh_transport_free(transport);
		}
	}
}

static void methods_without_a_body_are_whole_too(void)
{
	static const struct {
		const char *method;
		bool says_zero;
	} table[] = {{"GET", false}, {"DELETE", false}, {"POST", true}, {"PUT", true}, {"PATCH", true}};
	char first_line[64];
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		kh_job *job = echo(request_to(table[i].method, server->base, "/echo"));
		const char *text = job->result.response_body.data;
		snprintf(first_line, sizeof(first_line), "%s /echo HTTP/1.1\r\n", table[i].method);
		CHECK_INT(strncmp(text, first_line, strlen(first_line)), 0);
		CHECK_INT(strstr(text, "Content-Length: 0\r\n") != NULL, table[i].says_zero);
		CHECK(strstr(text, "Content-Type") == NULL);
		CHECK(strstr(text, "Accept-Encoding") == NULL);
		kh_job_free(job);
	}
}

static kh_request *with_large_body(const char *base, const char *path)
{
	kh_request *request = request_to("POST", base, path);
	size_t i;

	request->body.max_bytes = 4 << 20;
	request->has_body = true;
	for (i = 0; i < 4 << 10; i++) {
		CHECK_STATUS(kh_buf_append_format(&request->body, "%1024zu", i), KH_OK);
	}
	return request;
}

static void a_large_body_waits_for_no_continue(void)
{
	kh_job *job = echo(with_large_body(server->base, "/echo"));

	CHECK_INT(job->result.http_status, 200);
	CHECK_CONTAINS(job->result.response_body.data, "Content-Length: 4194304\r\n");
	CHECK(strstr(job->result.response_body.data, "Expect") == NULL);
	kh_job_free(job);
}

static void a_header_with_a_line_break_is_never_sent(void)
{
	kh_request *request = request_to("GET", server->base, "/ok");
	int before = atomic_load(&server->requests);
	kh_job *job;

	CHECK_STATUS(kh_request_set_header(request, KH_STR("X-A"), KH_STR("bad"), false, NULL), KH_OK);
	memcpy(request->headers[0].value, "\r\n:", 3);
	job = echo(request);
	CHECK_STATUS(job->result.problem, KH_ERR_INVALID);
	CHECK_INT(atomic_load(&server->requests), before);
	kh_job_free(job);
}

static void nothing_is_taken_from_the_environment(void)
{
	kh_transport *transport = new_transport();
	kh_job *job;

	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "socks5://127.0.0.1:1/", 1);
	job = get(transport, server, "/ok");
	CHECK_INT(job->result.http_status, 200); /* it also set a cookie */
	kh_job_free(job);
	job = get(transport, server, "/echo");
	CHECK(strstr(job->result.response_body.data, "Cookie") == NULL);
	kh_job_free(job);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	kh_transport_free(transport);
}

/* ---- the guard ---- */

static void an_internal_address_is_blocked_before_the_connection(void)
{
	static const char *const hosts[] = {"127.0.0.1", "localhost", "0x7f.1", "2130706433", "0",
		"[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"};
	kh_policy policy = policy_for(NULL);
	kh_transport *transport = kh_transport_new(&policy, NULL);
	int before = atomic_load(&server->accepted);
	char url[128];
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		snprintf(url, sizeof(url), "http://%s:%d/ok", hosts[i], server->port);
		kh_job *job = transfer(transport, request_to("GET", NULL, url));
		CHECK_STATUS(job->result.problem, KH_ERR_BLOCKED);
		CHECK(job->blocked);
		CHECK_STR(job->result.error_code, "blocked");
		CHECK_CONTAINS(job->result.error, "kivihook.allow_networks = ");
		CHECK_INT(job->result.http_status, 0);
		CHECK(!job->result.timings.reused);
		kh_job_free(job);
	}
	CHECK_INT(atomic_load(&server->accepted), before);
	kh_transport_free(transport);
}

/* One transfer on a multi that is not the transport's, so that the policy can differ. */
static void run_alone(CURLM *multi, kh_job *job, const kh_policy *policy, CURLcode *code)
{
	kh_handles handles = {.count = {0}};
	kh_error error;
	CURLMsg *message = NULL;
	int running, left;

	CHECK_STATUS(kh_curl_prepare(job, policy, &handles, &error), KH_OK);
	CHECK_INT(curl_multi_add_handle(multi, job->wire->easy), CURLM_OK);
	while (message == NULL) {
		CHECK_INT(curl_multi_perform(multi, &running), CURLM_OK);
		message = curl_multi_info_read(multi, &left);
		if (message == NULL) {
			CHECK_INT(curl_multi_poll(multi, NULL, 0, 1000, NULL), CURLM_OK);
		}
	}
	*code = message->data.result;
	CHECK_INT(curl_multi_remove_handle(multi, job->wire->easy), CURLM_OK);
}

static void a_reused_connection_is_checked_again(void)
{
	kh_policy open = policy_for(loopback), closed = policy_for(NULL);
	int before = atomic_load(&server->accepted), requests = atomic_load(&server->requests);
	CURLM *multi = curl_multi_init();
	kh_job *first = kh_job_new_take(request_to("GET", server->base, "/ok"));
	kh_job *second = kh_job_new_take(request_to("GET", server->base, "/ok"));
	CURLcode code;

	run_alone(multi, first, &open, &code);
	CHECK_INT(code, CURLE_OK);
	run_alone(multi, second, &closed, &code);
	CHECK_INT(code, CURLE_ABORTED_BY_CALLBACK);
	CHECK(second->blocked);
	CHECK_CONTAINS(second->result.error, "loopback");
	CHECK_INT(atomic_load(&server->accepted), before + 1);
	CHECK_INT(atomic_load(&server->requests), requests + 1);
	kh_job_free(first);
	kh_job_free(second);
	curl_multi_cleanup(multi);
}

static void ipv6_is_reached_and_named(void)
{
	struct server *six = server_start("::1", NULL);
	kh_networks *allow = networks("::1");
	kh_policy policy = policy_for(allow);
	kh_transport *transport = kh_transport_new(&policy, NULL);
	char peer[64];
	kh_job *job;

	if (six == NULL) {
		printf("# this machine has no ::1\n");
	} else {
		job = get(transport, six, "/ok");
		snprintf(peer, sizeof(peer), "[::1]:%d", six->port);
		CHECK_INT(job->result.http_status, 200);
		CHECK_STR(job->result.peer, peer);
		kh_job_free(job);
		server_stop(six);
	}
	kh_transport_free(transport);
	kh_networks_free(allow);
}

/* ---- a proxy: the same server plays it ---- */

static kh_job *through_proxy(const kh_networks *allow, bool allow_http, const char *url)
{
	kh_policy policy = policy_for(allow);
	kh_transport *transport;
	kh_request *request = request_to("GET", NULL, url);
	kh_job *job;

	CHECK_STATUS(
		kh_request_set_header(request, KH_STR("X-Key"), KH_STR("s3cret"), true, NULL), KH_OK);
	policy.proxy = server->base;
	policy.guard.allow_http = allow_http;
	transport = kh_transport_new(&policy, NULL);
	job = transfer(transport, request);
	kh_transport_free(transport);
	return job;
}

static void through_a_proxy_its_address_is_checked(void)
{
	char peer[64];
	kh_job *job = through_proxy(loopback, true, "http://example.test/ok");

	snprintf(peer, sizeof(peer), "through proxy 127.0.0.1:%d", server->port);
	CHECK_INT(job->result.http_status, 200);
	CHECK_STR(job->result.peer, peer);
	kh_job_free(job);
	job = through_proxy(NULL, true, "http://example.test/ok");
	CHECK_STR(job->result.error_code, "blocked");
	kh_job_free(job);
	job = through_proxy(loopback, false, "http://example.test/ok");
	CHECK_STR(job->result.error_code, "blocked");
	CHECK_CONTAINS(job->result.error, "use https");
	kh_job_free(job);
}

static void through_a_proxy_no_internal_address_is_asked_for(void)
{
	static const char *const urls[] = {"https://10.0.0.1/", "https://localhost/",
		"https://a.localhost/", "https://[::1]/", "https://169.254.169.254/latest/",
		"https://0xa.1/", "https://167772161/", "https://metadata.google.internal/"};
	int before = atomic_load(&server->requests);
	size_t i;

	for (i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		kh_job *job = through_proxy(loopback, true, urls[i]);
		/* localhost is 127.0.0.1, which this policy allows: it is the proxy that refuses. */
		CHECK_STR(job->result.error_code, strstr(urls[i], "localhost") ? "proxy" : "blocked");
		kh_job_free(job);
	}
	CHECK_INT(atomic_load(&server->requests), before + 2);
}

static void a_proxy_that_refuses_is_told_and_gets_no_credentials(void)
{
	kh_job *job = through_proxy(loopback, false, "https://example.test/ok");

	CHECK_STATUS(job->result.problem, KH_ERR_TRANSPORT);
	CHECK_STR(job->result.error_code, "proxy");
	CHECK_STR(job->result.error,
		"The proxy refused to connect to example.test (it answered 403 Forbidden).");
	CHECK_INT(job->result.http_status, 0);
	CHECK_CONTAINS(server->last, "CONNECT example.test:443");
	CHECK(strstr(server->last, "s3cret") == NULL);
	kh_job_free(job);
}

/* ---- connections, deadlines, lifetimes ---- */

static void a_connection_is_reused_unless_a_fresh_one_is_asked_for(void)
{
	kh_transport *transport = new_transport();
	int before = atomic_load(&server->accepted);
	kh_request *request;
	kh_job *job;

	kh_job_free(get(transport, server, "/ok"));
	job = get(transport, server, "/ok");
	CHECK_INT(job->result.http_status, 200);
	CHECK(job->result.timings.reused);
	CHECK_INT(job->result.timings.dns_us, 0);
	CHECK_INT(job->result.timings.connect_us, 0);
	CHECK_INT(job->result.timings.tls_us, 0);
	CHECK(job->result.timings.first_byte_us > 0);
	CHECK_CONTAINS(job->result.peer, "127.0.0.1:");
	CHECK_INT(atomic_load(&server->accepted), before + 1);
	kh_job_free(job);

	request = request_to("GET", server->base, "/ok");
	request->fresh_connection = true;
	job = transfer(transport, request);
	CHECK(!job->result.timings.reused);
	CHECK(job->result.timings.connect_us > 0);
	CHECK_INT(atomic_load(&server->accepted), before + 2);
	kh_job_free(job);
	kh_transport_free(transport);
}

static void many_are_in_flight_at_once(void)
{
	enum { MANY = 40 };
	kh_transport *transport = new_transport();
	int marks[MANY] = {0}, i;
	kh_job *job;

	server->at_gate = 0;
	server->gate = MANY; /* answers none before all are there */
	for (i = 0; i < MANY; i++) {
		job = kh_job_new_take(request_to("GET", server->base, "/gate"));
		job->owner_data = &marks[i];
		kh_transport_submit_take(transport, job);
	}
	CHECK_INT(kh_transport_in_flight(transport), MANY);
	for (i = 0; i < MANY; i++) {
		job = wait_for_one(transport);
		CHECK_INT(job->result.http_status, 200);
		(*(int *)job->owner_data)++;
		kh_job_free(job);
	}
	for (i = 0; i < MANY; i++) {
		CHECK_INT(marks[i], 1);
	}
	CHECK_INT(kh_transport_in_flight(transport), 0);
	CHECK(kh_transport_next_done(transport) == NULL);
	kh_transport_free(transport);
}

static void drive_ends_at_its_deadline(void)
{
	kh_transport *transport = new_transport();
	int64_t began = kh_now_ms();

	kh_transport_drive(transport, began + 10000); /* nothing to do */
	kh_transport_submit_take(transport, kh_job_new_take(request_to("GET", server->base, "/hang")));
	began = kh_now_ms();
	kh_transport_drive(transport, began + 200);
	CHECK(kh_now_ms() - began >= 200);
	CHECK(kh_now_ms() - began < 5000);
	CHECK(kh_transport_next_done(transport) == NULL);
	CHECK_INT(kh_transport_in_flight(transport), 1);
	began = kh_now_ms();
	kh_transport_drive(transport, began - 1000);
	CHECK(kh_now_ms() - began < 1000);
	kh_transport_free(transport); /* with it what is in flight */
}

static void abort_ends_transfers_and_keeps_connections(void)
{
	kh_transport *transport = new_transport();
	int accepted;
	kh_job *job;
	int i;

	for (i = 0; i < 3; i++) {
		kh_transport_submit_take(
			transport, kh_job_new_take(request_to("GET", server->base, "/hang")));
	}
	kh_job_free(get(transport, server, "/ok"));
	CHECK_INT(kh_transport_in_flight(transport), 3);
	kh_transport_abort(transport);
	CHECK_INT(kh_transport_in_flight(transport), 0);
	for (i = 0; i < 3; i++) {
		job = kh_transport_next_done(transport);
		CHECK(job != NULL);
		CHECK_STATUS(job->result.problem, KH_ERR_TRANSPORT);
		CHECK_STR(job->result.error_code, "aborted");
		CHECK(job->result.error[0] != '\0');
		kh_job_free(job);
	}
	CHECK(kh_transport_next_done(transport) == NULL);
	accepted = atomic_load(&server->accepted);
	job = get(transport, server, "/ok");
	CHECK_INT(job->result.http_status, 200);
	CHECK(job->result.timings.reused);
	CHECK_INT(atomic_load(&server->accepted), accepted);
	kh_job_free(job);
	kh_transport_abort(transport);
	kh_transport_free(transport);
}

static int in_child(kh_transport *transport)
{
	kh_job *job;

	if (kh_transport_is_mine(transport)) {
		return 1;
	}
	kh_transport_submit_take(
		transport, kh_job_new_take(request_to("GET", server->base, "/from-child")));
	kh_transport_drive(transport, kh_now_ms() + 1000);
	job = kh_transport_next_done(transport);
	if (job == NULL || job->result.problem != KH_ERR_TRANSPORT) {
		return 2;
	}
	kh_job_free(job);
	kh_transport_abort(transport);
	kh_transport_free(transport);
	return 0;
}

static void a_forked_child_leaves_the_connections_alone(void)
{
	kh_transport *transport = new_transport();
	int before = atomic_load(&server->accepted), code = -1;
	kh_job *job;
	pid_t child;

	kh_job_free(get(transport, server, "/ok"));
	child = fork();
	if (child == 0) {
		_exit(in_child(transport));
	}
	CHECK_INT(waitpid(child, &code, 0), child);
	CHECK_INT(code, 0);
	CHECK(kh_transport_is_mine(transport));
	job = get(transport, server, "/ok");
	CHECK_INT(job->result.http_status, 200);
	CHECK(job->result.timings.reused);
	CHECK_INT(atomic_load(&server->accepted), before + 1);
	kh_job_free(job);
	kh_transport_free(transport);
	CHECK(!kh_transport_is_mine(NULL));
	kh_transport_free(NULL);
	kh_job_free(NULL);
}

static void sockets_are_not_inherited(void)
{
	kh_transport *transport = new_transport();
	struct sockaddr_in peer;
	socklen_t len;
	int fd, found = 0;

	kh_job_free(get(transport, server, "/ok"));
	for (fd = 3; fd < 1024; fd++) {
		len = sizeof(peer);
		if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0 && peer.sin_family == AF_INET &&
			ntohs(peer.sin_port) == server->port) {
			found++;
			CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
		}
	}
	CHECK(found > 0);
	kh_transport_free(transport);
}

static void a_broken_pipe_kills_nobody_and_leaves_no_trace(void)
{
	struct sigaction before, after;
	sigset_t mask, pending;
	kh_job *job;

	sigaction(SIGPIPE, NULL, &before);
	CHECK(before.sa_handler == SIG_DFL);
	job = echo(with_large_body(server->base, "/slam"));
	CHECK_STR(job->result.error_code, "closed");
	kh_job_free(job);
	sigaction(SIGPIPE, NULL, &after);
	CHECK(after.sa_handler == SIG_DFL);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	CHECK_INT(sigismember(&mask, SIGPIPE), 0);
	sigpending(&pending);
	CHECK_INT(sigismember(&pending, SIGPIPE), 0);
}

int main(void)
{
	kh_error error;

	CHECK_STATUS(kh_transport_global_init(&error), KH_OK);
	loopback = networks("127.0.0.0/8");
	server = server_start("127.0.0.1", NULL);
	RUN(an_answer_comes_with_all_its_facts);
	RUN(a_status_is_an_answer_with_plain_words);
	RUN(only_the_last_of_several_heads_counts);
	RUN(only_the_beginning_of_a_long_answer_is_kept);
	RUN(an_answer_over_the_limit_is_not_read_to_its_end);
	RUN(endless_header_lines_are_cut_off);
	RUN(what_breaks_off_is_closed);
	RUN(a_slow_endpoint_ends_with_the_timeout);
	RUN(an_answer_that_came_while_nobody_looked_is_in_time);
	RUN(what_did_not_come_meanwhile_is_late_at_once);
	RUN(an_unknown_name_and_a_closed_port_are_told);
	RUN(an_endpoint_that_accepts_nothing_ends_with_the_connect_timeout);
	RUN(what_can_not_be_sent_comes_back_with_its_reason);
	RUN(the_request_is_sent_as_it_was_built);
	RUN(no_request_leaves_anything_for_the_next);
	RUN(methods_without_a_body_are_whole_too);
	RUN(a_large_body_waits_for_no_continue);
	RUN(a_header_with_a_line_break_is_never_sent);
	RUN(nothing_is_taken_from_the_environment);
	RUN(an_internal_address_is_blocked_before_the_connection);
	RUN(a_reused_connection_is_checked_again);
	RUN(ipv6_is_reached_and_named);
	RUN(through_a_proxy_its_address_is_checked);
	RUN(through_a_proxy_no_internal_address_is_asked_for);
	RUN(a_proxy_that_refuses_is_told_and_gets_no_credentials);
	RUN(a_connection_is_reused_unless_a_fresh_one_is_asked_for);
	RUN(many_are_in_flight_at_once);
	RUN(drive_ends_at_its_deadline);
	RUN(abort_ends_transfers_and_keeps_connections);
	RUN(a_forked_child_leaves_the_connections_alone);
	RUN(sockets_are_not_inherited);
	RUN(a_broken_pipe_kills_nobody_and_leaves_no_trace);
	server_stop(server);
	kh_networks_free(loopback);
	return check_done();
}
