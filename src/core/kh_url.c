#include "kh_idn.h"
#include "kh_template_ast.h"
#include "kh_url.h"

#include <curl/curl.h>
#include <stdlib.h>

static bool is_unreserved(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
		   c == '.' || c == '_' || c == '~';
}

kh_status kh_url_encode(kh_buf *out, kh_str text)
{
	static const char digits[] = "0123456789ABCDEF";
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		char encoded[3] = {'%', digits[c >> 4], digits[c & 15]};

		status = is_unreserved(c) ? kh_buf_append_char(out, (char)c)
								  : kh_buf_append(out, encoded, sizeof(encoded));
	}
	return status;
}

kh_status kh_url_append_query(kh_buf *url, kh_str name, kh_str value)
{
	size_t start = url->len;
	const char *query = start > 0 ? memchr(url->data, '?', start) : NULL;
	kh_status status = KH_OK;

	if (query == NULL) {
		status = kh_buf_append_char(url, '?');
	} else if (url->data[start - 1] != '?' && url->data[start - 1] != '&') {
		status = kh_buf_append_char(url, '&');
	}
	if (status == KH_OK) {
		status = kh_url_encode(url, name);
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(url, '=');
	}
	if (status == KH_OK) {
		status = kh_url_encode(url, value);
	}
	if (status != KH_OK) {
		url->len = start;
		if (url->data != NULL) {
			url->data[start] = '\0';
		}
	}
	return status;
}

/* Where the host and port of a URL begin and end; how long the scheme is. */
typedef struct authority {
	size_t scheme_len;
	size_t begin, end;
	bool is_http;
} authority;

static bool has_scheme(kh_str url, const char *scheme)
{
	size_t len = strlen(scheme);

	return url.len > len && strncasecmp(url.data, scheme, len) == 0;
}

static kh_status find_authority(kh_str url, authority *a, kh_error *error)
{
	if (has_scheme(url, "https://")) {
		*a = (authority){.scheme_len = 5, .begin = 8};
	} else if (has_scheme(url, "http://")) {
		*a = (authority){.scheme_len = 4, .begin = 7, .is_http = true};
	} else {
		return kh_error_set_at(error, KH_ERR_URL, 1, 1,
			"The URL must begin with https:// and a host, as in https://example.com/hook.");
	}
	a->end = a->begin;
	while (a->end < url.len && strchr("/?#", url.data[a->end]) == NULL) {
		a->end++;
	}
	if (a->end == a->begin) {
		return kh_error_set_at(error, KH_ERR_URL, 1, (unsigned)a->begin + 1,
			"The URL has no host: write https://example.com/hook.");
	}
	return KH_OK;
}

/* The ASCII form is entered by hand, so that nobody sends to a name that only looks familiar. */
static kh_status refuse_idn(kh_str url, const authority *a, size_t at, kh_error *error)
{
	unsigned line, column;
	kh_str host = {url.data + a->begin, a->end - a->begin};
	const char *colon = memchr(host.data, ':', host.len);
	kh_buf name;

	kh_buf_init(&name, 253); /* no name is longer */
	if (colon != NULL) {
		host.len = (size_t)(colon - host.data);
	}
	kh_str_position(url, at, &line, &column);
	if (kh_idn_to_ascii(host, &name)) {
		kh_error_set_at(error, KH_ERR_URL, line, column,
			"Write the host's name in its ASCII form: %s.", name.data);
	} else {
		kh_error_set_at(
			error, KH_ERR_URL, line, column, "Write the host's name in its ASCII form (xn--…).");
	}
	kh_buf_free(&name);
	return KH_ERR_URL;
}

/* What libcurl would read in its own way, or another program in another: refused, not guessed. */
static kh_status check_characters(kh_str url, const authority *a, kh_error *error)
{
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.data[i];
		bool in_host = i >= a->begin && i < a->end;
		const char *message = NULL;

		if (c <= 0x20 || c == 0x7F) {
			message = "A URL has no blanks, line breaks or control characters: write %20 for a "
					  "blank.";
		} else if (c == '#') {
			message = "A part behind # is never sent: remove it, or write %23.";
		} else if (c == '\\') {
			message = "A URL has no backslashes: write / or %5C.";
		} else if (in_host && c == '@') {
			message = "User name and password don't belong into the URL: use Basic "
					  "authentication.";
		} else if (in_host && c >= 0x80) {
			return refuse_idn(url, a, i, error);
		} else if (in_host && c == '%') {
			message = "The host's name is written as it is, without %.";
		}
		if (message != NULL) {
			unsigned line, column;
			kh_str_position(url, i, &line, &column);
			return kh_error_set_at(error, KH_ERR_URL, line, column, "%s", message);
		}
	}
	return KH_OK;
}

/* Port 0 is one for libcurl, but no service has it. */
static kh_status check_port(CURLU *handle, kh_error *error)
{
	char *port = NULL;
	CURLUcode code = curl_url_get(handle, CURLUPART_PORT, &port, 0);
	bool zero = code == CURLUE_OK && strtol(port, NULL, 10) == 0;

	curl_free(port);
	if (zero) {
		return kh_error_set(error, KH_ERR_URL, "The port must be from 1 to 65535.");
	}
	return KH_OK;
}

/* A copy with scheme and host in small letters, which libcurl leaves as they are. */
static char *copy_small(kh_str url, const authority *a)
{
	char *copy = kh_str_copy(url);

	for (size_t i = 0; copy != NULL && i < a->end; i++) {
		if (copy[i] >= 'A' && copy[i] <= 'Z') {
			copy[i] = (char)(copy[i] | 0x20);
		}
	}
	return copy;
}

static kh_status parse(kh_str url, const authority *a, kh_buf *out, kh_error *error)
{
	CURLU *handle = curl_url();
	char *text = NULL, *copy = copy_small(url, a);
	kh_status status = KH_OK;
	CURLUcode code;

	if (handle == NULL || copy == NULL) {
		status = kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
		goto done;
	}
	code = curl_url_set(handle, CURLUPART_URL, copy, CURLU_URLENCODE | CURLU_DISALLOW_USER);
	if (code != CURLUE_OK) {
		status = kh_error_set(error, KH_ERR_URL, "The URL can't be read: %s.",
			code == CURLUE_BAD_PORT_NUMBER ? "the port must be from 1 to 65535"
										   : curl_url_strerror(code));
		goto done;
	}
	status = check_port(handle, error);
	if (status != KH_OK) {
		goto done;
	}
	code = curl_url_get(handle, CURLUPART_URL, &text, CURLU_NO_DEFAULT_PORT);
	if (code != CURLUE_OK) {
		status =
			kh_error_set(error, KH_ERR_URL, "The URL can't be read: %s.", curl_url_strerror(code));
		goto done;
	}
	status = kh_buf_append(out, text, strlen(text));
	if (status != KH_OK) {
		kh_error_set(error, status, "The URL is longer than %zu bytes.", out->max_bytes);
	}
done:
	curl_free(text);
	curl_url_cleanup(handle);
	free(copy);
	return status;
}

kh_status kh_url_normalise(kh_str url, kh_buf *out, bool *is_http, kh_error *error)
{
	kh_status status;
	authority a = {0};

	if (url.len > KH_URL_MAX_BYTES) {
		return kh_error_set(error, KH_ERR_URL, "The URL has %zu bytes; at most %d are possible.",
			url.len, KH_URL_MAX_BYTES);
	}
	status = find_authority(url, &a, error);
	if (status == KH_OK) {
		status = check_characters(url, &a, error);
	}
	if (status == KH_OK) {
		status = parse(url, &a, out, error);
	}
	if (status == KH_OK && is_http != NULL) {
		*is_http = a.is_http;
	}
	return status;
}

/* Tags become letters, as many as they have bytes, so that every position stays. */
static kh_status replace_tags(char *shadow, kh_str source, kh_error *error)
{
	bool in_host = true; /* or still before it */
	size_t at = 0, slashes = 0;

	while (at < source.len) {
		size_t begin = at;
		if (!kh_template_skip_tag(source, &at)) {
			slashes += source.data[at] == '/';
			/* The host ends at the slash behind the two of "://", or at a query. */
			in_host = in_host && slashes < 3 && source.data[at] != '?' && source.data[at] != '#';
			at++;
			continue;
		}
		if (in_host) {
			unsigned line, column;
			kh_str_position(source, begin, &line, &column);
			return kh_error_set_at(error, KH_ERR_URL, line, column,
				"A variable can't stand in the scheme, host or port, where it could send data to "
				"the wrong place: write them out.");
		}
		memset(shadow + begin, 'x', at - begin);
	}
	return KH_OK;
}

kh_status kh_url_check_template(kh_str source, kh_error *error)
{
	char *shadow = kh_str_copy(source);
	kh_template *tpl = NULL;
	kh_status status;
	kh_buf url;

	kh_buf_init(&url, 4 * KH_URL_MAX_BYTES); /* encoding may lengthen it; the result is dropped */
	if (shadow == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	status = kh_template_compile(source, KH_PLACE_URL, &tpl, error);
	if (status == KH_OK) {
		status = replace_tags(shadow, source, error);
	}
	if (status == KH_OK) {
		status = kh_url_normalise((kh_str){shadow, source.len}, &url, NULL, error);
	}
	kh_template_free(tpl);
	kh_buf_free(&url);
	free(shadow);
	return status;
}
