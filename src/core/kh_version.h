/*
 * The version of the engine, and of the libraries below it.
 */
#ifndef KH_VERSION_H
#define KH_VERSION_H

#include <stddef.h>

#define KH_VERSION "0.1.0"

/* "libcurl/7.88.1 OpenSSL/3.0.17 …, json-c 0.16": what runs, and what the module was compiled with.
 * At most size bytes, NUL-terminated. */
void kh_version_running(char *out, size_t size);
void kh_version_compiled(char *out, size_t size);

#endif
