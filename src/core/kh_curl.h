/*
 * The only place that sets libcurl options on a transfer. Every result is checked; a security
 * option that can't be set fails the request.
 */
#ifndef KH_CURL_H
#define KH_CURL_H

#include "kh_transport.h"

#include <curl/curl.h>

/* headers: the list that libcurl reads during the transfer; the caller frees it with
 * curl_slist_free_all afterwards. */
kh_status kh_curl_prepare(
	CURL *easy, kh_job *job, const kh_policy *policy, struct curl_slist **headers, kh_error *error);
/* Fills job->result from the finished transfer. */
void kh_curl_finish(CURL *easy, kh_job *job, CURLcode code, const kh_policy *policy);

#endif
