#include "kh_sign_key.h"

#include "kh_base64.h"
#include "kh_mac.h"
#include "kh_openssl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#define SECRET_PREFIX "whsec_"
#define PRIVATE_PREFIX "whsk_"
#define PUBLIC_PREFIX "whpk_"
#define SECRET_MIN_BYTES 24
#define BASE64_CHARS(bytes) (((bytes) + 2) / 3 * 4)
#define SECRET_MAX_CHARS BASE64_CHARS(KH_SIGN_SECRET_MAX_BYTES)
#define ED25519_BYTES 32 /* a seed, or a public key */
#define ED25519_SIGNATURE_BYTES 64
#define SHARED_TAG "v1,"
#define ASYMMETRIC_TAG "v1a,"
/* More than any sender has; each one costs a curve operation. */
#define MAX_ASYMMETRIC_SIGNATURES 32

static bool cut_prefix(kh_str *text, const char *prefix)
{
	size_t len = strlen(prefix);

	if (text->len < len || memcmp(text->data, prefix, len) != 0) {
		return false;
	}
	text->data += len;
	text->len -= len;
	return true;
}

static kh_status decode_shared(kh_str text, kh_sign_key *key, kh_error *error)
{
	if (text.len > SECRET_MAX_CHARS ||
		!kh_base64_decode(text, KH_BASE64_STANDARD, key->bytes, &key->len) ||
		key->len < SECRET_MIN_BYTES || key->len > KH_SIGN_SECRET_MAX_BYTES) {
		return kh_error_set(error, KH_ERR_INVALID,
			"a signing secret must be " SECRET_PREFIX " and behind it base64 of %d to %d random "
			"bytes; this one is not",
			SECRET_MIN_BYTES, KH_SIGN_SECRET_MAX_BYTES);
	}
	return KH_OK;
}

static EVP_PKEY *load(const kh_sign_key *key)
{
	return key->kind == KH_SIGN_PRIVATE
			   ? EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, key->bytes, key->len)
			   : EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, key->bytes, key->len);
}

static bool get_public(const kh_sign_key *key, unsigned char bytes[ED25519_BYTES])
{
	EVP_PKEY *loaded = load(key);
	size_t len = ED25519_BYTES;
	bool done = loaded != NULL && EVP_PKEY_get_raw_public_key(loaded, bytes, &len) == 1 &&
				len == ED25519_BYTES;

	EVP_PKEY_free(loaded);
	return done;
}

/* The seed alone, or the public key behind it, which then must be its own. */
static kh_status decode_private(kh_str text, kh_sign_key *key, kh_error *error)
{
	unsigned char own[ED25519_BYTES];
	bool decoded = text.len <= SECRET_MAX_CHARS &&
				   kh_base64_decode(text, KH_BASE64_STANDARD, key->bytes, &key->len) &&
				   (key->len == ED25519_BYTES || key->len == 2 * ED25519_BYTES);
	bool whole = decoded && key->len == 2 * ED25519_BYTES;
	kh_status status = KH_OK;

	if (!decoded) {
		return kh_error_set(error, KH_ERR_INVALID,
			"a private signing key must be " PRIVATE_PREFIX " and behind it base64 of %d or %d "
			"bytes; this one is not",
			ED25519_BYTES, 2 * ED25519_BYTES);
	}
	key->len = ED25519_BYTES;
	if (whole) {
		ERR_set_mark();
		if (!get_public(key, own)) {
			status = kh_openssl_refused(error, "use an Ed25519 key");
		} else if (CRYPTO_memcmp(own, key->bytes + ED25519_BYTES, ED25519_BYTES) != 0) {
			status = kh_error_set(error, KH_ERR_INVALID,
				"the two halves of a private signing key (" PRIVATE_PREFIX
				") don't belong together: make a new pair");
		}
		ERR_pop_to_mark();
	}
	return status;
}

static kh_status decode_public(kh_str text, kh_sign_key *key, kh_error *error)
{
	if (text.len > BASE64_CHARS(ED25519_BYTES) ||
		!kh_base64_decode(text, KH_BASE64_STANDARD, key->bytes, &key->len) ||
		key->len != ED25519_BYTES) {
		return kh_error_set(error, KH_ERR_INVALID,
			"a public signing key must be " PUBLIC_PREFIX " and behind it base64 of %d bytes; this "
			"one is not",
			ED25519_BYTES);
	}
	return KH_OK;
}

kh_status kh_sign_key_decode(kh_str text, kh_sign_key *out, kh_error *error)
{
	*out = (kh_sign_key){.kind = KH_SIGN_SHARED};
	if (cut_prefix(&text, PRIVATE_PREFIX)) {
		out->kind = KH_SIGN_PRIVATE;
		return decode_private(text, out, error);
	}
	if (cut_prefix(&text, PUBLIC_PREFIX)) {
		out->kind = KH_SIGN_PUBLIC;
		return decode_public(text, out, error);
	}
	cut_prefix(&text, SECRET_PREFIX);
	return decode_shared(text, out, error);
}

static kh_status append_key(kh_buf *out, kh_str prefix, const unsigned char *bytes, size_t len)
{
	kh_status status = kh_buf_append_str(out, prefix);

	return status == KH_OK ? kh_base64_append(out, (kh_str){(const char *)bytes, len}) : status;
}

kh_status kh_sign_key_new_pair(kh_buf *private_key, kh_buf *public_key, kh_error *error)
{
	unsigned char bytes[2 * ED25519_BYTES];
	size_t seed_len = ED25519_BYTES, public_len = ED25519_BYTES;
	EVP_PKEY *pair;
	kh_status status;

	ERR_set_mark();
	pair = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (pair != NULL && EVP_PKEY_get_raw_private_key(pair, bytes, &seed_len) == 1 &&
		EVP_PKEY_get_raw_public_key(pair, bytes + ED25519_BYTES, &public_len) == 1) {
		status = append_key(private_key, KH_STR(PRIVATE_PREFIX), bytes, sizeof(bytes));
		if (status == KH_OK) {
			status =
				append_key(public_key, KH_STR(PUBLIC_PREFIX), bytes + ED25519_BYTES, ED25519_BYTES);
		}
		if (status != KH_OK) {
			kh_error_set(error, status, "no room for a signing key");
		}
	} else {
		status = kh_openssl_refused(error, "make an Ed25519 key");
	}
	EVP_PKEY_free(pair);
	ERR_pop_to_mark();
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return status;
}

/* Ed25519 goes over its text twice, and wants it in one piece. */
static kh_status join(const kh_str *parts, size_t count, kh_buf *out, kh_error *error)
{
	kh_status status = KH_OK;
	size_t i, total = 1;

	for (i = 0; i < count; i++) {
		total += parts[i].len;
	}
	kh_buf_init(out, total);
	for (i = 0; i < count && status == KH_OK; i++) {
		status = kh_buf_append_str(out, parts[i]);
	}
	return status == KH_OK ? KH_OK : kh_error_set(error, status, "no room for what is signed");
}

static kh_status sign_shared(
	const kh_sign_key *key, const kh_str *parts, size_t count, kh_buf *out, kh_error *error)
{
	kh_mac mac;
	kh_status status = kh_mac_compute(
		"SHA256", (kh_str){(const char *)key->bytes, key->len}, parts, count, &mac, error);

	if (status == KH_OK) {
		status = kh_buf_append_str(out, KH_STR(SHARED_TAG));
		if (status == KH_OK) {
			status = kh_base64_append(out, kh_mac_str(&mac));
		}
		if (status != KH_OK) {
			kh_error_set(error, status, "no room for a signature");
		}
	}
	OPENSSL_cleanse(&mac, sizeof(mac));
	return status;
}

static bool run_ed25519(const kh_sign_key *key, kh_str text, unsigned char *signature)
{
	EVP_PKEY *loaded = load(key);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t len = ED25519_SIGNATURE_BYTES;
	bool done =
		loaded != NULL && context != NULL &&
		EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, loaded, NULL) == 1 &&
		EVP_DigestSign(context, signature, &len, (const unsigned char *)text.data, text.len) == 1 &&
		len == ED25519_SIGNATURE_BYTES;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(loaded);
	return done;
}

static kh_status sign_private(
	const kh_sign_key *key, const kh_str *parts, size_t count, kh_buf *out, kh_error *error)
{
	unsigned char signature[ED25519_SIGNATURE_BYTES];
	kh_buf text;
	kh_status status = join(parts, count, &text, error);

	ERR_set_mark();
	if (status == KH_OK && !run_ed25519(key, kh_buf_str(&text), signature)) {
		status = kh_openssl_refused(error, "sign with Ed25519");
	} else if (status == KH_OK) {
		status = append_key(out, KH_STR(ASYMMETRIC_TAG), signature, sizeof(signature));
		if (status != KH_OK) {
			kh_error_set(error, status, "no room for a signature");
		}
	}
	ERR_pop_to_mark();
	kh_buf_wipe(&text);
	return status;
}

kh_status kh_sign_key_sign(
	const kh_sign_key *key, const kh_str *parts, size_t count, kh_buf *out, kh_error *error)
{
	switch (key->kind) {
	case KH_SIGN_SHARED:
		return sign_shared(key, parts, count, out, error);
	case KH_SIGN_PRIVATE:
		return sign_private(key, parts, count, out, error);
	case KH_SIGN_PUBLIC:
		break;
	}
	return kh_error_set(error, KH_ERR_INVALID,
		"a public key (" PUBLIC_PREFIX ") can't sign: it belongs to the receiver; enter the "
		"private one (" PRIVATE_PREFIX ")");
}

/* The next of the signatures with blanks between them; false behind the last one. */
static bool next_entry(kh_str header, size_t *at, kh_str *entry)
{
	size_t end;

	while (*at < header.len && header.data[*at] == ' ') {
		(*at)++;
	}
	for (end = *at; end < header.len && header.data[end] != ' '; end++) {
	}
	*entry = (kh_str){header.data != NULL ? header.data + *at : NULL, end - *at};
	*at = end;
	return entry->len > 0;
}

/* Looks at all of them, whatever it finds. */
static kh_status verify_shared(const kh_sign_key *key, const kh_str *parts, size_t count,
	kh_str header, bool *valid, kh_error *error)
{
	kh_buf expected;
	kh_str entry;
	size_t at = 0;
	kh_status status;

	kh_buf_init(&expected, KH_SIGN_MAX_SIGNATURE_CHARS);
	status = sign_shared(key, parts, count, &expected, error);
	while (status == KH_OK && next_entry(header, &at, &entry)) {
		if (entry.len == expected.len &&
			CRYPTO_memcmp(entry.data, expected.data, expected.len) == 0) {
			*valid = true;
		}
	}
	/* A valid signature of somebody else's message must not be left where it could be read. */
	kh_buf_wipe(&expected);
	return status;
}

static bool is_signature(EVP_PKEY *key, kh_str text, kh_str entry)
{
	unsigned char signature[KH_BASE64_DECODED_MAX(BASE64_CHARS(ED25519_SIGNATURE_BYTES))];
	size_t len = 0;
	EVP_MD_CTX *context;
	bool valid;

	if (!cut_prefix(&entry, ASYMMETRIC_TAG) || entry.len != BASE64_CHARS(ED25519_SIGNATURE_BYTES) ||
		!kh_base64_decode(entry, KH_BASE64_STANDARD, signature, &len) ||
		len != ED25519_SIGNATURE_BYTES) {
		return false;
	}
	context = EVP_MD_CTX_new();
	valid =
		context != NULL &&
		EVP_DigestVerifyInit_ex(context, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
		EVP_DigestVerify(context, signature, len, (const unsigned char *)text.data, text.len) == 1;
	EVP_MD_CTX_free(context);
	return valid;
}

static kh_status verify_asymmetric(const kh_sign_key *key, const kh_str *parts, size_t count,
	kh_str header, bool *valid, kh_error *error)
{
	EVP_PKEY *loaded = NULL;
	kh_str entry;
	kh_buf text;
	size_t at = 0, looked_at = 0;
	kh_status status = join(parts, count, &text, error);

	ERR_set_mark();
	if (status == KH_OK) {
		loaded = load(key);
		if (loaded == NULL) {
			status = kh_openssl_refused(error, "use an Ed25519 key");
		}
	}
	while (status == KH_OK && looked_at < MAX_ASYMMETRIC_SIGNATURES &&
		   next_entry(header, &at, &entry)) {
		looked_at += entry.len > sizeof(ASYMMETRIC_TAG);
		*valid = is_signature(loaded, kh_buf_str(&text), entry) || *valid;
	}
	EVP_PKEY_free(loaded);
	ERR_pop_to_mark();
	kh_buf_wipe(&text);
	return status;
}

kh_status kh_sign_key_verify(const kh_sign_key *key, const kh_str *parts, size_t count,
	kh_str header, bool *valid, kh_error *error)
{
	*valid = false;
	return key->kind == KH_SIGN_SHARED ? verify_shared(key, parts, count, header, valid, error)
									   : verify_asymmetric(key, parts, count, header, valid, error);
}
