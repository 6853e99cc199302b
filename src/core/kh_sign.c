#include "kh_sign.h"

#include <inttypes.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdio.h>

#define SECRET_PREFIX "whsec_"
#define SECRET_MIN_BYTES 24
#define SECRET_MAX_BYTES 64
#define NEW_SECRET_BYTES 32
#define BASE64_CHARS(bytes) (((bytes) + 2) / 3 * 4)
#define SECRET_MAX_CHARS BASE64_CHARS(SECRET_MAX_BYTES)
#define MAC_BYTES 32
#define SIGNATURE_PREFIX "v1,"
#define SIGNATURE_CHARS (sizeof(SIGNATURE_PREFIX) - 1 + BASE64_CHARS(MAC_BYTES))

typedef struct signing_key {
	unsigned char bytes[KH_BASE64_DECODED_MAX(SECRET_MAX_CHARS)];
	size_t len;
} signing_key;

/* What is signed, in pieces, so that a large body is not copied. */
typedef struct message {
	kh_str id;
	char timestamp[24];
	kh_str body;
} message;

/* No part of the secret gets into the error. */
static kh_status decode_secret(kh_str secret, signing_key *key, kh_error *error)
{
	const size_t prefix = sizeof(SECRET_PREFIX) - 1;

	if (secret.len >= prefix && memcmp(secret.data, SECRET_PREFIX, prefix) == 0) {
		secret.data += prefix;
		secret.len -= prefix;
	}
	if (secret.len > SECRET_MAX_CHARS ||
		!kh_base64_decode(secret, KH_BASE64_STANDARD, key->bytes, &key->len) ||
		key->len < SECRET_MIN_BYTES || key->len > SECRET_MAX_BYTES) {
		return kh_error_set(error, KH_ERR_INVALID,
			"a signing secret must be " SECRET_PREFIX " and behind it base64 of %d to %d random "
			"bytes; this one is not",
			SECRET_MIN_BYTES, SECRET_MAX_BYTES);
	}
	return KH_OK;
}

kh_status kh_sign_check_secret(kh_str secret, kh_error *error)
{
	signing_key key;
	kh_status status = decode_secret(secret, &key, error);

	OPENSSL_cleanse(&key, sizeof(key));
	return status;
}

/* Call before ERR_pop_to_mark, which forgets the reason. */
static kh_status openssl_refused(kh_error *error, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	return kh_error_set(error, KH_ERR_CRYPTO, "OpenSSL can't %s: %s", what,
		reason != NULL ? reason : "no reason given");
}

kh_status kh_sign_new_secret(kh_buf *out, kh_error *error)
{
	unsigned char bytes[NEW_SECRET_BYTES];
	kh_status status;

	ERR_set_mark();
	if (RAND_bytes(bytes, sizeof(bytes)) == 1) {
		status = kh_buf_append_str(out, KH_STR(SECRET_PREFIX));
		if (status == KH_OK) {
			status = kh_base64_append(out, (kh_str){(const char *)bytes, sizeof(bytes)});
		}
		if (status != KH_OK) {
			kh_error_set(error, status, "no room for a signing secret");
		}
	} else {
		status = openssl_refused(error, "give random bytes");
	}
	ERR_pop_to_mark();
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return status;
}

/*
 * A dot in the id would make two messages sign alike: "a" at 1 with the body "2.x", and "a.1" at 2
 * with the body "x". The specification forbids it.
 */
static bool is_id(kh_str id)
{
	return id.len > 0 && memchr(id.data, '.', id.len) == NULL;
}

static bool update(EVP_MAC_CTX *context, const char *data, size_t len)
{
	return len == 0 || EVP_MAC_update(context, (const unsigned char *)data, len) == 1;
}

static bool run_mac(
	EVP_MAC_CTX *context, const signing_key *key, const message *message, unsigned char *mac)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	size_t mac_len = 0;

	return EVP_MAC_init(context, key->bytes, key->len, params) == 1 &&
		   update(context, message->id.data, message->id.len) && update(context, ".", 1) &&
		   update(context, message->timestamp, strlen(message->timestamp)) &&
		   update(context, ".", 1) && update(context, message->body.data, message->body.len) &&
		   EVP_MAC_final(context, mac, &mac_len, MAC_BYTES) == 1 && mac_len == MAC_BYTES;
}

/* Appends "v1,base64" for one secret. */
static kh_status sign_once(
	kh_buf *out, const signing_key *key, const message *message, kh_error *error)
{
	unsigned char bytes[MAC_BYTES];
	EVP_MAC *mac;
	EVP_MAC_CTX *context = NULL;
	kh_status status;

	ERR_set_mark();
	mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
	if (mac != NULL) {
		context = EVP_MAC_CTX_new(mac);
	}
	if (context == NULL || !run_mac(context, key, message, bytes)) {
		status = openssl_refused(error, "compute HMAC-SHA256");
	} else {
		status = kh_buf_append_str(out, KH_STR(SIGNATURE_PREFIX));
		if (status == KH_OK) {
			status = kh_base64_append(out, (kh_str){(const char *)bytes, sizeof(bytes)});
		}
		if (status != KH_OK) {
			kh_error_set(error, status, "no room for a signature");
		}
	}
	EVP_MAC_CTX_free(context);
	EVP_MAC_free(mac);
	ERR_pop_to_mark();
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return status;
}

static kh_status sign_with(kh_buf *out, kh_str secret, const message *message, kh_error *error)
{
	signing_key key;
	kh_status status = decode_secret(secret, &key, error);

	if (status == KH_OK) {
		status = sign_once(out, &key, message, error);
	}
	OPENSSL_cleanse(&key, sizeof(key));
	return status;
}

kh_status kh_sign_v1(kh_buf *out, const kh_str *secrets, size_t count, kh_str id,
	int64_t timestamp_s, kh_str body, kh_error *error)
{
	message message = {.id = id, .body = body};
	size_t i, start = out->len;
	kh_status status = KH_OK;

	if (count == 0) {
		return kh_error_set(error, KH_ERR_INVALID, "there is no signing secret to sign with");
	}
	if (!is_id(id)) {
		return kh_error_set(
			error, KH_ERR_INVALID, "the message id to be signed must not be empty or have a dot");
	}
	if (timestamp_s <= 0) {
		return kh_error_set(
			error, KH_ERR_INVALID, "the timestamp to be signed must be seconds since 1970");
	}
	snprintf(message.timestamp, sizeof(message.timestamp), "%" PRId64, timestamp_s);
	for (i = 0; i < count && status == KH_OK; i++) {
		if (i > 0) {
			status = kh_buf_append_char(out, ' ');
		}
		if (status == KH_OK) {
			status = sign_with(out, secrets[i], &message, error);
		} else {
			kh_error_set(error, status, "no room for a signature");
		}
	}
	if (status != KH_OK && out->data != NULL) {
		out->len = start;
		out->data[start] = '\0';
	}
	return status;
}

/* Digits alone, as a sender writes them: no sign, no blank, no leading zero. */
static bool parse_timestamp(kh_str text, int64_t *timestamp_s)
{
	int64_t value = 0;
	size_t i;

	if (text.len == 0 || text.len > 18 || text.data[0] == '0') {
		return false;
	}
	for (i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9') {
			return false;
		}
		value = value * 10 + (text.data[i] - '0');
	}
	*timestamp_s = value;
	return true;
}

static bool is_recent(int64_t timestamp_s, int64_t now_s, int64_t tolerance_s)
{
	uint64_t a = (uint64_t)timestamp_s, b = (uint64_t)now_s;

	return (timestamp_s > now_s ? a - b : b - a) <= (uint64_t)tolerance_s;
}

/* Is expected one of the signatures in the header? Looks at all of them, whatever it finds. */
static bool header_has(kh_str header, kh_str expected)
{
	size_t at = 0, end;
	bool found = false;

	while (at < header.len) {
		for (end = at; end < header.len && header.data[end] != ' '; end++) {
		}
		if (end - at == expected.len &&
			CRYPTO_memcmp(header.data + at, expected.data, expected.len) == 0) {
			found = true;
		}
		at = end + 1;
	}
	return found;
}

kh_status kh_sign_verify(const kh_str *secrets, size_t count, kh_str id, kh_str timestamp,
	kh_str header, kh_str body, int64_t now_s, int64_t tolerance_s, bool *valid, kh_error *error)
{
	message message = {.id = id, .body = body};
	kh_buf expected;
	kh_status status = KH_OK;
	bool found = false, in_time;
	int64_t timestamp_s = 0;
	size_t i;

	*valid = false;
	if (count == 0) {
		return kh_error_set(error, KH_ERR_INVALID, "there is no signing secret to verify with");
	}
	if (tolerance_s < 0) {
		return kh_error_set(error, KH_ERR_INVALID, "the tolerance must not be negative");
	}
	in_time = is_id(id) && parse_timestamp(timestamp, &timestamp_s) &&
			  is_recent(timestamp_s, now_s, tolerance_s);
	snprintf(message.timestamp, sizeof(message.timestamp), "%" PRId64, timestamp_s);
	kh_buf_init(&expected, SIGNATURE_CHARS);
	for (i = 0; i < count && status == KH_OK; i++) {
		kh_buf_clear(&expected);
		status = sign_with(&expected, secrets[i], &message, error);
		if (status == KH_OK && header_has(header, kh_buf_str(&expected))) {
			found = true;
		}
	}
	/* A valid signature of somebody else's message must not be left where it could be read. */
	kh_buf_wipe(&expected);
	*valid = status == KH_OK && found && in_time;
	return status;
}
