#include "check.h"
#include "kh_hex.h"
#include "kh_mac.h"

#include <openssl/err.h>
#include <stdlib.h>

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

/* A key or text of one byte, so many times. */
static kh_str times(char *buffer, int c, size_t count)
{
	memset(buffer, c, count);
	return (kh_str){buffer, count};
}

static void check_mac(const char *digest, kh_str key, kh_str text, const char *expected)
{
	kh_str halves[] = {{text.data, text.len / 2},
		{text.len > 0 ? text.data + text.len / 2 : NULL, text.len - text.len / 2}};
	kh_mac mac = {.len = 0};
	kh_buf hex;

	kh_buf_init(&hex, 200);
	CHECK_STATUS(kh_mac_compute(digest, key, halves, 2, &mac, NULL), KH_OK);
	CHECK_STATUS(kh_hex_append(&hex, kh_mac_str(&mac)), KH_OK);
	CHECK_BYTES(hex, expected);
	kh_buf_free(&hex);
}

#define LARGE_KEY_TEXT "Test Using Larger Than Block-Size Key - Hash Key First"

/* RFC 4231, cases 1 to 4, 6 and 7 (5 is truncated). */
static void rfc_4231_sha256(void)
{
	char key[200], text[200];
	unsigned char rising[25];
	size_t i;

	for (i = 0; i < sizeof(rising); i++) {
		rising[i] = (unsigned char)(i + 1);
	}
	check_mac("SHA256", times(key, 0x0B, 20), KH_STR("Hi There"),
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	check_mac("SHA256", KH_STR("Jefe"), KH_STR("what do ya want for nothing?"),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	check_mac("SHA256", times(key, 0xAA, 20), times(text, 0xDD, 50),
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	check_mac("SHA256", (kh_str){(char *)rising, 25}, times(text, 0xCD, 50),
		"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
	check_mac("SHA256", times(key, 0xAA, 131), KH_STR(LARGE_KEY_TEXT),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	check_mac("SHA256", times(key, 0xAA, 131),
		KH_STR("This is a test using a larger than block-size key and a larger than block-size "
			   "data. The key needs to be hashed before being used by the HMAC algorithm."),
		"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

static void rfc_4231_sha384_and_sha512(void)
{
	char key[200];

	check_mac("SHA384", times(key, 0x0B, 20), KH_STR("Hi There"),
		"afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
		"faea9ea9076ede7f4af152e8b2fa9cb6");
	check_mac("SHA384", times(key, 0xAA, 131), KH_STR(LARGE_KEY_TEXT),
		"4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
		"0c2ef6ab4030fe8296248df163f44952");
	check_mac("SHA512", times(key, 0x0B, 20), KH_STR("Hi There"),
		"87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
		"daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
	check_mac("SHA512", KH_STR("Jefe"), KH_STR("what do ya want for nothing?"),
		"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
		"9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

/* RFC 2202, cases 1, 2 and 6. */
static void rfc_2202_md5_and_sha1(void)
{
	char key[200];

	check_mac("MD5", times(key, 0x0B, 16), KH_STR("Hi There"), "9294727a3638bb1c13f48ef8158bfc9d");
	check_mac("MD5", KH_STR("Jefe"), KH_STR("what do ya want for nothing?"),
		"750c783e6ab0b503eaa86e310a5db738");
	check_mac(
		"MD5", times(key, 0xAA, 80), KH_STR(LARGE_KEY_TEXT), "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
	check_mac("SHA1", times(key, 0x0B, 20), KH_STR("Hi There"),
		"b617318655057264e28bc0b6fb378c8ef146be00");
	check_mac("SHA1", KH_STR("Jefe"), KH_STR("what do ya want for nothing?"),
		"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	check_mac("SHA1", times(key, 0xAA, 80), KH_STR(LARGE_KEY_TEXT),
		"aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

/* Computed with Python's hmac. */
static void nothing_is_a_key_and_a_text_too(void)
{
	check_mac("SHA256", KH_STR(""), KH_STR(""),
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
	check_mac("SHA256", (kh_str){NULL, 0}, (kh_str){NULL, 0},
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void an_unknown_digest_is_refused_and_leaves_no_error_behind(void)
{
	kh_error error = {0};
	kh_mac mac;
	kh_str text = KH_STR("a");

	ERR_clear_error();
	CHECK_STATUS(kh_mac_compute("SHA9", KH_STR("k"), &text, 1, &mac, &error), KH_ERR_CRYPTO);
	CHECK_CONTAINS(error.message, "SHA9");
	CHECK_INT(ERR_peek_error(), 0);
}

static void hexadecimal_goes_both_ways(void)
{
	static const char *const WRONG[] = {"0", "0g", "00 ", "+1", "0x12", "\xC3\xA4"};
	unsigned char bytes[8];
	size_t i, len = 99;
	kh_buf out;

	CHECK(kh_hex_decode(KH_STR("00fFaB7e"), bytes, &len));
	kh_buf_init(&out, 9);
	CHECK_STATUS(kh_hex_append(&out, (kh_str){(char *)bytes, len}), KH_OK);
	CHECK_BYTES(out, "00ffab7e");
	CHECK_STATUS(kh_hex_append(&out, KH_STR("ab")), KH_ERR_TOO_LARGE);
	CHECK_BYTES(out, "00ffab7e");
	CHECK(kh_hex_decode(KH_STR(""), bytes, &len));
	CHECK_INT(len, 0);
	for (i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
		CHECK(!kh_hex_decode(str(WRONG[i]), bytes, &len));
	}
	kh_buf_free(&out);
}

int main(void)
{
	RUN(rfc_4231_sha256);
	RUN(rfc_4231_sha384_and_sha512);
	RUN(rfc_2202_md5_and_sha1);
	RUN(nothing_is_a_key_and_a_text_too);
	RUN(an_unknown_digest_is_refused_and_leaves_no_error_behind);
	RUN(hexadecimal_goes_both_ways);
	return check_done();
}
