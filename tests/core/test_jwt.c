#include "check.h"
#include "keys.h"
#include "kh_base64.h"
#include "kh_jwt.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

/* The claims that RFC 7515 signs. */
#define CLAIMS "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
#define CLAIMS_64                                                                                  \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnV"  \
	"lfQ"
#define RS256_SIGNATURE                                                                            \
	"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"        \
	"O8W2Fp5j"                                                                                     \
	"ujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"                                            \
	"nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L"                                                 \
	"07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"                                                \
	"eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUi"                                            \
	"pUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static kh_status sign(const char *algorithm, kh_str key, const char *header, const char *claims,
	kh_buf *out, kh_error *error)
{
	const kh_jwt_algorithm *found = kh_jwt_find(str(algorithm));

	kh_buf_init(out, KH_JWT_MAX_BYTES);
	CHECK(found != NULL);
	return kh_jwt_sign(found, key, str(header), str(claims), out, error);
}

static void check_token(
	const char *algorithm, kh_str key, const char *header, const char *claims, const char *expected)
{
	kh_error error = {0};
	kh_buf token;

	CHECK_STATUS(sign(algorithm, key, header, claims, &token, &error), KH_OK);
	CHECK_STR(error.message, "");
	CHECK_BYTES(token, expected);
	kh_buf_wipe(&token);
}

static kh_str rfc_7515_secret(unsigned char *bytes)
{
	size_t len = 0;

	CHECK(kh_base64_decode(KH_STR("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"
								  "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"),
		KH_BASE64_URL, bytes, &len));
	return (kh_str){(char *)bytes, len};
}

static void hs256_is_rfc_7515_a1(void)
{
	unsigned char bytes[100];

	check_token("HS256", rfc_7515_secret(bytes), "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}", CLAIMS,
		"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." CLAIMS_64
		".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

/* Computed with Python's hmac. */
static void hs384_and_hs512_are_longer(void)
{
	check_token("HS384", KH_STR("secret"), "{\"alg\":\"HS384\"}", "{}",
		"eyJhbGciOiJIUzM4NCJ9.e30.NiHzbLtCILGVuQuB6OAWY_lIAsa1ryzjXgmlXNBffdge11DNdD-"
		"aoxgo5ZOwtJza");
	check_token("HS512", KH_STR("secret"), "{\"alg\":\"HS512\"}", "{}",
		"eyJhbGciOiJIUzUxMiJ9.e30.P_BilX5OMTZKsBDTFb9h2C5aNxDSLeVYdFVlW-"
		"kFPt8qhmCbCCSc59tt4AGdEHRhjIdKjE-Q-d0Se3XEk0_EuQ");
}

static void rs256_is_rfc_7515_a2(void)
{
	check_token("RS256", str(RSA_PEM), "{\"alg\":\"RS256\"}", CLAIMS,
		"eyJhbGciOiJSUzI1NiJ9." CLAIMS_64 "." RS256_SIGNATURE);
	check_token("RS256", str(RSA_PKCS1_PEM), "{\"alg\":\"RS256\"}", CLAIMS,
		"eyJhbGciOiJSUzI1NiJ9." CLAIMS_64 "." RS256_SIGNATURE);
}

static void eddsa_is_rfc_8037_a4(void)
{
	check_token("EdDSA", str(ED_PEM), "{\"alg\":\"EdDSA\"}", "Example of Ed25519 signing",
		"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
		"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

/* A PEM as it stands in a JSON file, and one with Windows' line ends. */
static void a_pem_may_have_its_line_breaks_written_out(void)
{
	check_token("EdDSA",
		KH_STR("-----BEGIN PRIVATE KEY-----\\n"
			   "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\\n"
			   "-----END PRIVATE KEY-----\\n"),
		"{\"alg\":\"EdDSA\"}", "Example of Ed25519 signing",
		"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
		"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
	check_token("EdDSA",
		KH_STR("-----BEGIN PRIVATE KEY-----\r\n"
			   "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\r\n"
			   "-----END PRIVATE KEY-----\r\n"),
		"{\"alg\":\"EdDSA\"}", "Example of Ed25519 signing",
		"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
		"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

/* Is signature, r and s in 32 bytes each, one of EC_PUBLIC_PEM's over text? Through DER. */
static bool es256_is_valid(kh_str text, const unsigned char *signature)
{
	ECDSA_SIG *parts = ECDSA_SIG_new();
	BIO *bio = BIO_new_mem_buf(EC_PUBLIC_PEM, -1);
	EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char *der = NULL;
	int der_len;
	bool valid;

	ECDSA_SIG_set0(parts, BN_bin2bn(signature, 32, NULL), BN_bin2bn(signature + 32, 32, NULL));
	der_len = i2d_ECDSA_SIG(parts, &der);
	valid = EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
			EVP_DigestVerify(
				context, der, (size_t)der_len, (const unsigned char *)text.data, text.len) == 1;
	OPENSSL_free(der);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	BIO_free(bio);
	ECDSA_SIG_free(parts);
	return valid;
}

/* Often enough to meet an r or s that begins with a zero byte, one in 128. */
static void es256_has_r_and_s_in_64_bytes(void)
{
	const char prefix[] = "eyJhbGciOiJFUzI1NiJ9." CLAIMS_64;
	int i;

	for (i = 0; i < 600; i++) {
		unsigned char signature[KH_BASE64_DECODED_MAX(86)];
		size_t len = 0;
		kh_buf token;
		CHECK_STATUS(sign("ES256", str(i % 2 ? EC_PEM : EC_SEC1_PEM), "{\"alg\":\"ES256\"}", CLAIMS,
						 &token, NULL),
			KH_OK);
		CHECK_INT(token.len, sizeof(prefix) + 86);
		CHECK(memcmp(token.data, prefix, sizeof(prefix) - 1) == 0);
		CHECK(kh_base64_decode((kh_str){token.data + sizeof(prefix), token.len - sizeof(prefix)},
			KH_BASE64_URL, signature, &len));
		CHECK_INT(len, 64);
		CHECK(es256_is_valid((kh_str){token.data, sizeof(prefix) - 1}, signature));
		signature[40] ^= 1;
		CHECK(!es256_is_valid((kh_str){token.data, sizeof(prefix) - 1}, signature));
		kh_buf_wipe(&token);
	}
}

static void check_refused(const char *algorithm, const char *key, const char *words)
{
	kh_error error = {0};
	kh_buf token;

	CHECK_STATUS(sign(algorithm, str(key), "{}", "{}", &token, &error), KH_ERR_INVALID);
	CHECK_CONTAINS(error.message, words);
	CHECK_CONTAINS(error.message, algorithm);
	CHECK(strstr(error.message, "MIG") == NULL && strstr(error.message, "hunter2") == NULL);
	CHECK_INT(token.len, 0);
	kh_buf_wipe(&token);
}

static void a_key_must_fit_the_algorithm(void)
{
	check_refused("RS256", EC_PEM, "needs an RSA private key, but this one is of the type EC");
	check_refused("RS256", ED_PEM, "of the type ED25519");
	check_refused("ES256", RSA_PEM, "needs a private key on the curve P-256, but this one is of");
	check_refused("ES256", EC384_PEM, "on secp384r1");
	check_refused("EdDSA", EC_PEM, "needs an Ed25519 private key");
	check_refused("HS256", RSA_PEM, "needs a shared secret, but this is a PEM");
	check_refused("RS256", "hunter2", "this is no PEM");
	check_refused("RS256", "", "this is no PEM");
}

static void a_key_that_cannot_be_read_says_why(void)
{
	kh_error error = {0};
	kh_buf token;

	check_refused("ES256", EC_ENCRYPTED_PEM, "protected by a passphrase");
	check_refused("ES256", EC_PUBLIC_PEM, "this is a public key");
	check_refused("RS256", "-----BEGIN CERTIFICATE-----\nMIGx\n", "this is a certificate");
	check_refused("EdDSA", "-----BEGIN OPENSSH PRIVATE KEY-----\nMIGx\n", "OpenSSH");
	check_refused("RS256", "-----BEGIN PRIVATE KEY-----\nMIGx\n", "damaged or cut off");
	CHECK_STATUS(sign("RS256", str(RSA1024_PEM), "{}", "{}", &token, &error), KH_ERR_INVALID);
	CHECK_CONTAINS(error.message, "at least 2048 bits, this one has 1024");
	kh_buf_wipe(&token);
	CHECK_STATUS(sign("HS256", KH_STR(""), "{}", "{}", &token, &error), KH_ERR_INVALID);
	CHECK_CONTAINS(error.message, "empty");
	kh_buf_wipe(&token);
}

static void what_is_too_long_is_refused(void)
{
	static char claims[KH_JWT_MAX_BYTES], key[KH_JWT_MAX_KEY_BYTES + 1];
	kh_error error = {0};
	kh_buf token;

	memset(claims, 'a', sizeof(claims) - 1);
	CHECK_STATUS(sign("HS256", KH_STR("k"), "{}", claims, &token, &error), KH_ERR_TOO_LARGE);
	CHECK_CONTAINS(error.message, "the token gets longer than 8192 bytes");
	kh_buf_wipe(&token);
	memset(key, 'a', sizeof(key));
	error = (kh_error){0};
	CHECK_STATUS(
		sign("RS256", (kh_str){key, sizeof(key)}, "{}", "{}", &token, &error), KH_ERR_TOO_LARGE);
	CHECK_CONTAINS(error.message, "the key is longer");
	kh_buf_wipe(&token);
}

static void unknown_algorithms_are_not_found(void)
{
	static const char *const UNKNOWN[] = {"", "none", "hs256", "HS2567", "RS", "PS256"};
	size_t i;

	for (i = 0; i < sizeof(UNKNOWN) / sizeof(UNKNOWN[0]); i++) {
		CHECK(kh_jwt_find(str(UNKNOWN[i])) == NULL);
	}
	CHECK(kh_jwt_is_symmetric(kh_jwt_find(KH_STR("HS512"))));
	CHECK(!kh_jwt_is_symmetric(kh_jwt_find(KH_STR("EdDSA"))));
	CHECK_STR(kh_jwt_name(kh_jwt_find(KH_STR("ES256"))), "ES256");
}

static void leaves_openssls_error_queue_alone(void)
{
	ERR_clear_error();
	check_refused("ES256", EC_ENCRYPTED_PEM, "passphrase");
	check_refused("RS256", "-----BEGIN PRIVATE KEY-----\nMIGx\n", "damaged");
	CHECK_INT(ERR_peek_error(), 0);
}

int main(void)
{
	RUN(hs256_is_rfc_7515_a1);
	RUN(hs384_and_hs512_are_longer);
	RUN(rs256_is_rfc_7515_a2);
	RUN(eddsa_is_rfc_8037_a4);
	RUN(a_pem_may_have_its_line_breaks_written_out);
	RUN(es256_has_r_and_s_in_64_bytes);
	RUN(a_key_must_fit_the_algorithm);
	RUN(a_key_that_cannot_be_read_says_why);
	RUN(what_is_too_long_is_refused);
	RUN(unknown_algorithms_are_not_found);
	RUN(leaves_openssls_error_queue_alone);
	return check_done();
}
