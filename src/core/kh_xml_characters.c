#include "kh_xml_characters.h"

typedef struct code_range {
	uint32_t first, last;
} code_range;

static bool is_in(const code_range *ranges, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++) {
		if (code >= ranges[i].first && code <= ranges[i].last) {
			return true;
		}
	}
	return false;
}

/* XML 1.0, fifth edition, [4] and [4a]. */
bool kh_xml_is_name_character(uint32_t code, bool first)
{
	static const code_range letters[] = {{':', ':'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'},
		{0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFF},
		{0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF},
		{0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
	static const code_range others[] = {
		{'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};

	return is_in(letters, sizeof(letters) / sizeof(letters[0]), code) ||
		   (!first && is_in(others, sizeof(others) / sizeof(others[0]), code));
}

static bool is_character(unsigned long code)
{
	return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0xD7FF) ||
		   (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

/* What stands between &# and ; */
bool kh_xml_is_reference(kh_str digits)
{
	bool hex = digits.len > 0 && digits.data[0] == 'x';
	unsigned long code = 0;
	size_t i = hex;

	if (i == digits.len) {
		return false;
	}
	for (; i < digits.len; i++) {
		char c = digits.data[i];
		unsigned digit;

		if (c >= '0' && c <= '9') {
			digit = (unsigned)(c - '0');
		} else if (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
			digit = (unsigned)((c | 0x20) - 'a' + 10);
		} else {
			return false;
		}
		code = code * (hex ? 16 : 10) + digit;
		if (code > 0x10FFFF) {
			return false;
		}
	}
	return is_character(code);
}
