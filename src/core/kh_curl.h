/*
 * The only place that sets libcurl options on a transfer. Every result is checked; an option that
 * can't be set fails the request. A kh_wire is what a job needs while it is in flight; libcurl's
 * callbacks get it, and only copy bytes.
 */
#ifndef KH_CURL_H
#define KH_CURL_H

#include "kh_transport.h"

#include <curl/curl.h>

#define KH_HOST_BYTES 256

#define KH_IDLE_HANDLES 64

/* What a transport keeps between transfers so that the next ones have less to do: handles that have
 * every option but those of one request, by scheme, and how the last URL's host and port were read.
 */
typedef struct kh_handles {
	CURL *idle[2][KH_IDLE_HANDLES]; /* [plain http] */
	size_t count[2];
	char origin[KH_HOST_BYTES + 24]; /* "https://api.example.org:8443" */
	char host[KH_HOST_BYTES];
	char port[8];
	kh_tls_memory *tls;
} kh_handles;

typedef struct kh_wire {
	CURL *easy;
	bool used_before; /* easy came out of kh_handles */
	bool may_be_kept; /* and may go there: the transfer ended well */
	/* The header lines as libcurl reads them during the transfer: nodes and texts in one piece of
	 * memory, since dozens of small ones for each request cost more than the request. */
	struct curl_slist *lines;
	size_t line_count;
	char *texts;
	size_t text_bytes;
	const kh_policy *policy;
	kh_handles *handles;
	kh_job *job;
	kh_job *previous;     /* in the transport's list of what is in flight */
	uint64_t waits_since; /* how often the transport had been driven before */
	char host[KH_HOST_BYTES];
	char port[8];
	bool through_proxy;
	bool handshaking;             /* the other side has taken the connection: TLS has begun */
	bool connected;               /* the connection stands, new or reused, and was checked */
	bool out_of_memory;           /* in a callback */
	bool header_too_large;        /* in a callback */
	size_t header_bytes;          /* of all header lines, also those not kept */
	char reason[CURL_ERROR_SIZE]; /* libcurl's own words */
} kh_wire;

/* Makes job->wire, ready for a multi. On failure it may be half-built; release it all the same. */
kh_status kh_curl_prepare(
	kh_job *job, const kh_policy *policy, kh_handles *handles, kh_error *error);
/* Frees job->wire. The easy handle must have left its multi. Accepts a job without one. handles
 * NULL: nothing is kept. */
void kh_curl_release(kh_job *job, kh_handles *handles);
void kh_curl_forget(kh_handles *handles);
/* The request's time limits and so much more. */
void kh_curl_set_clock(kh_job *job, int64_t more_ms);

#endif
