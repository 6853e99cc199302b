#include "check.h"
#include "kh_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/un.h>

static kh_networks *networks(const char *list)
{
	kh_networks *parsed = NULL;
	kh_error error;

	CHECK_STATUS(kh_networks_parse((kh_str){list, strlen(list)}, &parsed, &error), KH_OK);
	return parsed;
}

/* Each as text and as a socket address; both must agree. */
static kh_status judge(const kh_guard *guard, const char *text, bool plain_http, kh_error *error)
{
	struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(443)};
	struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
	kh_status by_text = kh_guard_check_text(guard, text, plain_http, error), by_socket;

	if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1) {
		by_socket = kh_guard_check(guard, (struct sockaddr *)&ipv4, plain_http, error);
	} else {
		CHECK_INT(inet_pton(AF_INET6, text, &ipv6.sin6_addr), 1);
		by_socket = kh_guard_check(guard, (struct sockaddr *)&ipv6, plain_http, error);
	}
	CHECK_STATUS(by_socket, by_text);
	return by_text;
}

/* word "": public */
static const struct {
	const char *address;
	const char *word;
} table[] = {
	{"0.0.0.0", "this network"},
	{"0.255.255.255", "this network"},
	{"1.0.0.0", ""},
	{"1.1.1.1", ""},
	{"8.8.8.8", ""},
	{"9.255.255.255", ""},
	{"10.0.0.0", "private network"},
	{"10.1.2.3", "private network"},
	{"10.255.255.255", "private network"},
	{"11.0.0.0", ""},
	{"93.184.216.34", ""},
	{"100.63.255.255", ""},
	{"100.64.0.0", "shared address space"},
	{"100.100.100.200", "metadata"},
	{"100.127.255.255", "shared address space"},
	{"100.128.0.0", ""},
	{"126.255.255.255", ""},
	{"127.0.0.1", "loopback"},
	{"127.255.255.255", "loopback"},
	{"128.0.0.0", ""},
	{"168.63.129.15", ""},
	{"168.63.129.16", "metadata"},
	{"169.253.255.255", ""},
	{"169.254.0.0", "link-local"},
	{"169.254.169.254", "metadata"},
	{"169.254.170.2", "metadata"},
	{"169.254.255.255", "link-local"},
	{"169.255.0.0", ""},
	{"172.15.255.255", ""},
	{"172.16.0.0", "private network"},
	{"172.31.255.255", "private network"},
	{"172.32.0.0", ""},
	{"191.255.255.255", ""},
	{"192.0.0.0", "reserved for protocols"},
	{"192.0.0.192", "metadata"},
	{"192.0.0.255", "reserved for protocols"},
	{"192.0.1.0", ""},
	{"192.0.2.1", "documentation"},
	{"192.0.3.0", ""},
	{"192.88.98.255", ""},
	{"192.88.99.1", "6to4 relay"},
	{"192.167.255.255", ""},
	{"192.168.0.1", "private network"},
	{"192.168.255.255", "private network"},
	{"192.169.0.0", ""},
	{"198.17.255.255", ""},
	{"198.18.0.0", "benchmarks"},
	{"198.19.255.255", "benchmarks"},
	{"198.20.0.0", ""},
	{"198.51.100.7", "documentation"},
	{"198.51.101.0", ""},
	{"203.0.112.255", ""},
	{"203.0.113.5", "documentation"},
	{"203.0.114.0", ""},
	{"223.255.255.255", ""},
	{"224.0.0.1", "multicast"},
	{"239.255.255.255", "multicast"},
	{"240.0.0.0", "reserved"},
	{"255.255.255.254", "reserved"},
	{"255.255.255.255", "broadcast"},

	{"::", "unspecified"},
	{"::1", "loopback"},
	{"::2", "IPv4-compatible"},
	{"::7f00:1", "IPv4-compatible"},
	{"::8.8.8.8", "IPv4-compatible"},
	{"::ffff:127.0.0.1", "loopback"},
	{"::ffff:10.0.0.1", "private network"},
	{"::ffff:169.254.169.254", "metadata"},
	{"::ffff:8.8.8.8", ""},
	{"::ffff:0:127.0.0.1", "IPv4-translated"},
	{"::ffff:0:8.8.8.8", "IPv4-translated"},
	{"64:ff9a::8.8.8.8", "reserved"},
	{"64:ff9b::127.0.0.1", "loopback"},
	{"64:ff9b::10.0.0.1", "private network"},
	{"64:ff9b::169.254.169.254", "metadata"},
	{"64:ff9b::8.8.8.8", ""},
	{"64:ff9b::1:8.8.8.8", "reserved"},
	{"64:ff9b:1::8.8.8.8", "local NAT64"},
	{"64:ff9b:1:ffff::10.0.0.1", "local NAT64"},
	{"64:ff9b:2::1", "reserved"},
	{"100::1", "discard"},
	{"100:0:0:1::1", "reserved"},
	{"1fff:ffff::1", "reserved"},
	{"2000::1", ""},
	{"2001::1", "Teredo"},
	{"2001:0:53aa:64c:0:0:80ff:fffe", "Teredo"},
	{"2001:2::1", "benchmarks"},
	{"2001:10::1", "reserved for protocols"},
	{"2001:20::1", "reserved for protocols"},
	{"2001:1ff:ffff::1", "reserved for protocols"},
	{"2001:200::1", ""},
	{"2001:4860:4860::8888", ""},
	{"2001:db7:ffff::1", ""},
	{"2001:db8::1", "documentation"},
	{"2001:db9::1", ""},
	{"2002:7f00:1::", "6to4"},
	{"2002:808:808::1", "6to4"},
	{"2003::1", ""},
	{"2606:4700:4700::1111", ""},
	{"3ffe::1", ""},
	{"3fff::1", "documentation"},
	{"3fff:fff::1", "documentation"},
	{"3fff:1000::1", ""},
	{"4000::1", "reserved"},
	{"5f00::1", "reserved"},
	{"fbff::1", "reserved"},
	{"fc00::1", "private network"},
	{"fd00::1", "private network"},
	{"fd00:ec2::254", "metadata"},
	{"fd20:ce::254", "metadata"},
	{"fdff:ffff::1", "private network"},
	{"fe00::1", "reserved"},
	{"fe80::1", "link-local"},
	{"febf::1", "link-local"},
	{"fec0::1", "site-local"},
	{"feff::1", "site-local"},
	{"ff02::1", "multicast"},
	{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"},
};

static void every_class_is_known_by_its_borders(void)
{
	const kh_guard guard = {0};
	kh_error error;
	kh_status status;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		status = judge(&guard, table[i].address, false, &error);
		if (status != (table[i].word[0] == '\0' ? KH_OK : KH_ERR_BLOCKED)) {
			check_fail(__FILE__, __LINE__, "%s: %s", table[i].address, kh_status_name(status));
		}
		if (status == KH_ERR_BLOCKED) {
			CHECK_CONTAINS(error.message, table[i].word);
			CHECK_CONTAINS(error.message, "kivihook.allow_networks = ");
		}
	}
}

static void the_words_name_address_class_and_remedy(void)
{
	const kh_guard guard = {0};
	kh_error error;

	CHECK_STATUS(judge(&guard, "10.1.2.3", false, &error), KH_ERR_BLOCKED);
	CHECK_STR(error.message,
		"10.1.2.3 is in a private network (10.0.0.0/8, RFC 1918): KiviHook sends nothing there. If "
		"this endpoint is meant, the server's owner can allow it in php.ini: "
		"kivihook.allow_networks = 10.1.2.3");
	CHECK_STATUS(judge(&guard, "64:ff9b::a01:203", false, &error), KH_ERR_BLOCKED);
	CHECK_CONTAINS(error.message,
		"64:ff9b::a01:203, which stands for 10.1.2.3, is in a private network (10.0.0.0/8");
}

static void allow_opens_exactly_its_network(void)
{
	kh_networks *allow = networks("10.1.2.0/24, fd00::/16 64:ff9b:1::/48");
	kh_guard guard = {.allow = allow};

	CHECK_STATUS(judge(&guard, "10.1.2.0", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "10.1.2.255", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "::ffff:10.1.2.3", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "64:ff9b::10.1.2.3", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "10.1.3.0", false, NULL), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "10.1.1.255", false, NULL), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "fd00:1::1", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "fd01::1", false, NULL), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "64:ff9b:1::10.9.9.9", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "127.0.0.1", false, NULL), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "8.8.8.8", false, NULL), KH_OK);
	kh_networks_free(allow);
}

static void a_list_of_all_ipv6_opens_no_ipv4(void)
{
	kh_networks *allow = networks("::/0");
	kh_guard guard = {.allow = allow};

	CHECK_STATUS(judge(&guard, "::1", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "127.0.0.1", false, NULL), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "::ffff:127.0.0.1", false, NULL), KH_ERR_BLOCKED);
	kh_networks_free(allow);
}

static void deny_wins_over_allow(void)
{
	kh_networks *allow = networks("10.0.0.0/8"), *deny = networks("10.6.0.0/16 8.8.0.0/16");
	kh_guard guard = {.allow = allow, .deny = deny, .allow_http = true};
	kh_error error;

	CHECK_STATUS(judge(&guard, "10.5.0.1", false, &error), KH_OK);
	CHECK_STATUS(judge(&guard, "10.6.0.1", false, &error), KH_ERR_BLOCKED);
	CHECK_CONTAINS(error.message, "kivihook.deny_networks");
	CHECK_STATUS(judge(&guard, "8.8.8.8", false, &error), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "::ffff:8.8.8.8", false, &error), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "64:ff9b::8.8.8.8", false, &error), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "8.9.8.8", false, &error), KH_OK);
	kh_networks_free(allow);
	kh_networks_free(deny);
}

static void plain_http_goes_only_where_it_was_allowed(void)
{
	kh_networks *allow = networks("127.0.0.0/8,1.1.1.1");
	kh_guard guard = {.allow = allow};
	kh_error error;

	CHECK_STATUS(judge(&guard, "127.0.0.1", true, &error), KH_OK);
	CHECK_STATUS(judge(&guard, "1.1.1.1", true, &error), KH_OK);
	CHECK_STATUS(judge(&guard, "8.8.8.8", true, &error), KH_ERR_BLOCKED);
	CHECK_CONTAINS(error.message, "use https");
	CHECK_CONTAINS(error.message, "kivihook.allow_http = 1");
	guard.allow_http = true;
	CHECK_STATUS(judge(&guard, "8.8.8.8", true, &error), KH_OK);
	CHECK_STATUS(judge(&guard, "10.0.0.1", true, &error), KH_ERR_BLOCKED);
	kh_networks_free(allow);
}

static void only_real_addresses_are_read_as_text(void)
{
	static const char *const wrong[] = {"", "localhost", "127.1", "0x7f.0.0.1", "0177.0.0.1",
		"2130706433", "127.0.0.1.", "127.0.0.1:80", "[::1", "::1]", "[]", "[", " 127.0.0.1",
		"127.0.0.1%lo", "1.2.3.4.5", "::g",
		"11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111"
		"11111111111111111111111111111111111111111111111111111111111111111111111111111111111111"};
	const kh_guard guard = {0};
	kh_error error;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		CHECK_STATUS(kh_guard_check_text(&guard, wrong[i], false, &error), KH_ERR_INVALID);
	}
	CHECK_STATUS(kh_guard_check_text(&guard, "[::1]", false, &error), KH_ERR_BLOCKED);
	CHECK_STATUS(kh_guard_check_text(&guard, "fe80::1%eth0", false, &error), KH_ERR_BLOCKED);
	CHECK_STATUS(kh_guard_check_text(&guard, "[2606:4700::1111]", false, &error), KH_OK);
}

static void other_address_families_are_refused(void)
{
	const kh_guard guard = {.allow_http = true};
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	kh_error error;

	CHECK_STATUS(kh_guard_check(&guard, (struct sockaddr *)&local, false, &error), KH_ERR_BLOCKED);
}

static void lists_are_read_strictly(void)
{
	static const char *const wrong[] = {"10.0.0/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1",
		"10.0.0.0/8x", "10.0.0.0/0008", "::/129", "localhost", "10.0.0.0/8;11.0.0.0/8", "/8",
		"127.0.0.1, intranet", "10.0.0.0-10.0.0.9",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111/128"};
	kh_networks *list;
	kh_error error;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		list = (kh_networks *)&error;
		CHECK_STATUS(
			kh_networks_parse((kh_str){wrong[i], strlen(wrong[i])}, &list, &error), KH_ERR_INVALID);
		CHECK(list == NULL);
		CHECK_CONTAINS(error.message, "is not a network");
	}
	CHECK_STATUS(kh_networks_parse(KH_STR("10.0.0.1\0002"), &list, &error), KH_ERR_INVALID);
	kh_networks_free(NULL);
}

static void lists_may_be_empty_and_written_loosely(void)
{
	kh_networks *empty = networks(" ,\t\n"), *nothing = NULL, *loose, *all;
	kh_guard guard = {.allow = empty, .deny = empty};

	CHECK_STATUS(kh_networks_parse((kh_str){NULL, 0}, &nothing, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "127.0.0.1", false, NULL), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "8.8.8.8", false, NULL), KH_OK);
	/* A network may be written with any of its addresses, and IPv4 as IPv6. */
	loose = networks(",,127.9.9.9/8 ,::1\n10.1.2.3,,::ffff:192.168.1.0/120,");
	guard.allow = loose;
	CHECK_STATUS(judge(&guard, "127.0.0.1", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "::1", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "10.1.2.3", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "10.1.2.4", false, NULL), KH_ERR_BLOCKED);
	CHECK_STATUS(judge(&guard, "192.168.1.77", false, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "192.168.2.77", false, NULL), KH_ERR_BLOCKED);
	all = networks("0.0.0.0/0");
	guard.allow = all;
	CHECK_STATUS(judge(&guard, "10.0.0.1", true, NULL), KH_OK);
	CHECK_STATUS(judge(&guard, "::1", true, NULL), KH_ERR_BLOCKED);
	kh_networks_free(empty);
	kh_networks_free(nothing);
	kh_networks_free(loose);
	kh_networks_free(all);
}

static void hosts_are_judged_by_what_they_tell(void)
{
	static const char *const refused[] = {"localhost", "LOCALHOST.", "a.localhost", "ip6-localhost",
		"localhost.localdomain", "metadata.google.internal", "127.0.0.1", "127.0.0.1.", "[::1]",
		"10.0.0.1"};
	static const char *const fine[] = {"example.com", "localhost.example.com", "notlocalhost",
		"8.8.8.8", "[2606:4700::1111]", "."};
	const kh_guard guard = {0};
	kh_guard open = {.allow = networks("127.0.0.1")};
	kh_error error;
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		CHECK_STATUS(kh_guard_check_host(&guard, refused[i], false, &error), KH_ERR_BLOCKED);
	}
	for (i = 0; i < sizeof(fine) / sizeof(*fine); i++) {
		CHECK_STATUS(kh_guard_check_host(&guard, fine[i], false, &error), KH_OK);
		CHECK_STATUS(kh_guard_check_host(&guard, fine[i], true, &error), KH_ERR_BLOCKED);
		CHECK_CONTAINS(error.message, "use https");
	}
	CHECK_STATUS(kh_guard_check_host(&open, "localhost", true, &error), KH_OK);
	CHECK_STATUS(kh_guard_check_host(&open, "example.com", true, &error), KH_ERR_BLOCKED);
	open.allow_http = true;
	CHECK_STATUS(kh_guard_check_host(&open, "example.com", true, &error), KH_OK);
	kh_networks_free((kh_networks *)open.allow);
}

static kh_status judge_port(
	const kh_guard *guard, const char *address, unsigned port, kh_error *error)
{
	struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};

	if (inet_pton(AF_INET, address, &ipv4.sin_addr) == 1) {
		return kh_guard_check(guard, (struct sockaddr *)&ipv4, false, error);
	}
	CHECK_INT(inet_pton(AF_INET6, address, &ipv6.sin6_addr), 1);
	return kh_guard_check(guard, (struct sockaddr *)&ipv6, false, error);
}

static void ports_of_other_services_are_refused(void)
{
	static const unsigned refused[] = {1, 21, 22, 23, 25, 53, 110, 143, 389, 445, 465, 587, 2375,
		3306, 3389, 5432, 6000, 6379, 6667, 11211, 27017};
	static const unsigned fine[] = {
		80, 443, 8000, 8080, 8443, 3000, 5000, 9000, 9200, 49152, 65535, 81};
	kh_networks *allow = networks("8.8.4.4");
	const kh_guard guard = {.allow = allow};
	kh_error error;
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		CHECK_STATUS(judge_port(&guard, "8.8.8.8", refused[i], &error), KH_ERR_BLOCKED);
		CHECK_CONTAINS(error.message, "is no web server");
		CHECK_CONTAINS(error.message, "kivihook.allow_networks = 8.8.8.8");
		CHECK_STATUS(judge_port(&guard, "2606:4700::1111", refused[i], &error), KH_ERR_BLOCKED);
		CHECK_STATUS(judge_port(&guard, "8.8.4.4", refused[i], &error), KH_OK);
	}
	for (i = 0; i < sizeof(fine) / sizeof(*fine); i++) {
		CHECK_STATUS(judge_port(&guard, "8.8.8.8", fine[i], &error), KH_OK);
		CHECK_STATUS(judge_port(&guard, "2606:4700::1111", fine[i], &error), KH_OK);
	}
	/* All of them are found, whatever the order in the table. */
	for (i = 1; i <= 65535; i++) {
		CHECK_INT(kh_guard_is_refused_port((unsigned)i),
			judge_port(&guard, "8.8.8.8", (unsigned)i, &error) == KH_ERR_BLOCKED);
	}
	CHECK(kh_guard_is_refused_port(0) && kh_guard_is_refused_port(65536 + 443));
	kh_networks_free(allow);
}

static void ports_are_refused_through_a_proxy_too(void)
{
	kh_networks *allow = networks("10.1.2.3");
	const kh_guard guard = {.allow = allow};
	kh_error error;

	CHECK_STATUS(kh_guard_check_port(&guard, "example.com", "443", &error), KH_OK);
	CHECK_STATUS(kh_guard_check_port(&guard, "example.com", "25", &error), KH_ERR_BLOCKED);
	CHECK_STATUS(kh_guard_check_port(&guard, "8.8.8.8", "25", &error), KH_ERR_BLOCKED);
	CHECK_STATUS(kh_guard_check_port(&guard, "10.1.2.3", "25", &error), KH_OK);
	CHECK_STATUS(kh_guard_check_port(&guard, "[::ffff:10.1.2.3]", "25", &error), KH_OK);
	CHECK_STATUS(kh_guard_check_port(&guard, "[2001:db8::1]", "25", &error), KH_ERR_BLOCKED);
	CHECK_CONTAINS(error.message, "allow_networks = 2001:db8::1");
	CHECK_STATUS(kh_guard_check_port(&guard, "example.com", "99999", &error), KH_ERR_BLOCKED);
	CHECK_STATUS(kh_guard_check_port(&guard, "example.com", "44x", &error), KH_ERR_BLOCKED);
	kh_networks_free(allow);
}

int main(void)
{
	RUN(every_class_is_known_by_its_borders);
	RUN(the_words_name_address_class_and_remedy);
	RUN(allow_opens_exactly_its_network);
	RUN(a_list_of_all_ipv6_opens_no_ipv4);
	RUN(deny_wins_over_allow);
	RUN(plain_http_goes_only_where_it_was_allowed);
	RUN(only_real_addresses_are_read_as_text);
	RUN(other_address_families_are_refused);
	RUN(lists_are_read_strictly);
	RUN(lists_may_be_empty_and_written_loosely);
	RUN(hosts_are_judged_by_what_they_tell);
	RUN(ports_of_other_services_are_refused);
	RUN(ports_are_refused_through_a_proxy_too);
	return check_done();
}
