/* The check ends, says where, and what it takes stays well-formed behind a template. */
#include "fuzz.h"
#include "kh_body.h"
#include "kh_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kh_str text = fuzz_all(data, size);
	kh_event event = {.id = KH_STR("id"),
		.type = KH_STR("a.b"),
		.timestamp = KH_STR("2026-11-23T09:15:00.123Z"),
		.json = KH_STR("{\"a\":\"<x>&]]>--'\\\"\",\"b\":[{\"a\":\"<\"},{}]}")};
	kh_body *body = NULL;
	kh_error error = {0};
	kh_buf out;

	for (int mode = 0; mode < 2; mode++) {
		if (kh_xml_check(text, (kh_xml_mode)mode, &error) != KH_OK) {
			PROMISE(error.message[0] != '\0');
		}
	}
	if (kh_body_compile(KH_STR("application/xml"), text, &body, &error) != KH_OK) {
		return 0;
	}
	kh_buf_init(&out, KH_BODY_MAX_BYTES);
	PROMISE(kh_event_open(&event, NULL) == KH_OK);
	(void)kh_body_render(body, &event, &out, &error);
	kh_event_clear(&event);
	kh_body_free(body);
	kh_buf_free(&out);
	return 0;
}
