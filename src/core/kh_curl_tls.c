#include "kh_curl_parts.h"

#include <strings.h>

kh_status kh_curl_set_tls(CURL *easy, const kh_policy *policy, kh_error *error)
{
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* Each connection verifies the certificate: a session that is resumed would not. */
	SET(CURLOPT_SSL_SESSIONID_CACHE, 0L);
	if (is_set(policy->ca_file)) {
		SET(CURLOPT_CAINFO, policy->ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	if (is_set(policy->proxy) && strncasecmp(policy->proxy, "https:", 6) == 0) {
		SET(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
		SET(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
		SET(CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
		if (is_set(policy->ca_file)) {
			SET(CURLOPT_PROXY_CAINFO, policy->ca_file);
			SET(CURLOPT_PROXY_CAPATH, NULL);
		}
	}
	return KH_OK;
}

/*
 * Mutual TLS. The key was opened before (kh_certificate), so that no password is asked for here,
 * and the key is known to be the certificate's. libcurl 7.88 reuses a connection, and resumes a TLS
 * session, by comparing the certificate only: neither the key nor its password. So a transfer with
 * a client certificate has a connection and a session of its own, and leaves none behind: what one
 * webhook proved is never used by another.
 */
kh_status kh_curl_set_certificate(CURL *easy, const kh_request *request, kh_error *error)
{
	const kh_certificate *own = request->client_certificate;
	struct curl_blob blob = {.flags = CURL_BLOB_NOCOPY}; /* the request outlives the transfer */

	if (own == NULL) {
		return KH_OK;
	}
	if (request->plain_http) {
		return kh_error_set(
			error, KH_ERR_INVALID, "A client certificate can only be shown over https.");
	}
	SET(CURLOPT_FRESH_CONNECT, 1L);
	SET(CURLOPT_FORBID_REUSE, 1L);
	SET(CURLOPT_SSLCERTTYPE, "PEM");
	blob.data = own->certificate.data;
	blob.len = own->certificate.len;
	SET(CURLOPT_SSLCERT_BLOB, &blob);
	SET(CURLOPT_SSLKEYTYPE, "PEM");
	blob.data = own->key.data;
	blob.len = own->key.len;
	SET(CURLOPT_SSLKEY_BLOB, &blob);
	SET(CURLOPT_KEYPASSWD, ""); /* none is needed; without this OpenSSL may ask the terminal */
	return KH_OK;
}

/* ---- what is learnt of the other side ---- */

/* From the connection itself, while the transfer has it: afterwards libcurl forgets it, and
 * CURLINFO_CERTINFO and the like are empty on reused connections. */
void kh_curl_note_tls(kh_wire *wire)
{
	kh_result *result = &wire->job->result;
	struct curl_tlssessioninfo *session = NULL;

	if (wire->job->request->plain_http || result->tls[0] != '\0') {
		return;
	}
	if (curl_easy_getinfo(wire->easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK ||
		session == NULL || session->backend != CURLSSLBACKEND_OPENSSL ||
		session->internals == NULL) {
		return;
	}
	kh_tls_recall(&wire->handles->tls, &result->certificate, result->tls, session->internals);
}

/* Before the handshake: the certificate is noted also when it will be refused. */
CURLcode kh_curl_before_handshake(CURL *easy, void *context, void *wire_)
{
	kh_wire *wire = wire_;

	wire->handshaking = true;
	kh_tls_watch(context, &wire->job->result.certificate);
	return CURLE_OK;
}
