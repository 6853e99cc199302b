#include "kh_version.h"

#include <curl/curl.h>
#include <json-c/json.h>
#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <stdio.h>

void kh_version_running(char *out, size_t size)
{
	snprintf(out, size, "%s, json-c %s, %s", curl_version(), json_c_version(),
		OpenSSL_version(OPENSSL_VERSION));
}

void kh_version_compiled(char *out, size_t size)
{
	snprintf(out, size, "libcurl %s, json-c %s, %s", LIBCURL_VERSION, JSON_C_VERSION,
		OPENSSL_VERSION_TEXT);
}
