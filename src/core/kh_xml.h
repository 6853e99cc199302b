/*
 * Is a rendered XML body well-formed? A scanner of our own, without recursion: tags in pairs,
 * attributes quoted and each there once, entities known, characters allowed, one root. A DOCTYPE is
 * refused, and so are entities that only one could define; nothing is ever loaded or expanded.
 * Namespaces are not resolved.
 */
#ifndef KH_XML_H
#define KH_XML_H

#include "kh_buf.h"

#define KH_XML_MAX_DEPTH 256
#define KH_XML_MAX_ATTRIBUTES 256 /* of one element */

typedef enum kh_xml_mode {
	KH_XML_DOCUMENT,
	KH_XML_FRAGMENT /* any number of roots: what a template gives that leaves some of them out */
} kh_xml_mode;

/* KH_ERR_TEMPLATE with line and column of the first mistake. text is UTF-8. Of a document no names
 * are told: they may be data. */
kh_status kh_xml_check(kh_str text, kh_xml_mode mode, kh_error *error);

#endif
