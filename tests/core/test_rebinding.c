/*
 * Names that change their address between two look-ups. This program's own getaddrinfo takes the
 * place of the C library's, also for libcurl. In a network namespace of its own, where that is
 * allowed, loopback has a public address and that of the metadata service; elsewhere 127.0.0.2,
 * allowed, plays the public one.
 */
#include "wire_server.h"

#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <sched.h>
#include <sys/ioctl.h>

#define NAME "rebind.test"
#define METADATA "169.254.169.254"

static bool isolated;
static const char *public_ip = "93.184.215.14";
static kh_networks *allow;    /* NULL when isolated */
static struct server *server; /* at public_ip */
static int internal;          /* listens on 127.0.0.1, at the server's port */

/* ---- the resolver ---- */

/* Each look-up takes the next answer, and stays on the last; an answer is addresses and blanks. */
static const char *const *answers;
static atomic_int lookups;

static struct addrinfo *make_address(const char *text, const char *service)
{
	struct {
		struct addrinfo info;
		struct sockaddr_storage address;
	} *made = calloc(1, sizeof(*made));
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)&made->address;
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&made->address;
	uint16_t port = htons((uint16_t)strtoul(service, NULL, 10));
	bool six = strchr(text, ':') != NULL;

	made->info = (struct addrinfo){.ai_family = six ? AF_INET6 : AF_INET,
		.ai_socktype = SOCK_STREAM,
		.ai_protocol = IPPROTO_TCP,
		.ai_addrlen = six ? sizeof(*ipv6) : sizeof(*ipv4),
		.ai_addr = (struct sockaddr *)&made->address};
	if (six) {
		*ipv6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = port};
		inet_pton(AF_INET6, text, &ipv6->sin6_addr);
	} else {
		*ipv4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port};
		inet_pton(AF_INET, text, &ipv4->sin_addr);
	}
	return &made->info;
}

__attribute__((visibility("default"))) int getaddrinfo(const char *restrict node,
	const char *restrict service, const struct addrinfo *restrict hints,
	struct addrinfo **restrict out)
{
	struct addrinfo **last = out;
	char answer[256], *word, *rest;
	int at = 0, wanted;
	/* Newer libcurl asks for each family by itself: that is one look-up. */
	int family = hints != NULL ? hints->ai_family : AF_UNSPEC;

	*out = NULL;
	if (node == NULL || strcmp(node, NAME) != 0) {
		return EAI_NONAME;
	}
	wanted = family == AF_INET6 ? atomic_load(&lookups) : atomic_fetch_add(&lookups, 1);
	while (at < wanted && answers[at + 1] != NULL) {
		at++;
	}
	snprintf(answer, sizeof(answer), "%s", answers[at]);
	for (word = strtok_r(answer, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
		if (family == AF_UNSPEC || (family == AF_INET6) == (strchr(word, ':') != NULL)) {
			*last = make_address(word, service);
			last = &(*last)->ai_next;
		}
	}
	return *out != NULL ? 0 : EAI_NONAME;
}

__attribute__((visibility("default"))) void freeaddrinfo(struct addrinfo *list)
{
	while (list != NULL) {
		struct addrinfo *next = list->ai_next;
		free(list);
		list = next;
	}
}

static void resolve_to(const char *const *list)
{
	answers = list;
	atomic_store(&lookups, 0);
}

/* ---- the network ---- */

static bool add_address(int fd, const char *interface, const char *address)
{
	struct ifreq request = {0};
	struct sockaddr_in *in = (struct sockaddr_in *)&request.ifr_addr;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
	in->sin_family = AF_INET;
	inet_pton(AF_INET, address, &in->sin_addr);
	return ioctl(fd, SIOCSIFADDR, &request) == 0;
}

/* Before there are threads. */
static bool isolate(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK};
	int fd;
	bool good;

	if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
		return false;
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	good = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0 &&
		   add_address(fd, "lo:1", public_ip) && add_address(fd, "lo:2", METADATA);
	close(fd);
	return good;
}

static int listen_at(const char *address, int port)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;

	inet_pton(AF_INET, address, &in.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&in, sizeof(in)) != 0 || listen(fd, 8) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool was_called(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd >= 0) {
		close(fd);
	}
	return fd >= 0;
}

static kh_transport *new_transport(void)
{
	kh_policy policy = policy_for(allow);

	policy.guard.allow_http = true;
	return kh_transport_new(&policy, NULL);
}

static kh_job *ask(kh_transport *transport, bool fresh)
{
	char url[128];
	kh_request *request;

	snprintf(url, sizeof(url), "http://" NAME ":%d/ok", server->port);
	request = request_to("GET", NULL, url);
	request->fresh_connection = fresh;
	return transfer(transport, request);
}

/* ---- tests ---- */

static void a_second_answer_that_leads_inside_is_blocked(void)
{
	const char *const list[] = {public_ip, "127.0.0.1", NULL};
	kh_transport *transport = new_transport();
	char peer[64];
	int i;

	snprintf(peer, sizeof(peer), "%s:%d", public_ip, server->port);
	resolve_to(list);
	for (i = 0; i < 3; i++) { /* connects, reuses, connects again to what was looked up */
		kh_job *job = ask(transport, i == 2);
		CHECK_INT(job->result.http_status, 200);
		CHECK_STR(job->result.peer, peer);
		CHECK_INT(job->result.timings.reused, i == 1);
		kh_job_free(job);
	}
	CHECK_INT(atomic_load(&lookups), 1);
	kh_transport_free(transport);

	transport = new_transport(); /* which has forgotten the first answer */
	for (i = 0; i < 2; i++) {
		kh_job *job = ask(transport, false);
		CHECK_STATUS(job->result.problem, KH_ERR_BLOCKED);
		CHECK_STR(job->result.error_code, "blocked");
		CHECK_CONTAINS(job->result.error, "127.0.0.1 is this machine itself (loopback)");
		CHECK_CONTAINS(job->result.advice, NAME);
		CHECK_INT(job->result.http_status, 0);
		kh_job_free(job);
	}
	CHECK(atomic_load(&lookups) >= 2);
	CHECK(!was_called(internal));
	kh_transport_free(transport);
}

static void among_several_addresses_only_a_public_one_is_used(void)
{
	char mixed[64];
	const char *const list[] = {mixed, NULL};
	kh_transport *transport = new_transport();
	kh_job *job;

	snprintf(mixed, sizeof(mixed), "127.0.0.1 10.0.0.1 %s", public_ip);
	resolve_to(list);
	job = ask(transport, false);
	CHECK_INT(job->result.http_status, 200);
	CHECK_CONTAINS(job->result.peer, public_ip);
	CHECK(!was_called(internal));
	kh_job_free(job);
	kh_transport_free(transport);
}

static const char *const forbidden[] = {"::", "::1", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1",
	"::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
	"64:ff9b::a9fe:a9fe", "64:ff9b:1::127.0.0.1", "100::1", "2001::1", "2001:0:53aa:64c::1",
	"2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1",
	"3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fd20:ce::254",
	"fe80::1", "fec0::1", "ff02::1", "ff05::2"};

static void no_forbidden_ipv6_literal_is_reached(void)
{
	kh_transport *transport = new_transport();
	char url[128];

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++) {
		snprintf(url, sizeof(url), "http://[%s]:%d/ok", forbidden[i], server->port);
		kh_job *job = transfer(transport, request_to("GET", NULL, url));
		if (job->result.problem != KH_ERR_BLOCKED) {
			check_fail(__FILE__, __LINE__, "%s: %s", url, job->result.error);
		}
		CHECK_STR(job->result.error_code, "blocked");
		CHECK_CONTAINS(job->result.error, "kivihook.allow_networks = ");
		kh_job_free(job);
	}
	CHECK(!was_called(internal));
	kh_transport_free(transport);
}

static void no_name_leads_to_a_forbidden_ipv6_address(void)
{
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++) {
		const char *const list[] = {forbidden[i], NULL};
		kh_transport *transport = new_transport();
		resolve_to(list);
		kh_job *job = ask(transport, false);
		if (job->result.problem != KH_ERR_BLOCKED) {
			check_fail(__FILE__, __LINE__, "%s: %s", forbidden[i], job->result.error);
		}
		kh_job_free(job);
		kh_transport_free(transport);
	}
	CHECK(!was_called(internal));
}

static void a_redirect_to_a_metadata_address_is_not_followed(void)
{
	int metadata = isolated ? listen_at(METADATA, 80) : -1;
	kh_transport *transport = new_transport();
	kh_job *job = get(transport, server, "/to-metadata");

	CHECK_INT(job->result.http_status, 307);
	CHECK_STR(job->result.error_code, "redirect");
	CHECK_CONTAINS(job->result.error, "http://169.254.169.254/latest/meta-data/");
	CHECK_CONTAINS(job->result.error, "redirects are not followed");
	kh_job_free(job);
	/* And asked for directly, it is not reached either. */
	job = transfer(transport, request_to("GET", NULL, "http://" METADATA "/latest/meta-data/"));
	CHECK_STR(job->result.error_code, "blocked");
	CHECK_CONTAINS(job->result.error, "a cloud metadata service");
	kh_job_free(job);
	if (isolated) {
		CHECK(metadata >= 0);
		CHECK(!was_called(metadata));
		close(metadata);
	}
	kh_transport_free(transport);
}

static void the_ports_of_other_services_are_not_reached(void)
{
	const char *const list[] = {public_ip, NULL};
	int redis = isolated ? listen_at(public_ip, 6379) : -1;
	kh_transport *transport = new_transport();
	kh_job *job;

	if (!isolated) {
		kh_transport_free(transport);
		return; /* the public address is an allowed one, where any port is fine */
	}
	resolve_to(list);
	job = transfer(transport, request_to("GET", NULL, "http://" NAME ":6379/"));
	CHECK_STR(job->result.error_code, "blocked");
	CHECK_CONTAINS(job->result.error, "Port 6379 belongs to a service that is no web server");
	CHECK(!was_called(redis));
	kh_job_free(job);
	close(redis);
	kh_transport_free(transport);
}

int main(void)
{
	isolated = isolate();
	if (!isolated) {
		printf("# NO NETWORK NAMESPACE HERE (%s): an allowed loopback address stands for the "
			   "public one\n",
			strerror(errno));
		public_ip = "127.0.0.2";
		allow = networks(public_ip);
	}
	CHECK_STATUS(kh_transport_global_init(NULL), KH_OK);
	server = server_start(public_ip, NULL);
	internal = server != NULL ? listen_at("127.0.0.1", server->port) : -1;
	if (internal < 0) {
		printf("not ok - no server could be started\n0 passed, 1 failed\n");
		return 1;
	}
	RUN(a_second_answer_that_leads_inside_is_blocked);
	RUN(among_several_addresses_only_a_public_one_is_used);
	RUN(no_forbidden_ipv6_literal_is_reached);
	RUN(no_name_leads_to_a_forbidden_ipv6_address);
	RUN(a_redirect_to_a_metadata_address_is_not_followed);
	RUN(the_ports_of_other_services_are_not_reached);
	close(internal);
	server_stop(server);
	kh_networks_free(allow);
	return check_done();
}
