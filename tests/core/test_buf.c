#include "check.h"
#include "kh_buf.h"

#include <stdlib.h>

static void appends_and_ends_with_nul(void)
{
	kh_buf buf;

	kh_buf_init(&buf, 1000);
	CHECK(buf.data == NULL);
	CHECK_STATUS(kh_buf_append(&buf, "", 0), KH_OK);
	CHECK_STR(buf.data, "");
	CHECK_STATUS(kh_buf_append_str(&buf, KH_STR("abc")), KH_OK);
	CHECK_STATUS(kh_buf_append_char(&buf, '-'), KH_OK);
	CHECK_STATUS(kh_buf_append_format(&buf, "%d %s", 42, "ok"), KH_OK);
	CHECK_STR(buf.data, "abc-42 ok");
	CHECK_INT(buf.len, 9);
	kh_buf_clear(&buf);
	CHECK_STR(buf.data, "");
	kh_buf_free(&buf);
	CHECK(buf.data == NULL);
	CHECK_INT(buf.max_bytes, 1000);
}

static void an_append_over_the_cap_changes_nothing(void)
{
	kh_buf buf;

	kh_buf_init(&buf, 5);
	CHECK_STATUS(kh_buf_append(&buf, "abcd", 4), KH_OK);
	CHECK_STATUS(kh_buf_append(&buf, "ef", 2), KH_ERR_TOO_LARGE);
	CHECK_STATUS(kh_buf_append_format(&buf, "%d", 42), KH_ERR_TOO_LARGE);
	CHECK_STR(buf.data, "abcd");
	CHECK_STATUS(kh_buf_append_char(&buf, 'e'), KH_OK);
	CHECK_STATUS(kh_buf_append_char(&buf, 'f'), KH_ERR_TOO_LARGE);
	CHECK_STATUS(kh_buf_append(&buf, "x", SIZE_MAX), KH_ERR_TOO_LARGE);
	CHECK_STR(buf.data, "abcde");
	kh_buf_free(&buf);
}

static void grows_without_losing_bytes(void)
{
	kh_buf buf;
	size_t i;

	kh_buf_init(&buf, 1 << 20);
	for (i = 0; i < 100000; i++) {
		if (kh_buf_append_char(&buf, (char)('a' + i % 26)) != KH_OK) {
			break;
		}
	}
	CHECK_INT(buf.len, 100000);
	for (i = 0; i < buf.len; i++) {
		if (buf.data[i] != (char)('a' + i % 26)) {
			break;
		}
	}
	CHECK_INT(i, 100000);
	kh_buf_wipe(&buf);
	CHECK(buf.data == NULL);
}

static void free_and_wipe_take_null_and_zero(void)
{
	kh_buf buf = {0};

	kh_buf_free(NULL);
	kh_buf_wipe(NULL);
	kh_buf_free(&buf);
	kh_buf_wipe(&buf);
	CHECK(buf.data == NULL);
}

static void copies_a_string(void)
{
	char *copy = kh_str_copy(KH_STR("a\0b"));

	CHECK(memcmp(copy, "a\0b", 4) == 0);
	free(copy);
	copy = kh_str_copy((kh_str){NULL, 0});
	CHECK_STR(copy, "");
	free(copy);
}

static void errors_are_cut_between_characters(void)
{
	kh_error error = {0};
	char text[700];
	size_t i;

	for (i = 0; i + 2 < sizeof(text); i += 2) {
		memcpy(text + i, "\xC3\xA9", 2);
	}
	text[i] = '\0';
	CHECK_STATUS(kh_error_set_at(&error, KH_ERR_JSON, 3, 7, "%s", text), KH_ERR_JSON);
	CHECK_INT(error.line, 3);
	CHECK_INT(error.column, 7);
	CHECK_INT(strlen(error.message), 510);
	CHECK_STATUS(kh_error_set(NULL, KH_ERR_URL, "nobody listens"), KH_ERR_URL);
	CHECK_STATUS(kh_error_set(&error, KH_ERR_URL, "plain"), KH_ERR_URL);
	CHECK_STR(error.message, "plain");
	CHECK_INT(error.line, 0);
}

int main(void)
{
	RUN(appends_and_ends_with_nul);
	RUN(an_append_over_the_cap_changes_nothing);
	RUN(grows_without_losing_bytes);
	RUN(free_and_wipe_take_null_and_zero);
	RUN(copies_a_string);
	RUN(errors_are_cut_between_characters);
	return check_done();
}
