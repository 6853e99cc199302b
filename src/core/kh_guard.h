/*
 * Which networks may be reached. Everything that is not the public internet is refused unless the
 * machine's owner allowed that very network (kivihook.allow_networks). Addresses are compared as
 * bytes, never as text.
 */
#ifndef KH_GUARD_H
#define KH_GUARD_H

#include "kh_buf.h"

#include <stdint.h>
#include <sys/socket.h>

typedef struct kh_networks kh_networks; /* a parsed CIDR list */

/* "127.0.0.0/8, ::1 10.1.2.3": separated by commas or blanks; an address alone is a /32 or /128.
 * Empty is an empty list. */
kh_status kh_networks_parse(kh_str list, kh_networks **out, kh_error *error);
void kh_networks_free(kh_networks *networks);

typedef struct kh_guard {
	const kh_networks *allow;
	const kh_networks *deny;
	bool allow_http; /* plain http everywhere, not only to allowed networks */
} kh_guard;

/*
 * May this address be connected to, at this port? plain_http: the request is not TLS. When not,
 * error says why: the address in words, its class ("private network"), and the INI that would allow
 * it.
 */
kh_status kh_guard_check(
	const kh_guard *guard, const struct sockaddr *address, bool plain_http, kh_error *error);
/* The same for an address in text form ("127.0.0.1", "::1", "[::1]"). A text that is no address is
 * KH_ERR_INVALID. */
kh_status kh_guard_check_text(
	const kh_guard *guard, const char *address, bool plain_http, kh_error *error);
/* What a URL's host tells without a look-up: an address is checked as above, "localhost" and its
 * like as the address that they mean. Any other name is fine, but for plain http. */
kh_status kh_guard_check_host(
	const kh_guard *guard, const char *host, bool plain_http, kh_error *error);

/* Ports of services that are no web servers (mail, databases, remote shells, …): requests go there
 * only in networks that the machine's owner allowed. */
bool kh_guard_is_refused_port(unsigned port);
/* The same as a check, for a request through a proxy, whose address the guard can't see. host: an
 * address in an allowed network may have any port. */
kh_status kh_guard_check_port(
	const kh_guard *guard, const char *host, const char *port, kh_error *error);

#endif
