/*
 * Facts about a TLS connection, read while it lives: libcurl forgets them with the transfer, and
 * its own certificate info is empty on reused connections. Only copies bytes, so that libcurl's
 * callbacks may call it.
 */
#ifndef KH_TLS_H
#define KH_TLS_H

#include <stddef.h>

/* OpenSSL's own names for SSL, SSL_CTX and X509: results are read by files that know no OpenSSL. */
struct ssl_st;
struct ssl_ctx_st;
struct x509_st;

#define KH_TLS_NAME_BYTES 128
#define KH_TLS_DATE_BYTES 20 /* "2026-11-01T12:00:00Z" */

/* Of the peer's certificate; all empty without TLS. */
typedef struct kh_tls_facts {
	char begins_at[KH_TLS_DATE_BYTES + 1]; /* UTC */
	char expires_at[KH_TLS_DATE_BYTES + 1];
	char subject[KH_TLS_NAME_BYTES]; /* common name, or else organisation */
	char issuer[KH_TLS_NAME_BYTES];  /* organisation and common name */
} kh_tls_facts;

#define KH_TLS_TEXT_BYTES 64 /* "TLSv1.3 TLS_AES_256_GCM_SHA384" */

/*
 * What is known of connections that are used again and again: a certificate is read once for each.
 * It holds references to their certificates, so that none of another connection can have its
 * address.
 */
typedef struct kh_tls_memory kh_tls_memory;
/* Of an established connection: *facts, and its version and cipher in words. *memory may be NULL,
 * and is made then. */
void kh_tls_recall(kh_tls_memory **memory, kh_tls_facts *facts, char words[KH_TLS_TEXT_BYTES],
	const struct ssl_st *ssl);
void kh_tls_memory_free(kh_tls_memory *memory);
/* Of a certificate, also one that is not trusted. */
void kh_tls_note_certificate(kh_tls_facts *facts, const struct x509_st *certificate);
/*
 * Makes the connections of this context note their peer's certificate in *facts while it is
 * verified, so that a refused one has its dates too. What OpenSSL finds stays what counts. *facts
 * must live until the handshake is over: renegotiation, which could come later, is switched off.
 */
void kh_tls_watch(struct ssl_ctx_st *context, kh_tls_facts *facts);

#endif
