#include "kh_certificate_parts.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <stdlib.h>

/* How often a file may have its password hashed; others use 2,048 to 600,000. */
#define MOST_ITERATIONS 2000000L

/* OpenSSL as only this file sees it. */
struct room {
	OSSL_LIB_CTX *context;
	OSSL_PROVIDER *standard;
	OSSL_PROVIDER *legacy; /* NULL: this system has none; what is not old can still be read */
};

static void leave(struct room *room)
{
	if (room->legacy != NULL) {
		OSSL_PROVIDER_unload(room->legacy);
	}
	if (room->standard != NULL) {
		OSSL_PROVIDER_unload(room->standard);
	}
	OSSL_LIB_CTX_free(room->context);
}

static kh_status enter(struct room *room, kh_error *error)
{
	*room = (struct room){.context = OSSL_LIB_CTX_new()};
	if (room->context != NULL) {
		room->standard = OSSL_PROVIDER_load(room->context, "default");
	}
	if (room->standard == NULL) {
		return kh_error_set(error, KH_ERR_CRYPTO, "OpenSSL's default provider can't be loaded (%s)",
			kh_certificate_reason());
	}
	room->legacy = OSSL_PROVIDER_load(room->context, "legacy");
	ERR_clear_error();
	return KH_OK;
}

/* Through a BIO: d2i_PKCS12 forgets the context of the file it is given (OpenSSL 3.0). */
static PKCS12 *read_file(const struct room *room, kh_str p12)
{
	BIO *bio = BIO_new_mem_buf(p12.data, (int)p12.len);
	PKCS12 *file = PKCS12_init_ex(NID_pkcs7_data, room->context, NULL);

	if (bio == NULL || file == NULL || d2i_PKCS12_bio(bio, &file) == NULL) {
		PKCS12_free(file); /* NULL by now where d2i has freed it */
		file = NULL;
	}
	BIO_free(bio);
	return file;
}

static bool is_many(const ASN1_INTEGER *iterations)
{
	long count = iterations != NULL ? ASN1_INTEGER_get(iterations) : 0;

	return count < 0 || count > MOST_ITERATIONS; /* -1: it does not even fit */
}

/* How a part is encrypted: by PBES2 with PBKDF2, or as PKCS#12 had it at first. */
static bool is_slow_algorithm(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *name = NULL;
	const void *parameter = NULL;
	int type = 0;
	PBE2PARAM *outer = NULL;
	PBKDF2PARAM *inner = NULL;
	PBEPARAM *old = NULL;
	bool slow = false;

	X509_ALGOR_get0(&name, &type, &parameter, algorithm);
	if (type != V_ASN1_SEQUENCE || parameter == NULL) {
		return false;
	}
	if (OBJ_obj2nid(name) == NID_pbes2) {
		outer = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter);
		if (outer != NULL && OBJ_obj2nid(outer->keyfunc->algorithm) == NID_id_pbkdf2 &&
			outer->keyfunc->parameter != NULL) {
			inner =
				ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), outer->keyfunc->parameter);
		}
		slow = inner != NULL && is_many(inner->iter);
	} else {
		old = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), algorithm->parameter);
		slow = old != NULL && is_many(old->iter);
	}
	PBKDF2PARAM_free(inner);
	PBE2PARAM_free(outer);
	PBEPARAM_free(old);
	return slow;
}

/* The keys of a part that is not encrypted as a whole are so one by one. */
static bool has_slow_key(PKCS7 *part)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = PKCS12_unpack_p7data(part);
	bool slow = false;

	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && !slow; i++) {
		const X509_SIG *shrouded = PKCS12_SAFEBAG_get0_pkcs8(sk_PKCS12_SAFEBAG_value(bags, i));
		const X509_ALGOR *algorithm = NULL;
		if (shrouded != NULL) {
			X509_SIG_get0(shrouded, &algorithm, NULL);
			slow = is_slow_algorithm(algorithm);
		}
	}
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return slow;
}

/* Before a password is tried, which is when the hashing begins. */
static bool takes_too_long(const PKCS12 *file)
{
	const ASN1_INTEGER *iterations = NULL;
	STACK_OF(PKCS7) * parts;
	bool slow;

	PKCS12_get0_mac(NULL, NULL, NULL, &iterations, file);
	slow = is_many(iterations);
	parts = PKCS12_unpack_authsafes(file);
	for (int i = 0; i < sk_PKCS7_num(parts) && !slow; i++) {
		PKCS7 *part = sk_PKCS7_value(parts, i);
		if (PKCS7_type_is_encrypted(part)) {
			slow = is_slow_algorithm(part->d.encrypted->enc_data->algorithm);
		} else if (PKCS7_type_is_data(part)) {
			slow = has_slow_key(part);
		}
	}
	sk_PKCS7_pop_free(parts, PKCS7_free);
	ERR_clear_error();
	return slow;
}

static kh_status check_file(PKCS12 *file, const char *password, kh_error *error)
{
	if (file == NULL) {
		return kh_error_set(error, KH_ERR_INVALID,
			"this is not a PKCS#12 file (.p12 or .pfx); a certificate that begins with "
			"\"-----BEGIN\" is PEM, and is entered as text");
	}
	if (takes_too_long(file)) {
		return kh_error_set(error, KH_ERR_TOO_LARGE,
			"this file hashes its password more than %ld times: export it again with fewer",
			MOST_ITERATIONS);
	}
	if (PKCS12_mac_present(file) && PKCS12_verify_mac(file, password, -1) != 1) {
		return kh_error_set(error, KH_ERR_INVALID,
			"the file can't be opened with this password: enter the one that it was exported with");
	}
	return KH_OK;
}

static bool add_one(STACK_OF(X509) * list, X509 *certificate)
{
	if (X509_up_ref(certificate) != 1) {
		return false;
	}
	if (sk_X509_push(list, certificate) <= 0) {
		X509_free(certificate);
		return false;
	}
	return true;
}

/* The leaf first, then the rest. */
static kh_status gather(X509 *leaf, STACK_OF(X509) * rest, STACK_OF(X509) * *out, kh_error *error)
{
	int i;

	*out = sk_X509_new_null();
	if (*out == NULL || !add_one(*out, leaf)) {
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for the certificate");
	}
	if (sk_X509_num(rest) >= KH_CERTIFICATE_MAX_COUNT) {
		return kh_error_set(error, KH_ERR_TOO_LARGE,
			"the file has more than %d certificates: export it with those of its own chain only",
			KH_CERTIFICATE_MAX_COUNT);
	}
	for (i = 0; i < sk_X509_num(rest); i++) {
		if (!add_one(*out, sk_X509_value(rest, i))) {
			return kh_error_set(error, KH_ERR_MEMORY, "out of memory for the certificate");
		}
	}
	return KH_OK;
}

static kh_status open_file(
	const struct room *room, kh_str p12, const char *password, kh_certificate *out, kh_error *error)
{
	PKCS12 *file = read_file(room, p12);
	EVP_PKEY *key = NULL;
	X509 *leaf = NULL;
	STACK_OF(X509) *rest = NULL, *all = NULL;
	kh_status status = check_file(file, password, error);

	if (status == KH_OK && PKCS12_parse(file, password, &key, &leaf, &rest) != 1) {
		status = kh_error_set(error, KH_ERR_INVALID,
			"the file can't be read%s (%s): export it again, encrypted with AES",
			room->legacy != NULL ? "" : ", and this server's OpenSSL does not know the old ways",
			kh_certificate_reason());
	}
	if (status == KH_OK && (key == NULL || leaf == NULL)) {
		status = kh_error_set(error, KH_ERR_INVALID,
			key == NULL ? "the file has no private key: export it again together with the key"
						: "the file has no certificate for its private key: export it again");
	}
	if (status == KH_OK) {
		status = gather(leaf, rest, &all, error);
	}
	if (status == KH_OK) {
		status = kh_certificate_fill(out, all, key, error);
	}
	sk_X509_pop_free(all, X509_free);
	sk_X509_pop_free(rest, X509_free);
	X509_free(leaf);
	EVP_PKEY_free(key);
	PKCS12_free(file);
	ERR_clear_error();
	return status;
}

kh_status kh_pkcs12_to_pem(kh_str p12, kh_str password, kh_certificate *out, kh_error *error)
{
	struct room room;
	char *terminated;
	kh_status status;

	if (p12.len > KH_CERTIFICATE_MAX_BYTES || password.len > 1000) {
		return kh_error_set(error, KH_ERR_TOO_LARGE,
			"the file is longer than %d bytes, or its password longer than 1000",
			KH_CERTIFICATE_MAX_BYTES);
	}
	if (password.len > 0 && memchr(password.data, '\0', password.len) != NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "the password has a NUL character");
	}
	terminated = kh_str_copy(password);
	if (terminated == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for the password");
	}
	status = enter(&room, error);
	if (status == KH_OK) {
		status = open_file(&room, p12, terminated, out, error);
	}
	leave(&room);
	OPENSSL_cleanse(terminated, password.len);
	free(terminated);
	return status;
}
