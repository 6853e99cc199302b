#include "check.h"
#include "kh_idn.h"

static void check_name(const char *host, const char *expected)
{
	kh_buf out;

	kh_buf_init(&out, 253);
	CHECK_INT(kh_idn_to_ascii((kh_str){host, strlen(host)}, &out), expected != NULL);
	CHECK_BYTES(out, expected != NULL ? expected : "");
	kh_buf_free(&out);
}

/* The last ones are RFC 3492's own samples (7.1). */
static void names_get_their_ascii_form(void)
{
	check_name("example.com", "example.com");
	check_name("b\u00fccher.example", "xn--bcher-kva.example");
	check_name("B\u00fccher.EXAMPLE", "xn--bcher-kva.example");
	check_name("m\u00fcnchen.\u00f6sterreich.de", "xn--mnchen-3ya.xn--sterreich-z7a.de");
	check_name("fa\u00df.de", "xn--fa-hia.de");
	check_name("\u0142\u00f3d\u017a.pl", "xn--d-uga0v4h.pl");
	check_name("\u4e2d\u56fd", "xn--fiqs8s");
	check_name(
		"\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587", "xn--ihqwcrb4cv8a8dqg056pqjye");
	check_name(
		"\u043f\u043e\u0447\u0435\u043c\u0443\u0436\u0435\u043e\u043d\u0438\u043d\u0435\u0433"
		"\u043e\u0432\u043e\u0440\u044f\u0442\u043f\u043e\u0440\u0443\u0441\u0441\u043a\u0438",
		"xn--b1abfaaepdrnnbgefbadotcwatmq2g4l");
	check_name("3\u5e74b\u7d44\u91d1\u516b\u5148\u751f", "xn--3b-ww4c5e180e575a65lsy2b");
}

static void what_is_not_sure_is_not_suggested(void)
{
	char label[80];

	check_name("", NULL);
	check_name(".", NULL);
	check_name("a..b", NULL);
	check_name("a_b.de", NULL);
	check_name("\u00dcber.de", NULL);  /* a capital */
	check_name("u\u0308ber.de", NULL); /* an accent in a piece of its own */
	check_name("\U0001f600.com", NULL);
	check_name("a\xff.com", NULL);
	memset(label, 'a', 62);
	memcpy(label + 62, "\u00fc", 3);
	check_name(label, NULL);
	memset(label, 'a', 64);
	label[64] = '\0';
	check_name(label, NULL);
}

int main(void)
{
	RUN(names_get_their_ascii_form);
	RUN(what_is_not_sure_is_not_suggested);
	return check_done();
}
