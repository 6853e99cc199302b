/*
 * From credentials to headers and query: none, apikey, basic, bearer. (JWT, OAuth2, HMAC, mutual
 * TLS and AWS Signature v4 belong here too.) What is put on a request is noted as secret, so that
 * the log can be redacted.
 */
#ifndef KH_AUTH_H
#define KH_AUTH_H

#include "kh_request.h"
#include "kh_value.h"

typedef struct kh_auth kh_auth;

/*
 * config: the "auth" member of a webhook, e.g.
 * {"method":"apikey","location":"header","name":"X-API-Key"},
 * {"method":"basic"}, {"method":"bearer","scheme":"Bearer"}; NULL or {} is none. Secrets are not in
 * it.
 */
kh_status kh_auth_parse(const kh_value *config, kh_auth **out, kh_error *error);
void kh_auth_free(kh_auth *auth);
/* The header that it will set; empty when it sets none. */
kh_str kh_auth_header_name(const kh_auth *auth);
/* secrets: {"api_key", "username", "password", "bearer_token"}. A missing or empty one is
 * KH_ERR_INVALID: never an empty credential on the wire. Only "password" may be empty where it is
 * there as "". An API key in the query is appended to request->url. */
kh_status kh_auth_apply(
	const kh_auth *auth, const kh_value *secrets, kh_request *request, kh_error *error);

#endif
