/*
 * KH_GCM_RSP=FILE runs all of NIST's gcmDecrypt256.rsp or gcmEncryptExtIV256.rsp (CAVP, "GCM test
 * vectors") that have 96-bit nonces and 128-bit tags; without it the few below are run.
 */
#include "check.h"
#include "kh_gcm.h"
#include "kh_hex.h"

#include <stdlib.h>

#define MAX_BYTES 256

/* Hexadecimal, as NIST writes it; text NULL: the tag is wrong. */
typedef struct vector {
	const char *key, *nonce, *cipher_text, *bound, *tag, *text;
} vector;

static size_t decode(const char *hex, unsigned char *out)
{
	size_t len = 0;

	CHECK(strlen(hex) <= 2 * MAX_BYTES);
	CHECK(kh_hex_decode((kh_str){hex, strlen(hex)}, out, &len));
	return len;
}

static void check_decrypts(const kh_gcm *gcm, const vector *vector)
{
	unsigned char key[MAX_BYTES], nonce[MAX_BYTES], bound[MAX_BYTES], expected[MAX_BYTES];
	unsigned char text[MAX_BYTES + KH_GCM_TAG_BYTES];
	size_t len = decode(vector->cipher_text, text), bound_len = decode(vector->bound, bound);
	/* In two parts, as the vault binds. */
	kh_str parts[] = {
		{(char *)bound, bound_len / 2}, {(char *)bound + bound_len / 2, bound_len - bound_len / 2}};
	bool genuine = false;

	CHECK_INT(decode(vector->key, key), KH_GCM_KEY_BYTES);
	CHECK_INT(decode(vector->nonce, nonce), KH_GCM_NONCE_BYTES);
	CHECK_INT(decode(vector->tag, text + len), KH_GCM_TAG_BYTES);
	CHECK(kh_gcm_decrypt(gcm, key, nonce, parts, 2, text, len, &genuine));
	CHECK(genuine == (vector->text != NULL));
	if (vector->text != NULL) {
		CHECK_INT(decode(vector->text, expected), len);
		CHECK(memcmp(text, expected, len) == 0);
	}
}

static void check_encrypts(const kh_gcm *gcm, const vector *vector)
{
	unsigned char key[MAX_BYTES], nonce[MAX_BYTES], bound[MAX_BYTES], text[MAX_BYTES];
	unsigned char expected[MAX_BYTES + KH_GCM_TAG_BYTES], out[MAX_BYTES + KH_GCM_TAG_BYTES];
	size_t len = decode(vector->text, text);
	kh_str part = {(char *)bound, decode(vector->bound, bound)};

	decode(vector->key, key);
	decode(vector->nonce, nonce);
	CHECK_INT(decode(vector->cipher_text, expected), len);
	decode(vector->tag, expected + len);
	CHECK(kh_gcm_encrypt(gcm, key, nonce, &part, 1, (kh_str){(char *)text, len}, out));
	CHECK(memcmp(out, expected, len + KH_GCM_TAG_BYTES) == 0);
}

/* gcmDecrypt256.rsp: 16 bytes of text and as many bound, the first seven; no text at all, the
 * first; and cases 13, 14 and 16 of the paper that NIST took GCM from (McGrew, Viega). */
static void works_as_nist_says(void)
{
	static const vector VECTORS[] = {
		{"54e352ea1d84bfe64a1011096111fbe7668ad2203d902a01458c3bbd85bfce14",
			"df7c3bca00396d0c018495d9", "426e0efc693b7be1f3018db7ddbb7e4d",
			"7e968d71b50c1f11fd001f3fef49d045", "ee8257795be6a1164d7e1d2d6cac77a7",
			"85fc3dfad9b5a8d3258e4fc44571bd3b"},
		{"82f0d1ddc58123f805541f55a7eab43f56ddfefc06c73d57709df3d5a4aabfb3",
			"0c9d74af29ed4406c77a8e4b", "c61155d41495e9fc76060fe7f8c926a2",
			"34325620a392739beeee6c370967d539", "66d8c881d66370504d2bf00cdb06259e",
			"3fe7811a8224a1881da34a27e03da86a"},
		{"9a0343f850a6427120f764789ffec6d237447b898fbf51d2182f065d3861497d",
			"3deef6f453dd70d92143adcd", "e93165935ac18e3a2845d15fe31a9286",
			"dbb8226a624520863db6897017b2a4f8", "f5fc50d18766bc3d9e16dd136d45816b", NULL},
		{"562a865ddc042577284b34b6cd267aa3e9adedf6b8a9e2490d5519eaea3daccc",
			"f20e5db286f3ee11835a5103", "ae62b52018c253be2463ff235cd3ff1d",
			"c638e57814cd44f8af9730208f5464d5", "6e481954d30c503ce6d448fda4116578",
			"7e59320cc09d1ccfb49f7c90e81326dc"},
		{"2a765ceac97265c15209eea90bea85cd9586b972160502ff592a306dc017e6b9",
			"62c545d9d4e3c7acb66b4bf1", "ae0594a7b66d3a958e4e6212d3288f91",
			"7d12474e23dc233bc6312d4d5b2deee4", "ec9aa846d185cc0f43d392240cd6e2c4", NULL},
		{"b919ab155fc93ad5f3bac0e9706999031a3175356b070bd45fa6dbe7099126d0",
			"e65d8f9f6b67d5b333191044", "3da7bfdbe0fc98a1b657f70b2c046f46",
			"b04f3b04764aa3208165e8374faea266", "d9bfbcb1a1027b0d5dbe9e0accf587b5",
			"0c5b45bf8168b2cd8069702624c68dc5"},
		{"2b44f83492c05b784b6d9405c64a0530eb9ac7fcd6d5d1f0e3d4ab015a07398b",
			"88c16315108517124ba3b280", "a0df8e1083853d740e80dd77e3a78d10",
			"af6406f8222a287ef1086a264929dfc5", "08d0184cb2cbec32ebbebb30fb253e74", NULL},
		{"f5a2b27c74355872eb3ef6c5feafaa740e6ae990d9d48c3bd9bb8235e589f010",
			"58d2240f580a31c1d24948e9", "", "", "15e051a5e4a5f5da6cea92e2ebee5bac", ""},
		{"0000000000000000000000000000000000000000000000000000000000000000",
			"000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b", ""},
		{"0000000000000000000000000000000000000000000000000000000000000000",
			"000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "",
			"d0d1c8a799996bf0265b98b5d48ab919", "00000000000000000000000000000000"},
		{"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
			"cafebabefacedbaddecaf888",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b"
			"1056828838c5f61e6393ba7a0abcc9f662",
			"feedfacedeadbeeffeedfacedeadbeefabaddad2", "76fc6ece0f4e1768cddf8853bb2d551b",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e"
			"2449a6b525b16aedf5aa0de657ba637b39"},
	};
	kh_gcm *gcm = kh_gcm_new();
	size_t i;

	CHECK(gcm != NULL);
	for (i = 0; gcm != NULL && i < sizeof(VECTORS) / sizeof(VECTORS[0]); i++) {
		check_decrypts(gcm, &VECTORS[i]);
		if (VECTORS[i].text != NULL) {
			check_encrypts(gcm, &VECTORS[i]);
		}
	}
	kh_gcm_free(gcm);
	kh_gcm_free(NULL);
}

/* What a line "Key = …" of NIST's file sets; NULL for another. */
static char *field_of(const char *name, char fields[6][2 * MAX_BYTES + 1])
{
	static const char *const NAMES[] = {"Key", "IV", "CT", "AAD", "Tag", "PT"};
	size_t i;

	for (i = 0; i < 6; i++) {
		if (strcmp(name, NAMES[i]) == 0) {
			return fields[i];
		}
	}
	return NULL;
}

static size_t run_file(FILE *file, const kh_gcm *gcm)
{
	static char fields[6][2 * MAX_BYTES + 1];
	char line[2 * MAX_BYTES + 50], name[20], value[2 * MAX_BYTES + 1];
	bool fails = false;
	size_t count = 0;

	while (fgets(line, sizeof(line), file) != NULL) {
		bool blank = strspn(line, " \r\n") == strlen(line);
		int found = sscanf(line, "%19s = %512s", name, value);
		char *field = found >= 1 ? field_of(name, fields) : NULL;
		if (field != NULL) {
			snprintf(field, 2 * MAX_BYTES + 1, "%s", found == 2 ? value : "");
		}
		fails = fails || strncmp(line, "FAIL", 4) == 0;
		if (blank && strlen(fields[0]) == 64 && strlen(fields[1]) == 24 &&
			strlen(fields[4]) == 32) {
			const vector vector = {
				fields[0], fields[1], fields[2], fields[3], fields[4], fails ? NULL : fields[5]};
			check_decrypts(gcm, &vector);
			count++;
		}
		if (blank) {
			memset(fields, 0, sizeof(fields));
			fails = false;
		}
	}
	return count;
}

static void works_as_the_whole_file_says(void)
{
	const char *path = getenv("KH_GCM_RSP");
	FILE *file = fopen(path, "r");
	kh_gcm *gcm = kh_gcm_new();

	CHECK(file != NULL);
	if (file != NULL) {
		size_t count = run_file(file, gcm);
		printf("# %zu of %s\n", count, path);
		CHECK(count > 0);
		fclose(file);
	}
	kh_gcm_free(gcm);
}

int main(void)
{
	RUN(works_as_nist_says);
	if (getenv("KH_GCM_RSP") != NULL) {
		RUN(works_as_the_whole_file_says);
	}
	return check_done();
}
