#include "kh_tls.h"

#include "kh_json.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note_date(char out[KH_TLS_DATE_BYTES + 1], const ASN1_TIME *time)
{
	char text[64] = "";
	struct tm tm;

	if (time != NULL && ASN1_TIME_to_tm(time, &tm) == 1) {
		snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
			tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	}
	memcpy(out, text, KH_TLS_DATE_BYTES);
	out[KH_TLS_DATE_BYTES] = '\0';
}

/* Appends an entry of the name; what isn't clean text is left out: it comes from the other side. */
static bool add_entry(char *out, size_t size, const X509_NAME *name, int nid)
{
	int index = X509_NAME_get_index_by_NID(name, nid, -1);
	X509_NAME_ENTRY *entry = index >= 0 ? X509_NAME_get_entry(name, index) : NULL;
	unsigned char *text = NULL;
	int len = entry != NULL ? ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry)) : -1;
	size_t used = strlen(out);
	bool good = len > 0 && used + (size_t)len + 3 <= size &&
				kh_utf8_valid((kh_str){(const char *)text, (size_t)len});

	for (int i = 0; good && i < len; i++) {
		good = text[i] >= 0x20 && text[i] != 0x7F;
	}
	if (good) {
		snprintf(out + used, size - used, "%s%.*s", used > 0 ? ", " : "", len, (char *)text);
	}
	OPENSSL_free(text);
	return good;
}

void kh_tls_note_certificate(kh_tls_facts *facts, const X509 *certificate)
{
	const X509_NAME *subject = X509_get_subject_name(certificate);
	const X509_NAME *issuer = X509_get_issuer_name(certificate);

	note_date(facts->begins_at, X509_get0_notBefore(certificate));
	note_date(facts->expires_at, X509_get0_notAfter(certificate));
	facts->subject[0] = '\0';
	facts->issuer[0] = '\0';
	if (!add_entry(facts->subject, sizeof(facts->subject), subject, NID_commonName)) {
		(void)add_entry(facts->subject, sizeof(facts->subject), subject, NID_organizationName);
	}
	(void)add_entry(facts->issuer, sizeof(facts->issuer), issuer, NID_organizationName);
	(void)add_entry(facts->issuer, sizeof(facts->issuer), issuer, NID_commonName);
}

static void read_connection(kh_tls_facts *facts, char words[KH_TLS_TEXT_BYTES], const SSL *ssl)
{
	const X509 *certificate;

	if (!SSL_is_init_finished(ssl)) {
		return;
	}
	snprintf(words, KH_TLS_TEXT_BYTES, "%s %s", SSL_get_version(ssl), SSL_get_cipher_name(ssl));
	certificate = SSL_get0_peer_certificate(ssl);
	if (certificate != NULL) {
		kh_tls_note_certificate(facts, certificate);
	}
}

#define REMEMBERED 64

struct kh_tls_memory {
	struct {
		X509 *certificate; /* ours, too */
		kh_tls_facts facts;
		char words[KH_TLS_TEXT_BYTES];
	} known[REMEMBERED];
	size_t next; /* the oldest */
};

void kh_tls_recall(
	kh_tls_memory **memory, kh_tls_facts *facts, char words[KH_TLS_TEXT_BYTES], const SSL *ssl)
{
	X509 *certificate = SSL_is_init_finished(ssl) ? SSL_get0_peer_certificate(ssl) : NULL;
	kh_tls_memory *m;
	size_t i;

	if (*memory == NULL) {
		*memory = calloc(1, sizeof(**memory));
	}
	m = *memory;
	for (i = 0; m != NULL && certificate != NULL && i < REMEMBERED; i++) {
		if (m->known[i].certificate == certificate) {
			*facts = m->known[i].facts;
			memcpy(words, m->known[i].words, KH_TLS_TEXT_BYTES);
			return;
		}
	}
	read_connection(facts, words, ssl);
	if (m == NULL || certificate == NULL || X509_up_ref(certificate) != 1) {
		return;
	}
	i = m->next;
	m->next = (m->next + 1) % REMEMBERED;
	X509_free(m->known[i].certificate);
	m->known[i].certificate = certificate;
	m->known[i].facts = *facts;
	memcpy(m->known[i].words, words, KH_TLS_TEXT_BYTES);
}

void kh_tls_memory_free(kh_tls_memory *memory)
{
	for (size_t i = 0; memory != NULL && i < REMEMBERED; i++) {
		X509_free(memory->known[i].certificate);
	}
	free(memory);
}

static int verify(X509_STORE_CTX *store, void *facts)
{
	const X509 *certificate = X509_STORE_CTX_get0_cert(store);

	if (certificate != NULL) {
		kh_tls_note_certificate(facts, certificate);
	}
	return X509_verify_cert(store);
}

void kh_tls_watch(SSL_CTX *context, kh_tls_facts *facts)
{
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_cert_verify_callback(context, verify, facts);
}
