/*
 * Client certificates: what is opened, what is refused and in which words, PEM and PKCS#12.
 */
#include "certificates.h"
#include "kh_certificate.h"

#include <openssl/pkcs12.h>
#include <openssl/provider.h>

static struct identity own, other, old;

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static char *take(BIO *bio)
{
	char *data = NULL, *copy;
	long len = BIO_get_mem_data(bio, &data);

	copy = kh_str_copy((kh_str){data, (size_t)len});
	BIO_free(bio);
	return copy;
}

static char *certificate_pem(X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());

	CHECK_INT(PEM_write_bio_X509(bio, certificate), 1);
	return take(bio);
}

static char *key_pem(EVP_PKEY *key, const char *password)
{
	BIO *bio = BIO_new(BIO_s_mem());

	CHECK_INT(PEM_write_bio_PKCS8PrivateKey(bio, key, password ? EVP_aes_256_cbc() : NULL, NULL, 0,
				  NULL, (void *)(uintptr_t)password),
		1);
	return take(bio);
}

static kh_certificate opened;

static const char *open_pem(const char *certificate, const char *key, const char *password)
{
	static kh_error error;
	kh_status status;

	error = (kh_error){0};
	kh_certificate_wipe(&opened);
	kh_certificate_init(&opened);
	status = kh_certificate_open(str(certificate), str(key), str(password), &opened, &error);
	CHECK((status == KH_OK) == (opened.key.len > 0));
	return error.message;
}

/* ---- PEM ---- */

static void a_certificate_and_its_key_are_opened(void)
{
	char *certificate = certificate_pem(own.certificate), *key = key_pem(own.key, NULL);

	CHECK_STR(open_pem(certificate, key, ""), "");
	CHECK_BYTES(opened.certificate, certificate);
	CHECK_INT(opened.own_bytes, strlen(certificate));
	CHECK_BYTES(opened.key, key);
	CHECK(opened.not_after_s - opened.not_before_s == DAY_S);
	free(certificate);
	free(key);
}

static void the_chain_follows_the_one_that_the_key_belongs_to(void)
{
	char *certificate = certificate_pem(own.certificate), *key = key_pem(own.key, NULL);
	char *issuer = certificate_pem(authority.certificate);
	char both[8192];

	snprintf(both, sizeof(both), "%s\n%s", issuer, certificate);
	CHECK_STR(open_pem(both, key, ""), "");
	snprintf(both, sizeof(both), "%s%s", certificate, issuer);
	CHECK_BYTES(opened.certificate, both);
	CHECK_INT(opened.own_bytes, strlen(certificate));
	free(certificate);
	free(key);
	free(issuer);
}

static void an_encrypted_key_needs_its_password(void)
{
	char *certificate = certificate_pem(own.certificate), *key = key_pem(own.key, "p4ss");
	char *clear = key_pem(own.key, NULL);

	CHECK_CONTAINS(key, "ENCRYPTED");
	CHECK_STR(open_pem(certificate, key, "p4ss"), "");
	CHECK_BYTES(opened.key, clear);
	CHECK_STR(open_pem(certificate, key, ""),
		"tls: the private key is encrypted: enter its password (client_key_password)");
	CHECK_STR(open_pem(certificate, key, "wrong"),
		"tls: the private key can't be opened with this password: enter the right one "
		"(client_key_password)");
	CHECK_STR(open_pem(certificate, clear, "not needed"), "");
	free(certificate);
	free(key);
	free(clear);
}

static void what_does_not_belong_together_is_told(void)
{
	char *certificate = certificate_pem(own.certificate), *key = key_pem(other.key, NULL);

	CHECK_STR(open_pem(certificate, key, ""), "tls: the client certificate and the private key do "
											  "not belong together: enter the key that "
											  "the certificate was made for");
	free(certificate);
	free(key);
}

static void what_is_missing_or_damaged_is_told(void)
{
	char *certificate = certificate_pem(own.certificate), *key = key_pem(own.key, NULL);
	char damaged[8192];

	CHECK_CONTAINS(open_pem("", key, ""), "is missing: enter it (client_certificate_pem)");
	CHECK_CONTAINS(open_pem(certificate, "", ""), "is missing: enter it (client_key_pem)");
	CHECK_CONTAINS(open_pem("hello", key, ""), "no client certificate that can be read");
	CHECK_CONTAINS(open_pem(key, key, ""), "no client certificate that can be read");
	CHECK_CONTAINS(open_pem(certificate, certificate, ""), "no private key that can be read");
	snprintf(damaged, sizeof(damaged), "%s-----BEGIN CERTIFICATE-----\nAAAA\n", certificate);
	CHECK_CONTAINS(open_pem(damaged, key, ""), "no client certificate that can be read");
	free(certificate);
	free(key);
}

static void its_time_is_told_by_the_day(void)
{
	char *certificate = certificate_pem(old.certificate), *key = key_pem(old.key, NULL);
	kh_error error = {0};

	CHECK_STR(open_pem(certificate, key, ""), "");
	CHECK_STATUS(kh_certificate_check_time(&opened, opened.not_before_s, &error), KH_OK);
	CHECK_STATUS(kh_certificate_check_time(&opened, opened.not_after_s, &error), KH_OK);
	opened.not_after_s = 1793491200; /* 2026-11-01 */
	CHECK_STATUS(kh_certificate_check_time(&opened, 1793491201, &error), KH_ERR_INVALID);
	CHECK_STR(error.message,
		"tls: the client certificate ended on 2026-11-01: get a new one from whoever gave it to "
		"you, and enter it");
	opened.not_before_s = 1793404800;
	CHECK_STATUS(kh_certificate_check_time(&opened, 1793404799, &error), KH_ERR_INVALID);
	CHECK_STR(error.message, "tls: the client certificate is not valid before 2026-10-31; check "
							 "this server's clock too");
	free(certificate);
	free(key);
}

/* ---- PKCS#12 ---- */

static kh_buf p12_of(
	const struct identity *identity, bool with_key, int key_nid, int certificate_nid)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	PKCS12 *file;
	unsigned char *bytes = NULL;
	kh_buf out;
	int len;

	sk_X509_push(chain, authority.certificate);
	file = PKCS12_create("p\xC3\xA4ss", "clinic", with_key ? identity->key : NULL,
		identity->certificate, chain, key_nid, certificate_nid, 0, 0, 0);
	CHECK(file != NULL);
	len = i2d_PKCS12(file, &bytes);
	CHECK(len > 0);
	kh_buf_init(&out, 1 << 20);
	CHECK_STATUS(kh_buf_append(&out, (const char *)bytes, (size_t)len), KH_OK);
	OPENSSL_free(bytes);
	PKCS12_free(file);
	sk_X509_free(chain);
	return out;
}

static const char *open_p12(kh_str p12, const char *password)
{
	static kh_error error;

	error = (kh_error){0};
	kh_certificate_wipe(&opened);
	kh_certificate_init(&opened);
	CHECK((kh_pkcs12_to_pem(p12, str(password), &opened, &error) == KH_OK) == (opened.key.len > 0));
	return error.message;
}

static void a_file_becomes_pem(void)
{
	kh_buf p12 = p12_of(&own, true, 0, 0);
	char *certificate = certificate_pem(own.certificate), *key = key_pem(own.key, NULL);

	CHECK_STR(open_p12(kh_buf_str(&p12), "p\xC3\xA4ss"), "");
	CHECK(opened.own_bytes == strlen(certificate) &&
		  memcmp(opened.certificate.data, certificate, opened.own_bytes) == 0);
	CHECK(opened.certificate.len > opened.own_bytes);
	CHECK_BYTES(opened.key, key);
	CHECK_STR(open_p12(kh_buf_str(&p12), "wrong"),
		"the file can't be opened with this password: enter the one that it was exported with");
	CHECK_CONTAINS(open_p12(kh_buf_str(&p12), ""), "can't be opened with this password");
	free(certificate);
	free(key);
	kh_buf_free(&p12);
}

/* As Windows exported them for many years. */
static void one_that_is_encrypted_with_rc2_is_opened_too(void)
{
	OSSL_PROVIDER *legacy = OSSL_PROVIDER_load(NULL, "legacy");
	kh_buf p12;

	CHECK(legacy != NULL);
	p12 =
		p12_of(&own, true, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, NID_pbe_WithSHA1And40BitRC2_CBC);
	OSSL_PROVIDER_unload(legacy);
	CHECK_INT(OSSL_PROVIDER_available(NULL, "legacy"), 0);
	CHECK_STR(open_p12(kh_buf_str(&p12), "p\xC3\xA4ss"), "");
	/* and nobody else got it by that */
	CHECK_INT(OSSL_PROVIDER_available(NULL, "legacy"), 0);
	kh_buf_free(&p12);
}

/* Whoever may enter a certificate must not be able to keep a process busy for an hour. */
static void one_that_takes_too_long_is_refused_before_it_is_tried(void)
{
	static const unsigned char ITERATIONS[] = {0x02, 0x03, 0x01, 0x11, 0x70}; /* 70,000, as ASN.1 */
	PKCS12 *file = PKCS12_create(
		"p\xC3\xA4ss", "clinic", own.key, own.certificate, NULL, 0, 0, 0x011170, 0x011170, 0);
	unsigned char *bytes = NULL;
	int len = i2d_PKCS12(file, &bytes), places = 0;

	CHECK_STR(open_p12((kh_str){(char *)bytes, (size_t)len}, "p\xC3\xA4ss"), "");
	for (int i = 0; i + (int)sizeof(ITERATIONS) <= len; i++) {
		if (memcmp(bytes + i, ITERATIONS, sizeof(ITERATIONS)) == 0) {
			memcpy(bytes + i + 2, "\x7F\xFF\xFF", 3); /* 8,388,607 */
			CHECK_CONTAINS(open_p12((kh_str){(char *)bytes, (size_t)len}, "p\xC3\xA4ss"),
				"hashes its password more than 2000000 times");
			memcpy(bytes + i, ITERATIONS, sizeof(ITERATIONS));
			places++;
		}
	}
	CHECK_INT(places, 3); /* of the certificates, of the key, of the whole */
	OPENSSL_free(bytes);
	PKCS12_free(file);
}

static void a_file_that_is_none_or_not_whole_is_told(void)
{
	kh_buf p12 = p12_of(&own, true, 0, 0), without = p12_of(&own, false, 0, 0);
	char *pem = certificate_pem(own.certificate);
	size_t len;

	CHECK_CONTAINS(open_p12(str(""), ""), "not a PKCS#12 file");
	CHECK_CONTAINS(open_p12(str(pem), ""), "not a PKCS#12 file");
	CHECK_CONTAINS(
		open_p12(kh_buf_str(&without), "p\xC3\xA4ss"), "has no private key: export it again");
	for (len = 1; len < p12.len; len += 37) {
		CHECK(open_p12((kh_str){p12.data, len}, "p\xC3\xA4ss")[0] != '\0');
	}
	for (len = 0; len < p12.len; len += 11) {
		p12.data[len] ^= 0x55;
		open_p12(kh_buf_str(&p12), "p\xC3\xA4ss"); /* may be harmless, must not crash */
		p12.data[len] ^= 0x55;
	}
	CHECK_CONTAINS(
		open_p12((kh_str){p12.data, KH_CERTIFICATE_MAX_BYTES + 1}, ""), "is longer than");
	free(pem);
	kh_buf_free(&p12);
	kh_buf_free(&without);
}

int main(void)
{
	authority = make_identity("KiviHook test authority", NULL, -3 * DAY_S, 3 * DAY_S);
	own = make_identity("clinic", "DNS:clinic.test", 0, DAY_S);
	other = make_identity("other", "DNS:other.test", 0, DAY_S);
	old = make_identity("old", "DNS:old.test", -2 * DAY_S, -DAY_S);
	kh_certificate_init(&opened);
	RUN(a_certificate_and_its_key_are_opened);
	RUN(the_chain_follows_the_one_that_the_key_belongs_to);
	RUN(an_encrypted_key_needs_its_password);
	RUN(what_does_not_belong_together_is_told);
	RUN(what_is_missing_or_damaged_is_told);
	RUN(its_time_is_told_by_the_day);
	RUN(a_file_becomes_pem);
	RUN(one_that_is_encrypted_with_rc2_is_opened_too);
	RUN(one_that_takes_too_long_is_refused_before_it_is_tried);
	RUN(a_file_that_is_none_or_not_whole_is_told);
	kh_certificate_wipe(&opened);
	free_identity(&own);
	free_identity(&other);
	free_identity(&old);
	free_identity(&authority);
	return check_done();
}
