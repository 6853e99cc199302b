#include "kh_sign.h"

#include "kh_openssl.h"
#include "kh_sign_key.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <stdio.h>

#define NEW_SECRET_BYTES 32

/* What is signed, in pieces, so that a large body is not copied. */
typedef struct message {
	char timestamp[24];
	kh_str parts[5];
} message;

#define PART_COUNT 5

static void set_message(message *message, kh_str id, int64_t timestamp_s, kh_str body)
{
	int len = snprintf(message->timestamp, sizeof(message->timestamp), "%" PRId64, timestamp_s);
	const kh_str parts[PART_COUNT] = {
		id, KH_STR("."), {message->timestamp, (size_t)len}, KH_STR("."), body};

	memcpy(message->parts, parts, sizeof(parts));
}

kh_status kh_sign_check_secret(kh_str secret, kh_error *error)
{
	kh_sign_key key;
	kh_status status = kh_sign_key_decode(secret, &key, error);

	if (status == KH_OK && key.kind == KH_SIGN_PUBLIC) {
		status = kh_sign_key_sign(&key, NULL, 0, NULL, error); /* it says why not */
	}
	OPENSSL_cleanse(&key, sizeof(key));
	return status;
}

kh_status kh_sign_new_secret(kh_buf *out, kh_error *error)
{
	unsigned char bytes[NEW_SECRET_BYTES];
	kh_status status;

	ERR_set_mark();
	if (RAND_bytes(bytes, sizeof(bytes)) == 1) {
		status = kh_buf_append_str(out, KH_STR("whsec_"));
		if (status == KH_OK) {
			status = kh_base64_append(out, (kh_str){(const char *)bytes, sizeof(bytes)});
		}
		if (status != KH_OK) {
			kh_error_set(error, status, "no room for a signing secret");
		}
	} else {
		status = kh_openssl_refused(error, "give random bytes");
	}
	ERR_pop_to_mark();
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return status;
}

kh_status kh_sign_new_pair(kh_buf *private_key, kh_buf *public_key, kh_error *error)
{
	return kh_sign_key_new_pair(private_key, public_key, error);
}

/*
 * A dot in the id would make two messages sign alike: "a" at 1 with the body "2.x", and "a.1" at 2
 * with the body "x". The specification forbids it.
 */
static bool is_id(kh_str id)
{
	return id.len > 0 && memchr(id.data, '.', id.len) == NULL;
}

static kh_status sign_with(kh_buf *out, kh_str secret, const message *message, kh_error *error)
{
	kh_sign_key key;
	kh_status status = kh_sign_key_decode(secret, &key, error);

	if (status == KH_OK) {
		status = kh_sign_key_sign(&key, message->parts, PART_COUNT, out, error);
	}
	OPENSSL_cleanse(&key, sizeof(key));
	return status;
}

kh_status kh_sign_message(kh_buf *out, const kh_str *secrets, size_t count, kh_str id,
	int64_t timestamp_s, kh_str body, kh_error *error)
{
	message message;
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
	set_message(&message, id, timestamp_s, body);
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

static kh_status verify_with(
	kh_str secret, const message *message, kh_str header, bool *valid, kh_error *error)
{
	kh_sign_key key;
	kh_status status = kh_sign_key_decode(secret, &key, error);

	*valid = false;
	if (status == KH_OK) {
		status = kh_sign_key_verify(&key, message->parts, PART_COUNT, header, valid, error);
	}
	OPENSSL_cleanse(&key, sizeof(key));
	return status;
}

kh_status kh_sign_verify(const kh_str *secrets, size_t count, kh_str id, kh_str timestamp,
	kh_str header, kh_str body, int64_t now_s, int64_t tolerance_s, bool *valid, kh_error *error)
{
	message message;
	kh_status status = KH_OK;
	bool found = false, in_time, one;
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
	set_message(&message, id, timestamp_s, body);
	for (i = 0; i < count && status == KH_OK; i++) {
		status = verify_with(secrets[i], &message, header, &one, error);
		found = found || one;
	}
	*valid = status == KH_OK && found && in_time;
	return status;
}
