/*
 * A JSON Web Token made for each attempt: iss, sub, aud, iat, nbf, exp, jti (the message's id), and
 * the claims that were configured. Sent as "Authorization: Bearer …", or in a header of one's own.
 */
#include "kh_auth_parts.h"

#include "kh_json.h"
#include "kh_jwt.h"
#include "kh_settings.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#define DEFAULT_LIFETIME_S 300
#define MIN_LIFETIME_S 10
#define MAX_LIFETIME_S 86400
#define MAX_CLAIMS_BYTES 4096

typedef struct jwt {
	const kh_jwt_algorithm *algorithm;
	kh_auth_key_encoding encoding; /* of a shared secret */
	int64_t lifetime_s;
	kh_buf header; /* the token's, JSON */
	kh_buf claims; /* members that stay the same, each with a comma behind it */
	char *name;    /* of the HTTP header */
	char *scheme;  /* may be empty */
} jwt;

static kh_str str(const char *text)
{
	return (kh_str){text, strlen(text)};
}

static void free_jwt(void *state)
{
	jwt *self = state;

	if (self == NULL) {
		return;
	}
	kh_buf_free(&self->header);
	kh_buf_free(&self->claims);
	free(self->name);
	free(self->scheme);
	free(self);
}

static kh_status append_string(kh_buf *out, kh_str text, kh_error *error)
{
	kh_status status = kh_buf_append_char(out, '"');

	if (status == KH_OK) {
		status = kh_json_escape(out, text);
	}
	return status == KH_OK ? kh_buf_append_char(out, '"') : status;
}

/* Every failure of a buffer here means the same; a message that is there already stays. */
static kh_status too_long(kh_status status, kh_error *error)
{
	if (status == KH_ERR_TOO_LARGE) {
		return kh_error_set(
			error, status, "auth: the token's claims are longer than %d bytes", MAX_CLAIMS_BYTES);
	}
	return status;
}

static kh_status parse_algorithm(const kh_value *config, jwt *self, kh_error *error)
{
	kh_str name;
	kh_status status = kh_auth_text(config, "algorithm", KH_STR("HS256"), &name, error);

	if (status != KH_OK) {
		return status;
	}
	self->algorithm = kh_jwt_find(name);
	if (self->algorithm == NULL) {
		return kh_error_set(error, KH_ERR_INVALID, "auth: algorithm: must be " KH_JWT_NAMES);
	}
	return kh_auth_parse_key_encoding(config, &self->encoding, error);
}

static kh_status write_header(const kh_value *config, jwt *self, kh_error *error)
{
	kh_str key_id;
	kh_status status = kh_auth_text(config, "key_id", KH_STR(""), &key_id, error);

	if (status != KH_OK) {
		return status;
	}
	status = kh_buf_append_format(
		&self->header, "{\"alg\":\"%s\",\"typ\":\"JWT\"", kh_jwt_name(self->algorithm));
	if (status == KH_OK && key_id.len > 0) {
		status = kh_buf_append_str(&self->header, KH_STR(",\"kid\":"));
		if (status == KH_OK) {
			status = append_string(&self->header, key_id, error);
		}
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(&self->header, '}');
	}
	return too_long(status, error);
}

/* One of our own, left out when it is empty. */
static kh_status write_text_claim(
	const kh_value *config, const char *member, const char *claim, jwt *self, kh_error *error)
{
	kh_str text;
	kh_status status = kh_auth_text(config, member, KH_STR(""), &text, error);

	if (status != KH_OK || text.len == 0) {
		return status;
	}
	status = kh_buf_append_format(&self->claims, "\"%s\":", claim);
	if (status == KH_OK) {
		status = append_string(&self->claims, text, error);
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(&self->claims, ',');
	}
	return too_long(status, error);
}

/* RFC 7519 4.1.3: one audience as a text, or a list of them. */
static kh_status write_audience(const kh_value *config, jwt *self, kh_error *error)
{
	const kh_value *list = NULL;
	kh_status status;
	size_t i;

	kh_value_get(config, KH_STR("audience"), &list);
	if (kh_value_kind(list) != KH_KIND_LIST) {
		return write_text_claim(config, "audience", "aud", self, error);
	}
	for (i = 0; i < kh_value_length(list); i++) {
		if (kh_value_string(kh_value_at(list, i)).len == 0) {
			return kh_error_set(
				error, KH_ERR_INVALID, "auth: audience: must be a text or a list of texts");
		}
	}
	if (i == 0) {
		return KH_OK;
	}
	status = kh_buf_append_str(&self->claims, KH_STR("\"aud\":"));
	if (status == KH_OK) {
		status = kh_value_append_json(list, &self->claims);
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(&self->claims, ',');
	}
	return too_long(status, error);
}

/* Which member of the configuration says it, for a claim that is ours. */
static const char *ours(kh_str claim)
{
	static const char *const OURS[][2] = {{"iss", "issuer"}, {"sub", "subject"},
		{"aud", "audience"}, {"exp", "lifetime_s"}, {"iat", "lifetime_s"}, {"nbf", "lifetime_s"},
		{"jti", NULL}};
	size_t i;

	for (i = 0; i < sizeof(OURS) / sizeof(OURS[0]); i++) {
		if (kh_str_equals(claim, str(OURS[i][0]))) {
			return OURS[i][1] != NULL ? OURS[i][1] : "the message's id";
		}
	}
	return NULL;
}

typedef struct claim_writer {
	kh_buf *out;
	kh_error *error;
	kh_status status;
} claim_writer;

static bool write_claim(void *context, kh_str name, const kh_value *value)
{
	claim_writer *writer = context;
	const char *source = ours(name);

	if (source != NULL) {
		writer->status = kh_error_set(writer->error, KH_ERR_INVALID,
			"auth: claims: \"%.*s\" is set from %s: remove it here", kh_settings_shown(name),
			name.data, source);
		return false;
	}
	writer->status = append_string(writer->out, name, writer->error);
	if (writer->status == KH_OK) {
		writer->status = kh_buf_append_char(writer->out, ':');
	}
	if (writer->status == KH_OK) {
		writer->status = kh_value_append_json(value, writer->out);
	}
	if (writer->status == KH_OK) {
		writer->status = kh_buf_append_char(writer->out, ',');
	}
	writer->status = too_long(writer->status, writer->error);
	return writer->status == KH_OK;
}

static kh_status write_claims(const kh_value *config, jwt *self, kh_error *error)
{
	const kh_value *claims = NULL;
	claim_writer writer = {.out = &self->claims, .error = error};
	kh_status status = write_text_claim(config, "issuer", "iss", self, error);
	kh_kind kind;

	if (status == KH_OK) {
		status = write_text_claim(config, "subject", "sub", self, error);
	}
	if (status == KH_OK) {
		status = write_audience(config, self, error);
	}
	if (status != KH_OK) {
		return status;
	}
	kh_value_get(config, KH_STR("claims"), &claims);
	kind = kh_value_kind(claims);
	if (kind == KH_KIND_OBJECT) {
		kh_value_each(claims, write_claim, &writer);
		return writer.status;
	}
	/* An empty list: what PHP makes of an empty array. */
	return kind == KH_KIND_NULL || (kind == KH_KIND_LIST && kh_value_length(claims) == 0)
			   ? KH_OK
			   : kh_error_set(error, KH_ERR_INVALID, "auth: claims: must be an object");
}

/* Without a scheme of its own, a header of its own has the token alone. */
static kh_status parse_place(const kh_value *config, jwt *self, kh_error *error)
{
	kh_str name, scheme;
	bool standard;
	kh_status status = kh_auth_text(config, "header", KH_STR(""), &name, error);

	if (status != KH_OK) {
		return status;
	}
	if (name.len == 0) {
		name = KH_STR("Authorization");
	}
	status = kh_auth_check_header_name(name, "the token", error);
	if (status != KH_OK) {
		return status;
	}
	standard = kh_request_same_name(name, KH_STR("Authorization"));
	status =
		kh_auth_text(config, "scheme", standard ? KH_STR("Bearer") : KH_STR(""), &scheme, error);
	if (status == KH_OK && scheme.len > 0 && !kh_request_is_token(scheme)) {
		status = kh_error_set(
			error, KH_ERR_INVALID, "auth: the scheme must be one word, such as Bearer or Token");
	}
	if (status != KH_OK) {
		return status;
	}
	self->name = kh_str_copy(name);
	self->scheme = kh_str_copy(scheme);
	return self->name != NULL && self->scheme != NULL ? KH_OK : kh_auth_out_of_memory(error);
}

static kh_status parse_jwt(const kh_value *config, void **state, kh_error *error)
{
	jwt *self = calloc(1, sizeof(*self));
	kh_status status;

	*state = self;
	if (self == NULL) {
		return kh_auth_out_of_memory(error);
	}
	kh_buf_init(&self->header, MAX_CLAIMS_BYTES);
	kh_buf_init(&self->claims, MAX_CLAIMS_BYTES);
	status = parse_algorithm(config, self, error);
	if (status == KH_OK) {
		status = kh_settings_number(config, "lifetime_s", DEFAULT_LIFETIME_S, MIN_LIFETIME_S,
			MAX_LIFETIME_S, &self->lifetime_s, error);
		if (status != KH_OK) {
			kh_settings_in_field(error, status, "auth");
		}
	}
	if (status == KH_OK) {
		status = write_header(config, self, error);
	}
	if (status == KH_OK) {
		status = write_claims(config, self, error);
	}
	return status == KH_OK ? parse_place(config, self, error) : status;
}

static kh_str jwt_header(const void *state, size_t index)
{
	return index == 0 ? str(((const jwt *)state)->name) : KH_STR("");
}

/* The claims of one attempt. */
static kh_status render_claims(
	const jwt *self, const kh_attempt *attempt, kh_buf *out, kh_error *error)
{
	const int64_t now_s = attempt->timestamp_s;
	kh_status status = kh_buf_append_char(out, '{');

	if (status == KH_OK) {
		status = kh_buf_append_str(out, kh_buf_str(&self->claims));
	}
	if (status == KH_OK) {
		status = kh_buf_append_format(out,
			"\"iat\":%" PRId64 ",\"nbf\":%" PRId64 ",\"exp\":%" PRId64 ",\"jti\":", now_s, now_s,
			now_s + self->lifetime_s);
	}
	if (status == KH_OK) {
		status = append_string(out, attempt->message_id, error);
	}
	if (status == KH_OK) {
		status = kh_buf_append_char(out, '}');
	}
	return too_long(status, error);
}

/* The key as it was entered, but for the blanks and line breaks around it, which pasting brings. */
static kh_str entered_key(const kh_value *secrets)
{
	kh_str key = kh_value_get_string(secrets, "jwt_key", KH_STR(""));

	while (key.len > 0 && memchr(" \t\r\n", key.data[key.len - 1], 4) != NULL) {
		key.len--;
	}
	while (key.len > 0 && memchr(" \t\r\n", key.data[0], 4) != NULL) {
		key.data++;
		key.len--;
	}
	return key;
}

/* Its bytes. */
static kh_status get_key(const jwt *self, kh_str key, kh_buf *out, kh_error *error)
{
	bool symmetric = kh_jwt_is_symmetric(self->algorithm);
	const char *label =
		symmetric ? "the shared secret of the token" : "the private key of the token";

	if (key.len == 0) {
		return kh_error_set(
			error, KH_ERR_INVALID, "auth: %s is missing: enter it (jwt_key)", label);
	}
	return kh_auth_decode_key(
		symmetric ? self->encoding : KH_AUTH_KEY_TEXT, key, label, "jwt_key", out, error);
}

static kh_status apply_jwt(
	const void *state, const kh_auth_input *input, kh_request *request, kh_error *error)
{
	const jwt *self = state;
	kh_str entered = entered_key(input->secrets);
	kh_buf key, claims, token;
	kh_status status;

	kh_buf_init(&key, KH_JWT_MAX_KEY_BYTES);
	kh_buf_init(&claims, KH_JWT_MAX_BYTES);
	kh_buf_init(&token, KH_JWT_MAX_BYTES);
	status = render_claims(self, input->attempt, &claims, error);
	if (status == KH_OK) {
		status = get_key(self, entered, &key, error);
	}
	if (status == KH_OK) {
		status = kh_jwt_sign(self->algorithm, kh_buf_str(&key), kh_buf_str(&self->header),
			kh_buf_str(&claims), &token, error);
		if (status != KH_OK) {
			kh_settings_in_field(error, status, "auth: jwt_key");
		}
	}
	if (status == KH_OK) {
		status = kh_auth_set_header(
			request, str(self->name), str(self->scheme), kh_buf_str(&token), error);
	}
	if (status == KH_OK) {
		status = kh_request_add_secret(request, entered, error);
	}
	kh_buf_wipe(&key);
	kh_buf_free(&claims);
	kh_buf_wipe(&token);
	return status;
}

const kh_auth_method kh_auth_jwt = {
	.name = "jwt",
	.parse = parse_jwt,
	.free_state = free_jwt,
	.header = jwt_header,
	.apply = apply_jwt,
};
