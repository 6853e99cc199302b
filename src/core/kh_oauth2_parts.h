/*
 * Private to the files kh_oauth2*.c.
 */
#ifndef KH_OAUTH2_PARTS_H
#define KH_OAUTH2_PARTS_H

#include "kh_auth_parts.h"
#include "kh_jwt.h"
#include "kh_oauth2.h"

typedef enum kh_oauth2_client { KH_OAUTH2_BASIC, KH_OAUTH2_POST, KH_OAUTH2_NONE } kh_oauth2_client;

struct kh_oauth2 {
	kh_oauth2_grant grant;
	kh_oauth2_client client;
	char *token_url;
	char *authorization_url;
	char *client_id;
	char *scope;
	char *audience;
	/* the assertion */
	const kh_jwt_algorithm *algorithm;
	char *key_id;
	char *issuer;
	char *subject;
	char *assertion_audience;
	int64_t lifetime_s;
};

static inline kh_str kh_oauth2_str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

/* "name=value", percent-encoded, with the "&" that is due; an empty value is left out. */
kh_status kh_oauth2_add(kh_buf *form, const char *name, kh_str value);
/* A signed assertion (RFC 7523, 2.1). */
kh_status kh_oauth2_assertion(
	const kh_oauth2 *self, const kh_value *secrets, int64_t now_s, kh_buf *out, kh_error *error);

#endif
