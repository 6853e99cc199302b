#include "kh_openssl.h"

#include <openssl/err.h>

kh_status kh_openssl_refused(kh_error *error, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	return kh_error_set(error, KH_ERR_CRYPTO, "OpenSSL can't %s: %s", what,
		reason != NULL ? reason : "no reason given");
}
