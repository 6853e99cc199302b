/* An address and a list of networks. The text and the sockaddr of one address are judged alike; a
 * denied address is never allowed; nothing internal passes an empty list. */
#include "fuzz.h"
#include "kh_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static kh_status judge_bytes(const kh_guard *guard, const char *text)
{
	struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(443)};
	struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(443)};

	if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1) {
		return kh_guard_check(guard, (struct sockaddr *)&ipv4, false, NULL);
	}
	if (inet_pton(AF_INET6, text, &ipv6.sin6_addr) == 1) {
		return kh_guard_check(guard, (struct sockaddr *)&ipv6, false, NULL);
	}
	return KH_ERR_INVALID;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kh_str rest = fuzz_all(data, size), piece = fuzz_piece(&rest);
	char *address = fuzz_text(piece);
	kh_networks *list = NULL;
	kh_error error = {0};
	kh_guard guard = {0};
	kh_status plain, text, bytes;

	if (kh_networks_parse(rest, &list, &error) != KH_OK) {
		PROMISE(list == NULL && error.message[0] != '\0');
	}
	plain = kh_guard_check_text(&guard, address, false, &error);
	bytes = judge_bytes(&guard, address);
	PROMISE(bytes == KH_ERR_INVALID || bytes == plain);
	guard.allow = list;
	text = kh_guard_check_text(&guard, address, false, &error);
	PROMISE(plain != KH_OK || text == KH_OK);
	guard.deny = list;
	text = kh_guard_check_text(&guard, address, false, &error);
	guard.allow = NULL;
	PROMISE(text == kh_guard_check_text(&guard, address, false, &error));
	(void)kh_guard_check_host(&guard, address, true, &error);
	(void)kh_guard_check_port(&guard, address, address, &error);
	kh_networks_free(list);
	free(address);
	return 0;
}
