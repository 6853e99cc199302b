#include "kh_status.h"

#include <stdarg.h>
#include <stdio.h>

static void fill(kh_error *error, kh_status status, unsigned line, unsigned column,
	const char *format, va_list args) KH_PRINTF(5, 0);

static void fill(kh_error *error, kh_status status, unsigned line, unsigned column,
	const char *format, va_list args)
{
	int written;

	error->status = status;
	error->line = line;
	error->column = column;
	written = vsnprintf(error->message, sizeof(error->message), format, args);
	if (written < 0) {
		error->message[0] = '\0';
		return;
	}
	if ((size_t)written < sizeof(error->message)) {
		return;
	}
	/* Cut: not in the middle of a UTF-8 sequence, since messages end up in JSON. */
	size_t end = sizeof(error->message) - 1;
	while (end > 0 && ((unsigned char)error->message[end - 1] & 0xC0) == 0x80) {
		end--;
	}
	if (end > 0 && (unsigned char)error->message[end - 1] >= 0xC0) {
		end--;
	}
	error->message[end] = '\0';
}

kh_status kh_error_set(kh_error *error, kh_status status, const char *format, ...)
{
	va_list args;

	if (error != NULL) {
		va_start(args, format);
		fill(error, status, 0, 0, format, args);
		va_end(args);
	}
	return status;
}

kh_status kh_error_set_at(
	kh_error *error, kh_status status, unsigned line, unsigned column, const char *format, ...)
{
	va_list args;

	if (error != NULL) {
		va_start(args, format);
		fill(error, status, line, column, format, args);
		va_end(args);
	}
	return status;
}

const char *kh_status_name(kh_status status)
{
	switch (status) {
	case KH_OK:
		return "ok";
	case KH_ERR_MEMORY:
		return "memory";
	case KH_ERR_INVALID:
		return "invalid";
	case KH_ERR_TOO_LARGE:
		return "too_large";
	case KH_ERR_JSON:
		return "json";
	case KH_ERR_TEMPLATE:
		return "template";
	case KH_ERR_URL:
		return "url";
	case KH_ERR_BLOCKED:
		return "blocked";
	case KH_ERR_SEALED:
		return "sealed";
	case KH_ERR_CRYPTO:
		return "crypto";
	case KH_ERR_TRANSPORT:
		return "transport";
	}
	return "unknown";
}
