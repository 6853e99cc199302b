#include "kh_vault.h"

#include "kh_base64.h"
#include "kh_openssl.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>

#define NONCE_BYTES 12
#define TAG_BYTES 16
#define OVERHEAD_BYTES (NONCE_BYTES + TAG_BYTES)

/* Each key has its own allocation that never moves: a grown array would leave copies behind. */
typedef struct vault_key {
	char id[KH_VAULT_KEY_ID_MAX_BYTES];
	size_t id_len;
	unsigned char bytes[KH_VAULT_KEY_BYTES];
	struct vault_key *next;
} vault_key;

struct kh_vault {
	EVP_CIPHER *cipher; /* fetched once, since a fetch takes longer than sealing a short value */
	vault_key *keys;    /* in the order they were added */
};

kh_vault *kh_vault_new(void)
{
	return calloc(1, sizeof(kh_vault));
}

void kh_vault_free(kh_vault *vault)
{
	if (vault == NULL) {
		return;
	}
	while (vault->keys != NULL) {
		vault_key *key = vault->keys;
		vault->keys = key->next;
		OPENSSL_cleanse(key, sizeof(*key));
		free(key);
	}
	EVP_CIPHER_free(vault->cipher);
	free(vault);
}

static kh_str key_id(const vault_key *key)
{
	return (kh_str){key->id, key->id_len};
}

static bool is_id(kh_str id)
{
	size_t i;

	for (i = 0; i < id.len; i++) {
		char c = id.data[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
				c == '_' || c == '-')) {
			return false;
		}
	}
	return id.len >= 1 && id.len <= KH_VAULT_KEY_ID_MAX_BYTES;
}

static const vault_key *find_key(const kh_vault *vault, kh_str id)
{
	const vault_key *key;

	for (key = vault->keys; key != NULL; key = key->next) {
		if (kh_str_equals(key_id(key), id)) {
			return key;
		}
	}
	return NULL;
}

static kh_status out_of_memory(kh_error *error)
{
	return kh_error_set(error, KH_ERR_MEMORY, "out of memory in the vault");
}

static kh_status check_new_key(const kh_vault *vault, kh_str id, kh_str key, kh_error *error)
{
	if (!is_id(id)) {
		return kh_error_set(error, KH_ERR_INVALID,
			"a key's id must be 1 to %d characters of A-Z a-z 0-9 _ -", KH_VAULT_KEY_ID_MAX_BYTES);
	}
	if (key.len != KH_VAULT_KEY_BYTES) {
		return kh_error_set(error, KH_ERR_INVALID,
			"the key \"%.*s\" must be %d random bytes, not %zu", (int)id.len, id.data,
			KH_VAULT_KEY_BYTES, key.len);
	}
	if (find_key(vault, id) != NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "there is already a key with the id \"%.*s\"",
			(int)id.len, id.data);
	}
	return KH_OK;
}

kh_status kh_vault_add(kh_vault *vault, kh_str id, kh_str key, kh_error *error)
{
	kh_status status = check_new_key(vault, id, key, error);
	vault_key *added, **end;

	if (status != KH_OK) {
		return status;
	}
	if (vault->cipher == NULL) {
		ERR_set_mark();
		vault->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
		if (vault->cipher == NULL) {
			status = kh_openssl_refused(error, "provide AES-256-GCM");
		}
		ERR_pop_to_mark();
		if (status != KH_OK) {
			return status;
		}
	}
	added = calloc(1, sizeof(*added));
	if (added == NULL) {
		return out_of_memory(error);
	}
	memcpy(added->id, id.data, id.len);
	added->id_len = id.len;
	memcpy(added->bytes, key.data, key.len);
	for (end = &vault->keys; *end != NULL; end = &(*end)->next) {
	}
	*end = added;
	return KH_OK;
}

/* Binds prefix, key id and context. EVP_CipherUpdate with a NULL output takes associated data. */
static bool add_associated(EVP_CIPHER_CTX *context, kh_str id, kh_str bound)
{
	const kh_str parts[] = {KH_STR(KH_VAULT_PREFIX), id, KH_STR(":"), bound};
	size_t i;
	int len;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].len > 0 && EVP_CipherUpdate(context, NULL, &len,
									(const unsigned char *)parts[i].data, (int)parts[i].len) != 1) {
			return false;
		}
	}
	return true;
}

/* sealed: room for nonce, ciphertext and tag. */
static bool encrypt(const kh_vault *vault, kh_str plain, kh_str bound, unsigned char *sealed)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	unsigned char *cipher_text = sealed + NONCE_BYTES;
	int len = 0, rest = 0;
	bool done = false;

	if (context == NULL || RAND_bytes(sealed, NONCE_BYTES) != 1 ||
		EVP_EncryptInit_ex2(context, vault->cipher, vault->keys->bytes, sealed, NULL) != 1 ||
		!add_associated(context, key_id(vault->keys), bound)) {
		goto done;
	}
	if (plain.len > 0 && EVP_EncryptUpdate(context, cipher_text, &len,
							 (const unsigned char *)plain.data, (int)plain.len) != 1) {
		goto done;
	}
	if ((size_t)len != plain.len || EVP_EncryptFinal_ex(context, cipher_text + len, &rest) != 1 ||
		rest != 0) {
		goto done;
	}
	done = EVP_CIPHER_CTX_ctrl(
			   context, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, cipher_text + plain.len) == 1;
done:
	EVP_CIPHER_CTX_free(context);
	return done;
}

static kh_status append_sealed(
	kh_buf *out, kh_str id, const unsigned char *sealed, size_t sealed_len)
{
	size_t start = out->len;
	kh_status status = kh_buf_append_str(out, KH_STR(KH_VAULT_PREFIX));

	if (status == KH_OK) {
		status = kh_buf_append_str(out, id);
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(out, ':');
	}
	if (status == KH_OK) {
		status = kh_base64_append_url(out, (kh_str){(const char *)sealed, sealed_len});
	}
	if (status != KH_OK && out->data != NULL) {
		out->len = start;
		out->data[start] = '\0';
	}
	return status;
}

kh_status kh_vault_seal(
	const kh_vault *vault, kh_str plain, kh_str context, kh_buf *out, kh_error *error)
{
	unsigned char *sealed;
	kh_status status;

	if (vault->keys == NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "the vault has no key to seal with");
	}
	if (plain.len > INT_MAX - OVERHEAD_BYTES || context.len > INT_MAX) {
		return kh_error_set(error, KH_ERR_TOO_LARGE, "too large to be sealed");
	}
	sealed = malloc(plain.len + OVERHEAD_BYTES);
	if (sealed == NULL) {
		return out_of_memory(error);
	}
	ERR_set_mark();
	if (encrypt(vault, plain, context, sealed)) {
		status = append_sealed(out, key_id(vault->keys), sealed, plain.len + OVERHEAD_BYTES);
		if (status != KH_OK) {
			kh_error_set(error, status, "no room for a sealed value of %zu bytes", plain.len);
		}
	} else {
		status = kh_openssl_refused(error, "seal a value");
	}
	ERR_pop_to_mark();
	/* After a failure half-way plain bytes could stand here. */
	OPENSSL_cleanse(sealed, plain.len + OVERHEAD_BYTES);
	free(sealed);
	return status;
}

/* Decrypts in place. *genuine: whether the tag was right. False: OpenSSL refused. */
static bool decrypt(const kh_vault *vault, const vault_key *key, kh_str bound,
	unsigned char *sealed, size_t sealed_len, bool *genuine)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	unsigned char *text = sealed + NONCE_BYTES;
	size_t text_len = sealed_len - OVERHEAD_BYTES;
	int len = 0, rest = 0;
	bool done = false;

	*genuine = false;
	if (context == NULL ||
		EVP_DecryptInit_ex2(context, vault->cipher, key->bytes, sealed, NULL) != 1 ||
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, text + text_len) != 1 ||
		!add_associated(context, key_id(key), bound)) {
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

static kh_status damaged(kh_error *error)
{
	return kh_error_set(error, KH_ERR_SEALED,
		"this is no sealed value (" KH_VAULT_PREFIX "<key id>:<base64url>), or a damaged one");
}

/* Splits "kh1:id:base64url". */
static bool split(kh_str sealed, kh_str *id, kh_str *text)
{
	const size_t prefix = sizeof(KH_VAULT_PREFIX) - 1;
	const char *colon;

	if (sealed.len < prefix || memcmp(sealed.data, KH_VAULT_PREFIX, prefix) != 0) {
		return false;
	}
	*id = (kh_str){sealed.data + prefix, sealed.len - prefix};
	colon = memchr(id->data, ':', id->len);
	if (colon == NULL) {
		return false;
	}
	*text = (kh_str){colon + 1, (size_t)(id->data + id->len - colon) - 1};
	id->len = (size_t)(colon - id->data);
	return is_id(*id) && text->len <= INT_MAX;
}

static kh_status open_with(const kh_vault *vault, const vault_key *key, kh_str context,
	unsigned char *bytes, size_t len, kh_buf *out, kh_error *error)
{
	kh_status status;
	bool genuine, ran;

	ERR_set_mark();
	ran = decrypt(vault, key, context, bytes, len, &genuine);
	if (!ran) {
		status = kh_openssl_refused(error, "open a sealed value");
	} else if (!genuine) {
		status = kh_error_set(error, KH_ERR_SEALED,
			"a sealed value can't be opened: it was changed, it was copied from another place, or "
			"the key \"%.*s\" is no longer the one it was sealed with",
			(int)key->id_len, key->id);
	} else {
		status = kh_buf_append(out, (const char *)bytes + NONCE_BYTES, len - OVERHEAD_BYTES);
		if (status != KH_OK) {
			kh_error_set(error, status, "no room for an opened value of %zu bytes", len);
		}
	}
	ERR_pop_to_mark();
	return status;
}

kh_status kh_vault_open(
	const kh_vault *vault, kh_str sealed, kh_str context, kh_buf *out, kh_error *error)
{
	kh_str id, text;
	const vault_key *key;
	unsigned char *bytes;
	size_t capacity, len;
	kh_status status;

	if (!split(sealed, &id, &text) || context.len > INT_MAX) {
		return damaged(error);
	}
	key = find_key(vault, id);
	if (key == NULL) {
		return kh_error_set(error, KH_ERR_SEALED,
			"a value was sealed with the key \"%.*s\", which is not there: bring that key back, or "
			"enter the value again",
			(int)id.len, id.data);
	}
	capacity = KH_BASE64_DECODED_MAX(text.len);
	bytes = malloc(capacity);
	if (bytes == NULL) {
		return out_of_memory(error);
	}
	if (kh_base64_decode(text, KH_BASE64_URL, bytes, &len) && len >= OVERHEAD_BYTES) {
		status = open_with(vault, key, context, bytes, len, out, error);
	} else {
		status = damaged(error);
	}
	OPENSSL_cleanse(bytes, capacity);
	free(bytes);
	return status;
}

kh_status kh_vault_reseal(
	const kh_vault *vault, kh_str sealed, kh_str context, kh_buf *out, kh_error *error)
{
	kh_str id, text;
	kh_buf plain;
	kh_status status;

	kh_buf_init(&plain, sealed.len + 1);
	status = kh_vault_open(vault, sealed, context, &plain, error);
	if (status == KH_OK && split(sealed, &id, &text) && find_key(vault, id) == vault->keys) {
		status = kh_buf_append_str(out, sealed);
		if (status != KH_OK) {
			kh_error_set(error, status, "no room for a sealed value");
		}
	} else if (status == KH_OK) {
		status = kh_vault_seal(vault, kh_buf_str(&plain), context, out, error);
	}
	kh_buf_wipe(&plain);
	return status;
}
