#include "kh_random.h"

#include <openssl/rand.h>
#include <stdio.h>

#define KH_RANDOM_MAX_HEX_BYTES 32

static kh_status kh_random_bytes(unsigned char *bytes, size_t count, kh_error *error)
{
	if (RAND_bytes(bytes, (int)count) != 1) {
		return kh_error_set(error, KH_ERR_CRYPTO, "OpenSSL's random generator is not ready.");
	}
	return KH_OK;
}

static void kh_random_write_hex(char *hex, const unsigned char *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < count; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[2 * count] = '\0';
}

kh_status kh_random_hex(char *hex, size_t bytes, kh_error *error)
{
	unsigned char raw[KH_RANDOM_MAX_HEX_BYTES];
	if (bytes > sizeof(raw)) {
		return kh_error_set(
			error, KH_ERR_INVALID, "At most %d random bytes at once.", KH_RANDOM_MAX_HEX_BYTES);
	}
	kh_status status = kh_random_bytes(raw, bytes, error);
	if (status == KH_OK) {
		kh_random_write_hex(hex, raw, bytes);
	}
	return status;
}

kh_status kh_random_uuid7(int64_t unix_ms, char uuid[KH_UUID_BYTES + 1], kh_error *error)
{
	unsigned char raw[16];
	kh_status status = kh_random_bytes(raw + 6, sizeof(raw) - 6, error);
	if (status != KH_OK) {
		return status;
	}
	for (int i = 0; i < 6; i++) {
		raw[i] = (unsigned char)((uint64_t)unix_ms >> (8 * (5 - i)));
	}
	raw[6] = (unsigned char)(0x70 | (raw[6] & 0x0f));
	raw[8] = (unsigned char)(0x80 | (raw[8] & 0x3f));

	char hex[33];
	kh_random_write_hex(hex, raw, sizeof(raw));
	snprintf(uuid, KH_UUID_BYTES + 1, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
		hex + 20);
	return KH_OK;
}

double kh_random_unit(void)
{
	uint64_t bits = 0;
	if (RAND_bytes((unsigned char *)&bits, sizeof(bits)) != 1) {
		return 0.5; /* jitter only: the middle is always a valid choice */
	}
	return (double)(bits >> 11) / 9007199254740992.0; /* 53 bits, as many as a double holds */
}
