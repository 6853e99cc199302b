/*
 * One webhook's configuration, compiled: its templates, its authentication, its limits. Immutable
 * once made, so that a process keeps it as long as the version is the same. Credentials stay sealed
 * in it, and are opened for each request.
 *
 * As JSON (what Store::lease and Engine::test give as "webhook"):
 *   {"id":1, "version":3, "method":"POST", "url":"https://…", "headers":[["X-A","…"]],
 *    "query":[["k","…"]], "content_type":"application/json", "body":"…", "auth":{"method":"none"},
 *    "tls":{"client_certificate":false}, "body_with_get":false, "timeout_ms":30000,
 * "connect_timeout_ms":5000, "retry":{"quick_tries":3,"quick_delay_s":5},
 * "log_mask":["patient_email"], "without":["diagnosis"], "sealed":"kh1:…", "sealed_context":"…" or
 * "secrets":{…}} log_mask: variables, and body fields, whose values no log may show. without:
 * variables that the webhook may not carry: missing for its templates, and in the standard body.
 * Secrets: {"signing_secrets":["whsec_…","whsk_…"], …} and what the method of "auth" needs; both in
 * docs/webhook-format.md.
 */
#ifndef KH_WEBHOOK_H
#define KH_WEBHOOK_H

#include "kh_oauth2.h"
#include "kh_request.h"
#include "kh_retry.h"
#include "kh_vault.h"

#define KH_WEBHOOK_MAX_HEADERS 50 /* the rest of KH_REQUEST_MAX_HEADERS is for our own */
#define KH_WEBHOOK_MAX_QUERY 50
#define KH_WEBHOOK_MAX_SIGNING_SECRETS 8
#define KH_WEBHOOK_MAX_MASKED 200
#define KH_WEBHOOK_OLDER_KEYS 3
#define KH_WEBHOOK_MAX_WITHOUT 2000
#define KH_WEBHOOK_MIN_TIMEOUT_MS 1000
#define KH_WEBHOOK_MAX_TIMEOUT_MS 300000

typedef struct kh_webhook kh_webhook;

/*
 * Everything is checked here but the secrets; an error names the field ("headers[2] \"X-Foo\": …").
 * Header and query values are templates, their names are literal. A GET has no body, a DELETE
 * one when a body template is there; with "body_with_get" both have one. Defaults: POST,
 * application/json, the limits above, no quick tries. "retry":{"never":true} is one attempt;
 * "retry":{"schedule_s":[60,600]} replaces quick tries and the long schedule.
 */
kh_status kh_webhook_parse(kh_str json, kh_webhook **out, kh_error *error);
void kh_webhook_free(kh_webhook *webhook);
int64_t kh_webhook_id(const kh_webhook *webhook);
uint64_t kh_webhook_version(const kh_webhook *webhook);
const kh_retry_plan *kh_webhook_retry(const kh_webhook *webhook);
/* NULL, or what is weak about its authentication, for whoever configures it; static. */
const char *kh_webhook_warning(const kh_webhook *webhook);
/* The distinct variable names that its templates use. */
size_t kh_webhook_variable_count(const kh_webhook *webhook);
kh_str kh_webhook_variable(const kh_webhook *webhook, size_t index);

/* Opens the event as far as this webhook needs it (kh_event_open, kh_event_check). */
kh_status kh_webhook_open_event(const kh_webhook *webhook, kh_event *event, kh_error *error);

/*
 * Renders everything: URL, query, headers, body, authentication, webhook-id, webhook-timestamp,
 * webhook-signature, User-Agent. vault may be NULL when the secrets are not sealed. The event was
 * opened for this webhook.
 */
kh_status kh_webhook_build(const kh_webhook *webhook, const kh_vault *vault, const kh_event *event,
	const kh_attempt *attempt, kh_request **out, kh_error *error);

/* ---- access tokens (kh_webhook_token.c) ---- */

/* Does it need an access token before it is built (attempt->access_token)? */
bool kh_webhook_needs_token(const kh_webhook *webhook);
/* The token's name in the store (kh_oauth2_key), and the names that it had under older keys of the
 * vault, the newest first, at most KH_WEBHOOK_OLDER_KEYS. first: what to begin with where nothing
 * is stored. The vault must be there. */
typedef struct kh_webhook_token_keys {
	char now[KH_OAUTH2_KEY_BYTES + 1];
	char older[KH_WEBHOOK_OLDER_KEYS][KH_OAUTH2_KEY_BYTES + 1];
	size_t older_count;
} kh_webhook_token_keys;
kh_status kh_webhook_token_key(const kh_webhook *webhook, const kh_vault *vault,
	kh_webhook_token_keys *keys, kh_token *first, kh_error *error);
/* The request for one. refresh: the stored refresh token, or empty. */
kh_status kh_webhook_token_request(const kh_webhook *webhook, const kh_vault *vault, kh_str refresh,
	int64_t now_s, kh_request **out, kh_error *error);
/* The browser's part; NULL with *error set where the webhook has none. */
const kh_oauth2 *kh_webhook_oauth2(const kh_webhook *webhook, kh_error *error);
kh_status kh_webhook_code_request(const kh_webhook *webhook, const kh_vault *vault, kh_str code,
	kh_str verifier, kh_str redirect_uri, kh_request **out, kh_error *error);

#endif
