/*
 * A small HTTP/1.1 server in threads of the test, on a port that the system chooses; the request's
 * path says how it behaves (see answer). It ends with the test, and with it every thread. Also what
 * the tests of the transport share: a policy, requests, one transfer from begin to end.
 */
#ifndef WIRE_SERVER_H
#define WIRE_SERVER_H

#include "check.h"
#include "kh_transport.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_CONNECTIONS 256
#define GIVE_UP_MS 20000 /* a test that waits so long is broken */

struct server;

struct connection {
	struct server *server;
	int fd;
	SSL *tls;
	pthread_t thread;
};

struct server {
	int listener, port;
	SSL_CTX *tls;
	pthread_t thread;
	struct connection connections[MOST_CONNECTIONS];
	atomic_int accepted;
	atomic_int requests;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int gate, at_gate; /* /gate answers once so many requests are there */
	char last[8192];   /* the last request, head and beginning of the body */
	char base[64];     /* "http://127.0.0.1:12345" */
};

/* ---- one connection ---- */

static ssize_t take(struct connection *c, char *out, size_t size)
{
	return c->tls != NULL ? SSL_read(c->tls, out, (int)size) : recv(c->fd, out, size, 0);
}

static bool give_bytes(struct connection *c, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = c->tls != NULL ? SSL_write(c->tls, data, (int)len)
								   : send(c->fd, data, len, MSG_NOSIGNAL);
		if (n <= 0) {
			return false;
		}
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static bool give(struct connection *c, const char *text)
{
	return give_bytes(c, text, strlen(text));
}

/* Until the client goes away. */
static void hang(struct connection *c)
{
	char rest[4096];

	while (take(c, rest, sizeof(rest)) > 0) {
	}
}

/* The head, and as much of the body as fits; the rest of it is read and forgotten. */
static bool read_request(struct connection *c, char *text, size_t size, bool *slam)
{
	size_t len = 0, body = 0;
	char *end, *field, rest[4096];
	ssize_t n;

	text[0] = '\0';
	while ((end = strstr(text, "\r\n\r\n")) == NULL) {
		n = take(c, text + len, size - 1 - len);
		if (n <= 0) {
			return false;
		}
		len += (size_t)n;
		text[len] = '\0';
	}
	*slam = strstr(text, "/slam") != NULL;
	field = strstr(text, "Content-Length:");
	if (field != NULL && field < end) {
		body = strtoul(field + 15, NULL, 10);
	}
	body += (size_t)(end + 4 - text);
	while (!*slam && len < body) {
		n = len < size - 1 ? take(c, text + len, size - 1 - len) : take(c, rest, sizeof(rest));
		if (n <= 0) {
			return false;
		}
		len += (size_t)n;
		text[len < size - 1 ? len : size - 1] = '\0';
	}
	return true;
}

static bool answer_with(
	struct connection *c, const char *status, const char *headers, const char *body)
{
	char head[1024];

	snprintf(head, sizeof(head), "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, headers,
		strlen(body));
	return give(c, head) && give(c, body);
}

static bool answer_huge(struct connection *c, const char *status, size_t bytes)
{
	static const char block[4096] = {[0 ... 4095] = 'x'};
	char head[128];

	snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n", status, bytes);
	if (!give(c, head)) {
		return false;
	}
	while (bytes > 0) {
		size_t len = bytes < sizeof(block) ? bytes : sizeof(block);
		if (!give_bytes(c, block, len)) {
			return false;
		}
		bytes -= len;
	}
	return true;
}

static bool answer_endless_headers(struct connection *c)
{
	int i;

	give(c, "HTTP/1.1 200 OK\r\n");
	for (i = 0; i < 100000; i++) {
		if (!give(c, "X-Filler: ........................................................\r\n")) {
			return false;
		}
	}
	return false;
}

static bool answer_at_gate(struct connection *c)
{
	struct server *server = c->server;

	pthread_mutex_lock(&server->lock);
	server->at_gate++;
	pthread_cond_broadcast(&server->changed);
	while (server->at_gate < server->gate) {
		pthread_cond_wait(&server->changed, &server->lock);
	}
	pthread_mutex_unlock(&server->lock);
	return answer_with(c, "200 OK", "", "through");
}

/* Does the path say so? In a proxy's request it is a whole URL. */
static bool asks(const char *request, const char *path)
{
	const char *found = strstr(request, path), *end = strstr(request, " HTTP/1.1");

	return found != NULL && end != NULL && found < end;
}

/* What asks for an answer that breaks off or never ends. */
static bool misbehave(struct connection *c, const char *request)
{
	if (asks(request, "/half")) {
		give(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.");
	} else if (asks(request, "/hang")) {
		hang(c);
	} else if (asks(request, "/slow-head")) {
		give(c, "HTTP/1.1 200 OK\r\nContent-Le");
		hang(c);
	} else if (asks(request, "/slow-body")) {
		give(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfive.");
		hang(c);
	} else if (asks(request, "/garbage")) {
		give(c, "this is no HTTP\r\n\r\nat all\r\n");
	} else if (asks(request, "/headers")) {
		answer_endless_headers(c);
	} else if (!asks(request, "/nothing")) {
		return false;
	}
	return true;
}

/* False: close the connection. */
static bool answer(struct connection *c, const char *request)
{
	char status[8] = "";
	const char *found = strstr(request, "/status/");

	if (misbehave(c, request)) {
		return false;
	}
	if (strncmp(request, "CONNECT ", 8) == 0) {
		return answer_with(c, "403 Forbidden", "", "no");
	}
	if (asks(request, "/echo")) {
		return answer_with(c, "200 OK", "", request);
	}
	if (asks(request, "/status/")) {
		snprintf(status, sizeof(status), "%.3s", found + 8);
		return answer_with(c, status, "Retry-After:  120 \r\n", "words");
	}
	if (asks(request, "/204")) {
		return give(c, "HTTP/1.1 204 No Content\r\n\r\n");
	}
	if (asks(request, "/to-metadata")) {
		return answer_with(
			c, "307 Redirect", "Location: http://169.254.169.254/latest/meta-data/\r\n", "");
	}
	if (asks(request, "/redirect")) {
		return answer_with(
			c, "302 Found", "Location: https://user:pw@example.com/final?token=secret#top\r\n", "");
	}
	if (asks(request, "/early")) {
		give(c, "HTTP/1.1 103 Early Hints\r\nRetry-After: 1\r\nLink: </a>\r\n\r\n");
		return answer_with(c, "200 OK", "X-Real: yes\r\n", "");
	}
	if (asks(request, "/huge-failure")) {
		return answer_huge(c, "500 Oops", 10 << 20);
	}
	if (asks(request, "/huge")) {
		return answer_huge(c, "200 OK", 10 << 20);
	}
	if (asks(request, "/large")) {
		return answer_huge(c, "200 OK", 100 << 10);
	}
	if (asks(request, "/gate")) {
		return answer_at_gate(c);
	}
	return answer_with(
		c, "200 OK", "X-Folded: one\r\n  two\r\nSet-Cookie: a=b\r\nX-Last: 3\r\n", "hello");
}

/* Closes with a reset, while the client is still sending. */
static void slam(struct connection *c)
{
	const struct linger at_once = {.l_onoff = 1};

	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static void *serve(void *connection)
{
	struct connection *c = connection;
	struct server *server = c->server;
	char request[8192];
	bool slams = false, goes_on = true;

	if (server->tls != NULL) {
		c->tls = SSL_new(server->tls);
		SSL_set_fd(c->tls, c->fd);
		goes_on = SSL_accept(c->tls) == 1;
		if (!goes_on) {
			/* To close at once, with the request unread, would reset the connection, and the alert
			 * that says why would be lost with it. */
			shutdown(c->fd, SHUT_WR);
			while (recv(c->fd, request, sizeof(request), 0) > 0) {
			}
		}
	}
	while (goes_on && read_request(c, request, sizeof(request), &slams)) {
		atomic_fetch_add(&server->requests, 1);
		pthread_mutex_lock(&server->lock);
		snprintf(server->last, sizeof(server->last), "%s", request);
		pthread_mutex_unlock(&server->lock);
		if (slams) {
			slam(c);
			break;
		}
		goes_on = answer(c, request);
	}
	SSL_free(c->tls);
	c->tls = NULL;
	pthread_mutex_lock(&server->lock);
	close(c->fd);
	c->fd = -1;
	pthread_mutex_unlock(&server->lock);
	return NULL;
}

/* ---- the server ---- */

static void *accept_all(void *server_)
{
	struct server *server = server_;
	int fd, index;

	while ((fd = accept(server->listener, NULL, NULL)) >= 0) {
		index = atomic_load(&server->accepted);
		if (index == MOST_CONNECTIONS) {
			close(fd);
			continue;
		}
		server->connections[index].server = server;
		server->connections[index].fd = fd;
		atomic_fetch_add(&server->accepted, 1); /* before its answer can come */
		pthread_create(
			&server->connections[index].thread, NULL, serve, &server->connections[index]);
	}
	return NULL;
}

/* A listening socket on a free port of a loopback address; -1: this machine has none. */
static int listen_on(const char *address, int backlog, int *port)
{
	struct sockaddr_in ipv4 = {.sin_family = AF_INET};
	struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
	bool six = strchr(address, ':') != NULL;
	struct sockaddr *bound = six ? (struct sockaddr *)&ipv6 : (struct sockaddr *)&ipv4;
	socklen_t len = six ? sizeof(ipv6) : sizeof(ipv4);
	int fd = socket(bound->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, address, &ipv4.sin_addr);
	inet_pton(AF_INET6, address, &ipv6.sin6_addr);
	if (fd < 0 || bind(fd, bound, len) != 0 || listen(fd, backlog) != 0 ||
		getsockname(fd, bound, &len) != 0) {
		if (fd >= 0) {
			close(fd);
		}
		return -1;
	}
	*port = ntohs(six ? ipv6.sin6_port : ipv4.sin_port);
	return fd;
}

/* NULL: this machine has no such address. tls belongs to the caller. */
__attribute__((unused)) static struct server *server_start(const char *address, SSL_CTX *tls)
{
	struct server *server = calloc(1, sizeof(*server));
	sigset_t pipe, before;

	server->tls = tls;
	server->listener = listen_on(address, 128, &server->port);
	if (server->listener < 0) {
		free(server);
		return NULL;
	}
	snprintf(server->base, sizeof(server->base),
		strchr(address, ':') != NULL ? "%s://[%s]:%d" : "%s://%s:%d",
		tls != NULL ? "https" : "http", address, server->port);
	pthread_mutex_init(&server->lock, NULL);
	pthread_cond_init(&server->changed, NULL);
	/* Only in the server's threads, so that the test finds out what the transport does about it. */
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, &before);
	pthread_create(&server->thread, NULL, accept_all, server);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return server;
}

__attribute__((unused)) static void server_stop(struct server *server)
{
	int i, accepted;

	shutdown(server->listener, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->listener);
	pthread_mutex_lock(&server->lock);
	accepted = atomic_load(&server->accepted);
	for (i = 0; i < accepted; i++) {
		if (server->connections[i].fd >= 0) {
			shutdown(server->connections[i].fd, SHUT_RDWR);
		}
	}
	server->gate = 0;
	pthread_cond_broadcast(&server->changed);
	pthread_mutex_unlock(&server->lock);
	for (i = 0; i < accepted; i++) {
		pthread_join(server->connections[i].thread, NULL);
	}
	pthread_cond_destroy(&server->changed);
	pthread_mutex_destroy(&server->lock);
	free(server);
}

/* ---- what the tests share ---- */

__attribute__((unused)) static kh_networks *networks(const char *list)
{
	kh_networks *parsed = NULL;

	CHECK_STATUS(kh_networks_parse((kh_str){list, strlen(list)}, &parsed, NULL), KH_OK);
	return parsed;
}

__attribute__((unused)) static kh_policy policy_for(const kh_networks *allow)
{
	return (kh_policy){
		.guard = {.allow = allow}, .max_in_flight = 64, .max_response_bytes = 1 << 20};
}

/* base may be NULL. */
__attribute__((unused)) static kh_request *request_to(
	const char *method, const char *base, const char *path)
{
	kh_request *request = kh_request_new();

	request->method = kh_str_copy((kh_str){method, strlen(method)});
	CHECK_STATUS(
		kh_buf_append_format(&request->url, "%s%s", base != NULL ? base : "", path), KH_OK);
	request->plain_http = strncmp(request->url.data, "http:", 5) == 0;
	request->connect_timeout_ms = 10000;
	request->timeout_ms = 15000;
	return request;
}

__attribute__((unused)) static kh_job *wait_for_one(kh_transport *transport)
{
	int64_t end = kh_now_ms() + GIVE_UP_MS;
	kh_job *job;

	while ((job = kh_transport_next_done(transport)) == NULL && kh_now_ms() < end) {
		kh_transport_drive(transport, end);
	}
	if (job == NULL) {
		check_fail(__FILE__, __LINE__, "no transfer ended");
		exit(check_done());
	}
	return job;
}

__attribute__((unused)) static kh_job *transfer(kh_transport *transport, kh_request *request)
{
	kh_transport_submit_take(transport, kh_job_new_take(request));
	return wait_for_one(transport);
}

__attribute__((unused)) static kh_job *get(
	kh_transport *transport, const struct server *server, const char *path)
{
	return transfer(transport, request_to("GET", server->base, path));
}

#endif
