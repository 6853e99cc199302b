/*
 * Bytes with a cap. A kh_buf owns malloc'd memory; a kh_str only looks at somebody else's.
 * An append that would pass max_bytes changes nothing, and answers KH_ERR_TOO_LARGE.
 */
#ifndef KH_BUF_H
#define KH_BUF_H

#include "kh_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct kh_str {
	const char *data; /* not necessarily NUL-terminated; NULL only with len 0 */
	size_t len;
} kh_str;

#define KH_STR(literal) ((kh_str){(literal), sizeof(literal) - 1})

static inline bool kh_str_equals(kh_str a, kh_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

typedef struct kh_buf {
	char *data; /* always NUL-terminated behind len once something was appended; NULL before */
	size_t len;
	size_t capacity;
	size_t max_bytes;
} kh_buf;

void kh_buf_init(kh_buf *buf, size_t max_bytes);
kh_status kh_buf_append(kh_buf *buf, const char *data, size_t len);
kh_status kh_buf_append_str(kh_buf *buf, kh_str text);
kh_status kh_buf_append_char(kh_buf *buf, char c);
kh_status kh_buf_append_format(kh_buf *buf, const char *format, ...) KH_PRINTF(2, 3);
/* Room for so many bytes more, so that what comes next is not copied while it grows. */
kh_status kh_buf_reserve(kh_buf *buf, size_t extra);
/* Keeps the memory. */
void kh_buf_clear(kh_buf *buf);
/* Both accept NULL and a zeroed struct and leave an empty buffer with the same cap; wipe overwrites
 * the bytes first. */
void kh_buf_free(kh_buf *buf);
void kh_buf_wipe(kh_buf *buf);

static inline kh_str kh_buf_str(const kh_buf *buf)
{
	return (kh_str){buf->data, buf->len};
}

/* A malloc'd, NUL-terminated copy; NULL when memory is out. */
char *kh_str_copy(kh_str text);

/* Where a byte stands for a person: line and column counted from 1, columns in characters. */
void kh_str_position(kh_str text, size_t offset, unsigned *line, unsigned *column);

#endif
