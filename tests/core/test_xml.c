#include "check.h"
#include "kh_xml.h"

#include <stdlib.h>

/* "ok", or "line:column message". */
static const char *check(const char *text, kh_xml_mode mode)
{
	static char result[700];
	kh_error error = {0};

	if (kh_xml_check((kh_str){text, strlen(text)}, mode, &error) == KH_OK) {
		return "ok";
	}
	CHECK_STATUS(error.status, KH_ERR_TEMPLATE);
	snprintf(result, sizeof(result), "%u:%u %s", error.line, error.column, error.message);
	return result;
}

static void well_formed_is_accepted(void)
{
	static const char *const texts[] = {"<a/>", "<a></a>", "<a b='1' c=\"2\"/>", "<a\n b = '>'/>",
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- c --><a/><!-- d -->\n<?pi x?>",
		"<a>x &amp; &lt;&gt;&quot;&apos; &#233; &#xE9; &#x1F600;</a>",
		"<soap:Envelope xmlns:soap=\"u\"><soap:Body/></soap:Envelope>", "<a><![CDATA[<b>&x;]]></a>",
		"<?xml\tversion = '1.1' standalone=\"no\" ?><a/>",
		"<?xml version='1.0' encoding='us-ascii'?><a/>", "<?xml-stylesheet x?><a><?pi?></a>",
		"<a-.9\xCC\x80\xC2\xB7 _:b=''/>", "<\xF0\x90\x80\x80/>", "<a>\xC3\xA9</a >", "<\xC3\xA9/>",
		"\xEF\xBB\xBF<?xml version='1.0'?><a/>", "<a><b/><b></b>text<c>]] ></c></a>",
		"<a>-- > ' \"</a>"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK_STR(check(texts[i], KH_XML_DOCUMENT), "ok");
	}
}

/* In a document it may be made of a record's data, and errors are logged. */
static void only_a_template_s_own_names_are_told(void)
{
	static const char *const texts[] = {"<Smith>", "<a></Smith>", "<Smith/><Smith/>",
		"<a>&Smith;</a>", "<a>&#Smith;</a>", "<a Smith='1' Smith='2'/>", "<a Smith/>",
		"<a Smith=1/>", "<a Smith='<'/>", "<a Smith='1/>", "<a><Smith", "<a></a></Smith>",
		"<a><?Smith", "<a><?Smith(?></a>"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK(strstr(check(texts[i], KH_XML_DOCUMENT), "Smith") == NULL);
		CHECK_CONTAINS(check(texts[i], KH_XML_DOCUMENT), "The XML is not well-formed: ");
	}
	CHECK_CONTAINS(check("<Smith>", KH_XML_FRAGMENT), "</Smith> is missing");
	CHECK_CONTAINS(check("<a>&Smith;</a>", KH_XML_FRAGMENT), "&Smith; is not known");
}

static void mistakes_are_found(void)
{
	static const char *const mistakes[][2] = {
		{"", "1:1 The XML is not well-formed: there is no element"},
		{"<a>", "1:4 The XML is not well-formed: </\xE2\x80\xA6> is missing"},
		{"<a>\n<b></a>", "2:4 "}, {"<a></a></a>", "1:8 "}, {"<a/><b/>", "1:5 "}, {"x<a/>", "1:1 "},
		{"<a/>\n x", "2:2 "}, {"<a b=1/>", "1:6 "}, {"<a b/>", "1:4 "},
		{"<a b='1' b='2'/>", "1:10 "}, {"<a b='1'c='2'/>", "1:9 "}, {"<a b='<'/>", "1:7 "},
		{"<a b='1/>", "1:6 "}, {"<a", "1:1 "}, {"<a b='&'/>", "1:7 "},
		{"<a>\xC3\xA9 & b</a>", "1:6 "}, {"<a>&nbsp;</a>", "1:4 "}, {"<a>&#0;</a>", "1:4 "},
		{"<a>&#xD800;</a>", "1:4 "}, {"<a>&#x110000;</a>", "1:4 "}, {"<a>&#;</a>", "1:4 "},
		{"<a>&#x;</a>", "1:4 "},
		{"<!DOCTYPE a><a/>", "1:1 The XML is not well-formed: a DOCTYPE is not sent"},
		{"<a><!ENTITY x 'y'></a>", "1:4 "}, {"<a><!-- x -- y --></a>", "1:11 "},
		{"<a><!-- x</a>", "1:4 "}, {"<a><![CDATA[x</a>", "1:4 "}, {"<![CDATA[x]]><a/>", "1:1 "},
		{"<a>]]></a>", "1:4 "}, {"<a>< b/></a>", "1:4 "}, {"<1/>", "1:1 "},
		{" <?xml version='1.0'?><a/>", "1:2 "}, {"<a><?xml?></a>", "1:4 "},
		{"<a><? x?></a>", "1:4 "}, {"<a><?x</a>", "1:4 "}, {"<a>\x01</a>", "1:4 "},
		{"<a>\xEF\xBF\xBF</a>", "1:4 "}, {"<a>\xFF</a>", "1:1 "}, {"<a></a b='1'>", "1:4 "},
		{"<a></>", "1:4 "}, {"<a>&amp</a>", "1:4 "},
		/* Beyond ASCII not everything is a letter. */
		{"<\xC3\x97/>", "1:1 "}, {"<a\xC3\xB7/>", "1:3 "}, {"<\xCC\x80/>", "1:1 "},
		{"<\xE2\x80\xA8/>", "1:1 "}, {"<\xF3\xB0\x80\x80/>", "1:1 "},
		{"<a><?x\xC3\xB7?></a>", "1:4 "}, {"<a><?x</a>?></a>", "1:4 "},
		/* What stands in the declaration must be true of what is sent. */
		{"<?xml?><a/>", "1:1 The XML is not well-formed: <?xml must go on with version"},
		{"<?xml encoding='UTF-8'?><a/>", "1:1 "}, {"<?xml version='2.0'?><a/>", "1:1 "},
		{"<?xml version='1.'?><a/>", "1:1 "},
		{"<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
			"1:31 The XML is not well-formed: what is sent is UTF-8: write encoding=\"UTF-8\""},
		{"<?xml version='1.0' standalone='maybe'?><a/>", "1:33 "},
		{"<?xml version='1.0' x='y'?><a/>", "1:21 "},
		{"<?xml version='1.0'encoding='UTF-8'?><a/>", "1:20 "}, {"<?xml version=1.0?><a/>", "1:1 "},
		{"<?xml version='1.0' encoding='UTF-8'", "1:37 "}, {"<?xml version='1.0", "1:1 "},
		{"<?xml version", "1:1 "}};

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const char *got = check(mistakes[i][0], KH_XML_DOCUMENT);
		if (strncmp(got, mistakes[i][1], strlen(mistakes[i][1])) != 0) {
			check_fail(__FILE__, __LINE__, "%s\n#   expected: %s\n#   got:      %s", mistakes[i][0],
				mistakes[i][1], got);
		}
	}
}

static void a_fragment_may_have_any_number_of_roots(void)
{
	CHECK_STR(check("", KH_XML_FRAGMENT), "ok");
	CHECK_STR(check("x<a/>y<b/><![CDATA[z]]>", KH_XML_FRAGMENT), "ok");
	CHECK_CONTAINS(check("<a/></b>", KH_XML_FRAGMENT), "1:5 ");
}

static void limits_hold(void)
{
	kh_buf text;

	kh_buf_init(&text, 1 << 20);
	for (int i = 0; i < 257; i++) {
		kh_buf_append_str(&text, KH_STR("<a>"));
	}
	CHECK_CONTAINS(check(text.data, KH_XML_DOCUMENT), "nested more than 256 deep");
	kh_buf_clear(&text);
	kh_buf_append_str(&text, KH_STR("<a"));
	for (int i = 0; i < 257; i++) {
		kh_buf_append_format(&text, " a%d=''", i);
	}
	CHECK_CONTAINS(check(text.data, KH_XML_DOCUMENT), "more than 256 attributes");
	kh_buf_free(&text);
}

/* Every cut of a good text is read within its bounds (ASAN watches), and is not well-formed. */
static void cut_texts_are_refused(void)
{
	static const char whole[] =
		"<?xml version='1.0'?><!-- c --><a b=\"&amp;\"><![CDATA[x]]>&#233;<?p q?>\xC3\xA9<b/></a>";

	for (size_t len = 0; len + 1 < sizeof(whole) - 1; len++) {
		char *cut = malloc(len > 0 ? len : 1);
		memcpy(cut, whole, len);
		CHECK(kh_xml_check((kh_str){cut, len}, KH_XML_DOCUMENT, NULL) != KH_OK);
		free(cut);
	}
}

int main(void)
{
	RUN(well_formed_is_accepted);
	RUN(mistakes_are_found);
	RUN(only_a_template_s_own_names_are_told);
	RUN(a_fragment_may_have_any_number_of_roots);
	RUN(limits_hold);
	RUN(cut_texts_are_refused);
	return check_done();
}
