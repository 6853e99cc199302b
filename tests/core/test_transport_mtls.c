/*
 * Mutual TLS: a server that demands a client certificate and tells whose it saw.
 */
#include "wire_server.h"
#include "certificates.h"

#include <openssl/pem.h>

static kh_networks *loopback;
static struct identity server_identity, clinic, laboratory, stranger;
static atomic_int resumed, handshakes;
static char last_subject[64];
static pthread_mutex_t subject_lock = PTHREAD_MUTEX_INITIALIZER;

static void note_handshake(const SSL *tls, int where, int result)
{
	X509 *peer;

	if ((where & SSL_CB_HANDSHAKE_DONE) == 0) {
		return;
	}
	peer = SSL_get1_peer_certificate(tls);
	pthread_mutex_lock(&subject_lock);
	last_subject[0] = '\0';
	if (peer != NULL) {
		X509_NAME_get_text_by_NID(
			X509_get_subject_name(peer), NID_commonName, last_subject, sizeof(last_subject));
	}
	pthread_mutex_unlock(&subject_lock);
	X509_free(peer);
	atomic_fetch_add(&handshakes, 1);
	atomic_fetch_add(&resumed, SSL_session_reused(tls));
}

static SSL_CTX *demanding_tls(int max_version)
{
	SSL_CTX *tls = tls_for(&server_identity);

	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	X509_STORE_add_cert(SSL_CTX_get_cert_store(tls), authority.certificate);
	SSL_CTX_set_session_id_context(tls, (const unsigned char *)"test", 4);
	SSL_CTX_set_info_callback(tls, note_handshake);
	if (max_version != 0) {
		SSL_CTX_set_max_proto_version(tls, max_version);
	}
	atomic_store(&resumed, 0);
	atomic_store(&handshakes, 0);
	return tls;
}

static kh_transport *new_transport(void)
{
	kh_policy policy = policy_for(loopback);

	policy.ca_file = ca_file;
	return kh_transport_new(&policy, NULL);
}

static void write_pem(kh_buf *out, const struct identity *identity, bool key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data = NULL;
	long len;

	CHECK_INT(key ? PEM_write_bio_PKCS8PrivateKey(bio, identity->key, NULL, NULL, 0, NULL, NULL)
				  : PEM_write_bio_X509(bio, identity->certificate),
		1);
	len = BIO_get_mem_data(bio, &data);
	CHECK_STATUS(kh_buf_append(out, data, (size_t)len), KH_OK);
	BIO_free(bio);
}

/* identity NULL: without one. */
static kh_job *get_as(
	kh_transport *transport, const struct server *server, const struct identity *identity)
{
	kh_request *request = request_to("GET", server->base, "/ok");
	kh_buf certificate, key;
	kh_error error = {0};

	if (identity != NULL) {
		kh_buf_init(&certificate, 1 << 16);
		kh_buf_init(&key, 1 << 16);
		write_pem(&certificate, identity, false);
		write_pem(&key, identity, true);
		request->client_certificate = malloc(sizeof(*request->client_certificate));
		kh_certificate_init(request->client_certificate);
		CHECK_STATUS(kh_certificate_open(kh_buf_str(&certificate), kh_buf_str(&key), KH_STR(""),
						 request->client_certificate, &error),
			KH_OK);
		CHECK_STR(error.message, "");
		kh_buf_wipe(&certificate);
		kh_buf_wipe(&key);
	}
	return transfer(transport, request);
}

static void check_seen_as(kh_job *job, const char *name)
{
	CHECK_STR(job->result.error, "");
	CHECK_INT(job->result.http_status, 200);
	CHECK(!job->result.timings.reused);
	pthread_mutex_lock(&subject_lock);
	CHECK_STR(last_subject, name);
	pthread_mutex_unlock(&subject_lock);
	kh_job_free(job);
}

/* ---- tests ---- */

static void each_is_seen_as_who_it_is(int max_version)
{
	SSL_CTX *tls = demanding_tls(max_version);
	struct server *server = server_start("127.0.0.1", tls);
	kh_transport *transport = new_transport();

	check_seen_as(get_as(transport, server, &clinic), "clinic");
	check_seen_as(get_as(transport, server, &laboratory), "laboratory");
	check_seen_as(get_as(transport, server, &clinic), "clinic");
	check_seen_as(get_as(transport, server, &clinic), "clinic");
	/* Neither a connection nor a session was used twice. */
	CHECK_INT(atomic_load(&server->accepted), 4);
	CHECK_INT(atomic_load(&handshakes), 4);
	CHECK_INT(atomic_load(&resumed), 0);
	kh_transport_free(transport);
	server_stop(server);
	SSL_CTX_free(tls);
}

static void each_is_seen_as_who_it_is_in_tls_1_3(void)
{
	each_is_seen_as_who_it_is(0);
}

static void each_is_seen_as_who_it_is_in_tls_1_2(void)
{
	each_is_seen_as_who_it_is(TLS1_2_VERSION);
}

/* After one with a certificate had its answer, one without gets none by its connection. */
static void nobody_borrows_an_identity(void)
{
	SSL_CTX *tls = demanding_tls(0);
	struct server *server = server_start("127.0.0.1", tls);
	kh_transport *transport = new_transport();
	kh_job *job;

	check_seen_as(get_as(transport, server, &clinic), "clinic");
	job = get_as(transport, server, NULL);
	CHECK_INT(job->result.http_status, 0);
	CHECK_STR(job->result.error_code, "tls");
	CHECK_STR(job->result.error, "127.0.0.1 demands a client certificate (mutual TLS).");
	CHECK_STR(
		job->result.advice, "Enter the client certificate that the owner of 127.0.0.1 gave you.");
	kh_job_free(job);
	CHECK_INT(atomic_load(&server->requests), 1);
	kh_transport_free(transport);
	server_stop(server);
	SSL_CTX_free(tls);
}

static void a_certificate_of_somebody_else_is_refused(void)
{
	SSL_CTX *tls = demanding_tls(0);
	struct server *server = server_start("127.0.0.1", tls);
	kh_transport *transport = new_transport();
	kh_job *job = get_as(transport, server, &stranger);

	CHECK_STR(job->result.error_code, "tls");
	CHECK_CONTAINS(job->result.error, "127.0.0.1 refused the client certificate: ");
	CHECK_INT(atomic_load(&server->requests), 0);
	kh_job_free(job);
	kh_transport_free(transport);
	server_stop(server);
	SSL_CTX_free(tls);
}

static void none_is_shown_over_plain_http(void)
{
	struct server *server = server_start("127.0.0.1", NULL);
	kh_transport *transport = new_transport();
	kh_job *job = get_as(transport, server, &clinic);

	CHECK_STATUS(job->result.problem, KH_ERR_INVALID);
	CHECK_STR(job->result.error, "A client certificate can only be shown over https.");
	CHECK_INT(atomic_load(&server->accepted), 0);
	kh_job_free(job);
	kh_transport_free(transport);
	server_stop(server);
}

int main(void)
{
	struct identity foreign;

	CHECK_STATUS(kh_transport_global_init(NULL), KH_OK);
	loopback = networks("127.0.0.0/8");
	authority = foreign = make_identity("Somebody's authority", NULL, -3 * DAY_S, 3 * DAY_S);
	stranger = make_identity("clinic", "DNS:clinic.test", 0, DAY_S);
	authority = make_identity("KiviHook test authority", NULL, -3 * DAY_S, 3 * DAY_S);
	server_identity = make_identity("server", "IP:127.0.0.1", 0, DAY_S);
	clinic = make_identity("clinic", "DNS:clinic.test", 0, DAY_S);
	laboratory = make_identity("laboratory", "DNS:laboratory.test", 0, DAY_S);
	write_ca_file();
	RUN(each_is_seen_as_who_it_is_in_tls_1_3);
	RUN(each_is_seen_as_who_it_is_in_tls_1_2);
	RUN(nobody_borrows_an_identity);
	RUN(a_certificate_of_somebody_else_is_refused);
	RUN(none_is_shown_over_plain_http);
	unlink(ca_file);
	free_identity(&foreign);
	free_identity(&stranger);
	free_identity(&server_identity);
	free_identity(&clinic);
	free_identity(&laboratory);
	free_identity(&authority);
	kh_networks_free(loopback);
	return check_done();
}
