/*
 * Runs files of JSONTestSuite (y_….json must be accepted, n_….json refused, i_….json either)
 * against the validator. Grammar mode has to agree with every one. Request mode may refuse more,
 * and says what; what it accepts must come out of a kh_value as the same JSON again. Prints what is
 * not as it should be, and "N passed, N failed" at the end. dev/json-suite builds it and gives it
 * the files.
 */
#include "kh_json.h"
#include "kh_value.h"

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

/* Written and read again it stays what it is. */
static bool comes_out_again(kh_str text)
{
	kh_value *value = NULL, *again = NULL;
	kh_buf first, second;
	bool same;

	kh_buf_init(&first, MAX_FILE_BYTES);
	kh_buf_init(&second, MAX_FILE_BYTES);
	same = kh_value_parse(text, &value, NULL) == KH_OK &&
		   kh_value_append_json(value, &first) == KH_OK &&
		   kh_value_parse(kh_buf_str(&first), &again, NULL) == KH_OK &&
		   kh_value_append_json(again, &second) == KH_OK &&
		   kh_str_equals(kh_buf_str(&first), kh_buf_str(&second));
	kh_value_free(value);
	kh_value_free(again);
	kh_buf_free(&first);
	kh_buf_free(&second);
	return same;
}

static bool run(const char *path, unsigned *stricter)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	kh_error error = {0};
	kh_buf text;
	bool grammar, request, good = true;

	kh_buf_init(&text, MAX_FILE_BYTES);
	if (read_file(path, &text) != KH_OK) {
		printf("not ok - %s can't be read\n", path);
		return false;
	}
	grammar = kh_json_check(kh_buf_str(&text), KH_JSON_GRAMMAR, NULL) == KH_OK;
	request = kh_json_check(kh_buf_str(&text), KH_JSON_REQUEST, &error) == KH_OK;
	if ((name[0] == 'y' && !grammar) || (name[0] == 'n' && grammar)) {
		printf("not ok - %s: grammar mode %s it\n", name, grammar ? "accepts" : "refuses");
		good = false;
	}
	if (request && !grammar) {
		printf("not ok - %s: only request mode accepts it\n", name);
		good = false;
	}
	if (grammar && !request) {
		printf("stricter - %s: %s\n", name, error.message);
		(*stricter)++;
	}
	/* A name with U+0000 is JSON, but can't be kept. */
	if (request && !comes_out_again(kh_buf_str(&text)) && strstr(name, "nul") == NULL) {
		printf("not ok - %s: does not come out again\n", name);
		good = false;
	}
	kh_buf_free(&text);
	return good;
}

int main(int argc, char **argv)
{
	unsigned passed = 0, failed = 0, stricter = 0;

	for (int i = 1; i < argc; i++) {
		run(argv[i], &stricter) ? passed++ : failed++;
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
