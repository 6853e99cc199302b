/*
 * The wall clock, for what is told to people and receivers. Waits use kh_now_ms (kh_transport),
 * which never jumps.
 */
#ifndef KH_CLOCK_H
#define KH_CLOCK_H

#include <stdint.h>

#define KH_CLOCK_ISO_BYTES 24

/* Milliseconds since 1970, UTC. */
int64_t kh_clock_unix_ms(void);

/* "2026-11-23T09:15:00.123Z", NUL-terminated. */
void kh_clock_iso8601(int64_t unix_ms, char out[KH_CLOCK_ISO_BYTES + 1]);

#endif
