/*
 * Secrets as they may stand in somebody's text: as they are, percent-encoded, as a form writes
 * them, with JSON's escapes, with XML's and HTML's entities, each byte in its own way; or within
 * base64, at any offset and in either alphabet. What is looked for is copied, and wiped in the end.
 * For kh_redact.c.
 */
#ifndef KH_NEEDLES_H
#define KH_NEEDLES_H

#include "kh_buf.h"

#define KH_NEEDLES_SHORTEST_BYTES 4

typedef struct kh_needles kh_needles;

/* Secrets under KH_NEEDLES_SHORTEST_BYTES are left out. Accepts count 0. */
kh_status kh_needles_new(const kh_str *secrets, size_t count, kh_needles **out);
void kh_needles_free(kh_needles *needles);
bool kh_needles_empty(const kh_needles *needles);

/*
 * How many bytes of text, from `at` on, are a secret; 0: none. was_cut: text ends where it was cut,
 * so that a secret of which only so much is left counts too, from KH_NEEDLES_SHORTEST_BYTES on.
 */
size_t kh_needles_at(const kh_needles *needles, kh_str text, size_t at, bool was_cut);

#endif
