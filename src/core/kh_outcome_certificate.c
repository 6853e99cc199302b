#include "kh_outcome_parts.h"

#include <stdio.h>

#define fail kh_outcome_fail

#define ADVISE(...) snprintf(result->advice, sizeof(result->advice), __VA_ARGS__)

/* The alerts of RFC 8446, 6.2 that are about the peer's certificate, as OpenSSL writes them, and in
 * plain words. */
static const struct {
	const char *alert, *words;
} ALERTS[] = {
	{"alert certificate expired", "it has ended, or is not valid yet"},
	{"alert certificate revoked", "it was revoked"},
	{"alert unknown ca", "it comes from an authority that the endpoint does not know"},
	{"alert unsupported certificate", "it is not of a kind that the endpoint takes"},
	{"alert bad certificate", "the endpoint calls it bad"},
	{"alert certificate unknown", "the endpoint does not accept it"},
	{"alert access denied", "it may not do this"},
};

static const char *find_alert(const char *reason)
{
	size_t i;

	for (i = 0; i < sizeof(ALERTS) / sizeof(ALERTS[0]); i++) {
		if (strstr(reason, ALERTS[i].alert) != NULL) {
			return ALERTS[i].words;
		}
	}
	return NULL;
}

bool kh_outcome_certificate(const kh_wire *wire, kh_result *result, CURLcode code)
{
	const char *words = find_alert(wire->reason);
	bool shown = wire->job->request->client_certificate != NULL;

	if (shown && code == CURLE_SSL_CERTPROBLEM) {
		fail(result, KH_ERR_TRANSPORT, "tls", "The client certificate can't be used (%s).",
			wire->reason[0] != '\0' ? wire->reason : "no reason given");
		ADVISE("Enter the webhook's client certificate and its key again.");
		return true;
	}
	if (shown && words != NULL) {
		fail(result, KH_ERR_TRANSPORT, "tls", "%s refused the client certificate: %s.", wire->host,
			words);
		ADVISE("Ask the owner of %.100s which client certificates it takes.", wire->host);
		return true;
	}
	/* TLS 1.3 has an alert of its own for it; 1.2 says "handshake failure", as for much else. */
	if (!shown && (words != NULL || strstr(wire->reason, "alert certificate required") != NULL)) {
		fail(result, KH_ERR_TRANSPORT, "tls", "%s demands a client certificate (mutual TLS).",
			wire->host);
		ADVISE("Enter the client certificate that the owner of %.100s gave you.", wire->host);
		return true;
	}
	return false;
}
