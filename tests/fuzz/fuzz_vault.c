/* Context and sealed text. Nothing but what was sealed for that context opens; what is sealed here
 * opens again, and not with a byte changed. */
#include "fuzz.h"
#include "kh_vault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kh_str all = fuzz_all(data, size), rest = all, context = fuzz_piece(&rest);
	kh_vault *vault = kh_vault_new();
	kh_error error = {0};
	kh_buf sealed, opened;

	PROMISE(vault != NULL);
	PROMISE(kh_vault_add(vault, KH_STR("k1"), KH_STR("0123456789abcdef0123456789abcdef"), &error) ==
			KH_OK);
	kh_buf_init(&sealed, 4 * size + 256);
	kh_buf_init(&opened, 4 * size + 256);
	PROMISE(kh_vault_open(vault, rest, context, &opened, &error) != KH_OK);
	PROMISE(opened.len == 0 && error.message[0] != '\0');
	if (kh_vault_seal(vault, rest, context, &sealed, &error) == KH_OK) {
		PROMISE(kh_vault_open(vault, kh_buf_str(&sealed), context, &opened, &error) == KH_OK);
		PROMISE(kh_str_equals(kh_buf_str(&opened), rest));
		sealed.data[size % sealed.len] ^= 1;
		kh_buf_clear(&opened);
		PROMISE(kh_vault_open(vault, kh_buf_str(&sealed), context, &opened, &error) != KH_OK);
		PROMISE(opened.len == 0);
	}
	(void)kh_vault_add(vault, context, rest, &error);
	kh_buf_wipe(&opened);
	kh_buf_free(&sealed);
	kh_vault_free(vault);
	return 0;
}
