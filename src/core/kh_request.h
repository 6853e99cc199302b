/*
 * One delivery, rendered: a complete, bounded request whose bytes no longer change. It owns
 * everything it points to; body and secrets are wiped when it is freed. kh_curl turns it into
 * libcurl options.
 */
#ifndef KH_REQUEST_H
#define KH_REQUEST_H

#include "kh_buf.h"
#include "kh_certificate.h"
#include "kh_event.h"

#include <stdint.h>

#define KH_REQUEST_MAX_HEADERS 64
#define KH_REQUEST_MAX_HEADER_BYTES 8192

typedef struct kh_header {
	char *name;
	char *value; /* behind the name, in the same memory */
	bool secret; /* shown as *** */
} kh_header;

typedef struct kh_request {
	int64_t webhook_id;
	uint64_t webhook_version;
	char *method; /* POST PUT PATCH GET DELETE */
	kh_buf url;
	bool plain_http;
	kh_header *headers;
	size_t header_count, header_capacity;
	kh_buf body; /* empty: no body is sent */
	bool has_body;
	char **secrets; /* clear texts that must not reach a log */
	size_t secret_count;
	char **masked; /* names of body fields that a log shows as *** */
	size_t masked_count;
	int64_t connect_timeout_ms;
	int64_t timeout_ms;
	bool fresh_connection; /* a test: no reused connection, so that its timings are whole */
	kh_certificate *client_certificate; /* for mutual TLS; NULL: none */
} kh_request;

/* About one attempt. message_id, timestamp_s: what is signed. */
typedef struct kh_attempt {
	kh_str message_id;
	int64_t number; /* 1-based */
	int64_t timestamp_s;
	kh_str access_token; /* for OAuth2; empty where the webhook needs none */
	bool resend;         /* adds "webhook-resend: 1" */
	bool test;           /* adds "webhook-test: 1", fresh connection */
} kh_attempt;

kh_request *kh_request_new(void);
void kh_request_free(kh_request *request);
/* Refuses control characters (CR, LF, NUL; a tab may stay) in either part, names that are no
 * RFC 9110 token, and more or longer headers than the limits. Blanks around the value are not part
 * of it and are dropped. Replaces a header of the same name. */
kh_status kh_request_set_header(
	kh_request *request, kh_str name, kh_str value, bool secret, kh_error *error);
/* An empty one is left out, one that is there already is not added again. */
kh_status kh_request_add_secret(kh_request *request, kh_str secret, kh_error *error);

/* A name as kh_redact_body takes it. */
kh_status kh_request_add_masked(kh_request *request, kh_str name, kh_error *error);

/* RFC 9110 token: what may be a header's name or an authentication scheme. */
bool kh_request_is_token(kh_str text);
/* NULL, or why a person may not set this header: "KiviHook sets it itself", … */
const char *kh_request_reserved(kh_str header_name);
/* The same header, whatever the case (ASCII). */
bool kh_request_same_name(kh_str a, kh_str b);

#endif
