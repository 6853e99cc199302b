/*
 * What a template gives, for the tests of templates and filters. The file that includes this has
 * `static const char DATA[]`, the JSON that everything is rendered with.
 */
#ifndef KH_TEMPLATE_CHECK_H
#define KH_TEMPLATE_CHECK_H

#include "check.h"
#include "kh_template.h"

/* What a template gives, or "!status line:column message". */
static const char *render(const char *source, kh_place place)
{
	static char result[2000];
	kh_template *tpl = NULL;
	kh_value *data = NULL;
	kh_error error = {0};
	kh_buf out;
	kh_status status;

	kh_buf_init(&out, 100000);
	status = kh_value_parse((kh_str){DATA, strlen(DATA)}, &data, &error);
	if (status == KH_OK) {
		status = kh_template_compile((kh_str){source, strlen(source)}, place, &tpl, &error);
	}
	if (status == KH_OK) {
		status = kh_template_render(tpl, data, &out, &error);
	}
	if (status != KH_OK) {
		snprintf(result, sizeof(result), "!%s %u:%u %s", kh_status_name(status), error.line,
			error.column, error.message);
	} else {
		snprintf(result, sizeof(result), "%s", out.data != NULL ? out.data : "");
	}
	kh_template_free(tpl);
	kh_value_free(data);
	kh_buf_free(&out);
	return result;
}

typedef struct example {
	const char *source, *expected;
} example;

static void check_examples(kh_place place, const example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *got = render(examples[i].source, place);
		if (strcmp(got, examples[i].expected) != 0) {
			check_fail(__FILE__, __LINE__, "%s\n#   expected: %s\n#   got:      %s",
				examples[i].source, examples[i].expected, got);
		}
	}
}

/* expected: how the "!status line:column message" begins, then what it contains. */
typedef struct mistake {
	const char *source, *where, *says;
} mistake;

static void check_mistakes(kh_place place, const mistake *mistakes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *got = render(mistakes[i].source, place);
		char begin[100];
		snprintf(begin, sizeof(begin), "!template %s ", mistakes[i].where);
		if (strncmp(got, begin, strlen(begin)) != 0 || strstr(got, mistakes[i].says) == NULL) {
			check_fail(__FILE__, __LINE__, "%s\n#   expected: %s…%s\n#   got:      %s",
				mistakes[i].source, begin, mistakes[i].says, got);
		}
	}
}

#define EXAMPLES(place, ...)                                                                       \
	do {                                                                                           \
		static const example list[] = {__VA_ARGS__};                                               \
		check_examples((place), list, sizeof(list) / sizeof(list[0]));                             \
	} while (0)

#define MISTAKES(place, ...)                                                                       \
	do {                                                                                           \
		static const mistake list[] = {__VA_ARGS__};                                               \
		check_mistakes((place), list, sizeof(list) / sizeof(list[0]));                             \
	} while (0)

#endif
