#include "kh_jwt.h"

#include "kh_base64.h"
#include "kh_mac.h"
#include "kh_openssl.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

#define RSA_MIN_BITS 2048 /* RFC 7518 3.3 */
#define P256_BYTES 32
#define MAX_SIGNATURE_BYTES 2048 /* RSA of 16384 bits */

struct kh_jwt_algorithm {
	const char *name;
	const char *digest;   /* NULL: the signature's own */
	const char *key_type; /* OpenSSL's name; NULL: a shared secret */
	const char *key_words;
};

static const kh_jwt_algorithm ALGORITHMS[] = {
	{"HS256", "SHA256", NULL, "a shared secret"},
	{"HS384", "SHA384", NULL, "a shared secret"},
	{"HS512", "SHA512", NULL, "a shared secret"},
	{"RS256", "SHA256", "RSA", "an RSA private key"},
	{"ES256", "SHA256", "EC", "a private key on the curve P-256"},
	{"EdDSA", NULL, "ED25519", "an Ed25519 private key"},
};

const kh_jwt_algorithm *kh_jwt_find(kh_str name)
{
	size_t i;

	for (i = 0; i < sizeof(ALGORITHMS) / sizeof(ALGORITHMS[0]); i++) {
		if (kh_str_equals(name, (kh_str){ALGORITHMS[i].name, strlen(ALGORITHMS[i].name)})) {
			return &ALGORITHMS[i];
		}
	}
	return NULL;
}

const char *kh_jwt_name(const kh_jwt_algorithm *algorithm)
{
	return algorithm->name;
}

bool kh_jwt_is_symmetric(const kh_jwt_algorithm *algorithm)
{
	return algorithm->key_type == NULL;
}

static bool contains(kh_str text, const char *words)
{
	return text.len > 0 && memmem(text.data, text.len, words, strlen(words)) != NULL;
}

/* No passphrase is ever asked for: without this OpenSSL would ask the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
	return -1;
}

/* A PEM as it came out of a JSON file has \n written out. */
static kh_status unescape(kh_str pem, kh_buf *out, kh_error *error)
{
	kh_status status = KH_OK;
	size_t i;

	for (i = 0; i < pem.len && status == KH_OK; i++) {
		bool escaped = pem.data[i] == '\\' && i + 1 < pem.len && pem.data[i + 1] == 'n';
		status = kh_buf_append_char(out, escaped ? '\n' : pem.data[i]);
		i += escaped;
	}
	return status == KH_OK ? KH_OK
						   : kh_error_set(error, status, "the key is longer than %d bytes",
								 KH_JWT_MAX_KEY_BYTES);
}

/* Why a text is no private key, for whoever pasted it. */
static kh_status no_private_key(const kh_jwt_algorithm *algorithm, kh_str pem, kh_error *error)
{
	const char *found = "this is no PEM (a text that begins with -----BEGIN PRIVATE KEY-----)";

	if (contains(pem, "ENCRYPTED")) {
		found = "this key is protected by a passphrase: enter it without one (openssl pkey -in "
				"FILE writes it)";
	} else if (contains(pem, "BEGIN PUBLIC KEY") || contains(pem, "BEGIN RSA PUBLIC KEY")) {
		found = "this is a public key, which belongs to the receiver";
	} else if (contains(pem, "BEGIN CERTIFICATE")) {
		found = "this is a certificate, which belongs to the receiver";
	} else if (contains(pem, "BEGIN OPENSSH PRIVATE KEY")) {
		found = "this key is in OpenSSH's own format: ssh-keygen -p -m PKCS8 -f FILE turns it "
				"into PEM";
	} else if (contains(pem, "-----BEGIN")) {
		found = "this PEM is damaged or cut off: copy all of it, with its first and last line";
	}
	return kh_error_set(error, KH_ERR_INVALID, "%s needs %s as PEM, but %s", algorithm->name,
		algorithm->key_words, found);
}

/* Is it of the type, size and curve that the algorithm has? */
static kh_status check_key(const kh_jwt_algorithm *algorithm, const EVP_PKEY *key, kh_error *error)
{
	char curve[64] = "";

	if (!EVP_PKEY_is_a(key, algorithm->key_type)) {
		const char *type = EVP_PKEY_get0_type_name(key);
		return kh_error_set(error, KH_ERR_INVALID, "%s needs %s, but this one is of the type %s",
			algorithm->name, algorithm->key_words, type != NULL ? type : "unknown");
	}
	if (EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) < RSA_MIN_BITS) {
		return kh_error_set(error, KH_ERR_INVALID,
			"an RSA key must have at least %d bits, this one has %d: make a new one", RSA_MIN_BITS,
			EVP_PKEY_get_bits(key));
	}
	if (EVP_PKEY_is_a(key, "EC")) {
		EVP_PKEY_get_group_name(key, curve, sizeof(curve), NULL);
		if (strcmp(curve, "prime256v1") != 0 && strcmp(curve, "P-256") != 0) {
			return kh_error_set(error, KH_ERR_INVALID, "%s needs %s, but this one is on %s",
				algorithm->name, algorithm->key_words, curve[0] != '\0' ? curve : "another");
		}
	}
	return KH_OK;
}

static kh_status read_key(
	const kh_jwt_algorithm *algorithm, kh_str pem, EVP_PKEY **out, kh_error *error)
{
	kh_buf text;
	BIO *bio = NULL;
	kh_status status;

	*out = NULL;
	kh_buf_init(&text, KH_JWT_MAX_KEY_BYTES);
	status = unescape(pem, &text, error);
	if (status != KH_OK) {
		goto done;
	}
	if (text.len > 0) {
		bio = BIO_new_mem_buf(text.data, (int)text.len);
	}
	if (bio != NULL) {
		*out = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	}
	status = *out == NULL ? no_private_key(algorithm, kh_buf_str(&text), error)
						  : check_key(algorithm, *out, error);
done:
	BIO_free(bio);
	kh_buf_wipe(&text);
	return status;
}

/* RFC 7518 3.4: r and s, 32 bytes each, where OpenSSL writes both as DER. */
static bool split_ecdsa(unsigned char *signature, size_t *len)
{
	const unsigned char *at = signature;
	ECDSA_SIG *parts = d2i_ECDSA_SIG(NULL, &at, (long)*len);
	bool done =
		parts != NULL &&
		BN_bn2binpad(ECDSA_SIG_get0_r(parts), signature, P256_BYTES) == P256_BYTES &&
		BN_bn2binpad(ECDSA_SIG_get0_s(parts), signature + P256_BYTES, P256_BYTES) == P256_BYTES;

	ECDSA_SIG_free(parts);
	*len = 2 * P256_BYTES;
	return done;
}

static bool run_signature(const kh_jwt_algorithm *algorithm, EVP_PKEY *key, kh_str text,
	unsigned char *signature, size_t *len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done =
		context != NULL &&
		EVP_DigestSignInit_ex(context, NULL, algorithm->digest, NULL, NULL, key, NULL) == 1 &&
		EVP_DigestSign(context, signature, len, (const unsigned char *)text.data, text.len) == 1;

	EVP_MD_CTX_free(context);
	return done && (!EVP_PKEY_is_a(key, "EC") || split_ecdsa(signature, len));
}

/* Appends the signature of a text by a private key. */
static kh_status sign_asymmetric(
	const kh_jwt_algorithm *algorithm, kh_str pem, kh_str text, kh_buf *out, kh_error *error)
{
	unsigned char signature[MAX_SIGNATURE_BYTES];
	size_t len = sizeof(signature);
	EVP_PKEY *key = NULL;
	kh_status status;

	ERR_set_mark();
	status = read_key(algorithm, pem, &key, error);
	if (status == KH_OK && !run_signature(algorithm, key, text, signature, &len)) {
		status = kh_openssl_refused(error, "sign a token");
	}
	EVP_PKEY_free(key);
	ERR_pop_to_mark();
	if (status == KH_OK) {
		status = kh_base64_append_url(out, (kh_str){(const char *)signature, len});
	}
	return status;
}

static kh_status sign_symmetric(
	const kh_jwt_algorithm *algorithm, kh_str secret, kh_str text, kh_buf *out, kh_error *error)
{
	kh_mac mac;
	kh_status status;

	if (secret.len == 0) {
		return kh_error_set(error, KH_ERR_INVALID, "the shared secret is empty");
	}
	if (contains(secret, "-----BEGIN")) {
		return kh_error_set(error, KH_ERR_INVALID,
			"%s needs a shared secret, but this is a PEM: choose RS256, ES256 or EdDSA for it",
			algorithm->name);
	}
	status = kh_mac_compute(algorithm->digest, secret, &text, 1, &mac, error);
	if (status == KH_OK) {
		status = kh_base64_append_url(out, kh_mac_str(&mac));
	}
	OPENSSL_cleanse(&mac, sizeof(mac));
	return status;
}

static kh_status append_signed_part(kh_buf *text, kh_str header, kh_str claims)
{
	kh_status status = kh_base64_append_url(text, header);

	if (status == KH_OK) {
		status = kh_buf_append_char(text, '.');
	}
	return status == KH_OK ? kh_base64_append_url(text, claims) : status;
}

kh_status kh_jwt_sign(const kh_jwt_algorithm *algorithm, kh_str key, kh_str header, kh_str claims,
	kh_buf *out, kh_error *error)
{
	kh_error local = {0};
	kh_buf text, token;
	kh_status status;

	error = error != NULL ? error : &local;
	kh_buf_init(&text, KH_JWT_MAX_BYTES);
	kh_buf_init(&token, KH_JWT_MAX_BYTES);
	status = append_signed_part(&text, header, claims);
	if (status == KH_OK) {
		status = kh_buf_append_str(&token, kh_buf_str(&text));
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(&token, '.');
	}
	if (status == KH_OK) {
		status = kh_jwt_is_symmetric(algorithm)
					 ? sign_symmetric(algorithm, key, kh_buf_str(&text), &token, error)
					 : sign_asymmetric(algorithm, key, kh_buf_str(&text), &token, error);
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(out, kh_buf_str(&token));
	}
	if (status == KH_ERR_TOO_LARGE && error->status != status) {
		kh_error_set(error, status, "the token gets longer than %d bytes", KH_JWT_MAX_BYTES);
	}
	kh_buf_wipe(&text);
	kh_buf_wipe(&token);
	return status;
}
