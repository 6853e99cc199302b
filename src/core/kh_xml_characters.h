/*
 * Which characters XML 1.0 (fifth edition) has, and where.
 */
#ifndef KH_XML_CHARACTERS_H
#define KH_XML_CHARACTERS_H

#include "kh_buf.h"

#include <stdint.h>

/* [4] and [4a]; first: of a name. */
bool kh_xml_is_name_character(uint32_t code, bool first);
/* digits: what stands between &# and ; and does it stand for a character? */
bool kh_xml_is_reference(kh_str digits);

#endif
