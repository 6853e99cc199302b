#include "check.h"
#include "kh_hex.h"
#include "kh_sign.h"
#include "kh_sign_key.h"

#include <openssl/err.h>

/* RFC 8032 7.1, TEST 1 to 3. */
static const char *const VECTORS[][4] = {
	{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
		"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
		"cf9b46bd25bf5f0595bbe24655141438e7a100b"},
	{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
		"0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
	{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
		"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7609"
		"84dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

/* TEST 1's keys as Standard Webhooks writes them. */
#define SEED "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
#define PRIVATE                                                                                    \
	"whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/"                               \
	"tPJZAc6DuFy89qmIyWvAhpo9wdRGg=="
#define PUBLIC "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define SENT_AT 1614265330
#define STAMP "1614265330"
#define BODY "{\"test\": 2432232314}"
#define SIGNED_V1 "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
/* By PRIVATE; computed with PHP's sodium_crypto_sign_detached. */
#define SIGNED_V1A                                                                                 \
	"v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw=="

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static void signs_and_verifies_as_rfc_8032(void)
{
	size_t i;

	for (i = 0; i < sizeof(VECTORS) / sizeof(VECTORS[0]); i++) {
		kh_sign_key seed = {.kind = KH_SIGN_PRIVATE}, public = {.kind = KH_SIGN_PUBLIC};
		unsigned char text[8], signature[64], actual[70];
		size_t text_len, signature_len, actual_len = 0;
		bool valid = false;
		kh_str part;
		kh_buf out;
		CHECK(kh_hex_decode(str(VECTORS[i][0]), seed.bytes, &seed.len));
		CHECK(kh_hex_decode(str(VECTORS[i][1]), public.bytes, &public.len));
		CHECK(kh_hex_decode(str(VECTORS[i][2]), text, &text_len));
		CHECK(kh_hex_decode(str(VECTORS[i][3]), signature, &signature_len));
		part = (kh_str){(char *)text, text_len};
		kh_buf_init(&out, 200);
		CHECK_STATUS(kh_sign_key_sign(&seed, &part, 1, &out, NULL), KH_OK);
		CHECK(out.len == 92 && memcmp(out.data, "v1a,", 4) == 0);
		CHECK(kh_base64_decode(
			(kh_str){out.data + 4, out.len - 4}, KH_BASE64_STANDARD, actual, &actual_len));
		CHECK(actual_len == 64 && memcmp(actual, signature, 64) == 0);
		CHECK_STATUS(kh_sign_key_verify(&public, &part, 1, kh_buf_str(&out), &valid, NULL), KH_OK);
		CHECK(valid);
		CHECK_STATUS(kh_sign_key_verify(&seed, &part, 1, kh_buf_str(&out), &valid, NULL), KH_OK);
		CHECK(valid);
		kh_buf_free(&out);
	}
}

static void check_signed(kh_str *secrets, size_t count, const char *expected)
{
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(
		kh_sign_message(&out, secrets, count, KH_STR(ID), SENT_AT, KH_STR(BODY), NULL), KH_OK);
	CHECK_BYTES(out, expected);
	kh_buf_free(&out);
}

static void a_seed_and_a_whole_key_sign_alike(void)
{
	kh_str seed = KH_STR(SEED), whole = KH_STR(PRIVATE);

	check_signed(&seed, 1, SIGNED_V1A);
	check_signed(&whole, 1, SIGNED_V1A);
}

static void both_kinds_sign_while_one_replaces_the_other(void)
{
	kh_str secrets[] = {KH_STR(SECRET), KH_STR(PRIVATE)};

	check_signed(secrets, 2, SIGNED_V1 " " SIGNED_V1A);
}

static bool verifies_at(const char *key, const char *header, int64_t now_s)
{
	kh_str keys[] = {str(key)};
	bool valid = true;

	CHECK_STATUS(kh_sign_verify(keys, 1, KH_STR(ID), KH_STR(STAMP), str(header), KH_STR(BODY),
					 now_s, KH_SIGN_DEFAULT_TOLERANCE_S, &valid, NULL),
		KH_OK);
	return valid;
}

static bool verifies(const char *key, const char *header)
{
	return verifies_at(key, header, SENT_AT);
}

static void each_key_finds_its_signature(void)
{
	CHECK(verifies(PUBLIC, SIGNED_V1A));
	CHECK(verifies(PRIVATE, SIGNED_V1A));
	CHECK(verifies(PUBLIC, SIGNED_V1 " " SIGNED_V1A));
	CHECK(verifies(PUBLIC, "v1a,AAAA v1a,  " SIGNED_V1A " v2,x"));
	CHECK(verifies(SECRET, SIGNED_V1A " " SIGNED_V1));
	CHECK(!verifies(SECRET, SIGNED_V1A));
	CHECK(!verifies(PUBLIC, SIGNED_V1));
}

static void refuses_another_signature(void)
{
	static const char ZEROS[] =
		"v1a,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAA==";
	char flipped[] = SIGNED_V1A;

	flipped[10] = flipped[10] == 'A' ? 'B' : 'A';
	CHECK(!verifies(PUBLIC, flipped));
	CHECK(!verifies(PUBLIC, ZEROS));
	CHECK(!verifies(PUBLIC, ""));
	CHECK(!verifies(PUBLIC, "v1a,"));
	CHECK(!verifies(PUBLIC, "v1a"));
	CHECK(!verifies(PUBLIC, SIGNED_V1A "="));
	CHECK(!verifies(PUBLIC, SIGNED_V1A + 4));
	CHECK(!verifies("whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=", SIGNED_V1A));
	CHECK(!verifies_at(PUBLIC, SIGNED_V1A, SENT_AT + 301));
	CHECK(!verifies_at(PUBLIC, SIGNED_V1A, SENT_AT - 301));
	CHECK(verifies_at(PUBLIC, SIGNED_V1A, SENT_AT - 300));
}

/* A sender has a few; a thousand would be an attempt to keep us busy. */
static void looks_at_so_many_signatures_and_no_more(void)
{
	char header[40 * 100];
	size_t i, at = 0;

	for (i = 0; i < 31; i++) {
		at += (size_t)snprintf(header + at, sizeof(header) - at, "v1a,AAAA%zu ", i);
	}
	snprintf(header + at, sizeof(header) - at, "%s", SIGNED_V1A);
	CHECK(verifies(PUBLIC, header));
	snprintf(header + at, sizeof(header) - at, "v1a,BBBB %s", SIGNED_V1A);
	CHECK(!verifies(PUBLIC, header));
}

static void check_refused(const char *key, const char *words)
{
	kh_error error = {0};

	CHECK_STATUS(kh_sign_check_secret(str(key), &error), KH_ERR_INVALID);
	CHECK_CONTAINS(error.message, words);
	CHECK(strlen(key) < 20 || strstr(error.message, key + 5) == NULL);
}

static void wrong_keys_are_refused_without_repeating_them(void)
{
	check_refused("whsk_", "base64 of 32 or 64");
	check_refused("whsk_nWGxne", "base64 of 32 or 64");
	check_refused("whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2", "base64 of 32 or 64");
	check_refused("whpk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyu", "a public signing key must be");
	check_refused(PUBLIC, "a public key (whpk_) can't sign");
	check_refused("whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2CdYbGd7/1aYLqESvSS7CzEREnFaXsyaRl"
				  "wO6wDHK5/YA==",
		"don't belong together");
	CHECK_STATUS(kh_sign_check_secret(KH_STR(SEED), NULL), KH_OK);
	CHECK_STATUS(kh_sign_check_secret(KH_STR(PRIVATE), NULL), KH_OK);
}

static void a_public_key_leaves_nothing_signed(void)
{
	kh_str secrets[] = {KH_STR(SECRET), KH_STR(PUBLIC)};
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(
		kh_sign_message(&out, secrets, 2, KH_STR(ID), SENT_AT, KH_STR(BODY), NULL), KH_ERR_INVALID);
	CHECK_BYTES(out, "");
	kh_buf_free(&out);
}

static void new_pairs_work_and_differ(void)
{
	kh_buf first, first_public, second, second_public, header;
	bool valid = false;
	kh_str key;

	kh_buf_init(&first, 200);
	kh_buf_init(&first_public, 200);
	kh_buf_init(&second, 200);
	kh_buf_init(&second_public, 200);
	kh_buf_init(&header, 200);
	CHECK_STATUS(kh_sign_new_pair(&first, &first_public, NULL), KH_OK);
	CHECK_STATUS(kh_sign_new_pair(&second, &second_public, NULL), KH_OK);
	CHECK(!kh_str_equals(kh_buf_str(&first), kh_buf_str(&second)));
	CHECK_INT(first.len, 5 + 88);
	CHECK_INT(first_public.len, 5 + 44);
	key = kh_buf_str(&first);
	CHECK_STATUS(kh_sign_message(&header, &key, 1, KH_STR("m"), 5, KH_STR("b"), NULL), KH_OK);
	key = kh_buf_str(&first_public);
	CHECK_STATUS(kh_sign_verify(&key, 1, KH_STR("m"), KH_STR("5"), kh_buf_str(&header), KH_STR("b"),
					 5, 0, &valid, NULL),
		KH_OK);
	CHECK(valid);
	key = kh_buf_str(&second_public);
	CHECK_STATUS(kh_sign_verify(&key, 1, KH_STR("m"), KH_STR("5"), kh_buf_str(&header), KH_STR("b"),
					 5, 0, &valid, NULL),
		KH_OK);
	CHECK(!valid);
	kh_buf_wipe(&first);
	kh_buf_wipe(&first_public);
	kh_buf_wipe(&second);
	kh_buf_wipe(&second_public);
	kh_buf_free(&header);
}

static void leaves_openssls_error_queue_alone(void)
{
	ERR_clear_error();
	refuses_another_signature();
	CHECK_INT(ERR_peek_error(), 0);
}

int main(void)
{
	RUN(signs_and_verifies_as_rfc_8032);
	RUN(a_seed_and_a_whole_key_sign_alike);
	RUN(both_kinds_sign_while_one_replaces_the_other);
	RUN(each_key_finds_its_signature);
	RUN(refuses_another_signature);
	RUN(looks_at_so_many_signatures_and_no_more);
	RUN(wrong_keys_are_refused_without_repeating_them);
	RUN(a_public_key_leaves_nothing_signed);
	RUN(new_pairs_work_and_differ);
	RUN(leaves_openssls_error_queue_alone);
	return check_done();
}
