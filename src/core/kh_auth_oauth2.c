/*
 * An OAuth2 access token, fetched before the request is built (kh_oauth2): here it is only put on.
 */
#include "kh_auth_parts.h"

#include "kh_oauth2.h"

#include <stdlib.h>

typedef struct state {
	kh_oauth2 *oauth2;
	char *scheme;
} state;

static void free_state(void *state_)
{
	state *self = state_;

	if (self != NULL) {
		kh_oauth2_free(self->oauth2);
		free(self->scheme);
		free(self);
	}
}

static kh_status parse(const kh_value *config, void **out, kh_error *error)
{
	state *self = calloc(1, sizeof(*self));
	kh_str scheme;
	kh_status status;

	*out = self;
	if (self == NULL) {
		return kh_auth_out_of_memory(error);
	}
	status = kh_auth_scheme(config, "scheme", KH_STR("Bearer"), &scheme, error);
	if (status == KH_OK) {
		self->scheme = kh_str_copy(scheme);
		status = self->scheme != NULL ? KH_OK : kh_auth_out_of_memory(error);
	}
	return status == KH_OK ? kh_oauth2_parse(config, &self->oauth2, error) : status;
}

static kh_str header(const void *state_, size_t index)
{
	return index == 0 ? KH_STR("Authorization") : KH_STR("");
}

static kh_status apply(
	const void *state_, const kh_auth_input *input, kh_request *request, kh_error *error)
{
	const state *self = state_;

	if (input->attempt->access_token.len == 0) {
		return kh_error_set(error, KH_ERR_INVALID, "auth: there is no access token");
	}
	return kh_auth_set_header(request, KH_STR("Authorization"),
		(kh_str){self->scheme, strlen(self->scheme)}, input->attempt->access_token, error);
}

const kh_auth_method kh_auth_oauth2 = {
	.name = "oauth2", .parse = parse, .free_state = free_state, .header = header, .apply = apply};

const kh_oauth2 *kh_auth_oauth2_of(const void *state_)
{
	return ((const state *)state_)->oauth2;
}
