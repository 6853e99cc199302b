/* A form and a multipart form from any template and any data: no value adds a pair. */
#include "fuzz.h"
#include "kh_body.h"

static const char *const types[] = {"application/x-www-form-urlencoded", "multipart/form-data"};

static size_t count(kh_buf *buf, char wanted)
{
	size_t found = 0;

	for (size_t i = 0; i < buf->len; i++) {
		found += buf->data[i] == wanted;
	}
	return found;
}

static void render(kh_body *body, const char *json, kh_buf *out)
{
	kh_event event = {.id = KH_STR("id"),
		.type = KH_STR("a.b"),
		.timestamp = KH_STR("2026-11-23T09:15:00.123Z"),
		.json = {json, strlen(json)}};
	kh_error error = {0};

	PROMISE(kh_event_open(&event, NULL) == KH_OK);
	if (kh_body_render(body, &event, out, &error) != KH_OK) {
		kh_buf_clear(out);
	}
	kh_event_clear(&event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kh_str rest = fuzz_all(data + (size > 0), size - (size > 0));
	char *text = fuzz_text(rest);
	kh_str source = {text, rest.len};
	const char *type = types[size > 0 ? data[0] % 2 : 0];
	kh_body *body = NULL;
	kh_error error = {0};
	kh_buf tame, wild;

	if (kh_body_compile((kh_str){type, strlen(type)}, source, &body, &error) != KH_OK) {
		PROMISE(error.message[0] != '\0');
		free(text);
		return 0;
	}
	kh_buf_init(&tame, KH_BODY_MAX_BYTES);
	kh_buf_init(&wild, KH_BODY_MAX_BYTES);
	render(body, "{\"a\":\"x\",\"b\":\"y\"}", &tame);
	render(body, "{\"a\":\"&=\\r\\n%26\",\"b\":\"{{a}}\\n&c=d\"}", &wild);
	if (type == types[0] && tame.len > 0 && wild.len > 0 &&
		memmem(source.data, source.len, "{{#", 3) == NULL &&
		memmem(source.data, source.len, "{{^", 3) == NULL &&
		memchr(source.data, '|', source.len) == NULL) {
		PROMISE(count(&tame, '&') == count(&wild, '&'));
	}
	kh_buf_free(&tame);
	kh_buf_free(&wild);
	kh_body_free(body);
	free(text);
	return 0;
}
