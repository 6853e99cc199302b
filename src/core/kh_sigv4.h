/*
 * AWS Signature Version 4 in the Authorization header, as AWS documents it ("Create a signed AWS
 * API request"). libcurl has one of its own, which canonicalises query and path wrongly in the
 * versions that Debian and Ubuntu ship (7.88).
 */
#ifndef KH_SIGV4_H
#define KH_SIGV4_H

#include "kh_request.h"

/* Borrowed, all of it. */
typedef struct kh_sigv4 {
	kh_str access_key_id;
	kh_str secret_access_key;
	kh_str session_token; /* empty: none */
	kh_str region;
	kh_str service;
	/* Amazon S3 encodes the path once and leaves its slashes alone; every other service encodes
	 * what stands in the URL once more and takes repeated slashes for one. */
	bool path_once;
	bool content_hash; /* sends X-Amz-Content-Sha256, which S3 needs and no service minds */
	int64_t timestamp_s;
} kh_sigv4;

/*
 * Sets X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256 and Authorization on a request whose
 * URL is normalised, and notes what is secret. Signed are the host and every header there is but
 * those that a proxy may change (User-Agent, X-Amzn-Trace-Id).
 */
kh_status kh_sigv4_sign(const kh_sigv4 *with, kh_request *request, kh_error *error);

#endif
