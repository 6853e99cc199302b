#include "kh_webhook_parts.h"

bool kh_webhook_needs_token(const kh_webhook *webhook)
{
	return kh_auth_tokens(webhook->auth) != NULL;
}

const kh_oauth2 *kh_webhook_oauth2(const kh_webhook *webhook, kh_error *error)
{
	const kh_oauth2 *oauth2 = kh_auth_tokens(webhook->auth);

	if (oauth2 == NULL) {
		kh_error_set(error, KH_ERR_INVALID, "auth: the method is not oauth2");
	}
	return oauth2;
}

static kh_status name_token(const kh_oauth2 *oauth2, const kh_value *secrets, const kh_vault *vault,
	kh_webhook_token_keys *keys, kh_error *error)
{
	size_t i, others = kh_vault_key_count(vault);
	kh_status status = kh_oauth2_key(oauth2, secrets, vault, 0, keys->now, error);

	others = others > 0 ? others - 1 : 0;
	keys->older_count = others < KH_WEBHOOK_OLDER_KEYS ? others : KH_WEBHOOK_OLDER_KEYS;
	for (i = 0; i < keys->older_count && status == KH_OK; i++) {
		status = kh_oauth2_key(oauth2, secrets, vault, i + 1, keys->older[i], error);
	}
	return status;
}

kh_status kh_webhook_token_key(const kh_webhook *webhook, const kh_vault *vault,
	kh_webhook_token_keys *keys, kh_token *first, kh_error *error)
{
	const kh_oauth2 *oauth2 = kh_webhook_oauth2(webhook, error);
	kh_webhook_credentials credentials = {NULL, NULL};
	kh_status status =
		oauth2 == NULL ? KH_ERR_INVALID : kh_webhook_open(webhook, vault, &credentials, error);

	if (status == KH_OK) {
		status = name_token(oauth2, credentials.view, vault, keys, error);
	}
	if (status == KH_OK) {
		status = kh_oauth2_first(oauth2, credentials.view, first, error);
	}
	kh_value_wipe(credentials.opened);
	return status;
}

kh_status kh_webhook_token_request(const kh_webhook *webhook, const kh_vault *vault, kh_str refresh,
	int64_t now_s, kh_request **out, kh_error *error)
{
	const kh_oauth2 *oauth2 = kh_webhook_oauth2(webhook, error);
	kh_webhook_credentials credentials = {NULL, NULL};
	kh_status status =
		oauth2 == NULL ? KH_ERR_INVALID : kh_webhook_open(webhook, vault, &credentials, error);

	*out = NULL;
	if (status == KH_OK) {
		status = kh_oauth2_request(oauth2, credentials.view, refresh, now_s, out, error);
	}
	kh_value_wipe(credentials.opened);
	return status;
}

kh_status kh_webhook_code_request(const kh_webhook *webhook, const kh_vault *vault, kh_str code,
	kh_str verifier, kh_str redirect_uri, kh_request **out, kh_error *error)
{
	const kh_oauth2 *oauth2 = kh_webhook_oauth2(webhook, error);
	kh_webhook_credentials credentials = {NULL, NULL};
	kh_status status =
		oauth2 == NULL ? KH_ERR_INVALID : kh_webhook_open(webhook, vault, &credentials, error);

	*out = NULL;
	if (status == KH_OK) {
		status = kh_oauth2_code_request(
			oauth2, credentials.view, code, verifier, redirect_uri, out, error);
	}
	kh_value_wipe(credentials.opened);
	return status;
}
