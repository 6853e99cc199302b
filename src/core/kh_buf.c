#include "kh_buf.h"

#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256

void kh_buf_init(kh_buf *buf, size_t max_bytes)
{
	*buf = (kh_buf){.max_bytes = max_bytes};
}

/*
 * Room for extra more bytes and the NUL behind them. Grown by hand instead of with realloc: the
 * bytes may be a secret, and realloc would leave a copy of them in freed memory.
 */
kh_status kh_buf_reserve(kh_buf *buf, size_t extra)
{
	size_t needed, capacity;
	char *data;

	if (extra > buf->max_bytes || buf->len > buf->max_bytes - extra) {
		return KH_ERR_TOO_LARGE;
	}
	if (extra >= SIZE_MAX - buf->len) {
		return KH_ERR_TOO_LARGE;
	}
	needed = buf->len + extra + 1;
	if (needed <= buf->capacity) {
		return KH_OK;
	}
	capacity = buf->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : buf->capacity;
	while (capacity < needed) {
		capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
	}
	data = malloc(capacity);
	if (data == NULL) {
		return KH_ERR_MEMORY;
	}
	if (buf->data != NULL) {
		memcpy(data, buf->data, buf->len);
		OPENSSL_cleanse(buf->data, buf->len);
		free(buf->data);
	}
	data[buf->len] = '\0';
	buf->data = data;
	buf->capacity = capacity;
	return KH_OK;
}

kh_status kh_buf_append(kh_buf *buf, const char *data, size_t len)
{
	kh_status status = kh_buf_reserve(buf, len);

	if (status != KH_OK) {
		return status;
	}
	if (len > 0) {
		memcpy(buf->data + buf->len, data, len);
	}
	buf->len += len;
	buf->data[buf->len] = '\0';
	return KH_OK;
}

kh_status kh_buf_append_str(kh_buf *buf, kh_str text)
{
	return kh_buf_append(buf, text.data, text.len);
}

kh_status kh_buf_append_char(kh_buf *buf, char c)
{
	return kh_buf_append(buf, &c, 1);
}

kh_status kh_buf_append_format(kh_buf *buf, const char *format, ...)
{
	va_list args;
	kh_status status;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0) {
		return KH_ERR_INVALID;
	}
	status = kh_buf_reserve(buf, (size_t)len);
	if (status != KH_OK) {
		return status;
	}
	va_start(args, format);
	vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
	return KH_OK;
}

void kh_buf_clear(kh_buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL) {
		buf->data[0] = '\0';
	}
}

void kh_buf_free(kh_buf *buf)
{
	if (buf == NULL) {
		return;
	}
	free(buf->data);
	kh_buf_init(buf, buf->max_bytes);
}

void kh_buf_wipe(kh_buf *buf)
{
	if (buf == NULL) {
		return;
	}
	if (buf->data != NULL) {
		/* The whole capacity: kh_buf_clear may have left longer bytes behind. */
		OPENSSL_cleanse(buf->data, buf->capacity);
	}
	kh_buf_free(buf);
}

char *kh_str_copy(kh_str text)
{
	char *copy;

	if (text.len == SIZE_MAX) {
		return NULL;
	}
	copy = malloc(text.len + 1);
	if (copy == NULL) {
		return NULL;
	}
	if (text.len > 0) {
		memcpy(copy, text.data, text.len);
	}
	copy[text.len] = '\0';
	return copy;
}

void kh_str_position(kh_str text, size_t offset, unsigned *line, unsigned *column)
{
	size_t i;

	*line = 1;
	*column = 1;
	for (i = 0; i < offset && i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c == '\n') {
			(*line)++;
			*column = 1;
		} else if ((c & 0xC0) != 0x80) {
			(*column)++;
		}
	}
}
