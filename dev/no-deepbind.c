/*
 * Preloaded by dev/test --asan: a distribution's PHP opens extensions with RTLD_DEEPBIND, which the sanitizers refuse
 * (https://github.com/google/sanitizers/issues/611). This dlopen() leaves the flag out.
 */
#define _GNU_SOURCE
#include <dlfcn.h>

void *dlopen(const char *name, int flags)
{
    void *(*next)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
    return next(name, flags & ~RTLD_DEEPBIND);
}
