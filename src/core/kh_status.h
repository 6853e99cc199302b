/*
 * Results below the line and their words. A kh_error belongs to the caller (usually on its stack);
 * every function that can fail takes one, returns its status, and leaves a message that says what
 * to change.
 */
#ifndef KH_STATUS_H
#define KH_STATUS_H

#include <stddef.h>

#define KH_ERROR_MESSAGE_BYTES 512

typedef enum kh_status {
	KH_OK = 0,
	KH_ERR_MEMORY,
	KH_ERR_INVALID,   /* a setting or an argument is wrong */
	KH_ERR_TOO_LARGE, /* a limit of ours was reached */
	KH_ERR_JSON,      /* with line and column */
	KH_ERR_TEMPLATE,  /* with line and column */
	KH_ERR_URL,
	KH_ERR_BLOCKED, /* the guard refused the address */
	KH_ERR_SEALED,  /* a sealed value can't be opened: the key is missing, or the value was changed
					 */
	KH_ERR_CRYPTO,  /* OpenSSL refused */
	KH_ERR_TRANSPORT
} kh_status;

typedef struct kh_error {
	kh_status status;
	unsigned line;   /* 1-based; 0: does not apply */
	unsigned column; /* 1-based, in characters */
	char message[KH_ERROR_MESSAGE_BYTES];
} kh_error;

#if defined(__GNUC__)
#define KH_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))
#else
#define KH_PRINTF(format_at, first_at)
#endif

/* Both return the status they are given, so that a caller can write `return kh_error_set(...)`.
 * `error` may be NULL. */
kh_status kh_error_set(kh_error *error, kh_status status, const char *format, ...) KH_PRINTF(3, 4);
kh_status kh_error_set_at(kh_error *error, kh_status status, unsigned line, unsigned column,
	const char *format, ...) KH_PRINTF(5, 6);

/* Stable name of a status for logs and tests: "ok", "memory", "invalid", … */
const char *kh_status_name(kh_status status);

#endif
