/*
 * The few macros that the core's tests need. A test is a function without arguments; RUN prints one
 * line for it ("ok 3 - name"), a failed check says file, line and both values, and main ends with
 * `return check_done();`, which prints "N passed, N failed" and gives 1 when a test failed.
 */
#ifndef KH_CHECK_H
#define KH_CHECK_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static struct {
	int passed, failed, broken_checks;
} check_state;

__attribute__((unused, format(printf, 3, 4))) static void check_fail(
	const char *file, int line, const char *format, ...)
{
	va_list args;

	check_state.broken_checks++;
	printf("# %s:%d: ", file, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

__attribute__((unused)) static void check_run(const char *name, void (*test)(void))
{
	check_state.broken_checks = 0;
	test();
	if (check_state.broken_checks == 0) {
		check_state.passed++;
	} else {
		check_state.failed++;
	}
	printf("%s %d - %s\n", check_state.broken_checks == 0 ? "ok" : "not ok",
		check_state.passed + check_state.failed, name);
	fflush(stdout);
}

__attribute__((unused)) static int check_done(void)
{
	printf("%d passed, %d failed\n", check_state.passed, check_state.failed);
	return check_state.failed > 0 ? 1 : 0;
}

__attribute__((unused)) static bool check_bytes(const char *file, int line, const char *actual,
	size_t actual_len, const char *expected, size_t expected_len)
{
	if (actual_len == expected_len &&
		(actual_len == 0 || memcmp(actual, expected, actual_len) == 0)) {
		return true;
	}
	check_fail(file, line, "expected (%zu bytes): %.*s", expected_len, (int)expected_len,
		expected_len > 0 ? expected : "");
	check_fail(file, line, "     got (%zu bytes): %.*s", actual_len, (int)actual_len,
		actual_len > 0 ? actual : "");
	return false;
}

#define RUN(test) check_run(#test, test)

#define CHECK(condition)                                                                           \
	do {                                                                                           \
		if (!(condition)) {                                                                        \
			check_fail(__FILE__, __LINE__, "not true: %s", #condition);                            \
		}                                                                                          \
	} while (0)

#define CHECK_INT(actual, expected)                                                                \
	do {                                                                                           \
		intmax_t check_a = (intmax_t)(actual), check_e = (intmax_t)(expected);                     \
		if (check_a != check_e) {                                                                  \
			check_fail(                                                                            \
				__FILE__, __LINE__, "%s: expected %jd, got %jd", #actual, check_e, check_a);       \
		}                                                                                          \
	} while (0)

/* Two NUL-terminated strings; NULL is shown as (null) and equals only NULL. */
#define CHECK_STR(actual, expected)                                                                \
	do {                                                                                           \
		const char *check_a = (actual), *check_e = (expected);                                     \
		if ((check_a == NULL) != (check_e == NULL) ||                                              \
			(check_a != NULL && strcmp(check_a, check_e) != 0)) {                                  \
			check_fail(__FILE__, __LINE__, "%s: expected \"%s\", got \"%s\"", #actual,             \
				check_e != NULL ? check_e : "(null)", check_a != NULL ? check_a : "(null)");       \
		}                                                                                          \
	} while (0)

/* A kh_str or kh_buf (anything with .data and .len) against a NUL-terminated string. */
#define CHECK_BYTES(actual, expected)                                                              \
	check_bytes(__FILE__, __LINE__, (actual).data, (actual).len, (expected), strlen(expected))

/* haystack, needle: NUL-terminated. */
#define CHECK_CONTAINS(haystack, needle)                                                           \
	do {                                                                                           \
		const char *check_h = (haystack), *check_n = (needle);                                     \
		if (strstr(check_h, check_n) == NULL) {                                                    \
			check_fail(__FILE__, __LINE__, "\"%s\" is not in: %s", check_n, check_h);              \
		}                                                                                          \
	} while (0)

/* Two kh_status values, shown by name. Needs kh_status.h. */
#define CHECK_STATUS(actual, expected)                                                             \
	do {                                                                                           \
		kh_status check_a = (actual), check_e = (expected);                                        \
		if (check_a != check_e) {                                                                  \
			check_fail(__FILE__, __LINE__, "%s: expected %s, got %s", #actual,                     \
				kh_status_name(check_e), kh_status_name(check_a));                                 \
		}                                                                                          \
	} while (0)

#endif
