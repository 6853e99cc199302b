#include "kh_auth.h"
#include "kh_settings.h"
#include "kh_sign.h"
#include "kh_url.h"
#include "kh_version.h"
#include "kh_webhook_parts.h"

#include <inttypes.h>

kh_status kh_webhook_open(const kh_webhook *webhook, const kh_vault *vault,
	kh_webhook_credentials *credentials, kh_error *error)
{
	kh_buf plain;
	kh_status status;

	if (kh_value_kind(webhook->secrets) == KH_KIND_OBJECT || webhook->sealed.len == 0) {
		credentials->view = webhook->secrets;
		return KH_OK;
	}
	if (vault == NULL) {
		return kh_error_set(error, KH_ERR_SEALED,
			"the webhook's credentials are sealed, and there is no key to open them with");
	}
	kh_buf_init(&plain, webhook->sealed.len);
	status = kh_vault_open(vault, webhook->sealed, webhook->sealed_context, &plain, error);
	/* A message of the parser's could repeat what it read: only that it failed is told. */
	if (status == KH_OK &&
		(kh_value_parse(kh_buf_str(&plain), &credentials->opened, NULL) != KH_OK ||
			kh_value_kind(credentials->opened) != KH_KIND_OBJECT)) {
		status = kh_error_set(error, KH_ERR_SEALED, "what was sealed is damaged: enter them again");
	}
	kh_buf_wipe(&plain);
	credentials->view = credentials->opened;
	return status == KH_OK ? KH_OK : kh_settings_in_field(error, status, "credentials");
}

bool kh_webhook_has_dot_segment(kh_str url)
{
	const char *query = memchr(url.data, '?', url.len);
	const char *at = url.data, *end = query != NULL ? query : url.data + url.len;
	size_t i, dots;

	for (i = 0; i < 3; i++) { /* to behind "https:", "" and the host */
		at = memchr(at, '/', (size_t)(end - at));
		if (at == NULL) {
			return false;
		}
		at++;
	}
	for (dots = 0; at < end; at++) {
		bool encoded =
			end - at >= 3 && at[0] == '%' && at[1] == '2' && (at[2] == 'e' || at[2] == 'E');
		if (*at == '/') {
			if (dots == 1 || dots == 2) {
				return true;
			}
			dots = 0;
		} else {
			dots = (*at == '.' || encoded) && dots < 3 ? dots + 1 : 3;
			at += encoded ? 2 : 0;
		}
	}
	return dots == 1 || dots == 2;
}

kh_status kh_webhook_open_event(const kh_webhook *webhook, kh_event *event, kh_error *error)
{
	bool needed = webhook->variable_count > 0 || webhook->log_mask != NULL ||
				  webhook->without != NULL ||
				  (webhook->body != NULL && kh_body_needs_data(webhook->body));

	return needed ? kh_event_open(event, error) : kh_event_check(event, error);
}

static kh_status append_query(
	const kh_webhook_field *field, const kh_event *event, kh_request *request, kh_error *error)
{
	kh_buf value;
	kh_status status;

	kh_buf_init(&value, KH_URL_MAX_BYTES);
	status = kh_template_render_watched(field->value, event->data, event->watch, &value, error);
	if (status == KH_OK) {
		status = kh_url_append_query(&request->url, field->name, kh_buf_str(&value));
		if (status != KH_OK) {
			kh_error_set(error, status, "the URL gets longer than %d bytes", KH_URL_MAX_BYTES);
		}
	}
	if (status == KH_OK && field->secret) {
		status = kh_request_add_secret(request, kh_buf_str(&value), error);
	}
	kh_buf_wipe(&value);
	return status;
}

static kh_status write_url(
	const kh_webhook *webhook, const kh_event *event, kh_request *request, kh_error *error)
{
	kh_status status =
		kh_template_render_watched(webhook->url, event->data, event->watch, &request->url, error);
	size_t i;

	if (status == KH_OK && kh_webhook_has_dot_segment(kh_buf_str(&request->url))) {
		status = kh_error_set(error, KH_ERR_URL,
			"a part of the path is \".\" or \"..\" once the variables are filled in, which would "
			"lead elsewhere");
	}
	if (status != KH_OK) {
		return kh_settings_in_field(error, status, "url");
	}
	for (i = 0; i < webhook->query.count; i++) {
		const kh_webhook_field *field = &webhook->query.items[i];
		status = append_query(field, event, request, error);
		if (status != KH_OK) {
			return kh_settings_in_field(error, status, "query[%zu] \"%.*s\"", i,
				kh_settings_shown(field->name), field->name.data);
		}
	}
	return KH_OK;
}

static kh_status normalise_url(kh_request *request, kh_error *error)
{
	kh_buf normal;
	kh_status status;

	kh_buf_init(&normal, KH_URL_MAX_BYTES);
	status = kh_url_normalise(kh_buf_str(&request->url), &normal, &request->plain_http, error);
	if (status != KH_OK) {
		kh_buf_wipe(&normal);
		return kh_settings_in_field(error, status, "url");
	}
	kh_buf_wipe(&request->url);
	request->url = normal;
	return KH_OK;
}

static bool has_variables(const kh_webhook *webhook)
{
	bool found = kh_template_variable_count(webhook->url) > 0;

	for (size_t i = 0; !found && i < webhook->query.count; i++) {
		found = webhook->query.items[i].secret ||
				kh_template_variable_count(webhook->query.items[i].value) > 0;
	}
	return found;
}

kh_status kh_webhook_fix_url(kh_webhook *webhook, kh_error *error)
{
	const kh_event none = {.data = NULL};
	kh_request *request;
	kh_status status;

	kh_buf_init(&webhook->fixed_url, KH_URL_MAX_BYTES);
	if (has_variables(webhook)) {
		return KH_OK;
	}
	request = kh_request_new();
	if (request == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for a webhook");
	}
	status = write_url(webhook, &none, request, error);
	if (status == KH_OK) {
		status = normalise_url(request, error);
	}
	if (status == KH_OK) {
		status = kh_buf_append_str(&webhook->fixed_url, kh_buf_str(&request->url));
		webhook->fixed_plain_http = request->plain_http;
	}
	kh_request_free(request);
	return status;
}

/* Rendered and normalised. */
static kh_status make_url(
	const kh_webhook *webhook, const kh_event *event, kh_request *request, kh_error *error)
{
	kh_status status;

	if (webhook->fixed_url.len > 0) {
		request->plain_http = webhook->fixed_plain_http;
		status = kh_buf_append_str(&request->url, kh_buf_str(&webhook->fixed_url));
		return status == KH_OK ? KH_OK : kh_error_set(error, status, "out of memory for a request");
	}
	status = write_url(webhook, event, request, error);
	return status == KH_OK ? normalise_url(request, error) : status;
}

/* Which may add to the query. */
static kh_status authenticate(const kh_webhook *webhook, const kh_value *secrets,
	const kh_attempt *attempt, kh_request *request, kh_error *error)
{
	const kh_auth_input input = {.secrets = secrets, .attempt = attempt};
	size_t before = request->url.len;
	kh_status status = kh_auth_apply(webhook->auth, &input, request, error);

	return status == KH_OK && request->url.len != before ? normalise_url(request, error) : status;
}

/* "Bearer abc": an answer may repeat the whole, or "abc" alone. */
static kh_status note_secret(kh_request *request, kh_str value, kh_error *error)
{
	kh_status status = kh_request_add_secret(request, value, error);
	const char *blank = value.len > 0 ? memchr(value.data, ' ', value.len) : NULL;

	if (status == KH_OK && blank != NULL) {
		size_t behind = (size_t)(blank - value.data) + 1;
		status = kh_request_add_secret(
			request, (kh_str){value.data + behind, value.len - behind}, error);
	}
	return status;
}

static kh_status set_field(
	const kh_webhook_field *field, const kh_event *event, kh_request *request, kh_error *error)
{
	kh_buf value;
	kh_status status;

	kh_buf_init(&value, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_template_render_watched(field->value, event->data, event->watch, &value, error);
	if (status == KH_OK) {
		status =
			kh_request_set_header(request, field->name, kh_buf_str(&value), field->secret, error);
	}
	if (status == KH_OK && field->secret) {
		status = note_secret(request, kh_buf_str(&value), error);
	}
	kh_buf_wipe(&value);
	return status;
}

static kh_status set_content_type(const kh_webhook *webhook, kh_request *request, kh_error *error)
{
	kh_status status;
	kh_buf type;

	kh_buf_init(&type, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_body_content_type(
		webhook->body, webhook->content_type, kh_buf_str(&request->body), &type, error);
	if (status == KH_OK) {
		status =
			kh_request_set_header(request, KH_STR("Content-Type"), kh_buf_str(&type), false, error);
	}
	kh_buf_free(&type);
	return status;
}

/* Ours first, so that the webhook's own User-Agent and Content-Type replace them. */
static kh_status write_headers(
	const kh_webhook *webhook, const kh_event *event, kh_request *request, kh_error *error)
{
	kh_status status = kh_request_set_header(
		request, KH_STR("User-Agent"), KH_STR("KiviHook/" KH_VERSION), false, error);
	size_t i;

	if (status == KH_OK && request->has_body) {
		status = set_content_type(webhook, request, error);
	}
	for (i = 0; i < webhook->headers.count && status == KH_OK; i++) {
		const kh_webhook_field *field = &webhook->headers.items[i];
		status = set_field(field, event, request, error);
		if (status != KH_OK) {
			kh_settings_in_field(error, status, "headers[%zu] \"%.*s\"", i,
				kh_settings_shown(field->name), field->name.data);
		}
	}
	return status;
}

static kh_status write_body(
	const kh_webhook *webhook, const kh_event *event, kh_request *request, kh_error *error)
{
	kh_status status;

	if (webhook->body == NULL) {
		return KH_OK;
	}
	request->has_body = true;
	status = kh_body_render(webhook->body, event, &request->body, error);
	return status == KH_OK ? KH_OK : kh_settings_in_field(error, status, "body");
}

static kh_status get_signing_secrets(
	const kh_value *secrets, kh_str *out, size_t *count, kh_error *error)
{
	const kh_value *list = NULL;
	size_t i;

	kh_value_get(secrets, KH_STR("signing_secrets"), &list);
	*count = kh_value_kind(list) == KH_KIND_LIST ? kh_value_length(list) : 0;
	if (*count == 0) {
		return kh_error_set(error, KH_ERR_INVALID,
			"signing_secrets: the webhook has no signing secret: make one and save the webhook");
	}
	if (*count > KH_WEBHOOK_MAX_SIGNING_SECRETS) {
		return kh_error_set(error, KH_ERR_TOO_LARGE, "signing_secrets: at most %d, here are %zu",
			KH_WEBHOOK_MAX_SIGNING_SECRETS, *count);
	}
	for (i = 0; i < *count; i++) {
		out[i] = kh_value_string(kh_value_at(list, i));
	}
	return KH_OK;
}

static kh_status sign(
	const kh_value *secrets, const kh_attempt *attempt, kh_request *request, kh_error *error)
{
	kh_str signing_secrets[KH_WEBHOOK_MAX_SIGNING_SECRETS];
	size_t count;
	kh_buf text;
	kh_status status = get_signing_secrets(secrets, signing_secrets, &count, error);

	if (status != KH_OK) {
		return status;
	}
	kh_buf_init(&text, KH_REQUEST_MAX_HEADER_BYTES);
	status = kh_sign_message(&text, signing_secrets, count, attempt->message_id,
		attempt->timestamp_s, kh_buf_str(&request->body), error);
	if (status != KH_OK) {
		kh_settings_in_field(error, status, "signing_secrets");
		goto done;
	}
	status =
		kh_request_set_header(request, KH_STR("webhook-signature"), kh_buf_str(&text), true, error);
	kh_buf_clear(&text);
	if (status == KH_OK) {
		status = kh_buf_append_format(&text, "%" PRId64, attempt->timestamp_s);
	}
	if (status == KH_OK) {
		status = kh_request_set_header(
			request, KH_STR("webhook-timestamp"), kh_buf_str(&text), false, error);
	}
	if (status == KH_OK) {
		status =
			kh_request_set_header(request, KH_STR("webhook-id"), attempt->message_id, false, error);
	}
done:
	kh_buf_wipe(&text);
	return status;
}

static kh_status mark(const kh_attempt *attempt, kh_request *request, kh_error *error)
{
	kh_status status = KH_OK;

	if (attempt->resend) {
		status =
			kh_request_set_header(request, KH_STR("webhook-resend"), KH_STR("1"), false, error);
	}
	if (status == KH_OK && attempt->test) {
		status = kh_request_set_header(request, KH_STR("webhook-test"), KH_STR("1"), false, error);
	}
	return status;
}

static kh_status start(
	const kh_webhook *webhook, const kh_attempt *attempt, kh_request *request, kh_error *error)
{
	request->webhook_id = webhook->id;
	request->webhook_version = webhook->version;
	request->timeout_ms = webhook->timeout_ms;
	request->connect_timeout_ms = webhook->connect_timeout_ms;
	request->fresh_connection = attempt->test;
	request->method = kh_str_copy(webhook->method);
	if (request->method == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for a request");
	}
	return KH_OK;
}

static kh_status build(const kh_webhook *webhook, const kh_vault *vault,
	const kh_event *given_event, const kh_attempt *attempt, kh_request **out, kh_error *error)
{
	kh_webhook_credentials credentials = {NULL, NULL};
	kh_request *request = kh_request_new();
	kh_webhook_masking masking = {webhook, request};
	kh_template_watch watch = kh_webhook_watch(&masking);
	kh_event watched = *given_event;
	const kh_event *event = &watched;
	kh_status status;

	if (request == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "out of memory for a request");
	}
	if (webhook->log_mask != NULL) {
		watched.watch = &watch;
	}
	status = start(webhook, attempt, request, error);
	if (status == KH_OK) {
		status = make_url(webhook, event, request, error);
	}
	if (status == KH_OK) {
		status = write_body(webhook, event, request, error);
	}
	if (status == KH_OK) {
		status = write_headers(webhook, event, request, error);
	}
	/* Opened late, so that nothing of the above can meet them. */
	if (status == KH_OK) {
		status = kh_webhook_open(webhook, vault, &credentials, error);
	}
	/* Our own headers first, so that an authentication that signs headers (AWS) signs them too. */
	if (status == KH_OK) {
		status = sign(credentials.view, attempt, request, error);
	}
	if (status == KH_OK) {
		status = mark(attempt, request, error);
	}
	if (status == KH_OK) {
		status = authenticate(webhook, credentials.view, attempt, request, error);
	}
	if (status == KH_OK) {
		status = kh_webhook_set_certificate(webhook, credentials.view, attempt, request, error);
	}
	if (status == KH_OK) {
		status = kh_webhook_apply_mask(webhook, event, request, error);
	}
	kh_value_wipe(credentials.opened);
	if (status != KH_OK) {
		kh_request_free(request);
		return status;
	}
	*out = request;
	return KH_OK;
}

kh_status kh_webhook_build(const kh_webhook *webhook, const kh_vault *vault, const kh_event *event,
	const kh_attempt *attempt, kh_request **out, kh_error *error)
{
	kh_error local;
	kh_event seen;
	kh_buf json;
	kh_status status;

	error = error != NULL ? error : &local;
	*error = (kh_error){0};
	*out = NULL;
	status = kh_webhook_see(webhook, event, &seen, &json, error);
	if (status == KH_OK) {
		status = build(webhook, vault, &seen, attempt, out, error);
	}
	kh_webhook_unsee(event, &seen, &json);
	return status;
}
