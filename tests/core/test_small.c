/* The rooms that are too small for a test of their own: clock, random numbers, versions, errors. */
#include "check.h"
#include "kh_buf.h"
#include "kh_clock.h"
#include "kh_random.h"
#include "kh_version.h"

#include <time.h>

static void times_are_written_in_iso_8601(void)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {{0, "1970-01-01T00:00:00.000Z"}, {1795425300123, "2026-11-23T09:15:00.123Z"},
		{951782399999, "2000-02-28T23:59:59.999Z"}, {951782400000, "2000-02-29T00:00:00.000Z"}};
	char text[KH_CLOCK_ISO_BYTES + 1];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		kh_clock_iso8601(cases[i].ms, text);
		CHECK_STR(text, cases[i].text);
	}
	CHECK(kh_clock_unix_ms() / 1000 - time(NULL) <= 1);
	CHECK(time(NULL) - kh_clock_unix_ms() / 1000 <= 1);
}

static void uuids_carry_their_time_and_differ(void)
{
	char first[KH_UUID_BYTES + 1], second[KH_UUID_BYTES + 1];
	kh_error error;

	CHECK_STATUS(kh_random_uuid7(0x0193A2B4C5D6, first, &error), KH_OK);
	CHECK_STATUS(kh_random_uuid7(0x0193A2B4C5D6, second, &error), KH_OK);
	CHECK_INT(strlen(first), KH_UUID_BYTES);
	CHECK(memcmp(first, "0193a2b4-c5d6-7", 15) == 0);
	CHECK(strchr("89ab", first[19]) != NULL);
	CHECK_INT(strspn(first, "0123456789abcdef-"), KH_UUID_BYTES);
	CHECK(strcmp(first, second) != 0);
}

static void random_numbers_stay_in_their_range(void)
{
	char hex[65], other[65];
	double low = 1, high = 0;
	kh_error error;

	CHECK_STATUS(kh_random_hex(hex, 32, &error), KH_OK);
	CHECK_STATUS(kh_random_hex(other, 32, &error), KH_OK);
	CHECK_INT(strlen(hex), 64);
	CHECK_INT(strspn(hex, "0123456789abcdef"), 64);
	CHECK(strcmp(hex, other) != 0);
	for (int i = 0; i < 10000; i++) {
		double unit = kh_random_unit();
		CHECK(unit >= 0.0 && unit < 1.0);
		low = unit < low ? unit : low;
		high = unit > high ? unit : high;
	}
	CHECK(low < 0.01 && high > 0.99);
}

static void versions_name_the_libraries(void)
{
	char text[256], little[8];

	kh_version_running(text, sizeof(text));
	CHECK_CONTAINS(text, "libcurl/");
	CHECK_CONTAINS(text, "OpenSSL/3");
	CHECK_CONTAINS(text, "json-c ");
	kh_version_compiled(text, sizeof(text));
	CHECK_CONTAINS(text, "json-c ");
	kh_version_running(little, sizeof(little));
	CHECK(strlen(little) < sizeof(little));
}

static void a_message_is_cut_between_characters(void)
{
	char text[2 * KH_ERROR_MESSAGE_BYTES];
	kh_error error;

	for (size_t shift = 0; shift < 4; shift++) {
		size_t len = shift;
		memset(text, 'a', shift);
		while (len + 4 < sizeof(text)) { /* U+20AC */
			memcpy(text + len, "\xE2\x82\xAC", 3);
			len += 3;
		}
		text[len] = '\0';
		CHECK_STATUS(kh_error_set(&error, KH_ERR_URL, "%s", text), KH_ERR_URL);
		CHECK(strlen(error.message) > KH_ERROR_MESSAGE_BYTES - 6);
		CHECK_INT((strlen(error.message) - shift) % 3, 0);
	}
	CHECK_STATUS(kh_error_set(NULL, KH_ERR_URL, "nobody asks"), KH_ERR_URL);
	CHECK_STATUS(kh_error_set_at(NULL, KH_ERR_JSON, 1, 2, "nobody asks"), KH_ERR_JSON);
	CHECK_STATUS(kh_error_set_at(&error, KH_ERR_JSON, 3, 4, "%d", 5), KH_ERR_JSON);
	CHECK_INT(error.line, 3);
	CHECK_INT(error.column, 4);
	CHECK_STR(error.message, "5");
}

static void every_status_has_a_name_of_its_own(void)
{
	for (kh_status a = KH_OK; a <= KH_ERR_TRANSPORT; a++) {
		CHECK(strcmp(kh_status_name(a), "unknown") != 0);
		for (kh_status b = KH_OK; b < a; b++) {
			CHECK(strcmp(kh_status_name(a), kh_status_name(b)) != 0);
		}
	}
	CHECK_STR(kh_status_name((kh_status)99), "unknown");
}

int main(void)
{
	RUN(times_are_written_in_iso_8601);
	RUN(uuids_carry_their_time_and_differ);
	RUN(random_numbers_stay_in_their_range);
	RUN(versions_name_the_libraries);
	RUN(a_message_is_cut_between_characters);
	RUN(every_status_has_a_name_of_its_own);
	return check_done();
}
