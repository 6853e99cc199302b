/*
 * What has to be unpredictable or unique: identifiers and jitter, from OpenSSL's generator.
 */
#ifndef KH_RANDOM_H
#define KH_RANDOM_H

#include "kh_status.h"

#include <stdint.h>

#define KH_UUID_BYTES 36

/* RFC 9562 version 7 of a time in milliseconds since 1970, lower case, NUL-terminated. */
kh_status kh_random_uuid7(int64_t unix_ms, char uuid[KH_UUID_BYTES + 1], kh_error *error);

/* 2 × bytes hexadecimal digits, NUL-terminated. */
kh_status kh_random_hex(char *hex, size_t bytes, kh_error *error);

/* In [0, 1). */
double kh_random_unit(void);

#endif
