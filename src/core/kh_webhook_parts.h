/*
 * What kh_webhook.c makes of a configuration and kh_webhook_build.c sends: private to the two.
 * Strings and secrets lie in the tree, root; what is compiled has its own memory.
 */
#ifndef KH_WEBHOOK_PARTS_H
#define KH_WEBHOOK_PARTS_H

#include "kh_auth.h"
#include "kh_body.h"
#include "kh_webhook.h"

/* A header or a query parameter. */
typedef struct kh_webhook_field {
	kh_str name;
	kh_template *value;
	bool secret; /* its name says so */
} kh_webhook_field;

typedef struct kh_webhook_fields {
	kh_webhook_field *items;
	size_t count;
} kh_webhook_fields;

struct kh_webhook {
	kh_value *root;
	int64_t id;
	uint64_t version;
	kh_str method;
	kh_template *url;
	kh_buf fixed_url; /* normalised, with its query; empty: variables stand in it */
	bool fixed_plain_http;
	kh_webhook_fields headers;
	kh_webhook_fields query;
	kh_str content_type;
	kh_body *body; /* NULL: none is sent */
	kh_auth *auth;
	bool client_certificate; /* mutual TLS, whatever the authentication */
	int64_t timeout_ms;
	int64_t connect_timeout_ms;
	kh_retry_plan retry;
	const kh_value *log_mask; /* a checked list, or NULL */
	const kh_value *without;  /* the same */
	kh_str sealed;
	kh_str sealed_context;
	const kh_value *secrets; /* in clear, instead of sealed */
	kh_str *variables;
	size_t variable_count, variable_capacity;
};

/*
 * Variables fill path segments; one that says ".." would climb out of the path that the webhook was
 * given (curl and servers resolve it). Encoded dots count too.
 */
bool kh_webhook_has_dot_segment(kh_str url);

/* Once the URL and its query are compiled: makes fixed_url where every request has the same. */
kh_status kh_webhook_fix_url(kh_webhook *webhook, kh_error *error);

/* The member "log_mask" (kh_webhook_mask.c), and what it means for one request: names for the
 * bodies, and the values that variables of these names have in the event. */
kh_status kh_webhook_parse_mask(kh_webhook *webhook, kh_error *error);
typedef struct kh_webhook_masking {
	const kh_webhook *webhook;
	kh_request *request;
} kh_webhook_masking;
/* What templates make of these variables is noted as secret, too. */
kh_template_watch kh_webhook_watch(kh_webhook_masking *masking);
kh_status kh_webhook_apply_mask(
	const kh_webhook *webhook, const kh_event *event, kh_request *request, kh_error *error);

/*
 * The member "without" (kh_webhook_without.c), and the event as the webhook may see it: the event
 * itself, or a copy that lacks these variables, its text in json. Always to be ended by
 * kh_webhook_unsee.
 */
kh_status kh_webhook_parse_without(kh_webhook *webhook, kh_error *error);
kh_status kh_webhook_see(const kh_webhook *webhook, const kh_event *event, kh_event *seen,
	kh_buf *json, kh_error *error);
void kh_webhook_unsee(const kh_event *event, kh_event *seen, kh_buf *json);

/* The member "retry" (kh_webhook_retry.c). out: zeroed. */
kh_status kh_webhook_parse_retry(const kh_value *root, kh_retry_plan *out, kh_error *error);

/* A webhook's credentials while a request is built. */
typedef struct kh_webhook_credentials {
	const kh_value *view; /* what to read; NULL: there are none */
	kh_value *opened;     /* to be wiped; NULL when they were not sealed */
} kh_webhook_credentials;

kh_status kh_webhook_open(const kh_webhook *webhook, const kh_vault *vault,
	kh_webhook_credentials *credentials, kh_error *error);

/* The member "tls" (kh_webhook_tls.c). */
kh_status kh_webhook_parse_tls(kh_webhook *webhook, kh_error *error);
/* Opens the client certificate, if there is to be one, and gives it to the request. */
kh_status kh_webhook_set_certificate(const kh_webhook *webhook, const kh_value *secrets,
	const kh_attempt *attempt, kh_request *request, kh_error *error);

#endif
