/*
 * What may be written to a log or shown on a screen: the values of secret headers, query parameters
 * and body fields become "***", and so does every sealed value wherever it turns up.
 */
#ifndef KH_REDACT_H
#define KH_REDACT_H

#include "kh_buf.h"

#define KH_REDACTED "***"

/* Authorization, Proxy-Authorization, Cookie, Set-Cookie, and names that speak of a key, token,
 * secret, password or signature. */
bool kh_redact_is_secret_name(kh_str name);
/* The URL with the values of secret query parameters masked. */
kh_status kh_redact_url(kh_buf *out, kh_str url);
/* Secrets, made ready to be looked for in several texts. It holds them: free it soon. */
typedef struct kh_redactor kh_redactor;
kh_status kh_redactor_new(const kh_str *secrets, size_t count, kh_redactor **out);
void kh_redactor_free(kh_redactor *redactor);
/* There is nothing to look for. */
bool kh_redactor_is_empty(const kh_redactor *redactor);
/* Replaces every occurrence of each secret in text, however its bytes are written (kh_needles.h).
 * Secrets under 4 bytes are left alone. was_cut: of a secret at the text's end only the beginning
 * may be left; it is masked too. */
kh_status kh_redactor_apply(const kh_redactor *redactor, kh_buf *out, kh_str text, bool was_cut);
/* The same for one text, not cut off, and cut off. */
kh_status kh_redact_text(kh_buf *out, kh_str text, const kh_str *secrets, size_t count);
kh_status kh_redact_cut_text(kh_buf *out, kh_str text, const kh_str *secrets, size_t count);
/*
 * A body with the values of secret fields masked, at any depth: JSON members (a whole list or
 * object at once), form pairs, XML elements and attributes, parts of multipart/form-data. What the
 * text looks like counts first, then content_type, which may be empty. Secret is what
 * kh_redact_is_secret_name says, and what is called like one of `names` (the fields of a data class
 * that the log must not hold), whatever the case.
 */
kh_status kh_redact_body(
	kh_buf *out, kh_str content_type, kh_str text, const kh_str *names, size_t count);

#endif
