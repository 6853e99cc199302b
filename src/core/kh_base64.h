/*
 * RFC 4648. Decoding is strict, so that a text stands for its bytes in one way only: no blanks or
 * line breaks, no stray bits behind the last byte, padding exactly as the variant has it.
 */
#ifndef KH_BASE64_H
#define KH_BASE64_H

#include "kh_buf.h"

typedef enum kh_base64_variant {
	KH_BASE64_STANDARD, /* + and /, with padding */
	KH_BASE64_URL       /* - and _, without */
} kh_base64_variant;

/* Standard base64 with padding. */
kh_status kh_base64_append(kh_buf *out, kh_str bytes);
/* base64url without padding. */
kh_status kh_base64_append_url(kh_buf *out, kh_str bytes);

/* Room that kh_base64_decode needs, at most, for a text of that length. */
#define KH_BASE64_DECODED_MAX(text_len) ((text_len) / 4 * 3 + 3)

/* False when text is not base64 of that variant; out may then hold some of the bytes. */
bool kh_base64_decode(
	kh_str text, kh_base64_variant variant, unsigned char *out, size_t *decoded_len);

#endif
