#include "check.h"
#include "kh_base64.h"

#include <stdlib.h>

static void encodes_as_rfc_4648(void)
{
	static const char *const VECTORS[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
		{"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
		{"\xFB\xFF\xBF", "+/+/"}};
	size_t i;

	for (i = 0; i < sizeof(VECTORS) / sizeof(VECTORS[0]); i++) {
		kh_str bytes = {VECTORS[i][0], strlen(VECTORS[i][0])};
		kh_buf out;
		kh_buf_init(&out, 100);
		CHECK_STATUS(kh_base64_append(&out, bytes), KH_OK);
		CHECK_BYTES(out, VECTORS[i][1]);
		kh_buf_free(&out);
	}
}

static void url_variant_has_its_own_letters_and_no_padding(void)
{
	kh_buf out;

	kh_buf_init(&out, 100);
	CHECK_STATUS(kh_base64_append_url(&out, KH_STR("\xFB\xFF\xBF\xFB")), KH_OK);
	CHECK_BYTES(out, "-_-_-w");
	kh_buf_free(&out);
}

static bool decodes(const char *text, kh_base64_variant variant)
{
	unsigned char bytes[64];
	size_t len;

	return kh_base64_decode((kh_str){text, strlen(text)}, variant, bytes, &len);
}

static void decoding_is_strict(void)
{
	CHECK(decodes("", KH_BASE64_STANDARD));
	CHECK(decodes("Zm8=", KH_BASE64_STANDARD));
	CHECK(decodes("+/+/", KH_BASE64_STANDARD));
	CHECK(!decodes("Zm8", KH_BASE64_STANDARD));
	CHECK(!decodes("Zm9=", KH_BASE64_STANDARD));
	CHECK(!decodes("Z===", KH_BASE64_STANDARD));
	CHECK(!decodes("====", KH_BASE64_STANDARD));
	CHECK(!decodes("Zg=a", KH_BASE64_STANDARD));
	CHECK(!decodes("Zm8=Zm8=", KH_BASE64_STANDARD));
	CHECK(!decodes("Zm 8", KH_BASE64_STANDARD));
	CHECK(!decodes("Zm9v\n", KH_BASE64_STANDARD));
	CHECK(!decodes("-_-_", KH_BASE64_STANDARD));
	CHECK(decodes("Zm8", KH_BASE64_URL));
	CHECK(decodes("-_-_", KH_BASE64_URL));
	CHECK(!decodes("Zm8=", KH_BASE64_URL));
	CHECK(!decodes("Zm9", KH_BASE64_URL));
	CHECK(!decodes("Z", KH_BASE64_URL));
	CHECK(!decodes("+/+/", KH_BASE64_URL));
}

static void every_length_comes_back(void)
{
	char bytes[2000];
	unsigned char back[KH_BASE64_DECODED_MAX(2668)];
	size_t len, back_len, i;

	for (i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (char)(i * 37 >> 2);
	}
	for (len = 0; len <= sizeof(bytes); len++) {
		kh_base64_variant variant = len % 2 == 0 ? KH_BASE64_STANDARD : KH_BASE64_URL;
		kh_buf out;
		kh_buf_init(&out, 4000);
		if (variant == KH_BASE64_STANDARD) {
			kh_base64_append(&out, (kh_str){bytes, len});
		} else {
			kh_base64_append_url(&out, (kh_str){bytes, len});
		}
		CHECK(kh_base64_decode(kh_buf_str(&out), variant, back, &back_len));
		CHECK(back_len == len && memcmp(back, bytes, len) == 0);
		kh_buf_free(&out);
	}
}

static void a_full_buffer_keeps_what_it_had(void)
{
	char bytes[1000] = {0};
	kh_buf out;

	kh_buf_init(&out, 1100);
	kh_buf_append_str(&out, KH_STR("before"));
	CHECK_STATUS(kh_base64_append(&out, (kh_str){bytes, sizeof(bytes)}), KH_ERR_TOO_LARGE);
	CHECK_BYTES(out, "before");
	kh_buf_free(&out);
}

int main(void)
{
	RUN(encodes_as_rfc_4648);
	RUN(url_variant_has_its_own_letters_and_no_padding);
	RUN(decoding_is_strict);
	RUN(every_length_comes_back);
	RUN(a_full_buffer_keeps_what_it_had);
	return check_done();
}
