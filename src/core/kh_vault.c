#include "kh_vault.h"

#include "kh_base64.h"
#include "kh_gcm.h"
#include "kh_hex.h"
#include "kh_mac.h"
#include "kh_openssl.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <stdlib.h>

#define OVERHEAD_BYTES (KH_GCM_NONCE_BYTES + KH_GCM_TAG_BYTES)

/* Each key has its own allocation that never moves: a grown array would leave copies behind. */
typedef struct vault_key {
	char id[KH_VAULT_KEY_ID_MAX_BYTES];
	size_t id_len;
	unsigned char bytes[KH_VAULT_KEY_BYTES];
	struct vault_key *next;
} vault_key;

struct kh_vault {
	kh_gcm *gcm;
	vault_key *keys; /* in the order they were added */
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
	kh_gcm_free(vault->gcm);
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
	if (vault->gcm == NULL) {
		ERR_set_mark();
		vault->gcm = kh_gcm_new();
		if (vault->gcm == NULL) {
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

#define BOUND_COUNT 4

/* What is bound to a value: prefix, key id and context. */
static void set_bound(kh_str bound[BOUND_COUNT], const vault_key *key, kh_str context)
{
	bound[0] = KH_STR(KH_VAULT_PREFIX);
	bound[1] = key_id(key);
	bound[2] = KH_STR(":");
	bound[3] = context;
}

/* sealed: room for nonce, ciphertext and tag. */
static bool encrypt(const kh_vault *vault, kh_str plain, kh_str context, unsigned char *sealed)
{
	kh_str bound[BOUND_COUNT];

	set_bound(bound, vault->keys, context);
	return RAND_bytes(sealed, KH_GCM_NONCE_BYTES) == 1 &&
		   kh_gcm_encrypt(vault->gcm, vault->keys->bytes, sealed, bound, BOUND_COUNT, plain,
			   sealed + KH_GCM_NONCE_BYTES);
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
	kh_str bound[BOUND_COUNT];
	kh_status status;
	bool genuine, ran;

	set_bound(bound, key, context);
	ERR_set_mark();
	ran = kh_gcm_decrypt(vault->gcm, key->bytes, bytes, bound, BOUND_COUNT,
		bytes + KH_GCM_NONCE_BYTES, len - OVERHEAD_BYTES, &genuine);
	if (!ran) {
		status = kh_openssl_refused(error, "open a sealed value");
	} else if (!genuine) {
		status = kh_error_set(error, KH_ERR_SEALED,
			"a sealed value can't be opened: it was changed, it was copied from another place, or "
			"the key \"%.*s\" is no longer the one it was sealed with",
			(int)key->id_len, key->id);
	} else {
		status = kh_buf_append(out, (const char *)bytes + KH_GCM_NONCE_BYTES, len - OVERHEAD_BYTES);
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

size_t kh_vault_key_count(const kh_vault *vault)
{
	const vault_key *key;
	size_t count = 0;

	for (key = vault->keys; key != NULL; key = key->next) {
		count++;
	}
	return count;
}

/* Under a key of its own, derived from the one that seals: one key, one use. */
kh_status kh_vault_name(const kh_vault *vault, size_t index, kh_str text,
	char name[KH_VAULT_NAME_BYTES + 1], kh_error *error)
{
	const kh_str purpose = KH_STR("kivihook name");
	const vault_key *key = vault->keys;
	kh_mac derived = {.len = 0}, mac = {.len = 0};
	kh_buf hex;
	kh_status status;

	while (key != NULL && index-- > 0) {
		key = key->next;
	}
	if (key == NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "the vault has no such key");
	}
	status = kh_mac_compute("SHA256", (kh_str){(const char *)key->bytes, KH_VAULT_KEY_BYTES},
		&purpose, 1, &derived, error);
	if (status == KH_OK) {
		status = kh_mac_compute("SHA256", kh_mac_str(&derived), &text, 1, &mac, error);
	}
	kh_buf_init(&hex, KH_VAULT_NAME_BYTES);
	if (status == KH_OK) {
		status = kh_hex_append(&hex, kh_mac_str(&mac));
	}
	if (status == KH_OK) {
		memcpy(name, hex.data, KH_VAULT_NAME_BYTES);
		name[KH_VAULT_NAME_BYTES] = '\0';
	}
	kh_buf_free(&hex);
	OPENSSL_cleanse(&derived, sizeof(derived));
	return status;
}
