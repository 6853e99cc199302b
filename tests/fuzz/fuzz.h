/*
 * What the fuzz targets share: an input is cut into pieces, and a promise that doesn't hold ends the
 * program as a crash, with the sanitizers' report.
 */
#ifndef KH_FUZZ_H
#define KH_FUZZ_H

#include "kh_buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(condition)                                                                         \
	do {                                                                                           \
		if (!(condition)) {                                                                        \
			fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition);        \
			abort();                                                                               \
		}                                                                                          \
	} while (0)

static inline kh_str fuzz_all(const uint8_t *data, size_t size)
{
	return (kh_str){size > 0 ? (const char *)data : NULL, size};
}

/* The bytes up to the next separator (0xFF, which is in no UTF-8), or all that are left. */
__attribute__((unused)) static kh_str fuzz_piece(kh_str *rest)
{
	const char *end = rest->len > 0 ? memchr(rest->data, 0xFF, rest->len) : NULL;
	kh_str piece = {rest->data, end != NULL ? (size_t)(end - rest->data) : rest->len};

	if (end == NULL) {
		*rest = (kh_str){NULL, 0};
	} else {
		*rest = (kh_str){end + 1, rest->len - piece.len - 1};
	}
	return piece;
}

/* In memory of exactly that size, NUL-terminated, so that a byte too far is seen. */
__attribute__((unused)) static char *fuzz_text(kh_str piece)
{
	char *text = malloc(piece.len + 1);

	PROMISE(text != NULL);
	if (piece.len > 0) {
		memcpy(text, piece.data, piece.len);
	}
	text[piece.len] = '\0';
	return text;
}

#endif
