/*
 * What the files that set libcurl options share: private to kh_curl*.c.
 */
#ifndef KH_CURL_PARTS_H
#define KH_CURL_PARTS_H

#include "kh_curl.h"

kh_status kh_curl_refuse_option(kh_error *error, const char *option, CURLcode code);

/* Within a function that has easy and error: leaves it when libcurl refuses the option. */
#define SET(option, value)                                                                         \
	do {                                                                                           \
		CURLcode set_code = curl_easy_setopt(easy, option, value);                                 \
		if (set_code != CURLE_OK) {                                                                \
			return kh_curl_refuse_option(error, #option, set_code);                                \
		}                                                                                          \
	} while (0)

static inline bool is_set(const char *text)
{
	return text != NULL && text[0] != '\0';
}

kh_status kh_curl_set_callbacks(CURL *easy, kh_error *error);
/* Whom the callbacks tell. wire NULL: nobody, so that a handle that is kept knows nothing of the
 * past. */
kh_status kh_curl_set_owner(CURL *easy, kh_wire *wire, kh_error *error);
/* Whom to trust. */
kh_status kh_curl_set_tls(CURL *easy, const kh_policy *policy, kh_error *error);
/* Who we are, where the request says so. After everything about connections. */
kh_status kh_curl_set_certificate(CURL *easy, const kh_request *request, kh_error *error);

/* Callbacks' helpers: facts about the connection that the transfer has just now, … */
void kh_curl_note_tls(kh_wire *wire);
/* … and CURLOPT_SSL_CTX_FUNCTION. */
CURLcode kh_curl_before_handshake(CURL *easy, void *context, void *wire);

#endif
