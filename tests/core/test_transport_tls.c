/*
 * The transport over TLS: an authority and certificates are made here, and live in memory; only the
 * authority's certificate is a file, since kivihook.ca_file is one.
 */
#include "wire_server.h"
#include "certificates.h"

#include <time.h>

static kh_networks *loopback;

/* ---- what the tests share ---- */

static kh_transport *new_transport(const char *ca)
{
	kh_policy policy = policy_for(loopback);

	policy.ca_file = ca;
	return kh_transport_new(&policy, NULL);
}

/* One GET to a server of that identity. */
static kh_job *meet(const struct identity *identity, const char *ca, int max_version)
{
	SSL_CTX *tls = tls_for(identity);
	struct server *server;
	kh_transport *transport = new_transport(ca);
	kh_job *job;

	if (max_version != 0) {
		SSL_CTX_set_security_level(tls, 0);
		SSL_CTX_set_min_proto_version(tls, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(tls, max_version);
	}
	server = server_start("127.0.0.1", tls);
	job = get(transport, server, "/ok");
	CHECK_INT(atomic_load(&server->requests), job->result.http_status == 200 ? 1 : 0);
	kh_transport_free(transport);
	server_stop(server);
	SSL_CTX_free(tls);
	return job;
}

/* "2026-11-01T12:00:00Z", so many seconds from now; the day alone is stable within a test. */
static const char *day_from_now(long seconds)
{
	static char day[16];
	time_t then = time(NULL) + seconds;
	struct tm tm;

	strftime(day, sizeof(day), "%Y-%m-%d", gmtime_r(&then, &tm));
	return day;
}

static void check_advice(const kh_job *job, const char *advice)
{
	CHECK_CONTAINS(job->result.advice, advice);
}

static void check_refused(kh_job *job, const char *words)
{
	CHECK(job->result.advice[0] != '\0');
	CHECK_STATUS(job->result.problem, KH_ERR_TRANSPORT);
	CHECK_STR(job->result.error_code, "tls");
	CHECK_CONTAINS(job->result.error, words);
	CHECK_INT(job->result.http_status, 0);
	CHECK_STR(job->result.tls, "");
	CHECK(!job->result.timings.reused);
	kh_job_free(job);
}

/* ---- tests ---- */

static void a_known_authority_is_trusted_and_its_facts_are_told(void)
{
	struct identity good = make_identity("good", "IP:127.0.0.1", 0, DAY_S);
	SSL_CTX *tls = tls_for(&good);
	struct server *server = server_start("127.0.0.1", tls);
	kh_transport *transport = new_transport(ca_file);
	char facts[64];
	kh_job *job = get(transport, server, "/ok");

	CHECK_STATUS(job->result.problem, KH_OK);
	CHECK_INT(job->result.http_status, 200);
	CHECK_STR(job->result.error, "");
	CHECK_CONTAINS(job->result.tls, "TLSv1.3 TLS_");
	CHECK_STR(job->result.advice, "");
	CHECK_STR(job->result.certificate.subject, "good");
	CHECK_STR(job->result.certificate.issuer, "KiviHook test authority");
	CHECK_CONTAINS(job->result.certificate.expires_at, day_from_now(DAY_S));
	CHECK_INT(strlen(job->result.certificate.expires_at), KH_TLS_DATE_BYTES);
	CHECK(job->result.timings.tls_us > job->result.timings.connect_us);
	snprintf(facts, sizeof(facts), "%s", job->result.tls);
	kh_job_free(job);

	job = get(transport, server, "/ok");
	CHECK(job->result.timings.reused);
	CHECK_INT(job->result.timings.tls_us, 0);
	CHECK_STR(job->result.tls, facts); /* also on a reused connection */
	CHECK_STR(job->result.certificate.subject, "good");
	CHECK_CONTAINS(job->result.certificate.expires_at, day_from_now(DAY_S));
	CHECK_INT(atomic_load(&server->accepted), 1);
	kh_job_free(job);

	job = get(transport, server, "/half");
	CHECK_STR(job->result.error_code, "closed");
	kh_job_free(job);
	kh_transport_free(transport);
	server_stop(server);
	SSL_CTX_free(tls);
	free_identity(&good);
}

static void an_unknown_authority_is_refused(void)
{
	struct identity good = make_identity("good", "IP:127.0.0.1", 0, DAY_S);

	check_refused(meet(&good, NULL, 0), "comes from an unknown authority");
	check_refused(meet(&good, "", 0), "kivihook.ca_file");
	free_identity(&good);
}

static void a_certificate_for_another_host_is_refused(void)
{
	struct identity other = make_identity("127.0.0.1", "DNS:example.test", 0, DAY_S);

	check_refused(meet(&other, ca_file, 0), "The TLS certificate is not for 127.0.0.1");
	free_identity(&other);
}

static void a_certificate_out_of_its_time_is_refused(void)
{
	struct identity old = make_identity("old", "IP:127.0.0.1", -2 * DAY_S, -DAY_S);
	struct identity early = make_identity("early", "IP:127.0.0.1", DAY_S, 2 * DAY_S);

	char words[128];
	kh_job *job = meet(&old, ca_file, 0);

	snprintf(words, sizeof(words),
		"The certificate of 127.0.0.1 ended on %s: its owner has to renew it.",
		day_from_now(-DAY_S));
	CHECK_STR(job->result.advice, words);
	CHECK_STR(job->result.certificate.subject, "old");
	CHECK_CONTAINS(job->result.certificate.expires_at, day_from_now(-DAY_S));
	snprintf(words, sizeof(words), "has expired: it ended on %s.", day_from_now(-DAY_S));
	check_refused(job, words);
	job = meet(&early, ca_file, 0);
	check_advice(job, "Check this server's clock.");
	snprintf(words, sizeof(words), "is not valid yet: it begins on %s;", day_from_now(DAY_S));
	check_refused(job, words);
	free_identity(&old);
	free_identity(&early);
}

static void only_present_versions_of_tls_are_spoken(void)
{
	struct identity good = make_identity("good", "IP:127.0.0.1", 0, DAY_S);
	kh_job *job = meet(&good, ca_file, TLS1_2_VERSION);

	CHECK_INT(job->result.http_status, 200);
	CHECK_CONTAINS(job->result.tls, "TLSv1.2 ");
	kh_job_free(job);
	check_refused(
		meet(&good, ca_file, TLS1_1_VERSION), "The TLS handshake with 127.0.0.1 failed (");
	free_identity(&good);
}

static void an_authority_file_that_is_missing_trusts_nobody(void)
{
	struct identity good = make_identity("good", "IP:127.0.0.1", 0, DAY_S);

	check_refused(meet(&good, "/nonexistent/ca.pem", 0), "correct kivihook.ca_file");
	free_identity(&good);
}

static void a_certificate_that_signed_itself_is_refused(void)
{
	struct identity mine = make_identity("mine", "IP:127.0.0.1", 0, DAY_S);
	kh_job *job;

	X509_set_issuer_name(mine.certificate, X509_get_subject_name(mine.certificate));
	CHECK(X509_sign(mine.certificate, mine.key, EVP_sha256()) > 0);
	job = meet(&mine, ca_file, 0);
	check_advice(job, "certificate of a public authority");
	CHECK_STR(job->result.certificate.issuer, "mine");
	check_refused(job, "comes from an unknown authority (self");
	free_identity(&mine);
}

/* A name in the certificate is the other side's text: what is no clean UTF-8 is not shown. */
static void names_in_a_certificate_are_not_trusted(void)
{
	static const unsigned char odd[] = "evil\r\nX: \x1b[31m";
	struct identity bad = make_identity("127.0.0.1", "IP:127.0.0.1", 0, DAY_S);
	X509_NAME *name = X509_NAME_new();
	kh_job *job;

	CHECK_INT(
		X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING, odd, -1, -1, 0), 1);
	CHECK_INT(X509_NAME_add_entry_by_txt(
				  name, "O", MBSTRING_UTF8, (const unsigned char *)"Klinik K\xC3\xB6ln", -1, -1, 0),
		1);
	X509_set_subject_name(bad.certificate, name);
	CHECK(X509_sign(bad.certificate, authority.key, EVP_sha256()) > 0);
	job = meet(&bad, ca_file, 0);
	CHECK_INT(job->result.http_status, 200);
	CHECK_STR(job->result.certificate.subject, "Klinik K\xC3\xB6ln");
	kh_job_free(job);
	X509_NAME_free(name);
	free_identity(&bad);
}

/* The system takes the connection, and nobody ever reads from it. */
static void a_handshake_that_never_ends_is_told(void)
{
	int port = 0, listener = listen_on("127.0.0.1", 8, &port);
	kh_transport *transport = new_transport(ca_file);
	kh_request *request;
	char url[64];
	kh_job *job;

	snprintf(url, sizeof(url), "https://127.0.0.1:%d/", port);
	request = request_to("GET", NULL, url);
	request->connect_timeout_ms = 300;
	job = transfer(transport, request);
	CHECK_STR(job->result.error_code, "connect_timeout");
	CHECK_STR(job->result.error,
		"127.0.0.1 accepted the connection, but did not finish the TLS handshake within 0.3 s.");
	kh_job_free(job);
	close(listener);
	kh_transport_free(transport);
}

static void an_endpoint_that_speaks_plain_http_is_told(void)
{
	static const char plain[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	int port = 0, listener = listen_on("127.0.0.1", 8, &port), fd;
	kh_transport *transport = new_transport(ca_file);
	char url[64], words[128];
	kh_job *job;

	snprintf(url, sizeof(url), "https://127.0.0.1:%d/", port);
	kh_transport_submit_take(transport, kh_job_new_take(request_to("GET", NULL, url)));
	kh_transport_drive(transport, kh_now_ms()); /* it connects */
	fd = accept(listener, NULL, NULL);
	CHECK_INT(send(fd, plain, sizeof(plain) - 1, MSG_NOSIGNAL), sizeof(plain) - 1);
	job = wait_for_one(transport);
	snprintf(words, sizeof(words), "127.0.0.1 does not speak TLS on port %d.", port);
	CHECK_STR(job->result.error_code, "tls");
	CHECK_STR(job->result.error, words);
	kh_job_free(job);
	close(fd);
	close(listener);
	kh_transport_free(transport);
}

static void a_broken_pipe_under_tls_kills_nobody(void)
{
	struct identity good = make_identity("good", "IP:127.0.0.1", 0, DAY_S);
	SSL_CTX *tls = tls_for(&good);
	struct server *server = server_start("127.0.0.1", tls);
	kh_transport *transport = new_transport(ca_file);
	kh_request *request = request_to("POST", server->base, "/slam");
	kh_job *job;
	size_t i;

	request->body.max_bytes = 4 << 20;
	request->has_body = true;
	for (i = 0; i < 4 << 10; i++) {
		CHECK_STATUS(kh_buf_append_format(&request->body, "%1024zu", i), KH_OK);
	}
	job = transfer(transport, request);
	CHECK_STR(job->result.error_code, "closed");
	kh_job_free(job);
	kh_transport_free(transport);
	server_stop(server);
	SSL_CTX_free(tls);
	free_identity(&good);
}

int main(void)
{
	CHECK_STATUS(kh_transport_global_init(NULL), KH_OK);
	loopback = networks("127.0.0.0/8");
	authority = make_identity("KiviHook test authority", NULL, -3 * DAY_S, 3 * DAY_S);
	write_ca_file();
	RUN(a_known_authority_is_trusted_and_its_facts_are_told);
	RUN(an_unknown_authority_is_refused);
	RUN(a_certificate_for_another_host_is_refused);
	RUN(a_certificate_out_of_its_time_is_refused);
	RUN(only_present_versions_of_tls_are_spoken);
	RUN(an_authority_file_that_is_missing_trusts_nobody);
	RUN(a_certificate_that_signed_itself_is_refused);
	RUN(names_in_a_certificate_are_not_trusted);
	RUN(a_handshake_that_never_ends_is_told);
	RUN(an_endpoint_that_speaks_plain_http_is_told);
	RUN(a_broken_pipe_under_tls_kills_nobody);
	unlink(ca_file);
	free_identity(&authority);
	kh_networks_free(loopback);
	return check_done();
}
