/*
 * Certificates for tests: an authority, and those that it signed, made in memory. The test sets
 * `authority` first: authority = make_identity("…", NULL, …).
 */
#ifndef CERTIFICATES_H
#define CERTIFICATES_H

#include "check.h"

#include <openssl/ssl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#define DAY_S (24L * 3600)

struct identity {
	EVP_PKEY *key;
	X509 *certificate;
};

static struct identity authority;
/* kivihook.ca_file is a file: write_ca_file() makes it, the test unlinks it. */
static char ca_file[] = "/tmp/kivihook-test-ca-XXXXXX";

__attribute__((unused)) static void write_ca_file(void)
{
	int fd = mkstemp(ca_file);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

	CHECK(file != NULL);
	CHECK_INT(PEM_write_X509(file, authority.certificate), 1);
	fclose(file);
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	CHECK(extension != NULL);
	X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
}

/* alternative_name: "IP:127.0.0.1" or "DNS:example.test"; NULL: an authority, signed by itself. */
__attribute__((unused)) static struct identity make_identity(
	const char *name, const char *alternative_name, long from_s, long until_s)
{
	struct identity made = {EVP_EC_gen("P-256"), X509_new()};
	X509 *certificate = made.certificate;
	bool is_authority = alternative_name == NULL;
	X509 *issuer = is_authority ? certificate : authority.certificate;
	static long serial = 1;

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
	X509_gmtime_adj(X509_getm_notBefore(certificate), from_s);
	X509_gmtime_adj(X509_getm_notAfter(certificate), until_s);
	X509_set_pubkey(certificate, made.key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
		(const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
	add_extension(certificate, issuer, NID_basic_constraints,
		is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
	if (!is_authority) {
		add_extension(certificate, issuer, NID_subject_alt_name, alternative_name);
	}
	CHECK(X509_sign(certificate, is_authority ? made.key : authority.key, EVP_sha256()) > 0);
	return made;
}

__attribute__((unused)) static void free_identity(struct identity *identity)
{
	EVP_PKEY_free(identity->key);
	X509_free(identity->certificate);
}

__attribute__((unused)) static SSL_CTX *tls_for(const struct identity *identity)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	CHECK_INT(SSL_CTX_use_certificate(tls, identity->certificate), 1);
	CHECK_INT(SSL_CTX_use_PrivateKey(tls, identity->key), 1);
	return tls;
}

#endif
