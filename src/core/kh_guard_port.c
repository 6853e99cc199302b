#include "kh_guard.h"

#include <stdlib.h>

/*
 * Services that take lines of text and could be made to act on a request that isn't meant for them,
 * or that nobody serves HTTP on. Those of the Fetch standard
 * (https://fetch.spec.whatwg.org/#port-blocking), which browsers refuse as well, and the databases
 * and caches of our day. Sorted.
 */
static const uint16_t refused[] = {1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53,
	69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139,
	143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556,
	563, 587, 601, 636, 873, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 2375, 3306,
	3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669,
	6679, 6697, 9042, 10080, 11211, 27017};

static int compare(const void *left, const void *right)
{
	const uint16_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

bool kh_guard_is_refused_port(unsigned port)
{
	const uint16_t key = (uint16_t)port;

	return port > UINT16_MAX || port == 0 ||
		   bsearch(&key, refused, sizeof(refused) / sizeof(*refused), sizeof(*refused), compare) !=
			   NULL;
}
