#include "check.h"
#include "kh_base64.h"
#include "kh_value.h"
#include "kh_vault.h"

#include <openssl/err.h>
#include <stdlib.h>

/* Written by make-vault.php through PHP's openssl_encrypt(); the add-on's tests read it too. */
#define VECTORS_FILE "../vectors/vault.json"

static const char KEY_A[KH_VAULT_KEY_BYTES + 1] = "0123456789abcdef0123456789abcdef";
static const char KEY_B[KH_VAULT_KEY_BYTES + 1] = "fedcba9876543210fedcba9876543210";

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static kh_value *read_vectors(void)
{
	kh_error error = {0};
	kh_value *vectors = NULL;
	kh_buf text;
	char piece[4096];
	size_t len;
	FILE *file = fopen(VECTORS_FILE, "rb");

	CHECK(file != NULL);
	if (file == NULL) {
		return NULL;
	}
	kh_buf_init(&text, 1 << 20);
	while ((len = fread(piece, 1, sizeof(piece), file)) > 0) {
		kh_buf_append(&text, piece, len);
	}
	fclose(file);
	CHECK_STATUS(kh_value_parse(kh_buf_str(&text), &vectors, &error), KH_OK);
	kh_buf_free(&text);
	return vectors;
}

static kh_str member(const kh_value *object, const char *name)
{
	return kh_value_get_string(object, name, KH_STR(""));
}

static void add_base64_key(kh_vault *vault, kh_str id, kh_str base64)
{
	unsigned char key[KH_BASE64_DECODED_MAX(44)];
	size_t len = 0;

	CHECK(base64.len == 44 && kh_base64_decode(base64, KH_BASE64_STANDARD, key, &len));
	CHECK_STATUS(kh_vault_add(vault, id, (kh_str){(char *)key, len}, NULL), KH_OK);
}

static void check_opens(const kh_value *vector)
{
	kh_vault *vault = kh_vault_new();
	kh_error error = {0};
	kh_str encoded = member(vector, "plain_base64");
	unsigned char *plain = malloc(KH_BASE64_DECODED_MAX(encoded.len));
	size_t plain_len = 0;
	kh_buf out;

	kh_buf_init(&out, 1 << 20);
	add_base64_key(vault, member(vector, "key_id"), member(vector, "key_base64"));
	CHECK_STATUS(
		kh_vault_open(vault, member(vector, "sealed"), member(vector, "context"), &out, &error),
		KH_OK);
	CHECK(kh_base64_decode(encoded, KH_BASE64_STANDARD, plain, &plain_len));
	check_bytes(__FILE__, __LINE__, out.data, out.len, (char *)plain, plain_len);
	kh_buf_wipe(&out);
	free(plain);
	kh_vault_free(vault);
}

static void opens_what_others_sealed(void)
{
	kh_value *vectors = read_vectors();
	const kh_value *list = NULL;
	size_t i;

	kh_value_get(vectors, KH_STR("open"), &list);
	CHECK(kh_value_length(list) >= 8);
	for (i = 0; i < kh_value_length(list); i++) {
		check_opens(kh_value_at(list, i));
	}
	kh_value_free(vectors);
}

static bool add_each(void *vault, kh_str name, const kh_value *key)
{
	add_base64_key(vault, name, kh_value_string(key));
	return true;
}

static void refuses_what_others_broke(void)
{
	kh_value *vectors = read_vectors();
	const kh_value *list = NULL, *keys = NULL;
	size_t i;

	kh_value_get(vectors, KH_STR("refuse"), &list);
	CHECK(kh_value_length(list) >= 10);
	for (i = 0; i < kh_value_length(list); i++) {
		const kh_value *vector = kh_value_at(list, i);
		kh_vault *vault = kh_vault_new();
		kh_error error = {0};
		kh_buf out;

		kh_buf_init(&out, 1000);
		kh_value_get(vector, KH_STR("keys_base64"), &keys);
		kh_value_each(keys, add_each, vault);
		if (kh_vault_open(vault, member(vector, "sealed"), member(vector, "context"), &out,
				&error) != KH_ERR_SEALED) {
			check_fail(__FILE__, __LINE__, "opened: %s", member(vector, "name").data);
		}
		CHECK(error.message[0] != '\0');
		CHECK(out.len == 0);
		kh_buf_wipe(&out);
		kh_vault_free(vault);
	}
	kh_value_free(vectors);
}

/* A vault with two keys; the one called "first" seals. */
static kh_vault *two_keys(const char *first, const char *second)
{
	kh_vault *vault = kh_vault_new();

	CHECK_STATUS(kh_vault_add(vault, str(first), (kh_str){KEY_A, KH_VAULT_KEY_BYTES}, NULL), KH_OK);
	CHECK_STATUS(
		kh_vault_add(vault, str(second), (kh_str){KEY_B, KH_VAULT_KEY_BYTES}, NULL), KH_OK);
	return vault;
}

static void seals_with_the_first_key_and_a_fresh_nonce(void)
{
	kh_vault *vault = two_keys("k1", "k0");
	kh_buf one, two, opened;

	kh_buf_init(&one, 1000);
	kh_buf_init(&two, 1000);
	kh_buf_init(&opened, 1000);
	CHECK_STATUS(kh_vault_seal(vault, KH_STR("a\0b"), KH_STR("c"), &one, NULL), KH_OK);
	CHECK_STATUS(kh_vault_seal(vault, KH_STR("a\0b"), KH_STR("c"), &two, NULL), KH_OK);
	CHECK(memcmp(one.data, "kh1:k1:", 7) == 0);
	CHECK_INT(one.len, 7 + 42);
	CHECK(!kh_str_equals(kh_buf_str(&one), kh_buf_str(&two)));
	CHECK_STATUS(kh_vault_open(vault, kh_buf_str(&one), KH_STR("c"), &opened, NULL), KH_OK);
	CHECK(kh_str_equals(kh_buf_str(&opened), KH_STR("a\0b")));
	kh_buf_free(&one);
	kh_buf_free(&two);
	kh_buf_wipe(&opened);
	kh_vault_free(vault);
}

static void a_later_key_still_opens(void)
{
	kh_vault *before = two_keys("old", "x"), *after = kh_vault_new();
	kh_buf sealed, opened;

	kh_vault_add(after, KH_STR("new"), (kh_str){KEY_B, KH_VAULT_KEY_BYTES}, NULL);
	kh_vault_add(after, KH_STR("old"), (kh_str){KEY_A, KH_VAULT_KEY_BYTES}, NULL);
	kh_buf_init(&sealed, 1000);
	kh_buf_init(&opened, 1000);
	CHECK_STATUS(kh_vault_seal(before, KH_STR("text"), KH_STR("c"), &sealed, NULL), KH_OK);
	CHECK_STATUS(kh_vault_open(after, kh_buf_str(&sealed), KH_STR("c"), &opened, NULL), KH_OK);
	CHECK_BYTES(opened, "text");
	kh_buf_free(&sealed);
	kh_buf_wipe(&opened);
	kh_vault_free(before);
	kh_vault_free(after);
}

static void check_resealed(const kh_vault *vault, kh_str sealed, const char *key_id)
{
	kh_buf again, plain;
	char prefix[50];

	kh_buf_init(&again, 1000);
	kh_buf_init(&plain, 1000);
	snprintf(prefix, sizeof(prefix), "kh1:%s:", key_id);
	CHECK_STATUS(kh_vault_reseal(vault, sealed, KH_STR("c"), &again, NULL), KH_OK);
	CHECK(again.len > strlen(prefix) && memcmp(again.data, prefix, strlen(prefix)) == 0);
	CHECK_STATUS(kh_vault_open(vault, kh_buf_str(&again), KH_STR("c"), &plain, NULL), KH_OK);
	CHECK_BYTES(plain, "text");
	kh_buf_free(&again);
	kh_buf_wipe(&plain);
}

static void resealing_brings_a_value_to_the_first_key(void)
{
	kh_vault *before = two_keys("old", "x"), *after = kh_vault_new();
	kh_error error = {0};
	kh_buf sealed, again;

	kh_vault_add(after, KH_STR("new"), (kh_str){KEY_B, KH_VAULT_KEY_BYTES}, NULL);
	kh_vault_add(after, KH_STR("old"), (kh_str){KEY_A, KH_VAULT_KEY_BYTES}, NULL);
	kh_buf_init(&sealed, 1000);
	kh_buf_init(&again, 1000);
	CHECK_STATUS(kh_vault_seal(before, KH_STR("text"), KH_STR("c"), &sealed, NULL), KH_OK);
	check_resealed(after, kh_buf_str(&sealed), "new");
	check_resealed(before, kh_buf_str(&sealed), "old");
	CHECK_STATUS(kh_vault_reseal(before, kh_buf_str(&sealed), KH_STR("c"), &again, NULL), KH_OK);
	CHECK(kh_str_equals(kh_buf_str(&sealed), kh_buf_str(&again)));
	kh_buf_clear(&again);
	CHECK_STATUS(
		kh_vault_reseal(before, kh_buf_str(&sealed), KH_STR("d"), &again, &error), KH_ERR_SEALED);
	CHECK_STATUS(
		kh_vault_reseal(before, KH_STR("kh1:k9:AAAA"), KH_STR("c"), &again, &error), KH_ERR_SEALED);
	CHECK_CONTAINS(error.message, "k9");
	CHECK_INT(again.len, 0);
	kh_buf_free(&sealed);
	kh_buf_free(&again);
	kh_vault_free(before);
	kh_vault_free(after);
}

static void every_single_bit_is_guarded(void)
{
	kh_vault *vault = two_keys("k1", "k2");
	kh_buf sealed, opened;
	size_t i;

	kh_buf_init(&sealed, 1000);
	kh_buf_init(&opened, 1000);
	CHECK_STATUS(kh_vault_seal(vault, KH_STR("text"), KH_STR("c"), &sealed, NULL), KH_OK);
	for (i = 0; i < sealed.len * 8; i++) {
		sealed.data[i / 8] ^= (char)(1 << i % 8);
		CHECK_STATUS(
			kh_vault_open(vault, kh_buf_str(&sealed), KH_STR("c"), &opened, NULL), KH_ERR_SEALED);
		sealed.data[i / 8] ^= (char)(1 << i % 8);
	}
	for (i = 0; i < sealed.len; i++) {
		CHECK_STATUS(kh_vault_open(vault, (kh_str){sealed.data, i}, KH_STR("c"), &opened, NULL),
			KH_ERR_SEALED);
	}
	CHECK_INT(opened.len, 0);
	CHECK_STATUS(kh_vault_open(vault, kh_buf_str(&sealed), KH_STR("c"), &opened, NULL), KH_OK);
	kh_buf_free(&sealed);
	kh_buf_wipe(&opened);
	kh_vault_free(vault);
}

static void a_failure_says_which_key(void)
{
	kh_vault *vault = two_keys("k1", "k2");
	kh_error error = {0};
	kh_buf out;

	kh_buf_init(&out, 100);
	CHECK_STATUS(kh_vault_open(vault, KH_STR("kh1:gone-2025:AAAA"), KH_STR("c"), &out, &error),
		KH_ERR_SEALED);
	CHECK_CONTAINS(error.message, "\"gone-2025\"");
	CHECK_STATUS(kh_vault_open(vault, KH_STR("kh1:k2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
					 KH_STR("c"), &out, &error),
		KH_ERR_SEALED);
	CHECK_CONTAINS(error.message, "\"k2\"");
	kh_buf_free(&out);
	kh_vault_free(vault);
}

static void keys_are_checked(void)
{
	kh_vault *vault = kh_vault_new();
	kh_str key = {KEY_A, KH_VAULT_KEY_BYTES};
	kh_error error = {0};
	kh_buf out;

	kh_buf_init(&out, 100);
	CHECK_STATUS(kh_vault_seal(vault, KH_STR("x"), KH_STR("c"), &out, &error), KH_ERR_INVALID);
	CHECK_STATUS(kh_vault_add(vault, KH_STR(""), key, &error), KH_ERR_INVALID);
	CHECK_STATUS(kh_vault_add(vault, KH_STR("a:b"), key, &error), KH_ERR_INVALID);
	CHECK_STATUS(kh_vault_add(vault, KH_STR("a\0b"), key, &error), KH_ERR_INVALID);
	CHECK_STATUS(kh_vault_add(vault, KH_STR("123456789012345678901234567890123"), key, &error),
		KH_ERR_INVALID);
	CHECK_STATUS(kh_vault_add(vault, KH_STR("k"), (kh_str){KEY_A, 31}, &error), KH_ERR_INVALID);
	CHECK_CONTAINS(error.message, "31");
	CHECK(strstr(error.message, "0123456789") == NULL);
	CHECK_STATUS(kh_vault_add(vault, KH_STR("k"), key, &error), KH_OK);
	CHECK_STATUS(kh_vault_add(vault, KH_STR("k"), key, &error), KH_ERR_INVALID);
	kh_vault_free(vault);
	kh_vault_free(NULL);
}

static void a_full_buffer_keeps_what_it_had(void)
{
	kh_vault *vault = two_keys("k1", "k2");
	kh_buf out, sealed;

	kh_buf_init(&out, 30);
	kh_buf_init(&sealed, 1000);
	kh_buf_append_str(&out, KH_STR("before"));
	CHECK_STATUS(
		kh_vault_seal(vault, KH_STR("some text"), KH_STR("c"), &out, NULL), KH_ERR_TOO_LARGE);
	CHECK_BYTES(out, "before");
	kh_vault_seal(vault, KH_STR("text that is longer than the buffer"), KH_STR("c"), &sealed, NULL);
	CHECK_STATUS(
		kh_vault_open(vault, kh_buf_str(&sealed), KH_STR("c"), &out, NULL), KH_ERR_TOO_LARGE);
	CHECK_BYTES(out, "before");
	kh_buf_free(&out);
	kh_buf_free(&sealed);
	kh_vault_free(vault);
}

static void leaves_openssls_error_queue_alone(void)
{
	kh_vault *vault = two_keys("k1", "k2");
	unsigned long before;
	kh_buf out;

	kh_buf_init(&out, 1000);
	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, 42); /* somebody else's */
	before = ERR_peek_last_error();
	kh_vault_open(
		vault, KH_STR("kh1:k2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), KH_STR("c"), &out, NULL);
	CHECK(ERR_peek_last_error() == before);
	ERR_clear_error();
	kh_buf_free(&out);
	kh_vault_free(vault);
}

int main(void)
{
	RUN(opens_what_others_sealed);
	RUN(refuses_what_others_broke);
	RUN(seals_with_the_first_key_and_a_fresh_nonce);
	RUN(a_later_key_still_opens);
	RUN(resealing_brings_a_value_to_the_first_key);
	RUN(every_single_bit_is_guarded);
	RUN(a_failure_says_which_key);
	RUN(keys_are_checked);
	RUN(a_full_buffer_keeps_what_it_had);
	RUN(leaves_openssls_error_queue_alone);
	return check_done();
}
