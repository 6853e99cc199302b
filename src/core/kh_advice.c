#include "kh_advice.h"

#include <stdio.h>

/* For each error_code of kh_result; %s is the host. */
static const struct {
	const char *code, *words;
} by_code[] = {
	{"dns",
		"Check the URL's host for typing errors. If %s is right, its owner has to mend its DNS, or "
		"this server can't reach a name server."},
	{"connect_refused",
		"Ask the owner of %s whether the service runs, and check the URL's port. A later "
		"try may get through."},
	{"connect_timeout",
		"Ask the owner of %s whether the service runs and lets this server through its firewall. "
		"A later try may get through."},
	{"timeout",
		"Ask the owner of %s to answer first and work afterwards, or allow more time in the "
		"webhook's settings. It may arrive twice."},
	{"tls", "Ask the owner of %s about its TLS configuration."},
	{"closed", "Ask the owner of %s to look at its error log. A later try may get through."},
	{"blocked", "If %s is really meant, this server's owner has to allow it in php.ini; the error "
				"says how."},
	{"too_large", "Check that the URL leads to an API: %s answers far more than is expected."},
	{"redirect", "Enter the address that %s redirects to, if you trust it."},
	{"proxy", "This server's owner has to look at the proxy that kivihook.proxy names."},
	{"aborted", "Nothing: it is tried again."},
};

/* The first whose range holds the status. */
static const struct {
	int first, last;
	const char *words;
} by_status[] = {
	{401, 401, "Check the webhook's credentials: %s does not accept them."},
	{403, 403, "Check the webhook's credentials, and what they are allowed to do at %s."},
	{404, 404, "Check the URL's path: %s has nothing there."},
	{405, 405, "Choose another method: %s does not take this one at this URL."},
	{406, 406, "Check the header Accept, if there is one, with the documentation of %s."},
	{407, 407, "This server's owner has to give the proxy's credentials in kivihook.proxy."},
	{408, 408,
		"Ask the owner of %s why it waits so long for a request. A later try may get through."},
	{410, 410,
		"%s says that it is gone for good, so the webhook was switched off. Delete it, or enter "
		"the "
		"new URL."},
	{411, 411, "Ask the owner of %s why it does not see the length of the body."},
	{413, 413, "Send less: the body is larger than %s accepts."},
	{414, 414, "Move data from the URL into the body: the URL is longer than %s accepts."},
	{415, 415, "Choose the content type that the documentation of %s asks for."},
	{425, 425, "%s wants it later. A later try may get through."},
	{429, 429, "%s wants fewer requests. The next try waits as long as it asks for."},
	{431, 431, "Send fewer or shorter headers: %s does not take so many."},
	{451, 451, "%s refuses for legal reasons: ask its owner."},
	{400, 499,
		"Compare the request with the documentation of %s; its answer may say what is wrong."},
	{501, 501, "Choose another method: %s does not know this one."},
	{505, 505, "Ask the owner of %s about its HTTP version."},
	{500, 599,
		"The fault is at %s: its owner has to look at its error log. A later try may get through."},
	{100, 999, "Check that the URL leads to the API: %s answers in no usual way."},
};

static const char *words_for(const kh_result *result)
{
	size_t i;

	if (strcmp(result->error_code, "http_status") == 0) {
		for (i = 0; i < sizeof(by_status) / sizeof(*by_status); i++) {
			if (result->http_status >= by_status[i].first &&
				result->http_status <= by_status[i].last) {
				return by_status[i].words;
			}
		}
	}
	for (i = 0; i < sizeof(by_code) / sizeof(*by_code); i++) {
		if (strcmp(result->error_code, by_code[i].code) == 0) {
			return by_code[i].words;
		}
	}
	return result->problem == KH_OK || result->problem == KH_ERR_TRANSPORT
			   ? "Look at the error; if it does not help, show it to the owner of %s."
			   : kh_advice_of(result->problem);
}

void kh_advise(kh_job *job, const char *host)
{
	kh_result *result = &job->result;
	char shown[100];
	const char *words, *place;

	if (result->error_code == NULL || result->error_code[0] == '\0' || result->advice[0] != '\0') {
		return;
	}
	words = words_for(result);
	snprintf(shown, sizeof(shown), "%s", host[0] != '\0' ? host : "the endpoint");
	place = strstr(words, "%s");
	if (place == NULL) {
		snprintf(result->advice, sizeof(result->advice), "%s", words);
	} else {
		snprintf(result->advice, sizeof(result->advice), "%.*s%s%s", (int)(place - words), words,
			shown, place + 2);
	}
	if (result->advice[0] >= 'a' && result->advice[0] <= 'z' && host[0] == '\0') {
		result->advice[0] = (char)(result->advice[0] - 'a' + 'A'); /* "the endpoint says …" */
	}
}

const char *kh_advice_of(kh_status status)
{
	switch (status) {
	case KH_ERR_MEMORY:
		return "This server is out of memory: its owner has to give PHP more, or let fewer "
			   "processes run.";
	case KH_ERR_TOO_LARGE:
		return "Send less: shorten the webhook's templates, or leave out long variables.";
	case KH_ERR_JSON:
	case KH_ERR_TEMPLATE:
		return "Correct the webhook's template; the error says where.";
	case KH_ERR_URL:
		return "Correct the webhook's URL.";
	case KH_ERR_BLOCKED:
		return "If this address is really meant, this server's owner has to allow it in php.ini; "
			   "the error says how.";
	case KH_ERR_SEALED:
		return "Bring back the sealing key, or enter the webhook's credentials again.";
	case KH_ERR_CRYPTO:
		return "Check the webhook's keys and certificates: OpenSSL can't use one of them.";
	case KH_ERR_TRANSPORT:
		return "This server's owner has to look at PHP's error log: nothing can be sent.";
	default:
		return "Correct the webhook's settings; the error names the field.";
	}
}
