#include "kh_php.h"

static kh_status kh_php_policy_parse(
	const char *list, const char *setting, kh_networks **out, kh_error *error)
{
	const kh_str text = {list, list ? strlen(list) : 0};
	kh_error reason = {0};
	if (kh_networks_parse(text, out, &reason) != KH_OK) {
		return kh_error_set(
			error, KH_ERR_INVALID, "%s in php.ini: %.400s", setting, reason.message);
	}
	return KH_OK;
}

/* Nothing is sent under a list that can't be read: what it would have refused is not known. */
static kh_status kh_php_policy(kh_error *error)
{
	if (KIVIHOOK_G(policy_ready)) {
		return KH_OK;
	}
	kh_networks_free(KIVIHOOK_G(allow));
	kh_networks_free(KIVIHOOK_G(deny));
	KIVIHOOK_G(allow) = NULL;
	KIVIHOOK_G(deny) = NULL;
	kh_status status = kh_php_policy_parse(
		KIVIHOOK_G(allow_networks), "kivihook.allow_networks", &KIVIHOOK_G(allow), error);
	if (status == KH_OK) {
		status = kh_php_policy_parse(
			KIVIHOOK_G(deny_networks), "kivihook.deny_networks", &KIVIHOOK_G(deny), error);
	}
	if (status != KH_OK) {
		return status;
	}
	KIVIHOOK_G(policy) = (kh_policy){
		.guard = {.allow = KIVIHOOK_G(allow),
			.deny = KIVIHOOK_G(deny),
			.allow_http = KIVIHOOK_G(allow_http)},
		.ca_file = KIVIHOOK_G(ca_file),
		.proxy = KIVIHOOK_G(proxy),
		.max_in_flight = (long)MAX(1, MIN(KIVIHOOK_G(max_in_flight), 1024)),
		.max_response_bytes = (size_t)MAX(KIVIHOOK_G(max_response_bytes), KH_RESPONSE_KEPT_BYTES),
	};
	KIVIHOOK_G(policy_ready) = true;
	return KH_OK;
}

void kh_php_policy_check(void)
{
	kh_error error = {0};
	if (kh_php_policy(&error) != KH_OK) {
		php_error_docref(
			NULL, E_CORE_WARNING, "%s Until then KiviHook sends nothing.", error.message);
	}
}

kh_transport *kh_php_transport(kh_error *error)
{
	if (KIVIHOOK_G(transport) && kh_transport_is_mine(KIVIHOOK_G(transport))) {
		return KIVIHOOK_G(transport);
	}
	/* After a fork the parent's transport is left alone: closing it would write to the parent's
	 * connections. */
	KIVIHOOK_G(transport) = NULL;
	if (kh_php_policy(error) != KH_OK) {
		return NULL;
	}
	KIVIHOOK_G(transport) = kh_transport_new(&KIVIHOOK_G(policy), error);
	return KIVIHOOK_G(transport);
}

void kh_php_policy_shutdown(zend_kivihook_globals *globals)
{
	if (globals->transport && kh_transport_is_mine(globals->transport)) {
		kh_transport_free(globals->transport);
	}
	globals->transport = NULL;
	kh_php_webhooks_free(&globals->webhooks);
	kh_networks_free(globals->allow);
	kh_networks_free(globals->deny);
	globals->allow = NULL;
	globals->deny = NULL;
	globals->policy_ready = false;
}
