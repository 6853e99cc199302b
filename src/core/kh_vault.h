/*
 * Sealed values: AES-256-GCM with a fresh 96-bit nonce each, the context (site, table, row, field)
 * and the key's id bound as associated data. A sealed value is ASCII: "kh1:" key id ":"
 * base64url(nonce ‖ ciphertext ‖ tag), no padding. The vault owns its copies of the keys and wipes
 * them. Associated data: "kh1:" key id ":" context.
 */
#ifndef KH_VAULT_H
#define KH_VAULT_H

#include "kh_buf.h"

#define KH_VAULT_KEY_BYTES 32
#define KH_VAULT_KEY_ID_MAX_BYTES 32
#define KH_VAULT_PREFIX "kh1:"
#define KH_VAULT_NAME_BYTES 64

typedef struct kh_vault kh_vault;

kh_vault *kh_vault_new(void);
void kh_vault_free(kh_vault *vault);
/* id: 1 to 32 of A-Z a-z 0-9 _ - . The first key that is added seals; all of them open. */
kh_status kh_vault_add(kh_vault *vault, kh_str id, kh_str key, kh_error *error);
kh_status kh_vault_seal(
	const kh_vault *vault, kh_str plain, kh_str context, kh_buf *out, kh_error *error);
/* KH_ERR_SEALED: unknown key, another context, or changed bytes. out holds a secret: free it with
 * kh_buf_wipe. */
kh_status kh_vault_open(
	const kh_vault *vault, kh_str sealed, kh_str context, kh_buf *out, kh_error *error);
/* Seals anew with the first key what any key opens, when keys are rotated. What the first key
 * sealed is checked and comes out as it is. Errors as kh_vault_open. */
kh_status kh_vault_reseal(
	const kh_vault *vault, kh_str sealed, kh_str context, kh_buf *out, kh_error *error);

size_t kh_vault_key_count(const kh_vault *vault);
/* A name for something secret that tells nobody anything without the vault's key number `index`
 * (0: the one that seals): HMAC-SHA256, hexadecimal. */
kh_status kh_vault_name(const kh_vault *vault, size_t index, kh_str text,
	char name[KH_VAULT_NAME_BYTES + 1], kh_error *error);

#endif
