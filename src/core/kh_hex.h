/*
 * Hexadecimal: written in small letters, read in either.
 */
#ifndef KH_HEX_H
#define KH_HEX_H

#include "kh_buf.h"

/* 0 to 15, or -1. */
int kh_hex_digit(char c);
kh_status kh_hex_append(kh_buf *out, kh_str bytes);
/* out: room for half the text. False when text is not pairs of digits; out may then hold some of
 * the bytes. */
bool kh_hex_decode(kh_str text, unsigned char *out, size_t *decoded_len);

#endif
