#include "check.h"
#include "kh_sign.h"

#include <openssl/err.h>

/* Secret, message and signature as the libraries of the specification test them. */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define SENT_AT 1614265330
#define BODY "{\"test\": 2432232314}"
#define SIGNED "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

/* Bytes 0 to 31, 0 to 63, 0 to 23; their signatures were computed with Python's hmac. */
#define SECRET_32 "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define SIGNED_32 "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI="
#define SECRET_64                                                                                  \
	"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+"   \
	"Pw="                                                                                          \
	"="
#define SECRET_24 "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static void check_signed(
	const char *secret, const char *id, int64_t timestamp_s, kh_str body, const char *expected)
{
	kh_error error = {0};
	kh_str secrets[] = {str(secret)};
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(kh_sign_message(&out, secrets, 1, str(id), timestamp_s, body, &error), KH_OK);
	CHECK_BYTES(out, expected);
	kh_buf_free(&out);
}

static void signs_as_the_specification_does(void)
{
	check_signed(SECRET, ID, SENT_AT, KH_STR(BODY), SIGNED);
	check_signed(SECRET_32, ID, SENT_AT, KH_STR(BODY), SIGNED_32);
}

static void signs_with_the_shortest_and_the_longest_secret(void)
{
	check_signed(SECRET_24, "evt_1", 1800000000, KH_STR("a\0b\xFF"),
		"v1,2XUOOQgEvYhOoODwVQc+LFPcP4j1laPazilb3uzCABg=");
	check_signed(SECRET_64, "evt_1", 1, (kh_str){NULL, 0},
		"v1,yWdaWE9VZZ0QxlmhwCVuMLF336ea5wNzeATIViKEURk=");
}

static void takes_a_secret_without_its_prefix(void)
{
	check_signed(SECRET + 6, ID, SENT_AT, KH_STR(BODY), SIGNED);
}

static void several_secrets_give_several_signatures(void)
{
	kh_str secrets[] = {KH_STR(SECRET), KH_STR(SECRET_32)};
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(kh_sign_message(&out, secrets, 2, KH_STR(ID), SENT_AT, KH_STR(BODY), NULL), KH_OK);
	CHECK_BYTES(out, SIGNED " " SIGNED_32);
	kh_buf_free(&out);
}

static void wrong_secrets_are_refused_without_repeating_them(void)
{
	static const char *const WRONG[] = {"", "whsec_", "whsec_secret!",
		"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", /* 23 bytes */
		"whsec_"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"=",                                                  /* 65 */
		"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",  /* padding lost */
		"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", /* stray bits */
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", "whsek_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_"};
	size_t i;

	for (i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
		kh_error error = {0};
		CHECK_STATUS(kh_sign_check_secret(str(WRONG[i]), &error), KH_ERR_INVALID);
		CHECK_CONTAINS(error.message, "24 to 64");
		CHECK(WRONG[i][0] == '\0' || strlen(WRONG[i]) < 7 ||
			  strstr(error.message, WRONG[i] + 6) == NULL);
	}
	CHECK_STATUS(kh_sign_check_secret(KH_STR(SECRET_64), NULL), KH_OK);
}

static void what_cannot_be_signed_leaves_nothing(void)
{
	kh_str good[] = {KH_STR(SECRET)}, bad[] = {KH_STR(SECRET), KH_STR("whsec_x")};
	kh_buf out;

	kh_buf_init(&out, 60);
	kh_buf_append_str(&out, KH_STR("before"));
	CHECK_STATUS(
		kh_sign_message(&out, good, 0, KH_STR(ID), SENT_AT, KH_STR(""), NULL), KH_ERR_INVALID);
	CHECK_STATUS(
		kh_sign_message(&out, good, 1, KH_STR(""), SENT_AT, KH_STR(""), NULL), KH_ERR_INVALID);
	CHECK_STATUS(
		kh_sign_message(&out, good, 1, KH_STR("a.1"), SENT_AT, KH_STR(""), NULL), KH_ERR_INVALID);
	CHECK_STATUS(kh_sign_message(&out, good, 1, KH_STR(ID), 0, KH_STR(""), NULL), KH_ERR_INVALID);
	CHECK_STATUS(kh_sign_message(&out, good, 1, KH_STR(ID), -5, KH_STR(""), NULL), KH_ERR_INVALID);
	CHECK_STATUS(
		kh_sign_message(&out, bad, 2, KH_STR(ID), SENT_AT, KH_STR(""), NULL), KH_ERR_INVALID);
	bad[1] = bad[0];
	CHECK_STATUS(
		kh_sign_message(&out, bad, 2, KH_STR(ID), SENT_AT, KH_STR(""), NULL), KH_ERR_TOO_LARGE);
	CHECK_BYTES(out, "before");
	kh_buf_free(&out);
}

/* Verifies the published message with what is given; now is offset_s after it was sent. */
static bool verifies(const char *timestamp, const char *header, int64_t offset_s)
{
	kh_str secrets[] = {KH_STR(SECRET_32), KH_STR(SECRET)};
	bool valid = true;

	CHECK_STATUS(kh_sign_verify(secrets, 2, KH_STR(ID), str(timestamp), str(header), KH_STR(BODY),
					 SENT_AT + offset_s, KH_SIGN_DEFAULT_TOLERANCE_S, &valid, NULL),
		KH_OK);
	return valid;
}

static void verifies_what_was_signed(void)
{
	CHECK(verifies("1614265330", SIGNED, 0));
	CHECK(verifies("1614265330", SIGNED_32, 0));
	CHECK(verifies("1614265330", "v1,AAAA v2,x  " SIGNED " v1a,y", 0));
}

static void refuses_another_signature(void)
{
	CHECK(!verifies("1614265330", "", 0));
	CHECK(!verifies("1614265330", "v1,", 0));
	CHECK(!verifies("1614265330", "v1", 0));
	CHECK(!verifies("1614265330", SIGNED "=", 0));
	CHECK(!verifies("1614265330", "v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 0));
	CHECK(!verifies("1614265330", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 0));
	CHECK(!verifies("1614265330", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 0));
	CHECK(!verifies("1614265330", "v1,g0hM9SsE+OTPJTGt", 0));
	CHECK(!verifies("1614265330", SIGNED "," SIGNED_32, 0));
	CHECK(!verifies("1614265331", SIGNED, 0));
}

static void tolerance_holds_in_both_directions(void)
{
	CHECK(verifies("1614265330", SIGNED, 300));
	CHECK(!verifies("1614265330", SIGNED, 301));
	CHECK(verifies("1614265330", SIGNED, -300));
	CHECK(!verifies("1614265330", SIGNED, -301));
	CHECK(!verifies("1614265330", SIGNED, INT64_MAX - SENT_AT));
}

static void a_timestamp_is_digits_alone(void)
{
	static const char *const WRONG[] = {"", " 1614265330", "1614265330 ", "+1614265330",
		"-1614265330", "01614265330", "1614265330.0", "0x60374A32", "1614265330a",
		"99999999999999999999", "18446744075323816946", "1e9"};
	size_t i;

	for (i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
		CHECK(!verifies(WRONG[i], SIGNED, 0));
	}
}

static void verify_refuses_wrong_arguments(void)
{
	kh_str bad[] = {KH_STR("whsec_x")};
	bool valid = true;

	CHECK_STATUS(kh_sign_verify(bad, 1, KH_STR(ID), KH_STR("1614265330"), KH_STR(SIGNED),
					 KH_STR(BODY), SENT_AT, 300, &valid, NULL),
		KH_ERR_INVALID);
	CHECK(!valid);
	CHECK_STATUS(kh_sign_verify(NULL, 0, KH_STR(ID), KH_STR("1614265330"), KH_STR(SIGNED),
					 KH_STR(BODY), SENT_AT, 300, &valid, NULL),
		KH_ERR_INVALID);
	bad[0] = KH_STR(SECRET);
	CHECK_STATUS(kh_sign_verify(bad, 1, KH_STR(ID), KH_STR("1614265330"), KH_STR(SIGNED),
					 KH_STR(BODY), SENT_AT, -1, &valid, NULL),
		KH_ERR_INVALID);
}

static void new_secrets_work_and_differ(void)
{
	kh_buf first, second;

	kh_buf_init(&first, 100);
	kh_buf_init(&second, 100);
	CHECK_STATUS(kh_sign_new_secret(&first, NULL), KH_OK);
	CHECK_STATUS(kh_sign_new_secret(&second, NULL), KH_OK);
	CHECK_INT(first.len, 6 + 44);
	CHECK_STATUS(kh_sign_check_secret(kh_buf_str(&first), NULL), KH_OK);
	CHECK(!kh_str_equals(kh_buf_str(&first), kh_buf_str(&second)));
	kh_buf_wipe(&first);
	kh_buf_wipe(&second);
}

static void leaves_openssls_error_queue_alone(void)
{
	ERR_clear_error();
	CHECK(verifies("1614265330", SIGNED, 0));
	CHECK_INT(ERR_peek_error(), 0);
}

int main(void)
{
	RUN(signs_as_the_specification_does);
	RUN(signs_with_the_shortest_and_the_longest_secret);
	RUN(takes_a_secret_without_its_prefix);
	RUN(several_secrets_give_several_signatures);
	RUN(wrong_secrets_are_refused_without_repeating_them);
	RUN(what_cannot_be_signed_leaves_nothing);
	RUN(verifies_what_was_signed);
	RUN(refuses_another_signature);
	RUN(tolerance_holds_in_both_directions);
	RUN(a_timestamp_is_digits_alone);
	RUN(verify_refuses_wrong_arguments);
	RUN(new_secrets_work_and_differ);
	RUN(leaves_openssls_error_queue_alone);
	return check_done();
}
