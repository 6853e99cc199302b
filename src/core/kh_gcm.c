#include "kh_gcm.h"

#include <openssl/evp.h>

kh_gcm *kh_gcm_new(void)
{
	return EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
}

void kh_gcm_free(kh_gcm *gcm)
{
	EVP_CIPHER_free(gcm);
}

/* EVP_CipherUpdate with a NULL output takes associated data. */
static bool bind(EVP_CIPHER_CTX *context, const kh_str *bound, size_t count)
{
	size_t i;
	int len;

	for (i = 0; i < count; i++) {
		if (bound[i].len > 0 && EVP_CipherUpdate(context, NULL, &len,
									(const unsigned char *)bound[i].data, (int)bound[i].len) != 1) {
			return false;
		}
	}
	return true;
}

bool kh_gcm_encrypt(const kh_gcm *gcm, const unsigned char *key, const unsigned char *nonce,
	const kh_str *bound, size_t bound_count, kh_str text, unsigned char *out)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int len = 0, rest = 0;
	bool done = false;

	if (context == NULL || EVP_EncryptInit_ex2(context, gcm, key, nonce, NULL) != 1 ||
		!bind(context, bound, bound_count)) {
		goto done;
	}
	if (text.len > 0 && EVP_EncryptUpdate(context, out, &len, (const unsigned char *)text.data,
							(int)text.len) != 1) {
		goto done;
	}
	if ((size_t)len != text.len || EVP_EncryptFinal_ex(context, out + len, &rest) != 1 ||
		rest != 0) {
		goto done;
	}
	done =
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, KH_GCM_TAG_BYTES, out + text.len) == 1;
done:
	EVP_CIPHER_CTX_free(context);
	return done;
}

bool kh_gcm_decrypt(const kh_gcm *gcm, const unsigned char *key, const unsigned char *nonce,
	const kh_str *bound, size_t bound_count, unsigned char *text, size_t text_len, bool *genuine)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int len = 0, rest = 0;
	bool done = false;

	*genuine = false;
	if (context == NULL || EVP_DecryptInit_ex2(context, gcm, key, nonce, NULL) != 1 ||
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, KH_GCM_TAG_BYTES, text + text_len) !=
			1 ||
		!bind(context, bound, bound_count)) {
		goto done;
	}
	if (text_len > 0 && EVP_DecryptUpdate(context, text, &len, text, (int)text_len) != 1) {
		goto done;
	}
	done = (size_t)len == text_len;
	*genuine = done && EVP_DecryptFinal_ex(context, text + text_len, &rest) == 1 && rest == 0;
done:
	EVP_CIPHER_CTX_free(context);
	return done;
}
