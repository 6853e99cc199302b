/*
 * The names in outcomes and traces, made once per process: each attempt has more than forty of
 * them.
 */
#ifndef KH_PHP_NAMES_H
#define KH_PHP_NAMES_H

#include "kh_php.h"

/* clang-format off */
#define KH_PHP_NAMES(X)                                                                            \
	X(id) X(lease) X(webhook) X(attempt) X(state) X(delay_ms) X(switch_off) X(health) X(trace)     \
	X(pending) X(held) X(failed)                                                                   \
	X(succeeded) X(status) X(started_at) X(error_code) X(error) X(advice) X(note)                  \
	X(dns_us) X(connect_us) X(tls_us) X(first_byte_us) X(total_us) X(reused)                       \
	X(peer) X(http_version) X(tls) X(tls_expires_at) X(tls_subject) X(tls_issuer)                  \
	X(request) X(response) X(method) X(url) X(headers) X(body) X(body_bytes) X(body_sha256)        \
	X(truncated)
/* clang-format on */

#define KH_PHP_NAME_ENUM(name) KH_NAME_##name,

typedef enum kh_php_name { KH_PHP_NAMES(KH_PHP_NAME_ENUM) KH_NAME_COUNT } kh_php_name;

/* As a value. */
void kh_php_name_value(zval *out, kh_php_name name);

/* Adds a member to an array that has none of that name yet. kh_php_put() takes the value. */
void kh_php_put(zval *out, kh_php_name name, zval *value);
void kh_php_put_long(zval *out, kh_php_name name, int64_t number);
void kh_php_put_bool(zval *out, kh_php_name name, bool yes);
void kh_php_put_text(zval *out, kh_php_name name, kh_str text);
void kh_php_put_string(zval *out, kh_php_name name, const char *text);

#endif
