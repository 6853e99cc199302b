#include "kh_outcome_parts.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>

#define fail kh_outcome_fail

#define ADVISE(...) snprintf(result->advice, sizeof(result->advice), __VA_ARGS__)

/* "2026-11-01" of "2026-11-01T12:00:00Z" */
#define DATE_LEN 10

static void judge_time(const kh_wire *wire, kh_result *result, bool is_over)
{
	const kh_tls_facts *facts = &result->certificate;
	const char *host = wire->host;
	bool known = facts->expires_at[0] != '\0' && facts->begins_at[0] != '\0';

	if (is_over) {
		fail(result, KH_ERR_TRANSPORT, "tls", "The TLS certificate of %s has expired%s%.*s.", host,
			known ? ": it ended on " : "", DATE_LEN, facts->expires_at);
		ADVISE("The certificate of %.100s ended%s%.*s: its owner has to renew it.", host,
			known ? " on " : "", DATE_LEN, facts->expires_at);
	} else {
		fail(result, KH_ERR_TRANSPORT, "tls",
			"The TLS certificate of %s is not valid yet%s%.*s; check this server's clock too.",
			host, known ? ": it begins on " : "", DATE_LEN, facts->begins_at);
		ADVISE("Check this server's clock. If it is right, the owner of %.100s has to put a "
			   "certificate in place that is valid today.",
			host);
	}
}

static void judge_certificate(const kh_wire *wire, kh_result *result)
{
	long verified = 0;
	const char *host = wire->host;

	(void)curl_easy_getinfo(wire->easy, CURLINFO_SSL_VERIFYRESULT, &verified);
	if ((verified == X509_V_OK || verified == X509_V_ERR_UNSPECIFIED) &&
		strstr(wire->reason, "subject name") != NULL) {
		/* libcurl looks at the name itself, and before it notes what OpenSSL found. */
		verified = X509_V_ERR_HOSTNAME_MISMATCH;
	}
	switch (verified) {
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		fail(result, KH_ERR_TRANSPORT, "tls",
			"The TLS certificate is not for %s: it belongs to another host.", host);
		ADVISE("Check the URL's host for typing errors. If it is right, the owner of %.100s has to "
			   "get a certificate for that name.",
			host);
		break;
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		judge_time(wire, result, verified == X509_V_ERR_CERT_HAS_EXPIRED);
		break;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		fail(result, KH_ERR_TRANSPORT, "tls",
			"The TLS certificate of %s comes from an unknown authority (%s). If that authority is "
			"your own, the server's owner can name it in php.ini: kivihook.ca_file.",
			host, X509_verify_cert_error_string(verified));
		ADVISE("The owner of %.100s has to use a certificate of a public authority, with its whole "
			   "chain; or, if the authority is your own, name it in kivihook.ca_file.",
			host);
		break;
	default:
		fail(result, KH_ERR_TRANSPORT, "tls", "The TLS certificate of %s is not valid (%s).", host,
			X509_verify_cert_error_string(verified));
		ADVISE("The owner of %.100s has to replace its certificate.", host);
	}
}

void kh_outcome_tls(const kh_wire *wire, kh_result *result, CURLcode code)
{
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
		judge_certificate(wire, result);
		break;
	case CURLE_SSL_CACERT_BADFILE:
		fail(result, KH_ERR_TRANSPORT, "tls",
			"The file of known certificate authorities can't be read: correct kivihook.ca_file in "
			"php.ini.");
		ADVISE("The server's owner has to correct kivihook.ca_file in php.ini.");
		break;
	default:
		if (strstr(wire->reason, "wrong version number") != NULL ||
			strstr(wire->reason, "packet length too long") != NULL) {
			fail(result, KH_ERR_TRANSPORT, "tls", "%s does not speak TLS on port %s.", wire->host,
				wire->port);
			ADVISE("Check the URL's port: https is usually served on 443.");
			return;
		}
		fail(result, KH_ERR_TRANSPORT, "tls", "The TLS handshake with %s failed (%s).", wire->host,
			wire->reason[0] != '\0' ? wire->reason : curl_easy_strerror(code));
		ADVISE("%.100s has to offer TLS 1.2 or 1.3; older versions are not spoken. If it asks for "
			   "a client certificate, set one up for this webhook.",
			wire->host);
	}
}
