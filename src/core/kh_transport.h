/*
 * The curl multi of one process: submit, drive until a deadline, hand back what has finished. A
 * transport belongs to the process that made it: in another one kh_transport_is_mine is false, and
 * its owner drops the pointer without freeing it, since closing would write to the parent's
 * sockets.
 */
#ifndef KH_TRANSPORT_H
#define KH_TRANSPORT_H

#include "kh_guard.h"
#include "kh_request.h"
#include "kh_tls.h"

#include <stdint.h>

#define KH_RESPONSE_KEPT_BYTES (16 * 1024)

typedef struct kh_transport kh_transport;

/* What the machine's owner decides; the strings and networks belong to the caller and outlive the
 * transport. */
typedef struct kh_policy {
	kh_guard guard;
	const char *ca_file; /* NULL or "": libcurl's own */
	const char *proxy;   /* NULL or "": none, whatever the environment says */
	long max_in_flight;
	size_t max_response_bytes;
} kh_policy;

typedef struct kh_timings { /* microseconds since the transfer began; 0 on a reused connection where
							   it says so */
	int64_t dns_us, connect_us, tls_us, first_byte_us, total_us;
	bool reused;
} kh_timings;

typedef struct kh_result {
	kh_status problem;      /* KH_OK: a complete answer came, whatever its status */
	int http_status;        /* 0: none */
	const char *error_code; /* "", or: dns connect_refused connect_timeout timeout tls closed
							   blocked too_large redirect http_status proxy aborted other */
	char error[KH_ERROR_MESSAGE_BYTES]; /* the same in plain words for the log; "" on success */
	char advice[256];                   /* what to do about it, and who; "" on success */
	char note[128];                     /* e.g. that the response was larger than what is read */
	kh_timings timings;
	char peer[64];               /* "203.0.113.7:443", or "through proxy …" */
	char http_version[8];        /* "1.1", "2" */
	char tls[KH_TLS_TEXT_BYTES]; /* "TLSv1.3 TLS_AES_256_GCM_SHA384"; "" for plain http */
	kh_tls_facts certificate;    /* the peer's, also when it was refused */
	kh_buf response_headers;     /* "Name: value\n" lines, at most KH_RESPONSE_KEPT_BYTES */
	kh_buf response_body;        /* the first KH_RESPONSE_KEPT_BYTES */
	int64_t response_bytes;      /* received */
	char retry_after[64];
} kh_result;

/* A request on its way. The transport owns it from submit until kh_transport_next_done gives it
 * back. */
typedef struct kh_job {
	kh_request *request;
	kh_result result;
	void *owner_data; /* the caller's; never touched here */
	struct kh_job *next;
	struct kh_wire *wire; /* the transport's own, while it is in flight */
	bool blocked;         /* the guard refused an address of this transfer */
} kh_job;

kh_job *kh_job_new_take(kh_request *request);
void kh_job_free(kh_job *job);

kh_transport *kh_transport_new(const kh_policy *policy, kh_error *error);
bool kh_transport_is_mine(const kh_transport *transport);
/* Closes connections; everything in flight is freed with it. */
void kh_transport_free(kh_transport *transport);

/* Takes the job in every case: one that cannot be started comes back as done, with its reason. */
void kh_transport_submit_take(kh_transport *transport, kh_job *job);
size_t kh_transport_in_flight(const kh_transport *transport);
/* Runs until a job has finished, nothing is in flight, or deadline_ms (kh_now_ms) has passed. */
void kh_transport_drive(kh_transport *transport, int64_t deadline_ms);
/* The next finished job, or NULL. The caller frees it. */
kh_job *kh_transport_next_done(kh_transport *transport);
/* Ends every transfer; each comes back as done with error_code "aborted". Connections stay. */
void kh_transport_abort(kh_transport *transport);

/* Monotonic, milliseconds. */
int64_t kh_now_ms(void);

/* Once per process: libcurl's global start, and whether its TLS is OpenSSL, which signing facts and
 * client certificates rely on. */
kh_status kh_transport_global_init(kh_error *error);

#endif
