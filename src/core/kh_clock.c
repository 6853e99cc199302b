#include "kh_clock.h"

#include <stdio.h>
#include <time.h>

int64_t kh_clock_unix_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void kh_clock_iso8601(int64_t unix_ms, char out[KH_CLOCK_ISO_BYTES + 1])
{
	const time_t seconds = (time_t)(unix_ms / 1000);
	struct tm utc;
	gmtime_r(&seconds, &utc);
	char date[KH_CLOCK_ISO_BYTES];
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(out, KH_CLOCK_ISO_BYTES + 1, "%.19s.%03uZ", date, (unsigned)(unix_ms % 1000) % 1000);
}
