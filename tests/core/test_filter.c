static const char DATA[] =
	"{\"name\":\" Jos\xC3\xA9 Stra\xC3\x9F"
	"e \",\"n\":null,\"empty\":\"\",\"none\":[],\"zero\":0,\"no\":false,"
	"\"id\":42,\"price\":1234.5,\"money\":\"-1234567.005\",\"small\":0.005,\"big\":1e21,\"nan\":"
	"\"abc\","
	"\"at\":\"2026-11-05T09:05:07.123456+05:30\",\"utc\":\"2026-11-23T21:15:00.123Z\","
	"\"local\":\"2026-03-01 "
	"00:30:00\",\"day\":\"2024-02-29\",\"time\":\"09:15:00\",\"unix\":1700000000,"
	"\"unix_text\":\"1700000000\",\"before\":-1,\"basic\":\"20261124\",\"bad\":\"2026-02-30\","
	"\"never\":\"0000-00-00 00:00:00\",\"greek\":\"\xCF\x8C\xCE\xBC\xCE\xBF\xCF\x82\","
	"\"list\":[\"a\",2,null,true],\"services\":[{\"name\":\"X\",\"p\":{\"q\":1}},{\"name\":\"Y\"},{"
	"}],"
	"\"phone\":\"+49 (0)30 123-4567\",\"national\":\"030/1234567\",\"zerozero\":\"0049 30 "
	"1234567\","
	"\"word\":\"ext. 5\",\"uk\":\"07700 "
	"900123\",\"object\":{\"a\":\"\xC3\xA9\\\"\"},\"emoji\":\"a\xF0\x9F\x98\x80"
	"b\"}";

#include "template_check.h"

#include "kh_filter.h"

static void default_stands_in(void)
{
	EXAMPLES(KH_PLACE_TEXT,
		{"{{n | default:\"-\"}}{{missing|default:'x'}}{{empty | default: \"e\"}}", "-xe"},
		{"{{none | default:\"l\"}}{{zero | default:\"z\"}}{{no | default:\"f\"}}", "l0false"},
		{"{{id | default:\"-\"}}", "42"}, {"{{n | upper | default:\"a\\\"b\" | upper}}", "A\"B"},
		{"{{name | trim | default:\"}}|\"}}", "Jos\xC3\xA9 Stra\xC3\x9F"
											  "e"},
		{"{{missing | default:\"}}|\"}}", "}}|"},
		{"{{missing | default:\"\\{{id}}\"}}", "\\{{id}}"});
	EXAMPLES(KH_PLACE_JSON,
		{"[{{n | default:0}},{{n | default:\"0\"}},{{n|default:false}},{{n|default:-1.5}}]",
			"[0,\"0\",false,-1.5]"},
		{"[{{missing | upper}},\"{{missing | upper}}\",{{id | default:1}}]", "[null,\"\",42]"});
}

static void text_is_changed(void)
{
	EXAMPLES(KH_PLACE_TEXT,
		{"[{{name | trim}}]", "[Jos\xC3\xA9 Stra\xC3\x9F"
							  "e]"},
		{"{{name | trim | upper}}", "JOS\xC3\x89 STRASSE"},
		{"{{name | lower}}", " jos\xC3\xA9 stra\xC3\x9F"
							 "e "},
		{"{{greek | upper}}", "\xCE\x8C\xCE\x9C\xCE\x9F\xCE\xA3"},
		{"{{name | trim | truncate:4}}", "Jos\xC3\xA9"},
		{"{{name | trim | truncate:5,\"\xE2\x80\xA6\"}}", "Jos\xC3\xA9\xE2\x80\xA6"},
		{"{{emoji | truncate:2}}", "a\xF0\x9F\x98\x80"},
		{"{{emoji | truncate:3,\"...\"}}", "a\xF0\x9F\x98\x80"
										   "b"},
		{"{{emoji | truncate:2,\"...\"}}", ".."}, {"{{id | truncate:1}}", "4"},
		{"{{emoji | url}}|{{emoji | base64}}", "a%F0%9F%98%80b|YfCfmIBi"},
		{"{{nan | sha256}}", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"{{n | sha256}}{{n | base64}}", ""}, {"{{object | json}}", "{\"a\":\"\xC3\xA9\\\"\"}"},
		{"{{nan | upper | json}}{{n | json}}", "\"ABC\"null"});
	EXAMPLES(KH_PLACE_JSON, {"[{{nan | upper}},\"{{nan | upper}}\"]", "[\"ABC\",\"ABC\"]"},
		{"[{{object | json}},\"{{object | json}}\"]",
			"[{\"a\":\"\xC3\xA9\\\"\"},\"{\\\"a\\\":\\\"\xC3\xA9\\\\\\\"\\\"}\"]"});
	EXAMPLES(KH_PLACE_XML, {"{{object | json}}", "{&quot;a&quot;:&quot;\xC3\xA9\\&quot;&quot;}"});
	EXAMPLES(KH_PLACE_URL, {"{{name | trim | lower}}", "jos%C3%A9%20stra%C3%9F"
													   "e"});
	MISTAKES(KH_PLACE_HEADER, {"x{{list | join:\"\\n\"}}", "1:2", "line break"});
}

static void dates_are_written_as_php_does(void)
{
	EXAMPLES(KH_PLACE_TEXT,
		{"{{at | date:\"d D j l N S w z W o F m M n t L y Y\"}}",
			"05 Thu 5 Thursday 4 th 4 308 45 2026 November 11 Nov 11 30 0 26 2026"},
		{"{{at | date:\"a A g G h H i s v u\"}}", "am AM 9 9 09 09 05 07 123 123456"},
		{"{{at | date:\"P O p T e Z U I\"}}",
			"+05:30 +0530 +05:30 +05:30 +05:30 19800 1793849707 0"},
		{"{{at | date:\"c\"}}|{{at | date:\"r\"}}",
			"2026-11-05T09:05:07+05:30|Thu, 05 Nov 2026 09:05:07 +0530"},
		{"{{at | date:\"X x B\"}} {{unix | date:\"B\"}} {{local | date:\"B\"}}",
			"+2026 2026 191 967 062"},
		{"{{utc | date:\"g:i a, jS M p T\"}}", "9:15 pm, 23rd Nov Z Z"},
		{"{{local | date:\"d.m.Y H:i\"}}|{{local | date:\"cPO\"}}|{{local | date:\"r\"}}",
			"01.03.2026 00:30|2026-03-01T00:30:00|Sun, 01 Mar 2026 00:30:00"},
		{"{{day | date:\"l, jS \\o\\f F Y\"}}", "Thursday, 29th of February 2024"},
		{"{{day | date:\"Y-m-d H:i:s L t z\"}}", "2024-02-29 00:00:00 1 29 59"},
		{"{{unix | date:\"Y-m-d H:i:s P\"}}", "2023-11-14 22:13:20 +00:00"},
		{"{{unix_text | date:\"U\"}} {{before | date:\"c\"}}",
			"1700000000 1969-12-31T23:59:59+00:00"},
		{"{{basic | date:\"D, d/m/y\"}}", "Tue, 24/11/26"},
		{"{{time | date:\"g:i A\"}}|{{time | date:\"Y\"}}", "9:15 AM|09:15:00"});
}

static void what_is_no_date_stays_as_it_is(void)
{
	EXAMPLES(KH_PLACE_TEXT,
		{"{{bad | date:\"d\"}}|{{never | date:\"d\"}}|{{nan | date:\"d\"}}",
			"2026-02-30|0000-00-00 00:00:00|abc"},
		{"{{n | date:\"d\"}}{{empty | date:\"d\"}}", ""},
		{"{{big | date:\"d\"}}|{{price | date:\"d\"}}", "1e21|1234.5"});
}

static void numbers_are_rounded_as_written(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"{{price | number}}|{{price | number:2}}", "1235|1234.50"},
		{"{{price | number:2,\",\",\".\"}}", "1.234,50"},
		{"{{money | number:2,\".\",\",\"}}", "-1,234,567.01"},
		{"{{small | number:2}}|{{small | number:0}}|{{zero | number:3}}", "0.01|0|0.000"},
		{"{{big | number:1,\".\",\" \"}}", "1 000 000 000 000 000 000 000.0"},
		{"{{nan | number:2}}|{{empty | number:2}}|{{n | number:2}}", "abc||"});
	EXAMPLES(KH_PLACE_JSON,
		{"[{{price | number:2}},{{price | number:2,\",\"}},\"{{price | number:1}}\"]",
			"[1234.50,\"1234,50\",\"1234.5\"]"},
		{"[{{nan | number:2}}]", "[\"abc\"]"});
}

static void phones_become_e164(void)
{
	EXAMPLES(KH_PLACE_TEXT,
		{"{{phone | e164}}|{{phone | e164:\"1\"}}", "+49301234567|+49301234567"},
		{"{{national | e164:\"49\"}}|{{national | e164:\"+49\"}}|{{national | e164:49}}",
			"+49301234567|+49301234567|+49301234567"},
		{"{{national | e164}}|{{zerozero | e164}}", "030/1234567|+49301234567"},
		{"{{uk | e164:\"44\"}}|{{national | e164:\"39\"}}", "+447700900123|+390301234567"},
		{"{{word | e164:\"49\"}}|{{empty | e164:\"49\"}}|{{n | e164:\"49\"}}|{{id | e164:49}}",
			"ext. 5|||42"});
}

static void lists_are_joined(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"{{list | join}}|{{list | join:\"-\"}}", "a, 2, true|a-2-true"},
		{"{{services | join:\", \",\"name\"}}|{{services | join:\";\",\"p.q\"}}", "X, Y|1"},
		{"{{none | join}}|{{id | join}}", "|42"},
		{"{{services | join}}", "{\"name\":\"X\",\"p\":{\"q\":1}}, {\"name\":\"Y\"}, {}"});
}

static void values_are_mapped(void)
{
	EXAMPLES(KH_PLACE_TEXT, {"{{id | map:\"41=a\",\"42=b\"}}|{{id | map:'1=a'}}", "b|42"},
		{"{{id | map:\"1=a\",\"*=other\"}}|{{id | map:\"*=other\",\"42=b\"}}", "other|b"},
		{"{{zero | map:\"0=no\",\"*=yes\"}}{{no | map:'false=f'}}{{empty | map:'=none'}}",
			"nofnone"},
		{"{{n | map:\"*=x\"}}{{n | map:'*=x' | default:'d'}}", "d"},
		{"{{nan | map:'abc=a=b' | upper}}|{{id | map:'42='}}", "A=B|"});
	EXAMPLES(KH_PLACE_JSON, {"{\"s\":\"{{id | map:'42=x\\\"y'}}\",\"t\":{{id | map:'42=1'}}}",
								"{\"s\":\"x\\\"y\",\"t\":\"1\"}"});
}

static void mistakes_are_found_on_compiling(void)
{
	MISTAKES(KH_PLACE_TEXT,
		{"a {{id | uper}}", "1:3", "There is no filter \"uper\"; did you mean \"upper\"?"},
		{"{{id | Upper}}", "1:1", "did you mean \"upper\""},
		{"{{id | dat:\"Y\"}}", "1:1", "did you mean \"date\""},
		{"{{id | uppercase}}", "1:1", "use default, date"},
		{"{{id | b64}}", "1:1", "There is no filter"},
		{"{{id |}}", "1:1", "A filter's name is missing"},
		{"{{id | | upper}}", "1:1", "name is missing"}, {"{{| upper}}", "1:1", "A name is missing"},
		{"{{id | upper:1}}", "1:1", "use upper"}, {"{{id | default}}", "1:1", "use default:\"what"},
		{"{{id | default:x}}", "1:1", "default"}, {"{{id | default:007}}", "1:1", "default"},
		{"{{id | date}}", "1:1", "date()"}, {"{{id | date:1}}", "1:1", "date()"},
		{"{{id | truncate}}", "1:1", "truncate:50"}, {"{{id | truncate:0}}", "1:1", "1 to 100000"},
		{"{{id | truncate:-1}}", "1:1", "1 to 100000"}, {"{{id | number:21}}", "1:1", "0 to 20"},
		{"{{id | number:\"x\"}}", "1:1", "number:2"}, {"{{id | number:1,2}}", "1:1", "number:2"},
		{"{{id | number:1,\".\",\",\",\"\"}}", "1:1", "number:2"},
		{"{{id | e164:\"0049\"}}", "1:1", "calling code"},
		{"{{id | e164:\"x\"}}", "1:1", "calling code"}, {"{{id | join:1}}", "1:1", "join:"},
		{"{{id | map}}", "1:1", "map:\"0=cancelled\""}, {"{{id | map:\"x\"}}", "1:1", "map:\"0="},
		{"{{id | map:1}}", "1:1", "map:\"0="}, {"{{id | map:\"1=a\",\"b\"}}", "1:1", "map:\"0="},
		{"{{id | default:\"x}}", "1:1", "}} is missing"},
		{"{{id | upper lower}}", "1:1", "use upper"},
		{"{{id | trim | trim | trim | trim | trim | trim | trim | trim | trim}}", "1:1",
			"more than 8 filters"});
}

/* Both ways give what Unicode's simple mappings give, for the letters that the table has. */
static void case_goes_both_ways(void)
{
	static const char *const pairs[][2] = {{"\xC5\x81\xC3\x93"
											"D\xC5\xB9",
											   "\xC5\x82\xC3\xB3"
											   "d\xC5\xBA"},
		{"\xC4\xB9\xC5\xB8\xC8\x98", "\xC4\xBA\xC3\xBF\xC8\x99"},
		{"\xD0\x81\xD0\x96\xD0\xAF\xD2\x90", "\xD1\x91\xD0\xB6\xD1\x8F\xD2\x91"},
		{"\xCE\x86\xCE\xA9\xCE\xAB", "\xCE\xAC\xCF\x89\xCF\x8B"},
		{"\xE1\xBA\xA4\xC6\xAF\xC6\xA0", "\xE1\xBA\xA5\xC6\xB0\xC6\xA1"},
		{"\xC3\x97\xE6\x97\xA5\xF0\x9F\x98\x80", "\xC3\x97\xE6\x97\xA5\xF0\x9F\x98\x80"}};
	kh_buf out;

	kh_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		for (int upper = 0; upper < 2; upper++) {
			kh_str in = {pairs[i][upper], strlen(pairs[i][upper])};
			kh_buf_clear(&out);
			CHECK_STATUS(upper ? kh_filter_upper(in, &out) : kh_filter_lower(in, &out), KH_OK);
			CHECK_BYTES(out, pairs[i][1 - upper]);
		}
	}
	kh_buf_clear(&out);
	CHECK_STATUS(kh_filter_upper(KH_STR("\xFF\xC3"), &out), KH_OK);
	CHECK_BYTES(out, "\xFF\xC3");
	kh_buf_free(&out);
}

int main(void)
{
	RUN(default_stands_in);
	RUN(text_is_changed);
	RUN(dates_are_written_as_php_does);
	RUN(what_is_no_date_stays_as_it_is);
	RUN(numbers_are_rounded_as_written);
	RUN(phones_become_e164);
	RUN(lists_are_joined);
	RUN(values_are_mapped);
	RUN(mistakes_are_found_on_compiling);
	RUN(case_goes_both_ways);
	return check_done();
}
