/*
 * Runs one file of Mustache's specification (specs/sections.json …) against the template engine, as
 * the body of a text/html request. Prints one line per test, and "N passed, N failed" at the end.
 * dev/mustache-spec builds it and gives it the files.
 */
#include "kh_body.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_FILE_BYTES (4 * 1024 * 1024)

static kh_status read_file(const char *path, kh_buf *out)
{
	char block[4096];
	FILE *file = fopen(path, "rb");
	kh_status status = file != NULL ? KH_OK : KH_ERR_INVALID;
	size_t len;

	while (status == KH_OK && (len = fread(block, 1, sizeof(block), file)) > 0) {
		status = kh_buf_append(out, block, len);
	}
	if (file != NULL) {
		fclose(file);
	}
	return status;
}

static bool run(const kh_value *test)
{
	const kh_value *data = NULL;
	kh_str name = kh_value_get_string(test, "name", KH_STR("?"));
	kh_str expected = kh_value_get_string(test, "expected", KH_STR(""));
	kh_event event = {.id = KH_STR("")};
	kh_body *body = NULL;
	kh_error error = {0};
	kh_status status;
	bool right;
	kh_buf out;

	kh_value_get(test, KH_STR("data"), &data);
	event.data = (kh_value *)data; /* only read; an event's own is always an object */
	kh_buf_init(&out, KH_BODY_MAX_BYTES);
	status = kh_body_compile(
		KH_STR("text/html"), kh_value_get_string(test, "template", KH_STR("")), &body, &error);
	if (status == KH_OK) {
		status = kh_body_render(body, &event, &out, &error);
	}
	right = status == KH_OK && kh_str_equals(kh_buf_str(&out), expected);
	printf("%s - %.*s\n", right ? "ok" : "not ok", (int)name.len, name.data);
	if (status != KH_OK) {
		printf("# %u:%u %s\n", error.line, error.column, error.message);
	} else if (!right) {
		printf("# expected: %.*s\n# got:      %.*s\n", (int)expected.len, expected.data,
			(int)out.len, out.len > 0 ? out.data : "");
	}
	kh_body_free(body);
	kh_buf_free(&out);
	return right;
}

int main(int argc, char **argv)
{
	const kh_value *tests = NULL;
	kh_value *root = NULL;
	kh_error error = {0};
	size_t passed = 0, count;
	kh_buf text;

	kh_buf_init(&text, MAX_FILE_BYTES);
	if (argc != 2 || read_file(argv[1], &text) != KH_OK) {
		fprintf(stderr, "usage: mustache_spec FILE.json\n");
		return 2;
	}
	if (kh_value_parse(kh_buf_str(&text), &root, &error) != KH_OK) {
		fprintf(stderr, "%s: %u:%u %s\n", argv[1], error.line, error.column, error.message);
		return 2;
	}
	kh_value_get(root, KH_STR("tests"), &tests);
	count = kh_value_length(tests);
	for (size_t i = 0; i < count; i++) {
		passed += run(kh_value_at(tests, i));
	}
	printf("%zu passed, %zu failed\n", passed, count - passed);
	kh_value_free(root);
	kh_buf_free(&text);
	return count > 0 && passed == count ? 0 : 1;
}
