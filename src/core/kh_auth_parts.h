/*
 * What the methods of authentication share: private to kh_auth.c and the files that implement one.
 * A method is a row of kh_auth.c's table; its state is what it made of the configuration, and holds
 * no secret.
 */
#ifndef KH_AUTH_PARTS_H
#define KH_AUTH_PARTS_H

#include "kh_auth.h"

typedef struct kh_auth_method {
	const char *name; /* of the configuration's "method" */
	/* NULL: there is nothing to configure, the state is NULL. On failure *state is what has to be
	 * freed, or NULL. */
	kh_status (*parse)(const kh_value *config, void **state, kh_error *error);
	void (*free_state)(void *state);
	/* The headers it sets, index 0, 1, …; empty behind the last one. NULL: it sets none. */
	kh_str (*header)(const void *state, size_t index);
	/* NULL, or words that warn. May be NULL itself. */
	const char *(*warning)(const void *state);
	/* The request is complete but for the authentication, its URL normalised. */
	kh_status (*apply)(
		const void *state, const kh_auth_input *input, kh_request *request, kh_error *error);
} kh_auth_method;

extern const kh_auth_method kh_auth_apikey, kh_auth_basic, kh_auth_bearer;
extern const kh_auth_method kh_auth_jwt, kh_auth_hmac, kh_auth_aws_sigv4, kh_auth_oauth2;

/* Of that method's state. */
const struct kh_oauth2 *kh_auth_oauth2_of(const void *state);

/* How a shared secret was written: "key_encoding" text (the default), base64, hex. */
typedef enum kh_auth_key_encoding {
	KH_AUTH_KEY_TEXT,
	KH_AUTH_KEY_BASE64, /* of either alphabet */
	KH_AUTH_KEY_HEX
} kh_auth_key_encoding;

kh_status kh_auth_out_of_memory(kh_error *error);
/* A member of "auth"; an error names it. */
kh_status kh_auth_text(
	const kh_value *config, const char *name, kh_str fallback, kh_str *out, kh_error *error);
/* what: "the API key", as the subject of an error. Refuses what is no token, or not ours to set. */
kh_status kh_auth_check_header_name(kh_str name, const char *what, kh_error *error);
/* As kh_auth_text, one word; empty is the fallback. */
kh_status kh_auth_scheme(
	const kh_value *config, const char *name, kh_str fallback, kh_str *out, kh_error *error);
/*
 * A credential as it was entered; one that is missing, empty or blank is refused, since blanks
 * around a header's value don't arrive, and so are control characters. label: "the API key".
 */
kh_status kh_auth_credential(
	const kh_value *secrets, const char *name, const char *label, kh_str *out, kh_error *error);
/* Keys and tokens never begin or end with a blank, but what is pasted does. */
kh_str kh_auth_trim(kh_str text);
kh_status kh_auth_parse_key_encoding(
	const kh_value *config, kh_auth_key_encoding *out, kh_error *error);
/* Appends the bytes of a key. label, name: as for kh_auth_credential. */
kh_status kh_auth_decode_key(kh_auth_key_encoding encoding, kh_str key, const char *label,
	const char *name, kh_buf *out, kh_error *error);
/* One header "name: scheme credential", noted as secret; without a scheme "name: credential". */
kh_status kh_auth_set_header(
	kh_request *request, kh_str name, kh_str scheme, kh_str credential, kh_error *error);
/* Appends to the URL's query. what: "the API key", for the error. */
kh_status kh_auth_append_query(
	kh_request *request, kh_str name, kh_str value, const char *what, kh_error *error);

#endif
