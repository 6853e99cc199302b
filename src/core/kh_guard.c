#include "kh_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define IPV4_BYTES 4
#define IPV6_BYTES 16

struct address {
	uint8_t bytes[IPV6_BYTES];
	unsigned len; /* IPV4_BYTES or IPV6_BYTES */
};

struct network {
	struct address address;
	unsigned prefix; /* bits */
};

struct kh_networks {
	size_t count;
	struct network items[];
};

enum verdict {
	REFUSED,
	PUBLIC,
	EMBEDDED /* as good as the IPv4 address in its last four bytes */
};

struct class
{
	struct network network;
	enum verdict verdict;
	const char *word;   /* completes "… is " */
	const char *source; /* who says so */
};

/* clang-format off */
#define V4(a, b, c, d, bits) {{{a, b, c, d}, IPV4_BYTES}, bits}
#define V6_BYTES(...) {__VA_ARGS__}
#define V6(bytes, bits) {{bytes, IPV6_BYTES}, bits}

/*
 * The first row that matches decides; an IPv4 address that matches none is public, an IPv6 address
 * is so only inside 2000::/3. Teredo and 6to4 are refused as a whole instead of being judged by the
 * IPv4 address in them: no endpoint lives there any more (RFC 7526), and their relays are other
 * people's. So is NAT64's local prefix: where in it the IPv4 address stands is known only to the
 * network that made it, which can be allowed.
 */
static const struct class classes[] = {
	{V4(0, 0, 0, 0, 8), REFUSED, "an address of \"this network\"", "RFC 1122"},
	{V4(10, 0, 0, 0, 8), REFUSED, "in a private network", "RFC 1918"},
	{V4(100, 100, 100, 200, 32), REFUSED, "a cloud metadata service", "Alibaba Cloud"},
	{V4(100, 64, 0, 0, 10), REFUSED, "in a carrier's shared address space", "RFC 6598"},
	{V4(127, 0, 0, 0, 8), REFUSED, "this machine itself (loopback)", "RFC 1122"},
	{V4(168, 63, 129, 16, 32), REFUSED, "a cloud metadata service", "Azure"},
	{V4(169, 254, 169, 254, 32), REFUSED, "a cloud metadata service", "AWS, Azure, Google Cloud"},
	{V4(169, 254, 170, 2, 32), REFUSED, "a cloud metadata service", "AWS ECS"},
	{V4(169, 254, 0, 0, 16), REFUSED, "a link-local address", "RFC 3927"},
	{V4(172, 16, 0, 0, 12), REFUSED, "in a private network", "RFC 1918"},
	{V4(192, 0, 0, 192, 32), REFUSED, "a cloud metadata service", "Oracle Cloud"},
	{V4(192, 0, 0, 0, 24), REFUSED, "reserved for protocols", "RFC 6890"},
	{V4(192, 0, 2, 0, 24), REFUSED, "in a network for documentation", "RFC 5737"},
	{V4(192, 88, 99, 0, 24), REFUSED, "a 6to4 relay", "RFC 7526"},
	{V4(192, 168, 0, 0, 16), REFUSED, "in a private network", "RFC 1918"},
	{V4(198, 18, 0, 0, 15), REFUSED, "in a network for benchmarks", "RFC 2544"},
	{V4(198, 51, 100, 0, 24), REFUSED, "in a network for documentation", "RFC 5737"},
	{V4(203, 0, 113, 0, 24), REFUSED, "in a network for documentation", "RFC 5737"},
	{V4(224, 0, 0, 0, 4), REFUSED, "a multicast address", "RFC 5771"},
	{V4(255, 255, 255, 255, 32), REFUSED, "the broadcast address", "RFC 919"},
	{V4(240, 0, 0, 0, 4), REFUSED, "reserved", "RFC 1112"},

	{V6(V6_BYTES(0), 128), REFUSED, "the unspecified address", "RFC 4291"},
	{V6(V6_BYTES([15] = 1), 128), REFUSED, "this machine itself (loopback)", "RFC 4291"},
	{V6(V6_BYTES(0), 96), REFUSED, "an IPv4-compatible address", "RFC 4291"},
	{V6(V6_BYTES([8] = 0xff, 0xff), 96), REFUSED, "an IPv4-translated address", "RFC 2765"},
	{V6(V6_BYTES(0, 0x64, 0xff, 0x9b), 96), EMBEDDED, "a NAT64 address", "RFC 6052"},
	{V6(V6_BYTES(0, 0x64, 0xff, 0x9b, 0, 1), 48), REFUSED, "in a local NAT64 network", "RFC 8215"},
	{V6(V6_BYTES(1), 64), REFUSED, "in the discard-only network", "RFC 6666"},
	{V6(V6_BYTES(0x20, 0x01), 32), REFUSED, "a Teredo address", "RFC 4380"},
	{V6(V6_BYTES(0x20, 0x01, 0, 2), 48), REFUSED, "in a network for benchmarks", "RFC 5180"},
	{V6(V6_BYTES(0x20, 0x01), 23), REFUSED, "reserved for protocols", "RFC 2928"},
	{V6(V6_BYTES(0x20, 0x01, 0x0d, 0xb8), 32), REFUSED, "in a network for documentation", "RFC 3849"},
	{V6(V6_BYTES(0x20, 0x02), 16), REFUSED, "a 6to4 address", "RFC 7526"},
	{V6(V6_BYTES(0x3f, 0xff), 20), REFUSED, "in a network for documentation", "RFC 9637"},
	{V6(V6_BYTES(0xfd, 0, 0x0e, 0xc2, [14] = 0x02, 0x54), 128), REFUSED, "a cloud metadata service", "AWS"},
	{V6(V6_BYTES(0xfd, 0x20, 0, 0xce, [14] = 0x02, 0x54), 128), REFUSED, "a cloud metadata service", "Google Cloud"},
	{V6(V6_BYTES(0xfc), 7), REFUSED, "in a private network", "RFC 4193"},
	{V6(V6_BYTES(0xfe, 0x80), 10), REFUSED, "a link-local address", "RFC 4291"},
	{V6(V6_BYTES(0xfe, 0xc0), 10), REFUSED, "a site-local address", "RFC 3879"},
	{V6(V6_BYTES(0xff), 8), REFUSED, "a multicast address", "RFC 4291"},
	{V6(V6_BYTES(0x20), 3), PUBLIC, "public", "RFC 4291"},
	{V6(V6_BYTES(0), 0), REFUSED, "reserved", "RFC 4291"},
};
/* clang-format on */

static bool contains(const struct network *network, const struct address *address)
{
	unsigned whole = network->prefix / 8, rest = network->prefix % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	if (network->address.len != address->len ||
		memcmp(network->address.bytes, address->bytes, whole) != 0) {
		return false;
	}
	return rest == 0 || (network->address.bytes[whole] & mask) == (address->bytes[whole] & mask);
}

static bool list_contains(const kh_networks *list, const struct address *address)
{
	size_t i;

	for (i = 0; list != NULL && i < list->count; i++) {
		if (contains(&list->items[i], address)) {
			return true;
		}
	}
	return false;
}

static const struct class *class_of(const struct address *address)
{
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		if (contains(&classes[i].network, address)) {
			return &classes[i];
		}
	}
	return NULL;
}

static struct address last_four_bytes(const struct address *address)
{
	struct address last = {.len = IPV4_BYTES};

	memcpy(last.bytes, address->bytes + IPV6_BYTES - IPV4_BYTES, IPV4_BYTES);
	return last;
}

/* ::ffff:a.b.c.d is how a socket spells IPv4: the packets are IPv4, and so are the rules. */
static bool is_mapped(const struct address *address)
{
	static const struct network mapped = {{{[10] = 0xff, 0xff}, IPV6_BYTES}, 96};

	return contains(&mapped, address);
}

static bool parse_address(const char *text, struct address *address)
{
	*address = (struct address){0};
	if (inet_pton(AF_INET, text, address->bytes) == 1) {
		address->len = IPV4_BYTES;
		return true;
	}
	if (inet_pton(AF_INET6, text, address->bytes) == 1) {
		address->len = IPV6_BYTES;
		return true;
	}
	return false;
}

/* -1: not a decimal number of at most max. */
static int parse_prefix(const char *text, unsigned max)
{
	unsigned value = 0;
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] < '0' || text[i] > '9' || i == 3) {
			return -1;
		}
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	return i == 0 || value > max ? -1 : (int)value;
}

static bool parse_network(kh_str word, struct network *network)
{
	char text[INET6_ADDRSTRLEN + sizeof("/128")];
	char *slash;
	int prefix;

	if (word.len >= sizeof(text) || memchr(word.data, '\0', word.len) != NULL) {
		return false;
	}
	memcpy(text, word.data, word.len);
	text[word.len] = '\0';
	slash = strchr(text, '/');
	if (slash != NULL) {
		*slash++ = '\0';
	}
	if (!parse_address(text, &network->address)) {
		return false;
	}
	prefix = (int)network->address.len * 8;
	if (slash != NULL) {
		prefix = parse_prefix(slash, network->address.len * 8);
	}
	if (prefix < 0) {
		return false;
	}
	network->prefix = (unsigned)prefix;
	if (prefix >= 96 && is_mapped(&network->address)) {
		network->address = last_four_bytes(&network->address);
		network->prefix -= 96;
	}
	return true;
}

static bool is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

kh_status kh_networks_parse(kh_str list, kh_networks **out, kh_error *error)
{
	kh_networks *networks;
	size_t most = 1, at, end;

	*out = NULL;
	for (at = 0; at < list.len; at++) {
		most += is_separator(list.data[at]);
	}
	networks = calloc(1, sizeof(*networks) + most * sizeof(networks->items[0]));
	if (networks == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	for (at = 0; at < list.len; at = end + 1) {
		for (end = at; end < list.len && !is_separator(list.data[end]); end++) {
		}
		if (end == at) {
			continue;
		}
		if (!parse_network((kh_str){list.data + at, end - at}, &networks->items[networks->count])) {
			free(networks);
			return kh_error_set(error, KH_ERR_INVALID,
				"\"%.*s\" is not a network: write an address such as 10.1.2.3 or a network such as "
				"10.0.0.0/8, several of them separated by commas.",
				(int)(end - at > 64 ? 64 : end - at), list.data + at);
		}
		networks->count++;
	}
	*out = networks;
	return KH_OK;
}

void kh_networks_free(kh_networks *networks)
{
	free(networks);
}

static void print_address(const struct address *address, char text[INET6_ADDRSTRLEN])
{
	int family = address->len == IPV4_BYTES ? AF_INET : AF_INET6;

	if (inet_ntop(family, address->bytes, text, INET6_ADDRSTRLEN) == NULL) {
		snprintf(text, INET6_ADDRSTRLEN, "?");
	}
}

static kh_status refuse_class(const struct address *address, const struct address *judged,
	const struct class *class, kh_error *error)
{
	char whole[INET6_ADDRSTRLEN], part[INET6_ADDRSTRLEN], network[INET6_ADDRSTRLEN];

	print_address(address, whole);
	print_address(judged, part);
	print_address(&class->network.address, network);
	return kh_error_set(error, KH_ERR_BLOCKED,
		"%s%s%s%s is %s (%s/%u, %s): KiviHook sends nothing there. If this endpoint is meant, the "
		"server's owner can allow it in php.ini: kivihook.allow_networks = %s",
		whole, judged != address ? ", which stands for " : "", judged != address ? part : "",
		judged != address ? "," : "", class->word, network, class->network.prefix, class->source,
		whole);
}

static kh_status refuse_port(const char *where, unsigned port, kh_error *error)
{
	return kh_error_set(error, KH_ERR_BLOCKED,
		"Port %u belongs to a service that is no web server: KiviHook sends nothing there. If this "
		"endpoint is meant, the server's owner can allow its address in php.ini: "
		"kivihook.allow_networks = %s",
		port, where);
}

/* judged: what the class table is asked about, the address itself or the IPv4 address in it. port
 * 0: known to be fine. */
static kh_status check(
	const kh_guard *guard, struct address address, unsigned port, bool plain_http, kh_error *error)
{
	struct address embedded;
	const struct address *judged = &address;
	const struct class *class;
	char text[INET6_ADDRSTRLEN];

	if (is_mapped(&address)) {
		address = last_four_bytes(&address);
	}
	class = class_of(&address);
	if (class != NULL && class->verdict == EMBEDDED) {
		embedded = last_four_bytes(&address);
		judged = &embedded;
		class = class_of(judged);
	}
	print_address(&address, text);
	if (list_contains(guard->deny, &address) || list_contains(guard->deny, judged)) {
		return kh_error_set(error, KH_ERR_BLOCKED,
			"%s is in a network that the server's owner has forbidden (kivihook.deny_networks).",
			text);
	}
	if (list_contains(guard->allow, &address) || list_contains(guard->allow, judged)) {
		return KH_OK;
	}
	if (class != NULL && class->verdict == REFUSED) {
		return refuse_class(&address, judged, class, error);
	}
	if (port != 0 && kh_guard_is_refused_port(port)) {
		return refuse_port(text, port, error);
	}
	if (plain_http && !guard->allow_http) {
		return kh_error_set(error, KH_ERR_BLOCKED,
			"Plain http to %s would carry the data unencrypted: use https. If plain http is meant, "
			"the server's owner can allow it in php.ini: kivihook.allow_networks = %s, or "
			"kivihook.allow_http = 1 for every address.",
			text, text);
	}
	return KH_OK;
}

kh_status kh_guard_check(
	const kh_guard *guard, const struct sockaddr *address, bool plain_http, kh_error *error)
{
	struct address parsed = {0};
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
	unsigned port;

	/* Copied, since a sockaddr from elsewhere need not be aligned for its real type. */
	if (address->sa_family == AF_INET) {
		memcpy(&ipv4, address, sizeof(ipv4));
		memcpy(parsed.bytes, &ipv4.sin_addr, IPV4_BYTES);
		parsed.len = IPV4_BYTES;
		port = ntohs(ipv4.sin_port);
	} else if (address->sa_family == AF_INET6) {
		memcpy(&ipv6, address, sizeof(ipv6));
		memcpy(parsed.bytes, &ipv6.sin6_addr, IPV6_BYTES);
		parsed.len = IPV6_BYTES;
		port = ntohs(ipv6.sin6_port);
	} else {
		return kh_error_set(error, KH_ERR_BLOCKED,
			"Only IPv4 and IPv6 addresses can be reached (address family %d).",
			(int)address->sa_family);
	}
	return check(guard, parsed, port, plain_http, error);
}

/* An IPv6 address may stand in brackets and carry a zone, which is at most an interface name. */
static bool parse_written(const char *address, struct address *parsed)
{
	char text[INET6_ADDRSTRLEN + 64];
	size_t len = strlen(address);

	if (len >= 2 && address[0] == '[' && address[len - 1] == ']') {
		address++;
		len -= 2;
	}
	if (len >= sizeof(text)) {
		return false;
	}
	memcpy(text, address, len);
	text[len] = '\0';
	if (strchr(text, ':') != NULL) {
		text[strcspn(text, "%")] = '\0';
	}
	return parse_address(text, parsed);
}

kh_status kh_guard_check_text(
	const kh_guard *guard, const char *address, bool plain_http, kh_error *error)
{
	struct address parsed;

	return parse_written(address, &parsed)
			   ? check(guard, parsed, 0, plain_http, error)
			   : kh_error_set(error, KH_ERR_INVALID, "\"%.64s\" is not an IP address.", address);
}

static bool ends_with(const char *text, const char *end)
{
	size_t text_len = strlen(text), end_len = strlen(end);

	return text_len >= end_len && strcasecmp(text + text_len - end_len, end) == 0;
}

/* The address that a name has wherever it is looked up; NULL: that has to be looked up. */
static const char *well_known_address(const char *host)
{
	static const char *const loopback[] = {
		"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"};
	size_t i;

	for (i = 0; i < sizeof(loopback) / sizeof(*loopback); i++) {
		if (strcasecmp(host, loopback[i]) == 0) {
			return "127.0.0.1";
		}
	}
	if (ends_with(host, ".localhost")) { /* RFC 6761 */
		return "127.0.0.1";
	}
	return strcasecmp(host, "metadata.google.internal") == 0 ? "169.254.169.254" : NULL;
}

kh_status kh_guard_check_host(
	const kh_guard *guard, const char *host, bool plain_http, kh_error *error)
{
	char name[256];
	size_t len = strlen(host);
	kh_status status;

	if (len > 1 && host[len - 1] == '.') {
		len--; /* the root's dot */
	}
	if (len >= sizeof(name)) {
		return kh_error_set(error, KH_ERR_URL, "The host name is too long.");
	}
	memcpy(name, host, len);
	name[len] = '\0';
	status = kh_guard_check_text(guard,
		well_known_address(name) != NULL ? well_known_address(name) : name, plain_http, error);
	if (status != KH_ERR_INVALID) {
		return status;
	}
	if (plain_http && !guard->allow_http) {
		return kh_error_set(error, KH_ERR_BLOCKED,
			"Plain http to %.128s would carry the data unencrypted: use https. If plain http is "
			"meant, the server's owner can allow it in php.ini: kivihook.allow_http = 1",
			name);
	}
	return KH_OK;
}

kh_status kh_guard_check_port(
	const kh_guard *guard, const char *host, const char *port, kh_error *error)
{
	char *end, shown[INET6_ADDRSTRLEN];
	unsigned long number = strtoul(port, &end, 10);
	struct address address;
	bool is_address = parse_written(host, &address);

	if (*end == '\0' && number <= UINT16_MAX && !kh_guard_is_refused_port((unsigned)number)) {
		return KH_OK;
	}
	if (is_address && is_mapped(&address)) {
		address = last_four_bytes(&address);
	}
	if (is_address && list_contains(guard->allow, &address)) {
		return KH_OK;
	}
	if (is_address) {
		print_address(&address, shown);
	}
	return refuse_port(
		is_address ? shown : "the address", number <= UINT16_MAX ? (unsigned)number : 0, error);
}
