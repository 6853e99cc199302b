#include "kh_settings.h"
#include "kh_webhook_parts.h"

#include <stdlib.h>
#include <strings.h>

kh_status kh_webhook_parse_tls(kh_webhook *webhook, kh_error *error)
{
	const kh_str https = KH_STR("https:");
	kh_str url = kh_value_get_string(webhook->root, "url", KH_STR(""));
	const kh_value *tls = NULL;
	kh_kind kind;
	kh_status status;

	kh_value_get(webhook->root, KH_STR("tls"), &tls);
	kind = kh_value_kind(tls);
	if (kind != KH_KIND_OBJECT && kind != KH_KIND_NULL &&
		(kind != KH_KIND_LIST || kh_value_length(tls) > 0)) {
		return kh_error_set(error, KH_ERR_INVALID, "tls: must be an object");
	}
	status = kh_settings_flag(tls, "client_certificate", &webhook->client_certificate, error);
	if (status != KH_OK) {
		return kh_settings_in_field(error, status, "tls");
	}
	if (webhook->client_certificate &&
		(url.len < https.len || strncasecmp(url.data, https.data, https.len) != 0)) {
		return kh_error_set(error, KH_ERR_INVALID,
			"tls: a client certificate needs an address that begins with https:");
	}
	return KH_OK;
}

kh_status kh_webhook_set_certificate(const kh_webhook *webhook, const kh_value *secrets,
	const kh_attempt *attempt, kh_request *request, kh_error *error)
{
	kh_certificate *certificate;
	kh_str password;
	kh_status status;

	if (!webhook->client_certificate) {
		return KH_OK;
	}
	certificate = malloc(sizeof(*certificate));
	if (certificate == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for the client certificate");
	}
	kh_certificate_init(certificate);
	request->client_certificate = certificate; /* which wipes it */
	password = kh_value_get_string(secrets, "client_key_password", KH_STR(""));
	status = kh_certificate_open(kh_value_get_string(secrets, "client_certificate_pem", KH_STR("")),
		kh_value_get_string(secrets, "client_key_pem", KH_STR("")), password, certificate, error);
	if (status == KH_OK) {
		status = kh_certificate_check_time(certificate, attempt->timestamp_s, error);
	}
	return status == KH_OK ? kh_request_add_secret(request, password, error) : status;
}
