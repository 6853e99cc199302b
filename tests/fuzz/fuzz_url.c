/* A URL that is taken stays what it is when it is normalised again, is printable ASCII, and has no
 * user and no fragment; libcurl reads the same host in both. */
#include "fuzz.h"
#include "kh_idn.h"
#include "kh_redact.h"
#include "kh_url.h"

#include <curl/curl.h>

static char *host_of(const char *url)
{
	CURLU *handle = curl_url();
	char *host = NULL;

	PROMISE(handle != NULL);
	PROMISE(curl_url_set(handle, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK);
	PROMISE(curl_url_get(handle, CURLUPART_HOST, &host, 0) == CURLUE_OK);
	curl_url_cleanup(handle);
	return host;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kh_str text = fuzz_all(data, size);
	kh_error error = {0};
	bool is_http = false, again_http = false;
	kh_buf out, again;

	kh_buf_init(&out, 4 * KH_URL_MAX_BYTES);
	kh_buf_init(&again, 16 * KH_URL_MAX_BYTES);
	if (kh_url_normalise(text, &out, &is_http, &error) == KH_OK) {
		for (size_t i = 0; i < out.len; i++) {
			PROMISE((unsigned char)out.data[i] > 0x20 && (unsigned char)out.data[i] < 0x7F);
			PROMISE(out.data[i] != '#');
		}
		if (out.len <= KH_URL_MAX_BYTES) {
			char *host = host_of(out.data), *same;
			PROMISE(kh_url_normalise(kh_buf_str(&out), &again, &again_http, &error) == KH_OK);
			PROMISE(is_http == again_http);
			same = host_of(again.data);
			PROMISE(strcmp(host, same) == 0);
			curl_free(host);
			curl_free(same);
		}
	} else {
		PROMISE(error.message[0] != '\0');
	}
	kh_buf_clear(&again);
	PROMISE(kh_redact_url(&again, text) == KH_OK || text.len > 4 * KH_URL_MAX_BYTES);
	(void)kh_url_check_template(text, &error);
	kh_buf_clear(&again);
	(void)kh_idn_to_ascii(text, &again);
	kh_buf_free(&again);
	kh_buf_free(&out);
	return 0;
}
