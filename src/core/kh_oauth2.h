/*
 * OAuth2 (RFC 6749, 7523, 7636), the pure part: from a webhook's configuration to the requests that
 * get a token, and from an answer to a token or to plain words. Sending them is the caller's.
 */
#ifndef KH_OAUTH2_H
#define KH_OAUTH2_H

#include "kh_request.h"
#include "kh_token.h"
#include "kh_value.h"
#include "kh_vault.h"

#define KH_OAUTH2_KEY_BYTES                                                                        \
	KH_VAULT_NAME_BYTES             /* a token's name in the store: hexadecimal digits */
#define KH_OAUTH2_VERIFIER_BYTES 43 /* RFC 7636, 4.1 */
#define KH_OAUTH2_STATE_BYTES 43

typedef enum kh_oauth2_grant {
	KH_OAUTH2_CLIENT_CREDENTIALS,
	KH_OAUTH2_REFRESH_TOKEN,
	KH_OAUTH2_AUTHORIZATION_CODE, /* the browser's part gave a refresh token */
	KH_OAUTH2_JWT_BEARER
} kh_oauth2_grant;

typedef struct kh_oauth2 kh_oauth2;

/*
 * config: "auth" with "method":"oauth2": grant, token_url, client_id, client_authentication
 * (basic, post, none), scope, audience, authorization_url; for the assertion: algorithm, key_id,
 * issuer, subject, assertion_audience, lifetime_s. Secrets: client_secret, refresh_token,
 * access_token (one that was already there), jwt_key.
 */
kh_status kh_oauth2_parse(const kh_value *config, kh_oauth2 **out, kh_error *error);
void kh_oauth2_free(kh_oauth2 *self);
kh_oauth2_grant kh_oauth2_grant_of(const kh_oauth2 *self);

/* The name under which all who have the same credentials find the same token: it stands for
 * everything that the token depends on. New credentials are a new name. Under the vault's key
 * number `index`, since nobody else may try credentials against it. */
kh_status kh_oauth2_key(const kh_oauth2 *self, const kh_value *secrets, const kh_vault *vault,
	size_t index, char key[KH_OAUTH2_KEY_BYTES + 1], kh_error *error);
/* What was entered together with the credentials: where nothing is stored yet, one begins with
 * it. */
kh_status kh_oauth2_first(
	const kh_oauth2 *self, const kh_value *secrets, kh_token *out, kh_error *error);

/* The request for a token. refresh: the stored refresh token, which may be newer than the secret;
 * empty: that of the secrets. */
kh_status kh_oauth2_request(const kh_oauth2 *self, const kh_value *secrets, kh_str refresh,
	int64_t now_s, kh_request **out, kh_error *error);

/*
 * An answer of the token endpoint into token; the old refresh token stays where the answer brings
 * no new one. Words of a failure name the error, never a secret: those of request are masked.
 */
kh_status kh_oauth2_answer(
	const kh_request *request, int http_status, kh_str body, kh_token *token, kh_error *error);

/* ---- the browser's part of the authorization code ---- */

/* A fresh verifier, a fresh state, and the URL that the browser is sent to. */
kh_status kh_oauth2_authorization_url(const kh_oauth2 *self, kh_str redirect_uri,
	char verifier[KH_OAUTH2_VERIFIER_BYTES + 1], char state[KH_OAUTH2_STATE_BYTES + 1], kh_buf *url,
	kh_error *error);
kh_status kh_oauth2_code_request(const kh_oauth2 *self, const kh_value *secrets, kh_str code,
	kh_str verifier, kh_str redirect_uri, kh_request **out, kh_error *error);

#endif
