#include "kh_certificate_parts.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <time.h>

void kh_certificate_init(kh_certificate *certificate)
{
	*certificate = (kh_certificate){0};
	/* More than what was read: PKCS#8 has a longer head than some older forms. */
	kh_buf_init(&certificate->certificate, (size_t)2 * KH_CERTIFICATE_MAX_BYTES);
	kh_buf_init(&certificate->key, (size_t)2 * KH_CERTIFICATE_MAX_BYTES);
}

void kh_certificate_wipe(kh_certificate *certificate)
{
	kh_buf_wipe(&certificate->certificate);
	kh_buf_wipe(&certificate->key);
}

const char *kh_certificate_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return reason != NULL ? reason : "no reason given";
}

/* ---- writing ---- */

static kh_status take_bio(BIO *bio, kh_buf *out)
{
	char *data = NULL;
	long len = BIO_get_mem_data(bio, &data);

	return len > 0 ? kh_buf_append(out, data, (size_t)len) : KH_ERR_CRYPTO;
}

static kh_status write_certificate(kh_buf *out, X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	kh_status status = KH_ERR_MEMORY;

	if (bio != NULL && PEM_write_bio_X509(bio, certificate) == 1) {
		status = take_bio(bio, out);
	}
	BIO_free(bio);
	return status;
}

/* Through secure memory's kind of BIO, which is overwritten when it is freed. */
static kh_status write_key(kh_buf *out, EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	kh_status status = KH_ERR_MEMORY;

	if (bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1) {
		status = take_bio(bio, out);
	}
	BIO_free(bio);
	return status;
}

static kh_status read_time(const ASN1_TIME *asn1, int64_t *out)
{
	struct tm fields = {0};

	if (asn1 == NULL || ASN1_TIME_to_tm(asn1, &fields) != 1) {
		return KH_ERR_INVALID;
	}
	*out = (int64_t)timegm(&fields);
	return KH_OK;
}

static int find_own(STACK_OF(X509) * certificates, EVP_PKEY *key)
{
	int i;

	for (i = 0; i < sk_X509_num(certificates); i++) {
		if (X509_check_private_key(sk_X509_value(certificates, i), key) == 1) {
			ERR_clear_error();
			return i;
		}
	}
	ERR_clear_error();
	return -1;
}

kh_status kh_certificate_fill(
	kh_certificate *out, STACK_OF(X509) * certificates, EVP_PKEY *key, kh_error *error)
{
	int i, own = find_own(certificates, key);
	X509 *certificate = own >= 0 ? sk_X509_value(certificates, own) : NULL;
	kh_status status;

	if (certificate == NULL) {
		return kh_error_set(error, KH_ERR_INVALID,
			"tls: the client certificate and the private key do not belong together: enter the key "
			"that the certificate was made for");
	}
	if (read_time(X509_get0_notBefore(certificate), &out->not_before_s) != KH_OK ||
		read_time(X509_get0_notAfter(certificate), &out->not_after_s) != KH_OK) {
		return kh_error_set(
			error, KH_ERR_INVALID, "tls: the client certificate does not say how long it is valid");
	}
	status = write_certificate(&out->certificate, certificate);
	out->own_bytes = out->certificate.len;
	for (i = 0; i < sk_X509_num(certificates) && status == KH_OK; i++) {
		if (i != own) {
			status = write_certificate(&out->certificate, sk_X509_value(certificates, i));
		}
	}
	if (status == KH_OK) {
		status = write_key(&out->key, key);
	}
	if (status != KH_OK) {
		kh_certificate_wipe(out);
		return kh_error_set(error, status == KH_ERR_CRYPTO ? KH_ERR_CRYPTO : status,
			"tls: the client certificate can't be written as PEM (%s)", kh_certificate_reason());
	}
	return KH_OK;
}

/* ---- reading PEM ---- */

/* What OpenSSL is told when it asks for the password. Without this callback it would ask the
 * terminal. */
struct password {
	kh_str given;
	bool asked;
};

static int give_password(char *out, int size, int writing, void *password_)
{
	struct password *password = password_;

	password->asked = true;
	if (password->given.len == 0 || password->given.len > (size_t)size) {
		return -1;
	}
	memcpy(out, password->given.data, password->given.len);
	return (int)password->given.len;
}

static kh_status read_key(kh_str pem, kh_str given, EVP_PKEY **out, kh_error *error)
{
	struct password password = {given, false};
	BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);

	if (bio == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "tls: out of memory for the private key");
	}
	ERR_clear_error();
	*out = PEM_read_bio_PrivateKey(bio, NULL, give_password, &password);
	BIO_free(bio);
	if (*out != NULL) {
		return KH_OK;
	}
	if (password.asked && given.len == 0) {
		kh_error_set(error, KH_ERR_INVALID,
			"tls: the private key is encrypted: enter its password (client_key_password)");
	} else if (password.asked) {
		kh_error_set(error, KH_ERR_INVALID,
			"tls: the private key can't be opened with this password: enter the right one "
			"(client_key_password)");
	} else {
		kh_error_set(error, KH_ERR_INVALID,
			"tls: there is no private key that can be read: enter it as PEM, from "
			"\"-----BEGIN PRIVATE KEY-----\" to the end (client_key_pem)");
	}
	ERR_clear_error();
	return KH_ERR_INVALID;
}

static kh_status no_certificate(kh_error *error)
{
	return kh_error_set(error, KH_ERR_INVALID,
		"tls: there is no client certificate that can be read: enter it as PEM, from "
		"\"-----BEGIN CERTIFICATE-----\" to the end (client_certificate_pem)");
}

static kh_status read_certificates(kh_str pem, STACK_OF(X509) * *out, kh_error *error)
{
	BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	X509 *certificate = NULL;
	unsigned long last;
	kh_status status = KH_OK;

	*out = sk_X509_new_null();
	if (bio == NULL || *out == NULL) {
		BIO_free(bio);
		return kh_error_set(error, KH_ERR_MEMORY, "tls: out of memory for the client certificate");
	}
	ERR_clear_error();
	while (status == KH_OK && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		if (sk_X509_num(*out) == KH_CERTIFICATE_MAX_COUNT) {
			status = kh_error_set(error, KH_ERR_TOO_LARGE,
				"tls: at most %d certificates are sent: leave out those that the endpoint knows",
				KH_CERTIFICATE_MAX_COUNT);
		} else if (sk_X509_push(*out, certificate) > 0) {
			certificate = NULL; /* theirs now */
		} else {
			status = kh_error_set(error, KH_ERR_MEMORY, "tls: out of memory");
		}
		X509_free(certificate);
	}
	/* The end of the text is an error too, of this kind; anything else is a damaged one. */
	last = ERR_peek_last_error();
	if (status == KH_OK && (sk_X509_num(*out) == 0 || ERR_GET_LIB(last) != ERR_LIB_PEM ||
							   ERR_GET_REASON(last) != PEM_R_NO_START_LINE)) {
		status = no_certificate(error);
	}
	ERR_clear_error();
	BIO_free(bio);
	return status;
}

static kh_status check_sizes(kh_str certificate, kh_str key, kh_str password, kh_error *error)
{
	if (certificate.len == 0) {
		return kh_error_set(error, KH_ERR_INVALID,
			"tls: the client certificate is missing: enter it (client_certificate_pem)");
	}
	if (key.len == 0) {
		return kh_error_set(error, KH_ERR_INVALID,
			"tls: the client certificate's private key is missing: enter it (client_key_pem)");
	}
	if (certificate.len > KH_CERTIFICATE_MAX_BYTES || key.len > KH_CERTIFICATE_MAX_BYTES) {
		return kh_error_set(error, KH_ERR_TOO_LARGE,
			"tls: the client certificate or its key is longer than %d bytes",
			KH_CERTIFICATE_MAX_BYTES);
	}
	if (password.len > 1000) {
		return kh_error_set(
			error, KH_ERR_TOO_LARGE, "tls: the private key's password is longer than 1000 bytes");
	}
	return KH_OK;
}

kh_status kh_certificate_open(kh_str certificate_pem, kh_str key_pem, kh_str key_password,
	kh_certificate *out, kh_error *error)
{
	STACK_OF(X509) *certificates = NULL;
	EVP_PKEY *key = NULL;
	kh_status status = check_sizes(certificate_pem, key_pem, key_password, error);

	if (status == KH_OK) {
		status = read_certificates(certificate_pem, &certificates, error);
	}
	if (status == KH_OK) {
		status = read_key(key_pem, key_password, &key, error);
	}
	if (status == KH_OK) {
		status = kh_certificate_fill(out, certificates, key, error);
	}
	EVP_PKEY_free(key);
	sk_X509_pop_free(certificates, X509_free);
	return status;
}

kh_status kh_certificate_check_time(
	const kh_certificate *certificate, int64_t now_s, kh_error *error)
{
	bool ended = now_s > certificate->not_after_s;
	time_t limit = (time_t)(ended ? certificate->not_after_s : certificate->not_before_s);
	char day[32] = "";
	struct tm fields;

	if (!ended && now_s >= certificate->not_before_s) {
		return KH_OK;
	}
	if (gmtime_r(&limit, &fields) == NULL || strftime(day, sizeof(day), "%Y-%m-%d", &fields) == 0) {
		day[0] = '\0';
	}
	if (ended) {
		return kh_error_set(error, KH_ERR_INVALID,
			"tls: the client certificate ended on %s: get a new one from whoever gave it to you, "
			"and enter it",
			day);
	}
	return kh_error_set(error, KH_ERR_INVALID,
		"tls: the client certificate is not valid before %s; check this server's clock too", day);
}
