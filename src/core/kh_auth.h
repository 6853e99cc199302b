/*
 * From credentials to headers and query. What is put on a request is noted as secret, so that the
 * log can be redacted. Which methods there are: the table in kh_auth.c; how one is written:
 * kh_auth_parts.h.
 */
#ifndef KH_AUTH_H
#define KH_AUTH_H

#include "kh_request.h"
#include "kh_value.h"

typedef struct kh_auth kh_auth;

/* What a request is authenticated with. */
typedef struct kh_auth_input {
	const kh_value *secrets;   /* by name; see docs/webhook-format.md */
	const kh_attempt *attempt; /* the clock and the id of what is signed */
} kh_auth_input;

/*
 * config: the "auth" member of a webhook, e.g.
 * {"method":"apikey","location":"header","name":"X-API-Key"},
 * {"method":"basic"}, {"method":"bearer","scheme":"Bearer"}; NULL or {} is none. All methods and
 * their members: docs/webhook-format.md. Secrets are not in it.
 */
kh_status kh_auth_parse(const kh_value *config, kh_auth **out, kh_error *error);
void kh_auth_free(kh_auth *auth);
/* The headers that it will set: index 0, 1, …; empty behind the last one. */
kh_str kh_auth_header(const kh_auth *auth, size_t index);
/* Where its access tokens come from (kh_oauth2.h); NULL: it needs none. */
const struct kh_oauth2 *kh_auth_tokens(const kh_auth *auth);
/* NULL, or what is weak about it, in words for whoever configures it. */
const char *kh_auth_warning(const kh_auth *auth);
/* A missing or empty secret is KH_ERR_INVALID: never an empty credential on the wire. request is
 * complete but for the authentication, its URL normalised; what goes in the query is appended to
 * it. */
kh_status kh_auth_apply(
	const kh_auth *auth, const kh_auth_input *input, kh_request *request, kh_error *error);

#endif
