/*
 * The shared access token: when it is used, when it is fetched, and that nobody fetches twice.
 */
#include "check.h"
#include "kh_token.h"

#define MINUTE_MS 60000LL
#define HOUR_MS (60 * MINUTE_MS)

static kh_token token;

static void make(const char *access, int64_t lifetime_ms)
{
	kh_token_wipe(&token);
	kh_token_init(&token);
	CHECK_STATUS(kh_buf_append(&token.access, access, strlen(access)), KH_OK);
	token.left_ms = token.lifetime_ms = lifetime_ms;
}

static kh_token_step judge(int64_t age_ms)
{
	return kh_token_judge(&token, age_ms, KH_STR(""));
}

static void what_is_not_there_is_fetched(void)
{
	make("", -1);
	CHECK_INT(judge(0), KH_TOKEN_FETCH);
	CHECK_INT(judge(HOUR_MS), KH_TOKEN_FETCH);
}

static void a_minute_before_its_end_it_is_fetched_anew(void)
{
	make("a", HOUR_MS);
	CHECK_INT(judge(0), KH_TOKEN_USE);
	CHECK_INT(judge(-5), KH_TOKEN_USE);
	CHECK_INT(judge(59 * MINUTE_MS - 1), KH_TOKEN_USE);
	CHECK_INT(judge(59 * MINUTE_MS), KH_TOKEN_FETCH);
	CHECK_INT(judge(HOUR_MS), KH_TOKEN_FETCH);
	CHECK_INT(judge(INT64_MAX), KH_TOKEN_FETCH);
}

static void a_short_one_a_tenth_before(void)
{
	make("a", 5 * MINUTE_MS);
	CHECK_INT(judge(5 * MINUTE_MS * 9 / 10 - 1), KH_TOKEN_USE);
	CHECK_INT(judge(5 * MINUTE_MS * 9 / 10), KH_TOKEN_FETCH);
}

static void one_that_names_no_end_is_used_until_it_is_refused(void)
{
	make("a", -1);
	CHECK_INT(judge(INT64_MAX), KH_TOKEN_USE);
	CHECK_INT(kh_token_judge(&token, 5, KH_STR("a")), KH_TOKEN_FETCH);
	CHECK_INT(kh_token_judge(&token, 5, KH_STR("older")), KH_TOKEN_USE);
}

static void while_one_fetches_the_others_use_what_is_left(void)
{
	make("a", HOUR_MS);
	kh_token_mark(&token, 59 * MINUTE_MS, KH_STR(""));
	CHECK_INT(token.left_ms, MINUTE_MS);
	CHECK_INT(token.lifetime_ms, HOUR_MS);
	CHECK_INT(judge(0), KH_TOKEN_USE);
	CHECK_INT(judge(KH_TOKEN_LEASE_MS - 1), KH_TOKEN_USE);
	/* The one who fetches is gone: the next one may. */
	CHECK_INT(judge(KH_TOKEN_LEASE_MS), KH_TOKEN_FETCH);
}

static void or_wait_where_nothing_is_left(void)
{
	make("", -1);
	kh_token_mark(&token, 0, KH_STR(""));
	CHECK_INT(judge(0), KH_TOKEN_WAIT);
	CHECK_INT(judge(KH_TOKEN_LEASE_MS - 1), KH_TOKEN_WAIT);
	CHECK_INT(judge(KH_TOKEN_LEASE_MS), KH_TOKEN_FETCH);

	make("a", HOUR_MS);
	kh_token_mark(&token, 10, KH_STR("a"));
	CHECK_INT(token.access.len, 0);
	CHECK_INT(judge(0), KH_TOKEN_WAIT);

	make("a", HOUR_MS);
	kh_token_mark(&token, HOUR_MS - 1000, KH_STR(""));
	CHECK_INT(judge(0), KH_TOKEN_WAIT);
}

static void after_a_failure_nobody_asks_for_a_while(void)
{
	make("", -1);
	kh_token_mark(&token, 0, KH_STR(""));
	kh_token_fail(&token, 5, "No access token: because.");
	CHECK_STR(token.why, "No access token: because.");
	CHECK_INT(judge(0), KH_TOKEN_FAILED);
	CHECK_INT(judge(KH_TOKEN_PAUSE_MS - 1), KH_TOKEN_FAILED);
	CHECK_INT(judge(KH_TOKEN_PAUSE_MS), KH_TOKEN_FETCH);

	/* What is left of an old one is still good. */
	make("a", HOUR_MS);
	kh_token_mark(&token, 59 * MINUTE_MS, KH_STR(""));
	kh_token_fail(&token, 100, "later");
	CHECK_INT(judge(0), KH_TOKEN_USE);
	CHECK_INT(judge(KH_TOKEN_PAUSE_MS), KH_TOKEN_FETCH);
	CHECK_INT(judge(MINUTE_MS), KH_TOKEN_FETCH);
}

static void is_written_and_read_whole(void)
{
	kh_token read;
	kh_buf text;

	make("a\"b", HOUR_MS);
	CHECK_STATUS(kh_buf_append(&token.refresh, "r\\", 2), KH_OK);
	kh_token_fail(&token, 100, "Zo\xC3\xAB's \"server\"\nfailed");
	kh_buf_init(&text, 65536);
	CHECK_STATUS(kh_token_write(&token, &text), KH_OK);
	kh_token_init(&read);
	CHECK_STATUS(kh_token_read(kh_buf_str(&text), &read, NULL), KH_OK);
	CHECK_BYTES(read.access, "a\"b");
	CHECK_BYTES(read.refresh, "r\\");
	CHECK_STR(read.why, token.why);
	CHECK_INT(read.left_ms, HOUR_MS - 100);
	CHECK_INT(read.lifetime_ms, HOUR_MS);
	CHECK_INT(read.pause_ms, KH_TOKEN_PAUSE_MS);
	kh_buf_free(&text);

	CHECK_STATUS(kh_token_read(KH_STR("nonsense"), &read, NULL), KH_ERR_SEALED);
	CHECK_INT(read.access.len, 0);
	CHECK_STATUS(kh_token_read(KH_STR("[]"), &read, NULL), KH_ERR_SEALED);
	CHECK_STATUS(kh_token_read(KH_STR("{\"left_ms\":\"x\",\"access\":7}"), &read, NULL), KH_OK);
	CHECK_INT(kh_token_judge(&read, 0, KH_STR("")), KH_TOKEN_FETCH);
	kh_token_wipe(&read);
}

int main(void)
{
	kh_token_init(&token);
	RUN(what_is_not_there_is_fetched);
	RUN(a_minute_before_its_end_it_is_fetched_anew);
	RUN(a_short_one_a_tenth_before);
	RUN(one_that_names_no_end_is_used_until_it_is_refused);
	RUN(while_one_fetches_the_others_use_what_is_left);
	RUN(or_wait_where_nothing_is_left);
	RUN(after_a_failure_nobody_asks_for_a_while);
	RUN(is_written_and_read_whole);
	kh_token_wipe(&token);
	return check_done();
}
