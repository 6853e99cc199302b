#include "kh_clock.h"

#include <time.h>

int64_t kh_clock_unix_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* So many digits of it, from the left. */
static char *put_digits(char *at, unsigned number, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		at[i] = (char)('0' + number % 10);
		number /= 10;
	}
	return at + digits;
}

/* By hand: each attempt has its time, and strftime and printf take longer than all the rest of it.
 */
void kh_clock_iso8601(int64_t unix_ms, char out[KH_CLOCK_ISO_BYTES + 1])
{
	const time_t seconds = (time_t)(unix_ms / 1000);
	struct tm utc;
	char *at = out;
	gmtime_r(&seconds, &utc);
	at = put_digits(at, (unsigned)utc.tm_year + 1900, 4);
	*at++ = '-';
	at = put_digits(at, (unsigned)utc.tm_mon + 1, 2);
	*at++ = '-';
	at = put_digits(at, (unsigned)utc.tm_mday, 2);
	*at++ = 'T';
	at = put_digits(at, (unsigned)utc.tm_hour, 2);
	*at++ = ':';
	at = put_digits(at, (unsigned)utc.tm_min, 2);
	*at++ = ':';
	at = put_digits(at, (unsigned)utc.tm_sec, 2);
	*at++ = '.';
	at = put_digits(at, (unsigned)(unix_ms % 1000), 3);
	*at++ = 'Z';
	*at = '\0';
}
