#include "kh_outcome.h"

#include <stdio.h>

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

bool kh_outcome_certificate(const kh_wire *wire, CURLcode code, char *out, size_t size)
{
	const char *words = find_alert(wire->reason);
	bool shown = wire->job->request->client_certificate != NULL;

	if (shown && (code == CURLE_SSL_CERTPROBLEM || code == CURLE_BAD_FUNCTION_ARGUMENT)) {
		snprintf(out, size, "The client certificate can't be used (%s).",
			wire->reason[0] != '\0' ? wire->reason : "no reason given");
		return true;
	}
	if (shown && words != NULL) {
		snprintf(out, size,
			"%s refused the client certificate: %s. Ask its owner which certificates it takes.",
			wire->host, words);
		return true;
	}
	/* TLS 1.3 has an alert of its own for it; 1.2 says "handshake failure", as for much else. */
	if (!shown && (words != NULL || strstr(wire->reason, "alert certificate required") != NULL)) {
		snprintf(out, size,
			"%s demands a client certificate (mutual TLS): enter the one that its owner gave you.",
			wire->host);
		return true;
	}
	return false;
}
