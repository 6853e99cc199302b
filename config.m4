PHP_ARG_ENABLE([kivihook],
  [whether to enable KiviHook],
  [AS_HELP_STRING([--enable-kivihook], [Enable the KiviHook webhook sender])],
  [yes])

PHP_ARG_ENABLE([kivihook-dev],
  [whether to build KiviHook for its own developers],
  [AS_HELP_STRING([--enable-kivihook-dev], [Treat warnings as errors])],
  [no],
  [no])

if test "$PHP_KIVIHOOK" != "no"; then
  PKG_CHECK_MODULES([KIVIHOOK_CURL], [libcurl >= 7.87.0],,
    [AC_MSG_ERROR([KiviHook needs libcurl 7.87 or newer with its development files (Debian: libcurl4-openssl-dev). Older versions cannot give up a stuck name lookup, so no deadline would hold.])])
  PKG_CHECK_MODULES([KIVIHOOK_JSON], [json-c >= 0.15],,
    [AC_MSG_ERROR([KiviHook needs json-c 0.15 or newer with its development files (Debian: libjson-c-dev).])])
  AS_IF([$PKG_CONFIG --exact-version=0.17 json-c],
    [AC_MSG_ERROR([json-c 0.17 broke its binary interface (see its ChangeLog): install 0.16, 0.18 or newer.])])
  PKG_CHECK_MODULES([KIVIHOOK_OPENSSL], [openssl >= 3.0.0],,
    [AC_MSG_ERROR([KiviHook needs OpenSSL 3.0 or newer with its development files (Debian: libssl-dev).])])

  AC_MSG_CHECKING([whether libcurl uses OpenSSL])
  kivihook_cflags=$CFLAGS; kivihook_libs=$LIBS
  CFLAGS="$CFLAGS $KIVIHOOK_CURL_CFLAGS"; LIBS="$LIBS $KIVIHOOK_CURL_LIBS"
  AC_RUN_IFELSE([AC_LANG_SOURCE([[
    #include <curl/curl.h>
    #include <string.h>
    int main(void)
    {
      const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
      return tls && strstr(tls, "OpenSSL/") ? 0 : 1;
    }]])],
    [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([KiviHook needs a libcurl that was built with OpenSSL (Debian: libcurl4-openssl-dev, not libcurl4-gnutls-dev).])],
    [AC_MSG_RESULT([not checked when cross-compiling])])
  CFLAGS=$kivihook_cflags; LIBS=$kivihook_libs

  for package in CURL JSON OPENSSL; do
    eval "PHP_KIVIHOOK_CFLAGS=\"\$PHP_KIVIHOOK_CFLAGS \$KIVIHOOK_${package}_CFLAGS\""
    eval "PHP_KIVIHOOK_LIBS=\"\$PHP_KIVIHOOK_LIBS \$KIVIHOOK_${package}_LIBS\""
  done
  PHP_EVAL_INCLINE([$PHP_KIVIHOOK_CFLAGS])
  PHP_EVAL_LIBLINE([$PHP_KIVIHOOK_LIBS], [KIVIHOOK_SHARED_LIBADD])
  dnl A resolver thread of libcurl may outlive a transfer (CURLOPT_QUICK_EXIT): the library stays mapped.
  dnl The rest: no executable stack, and no table of functions that stays writable.
  KIVIHOOK_SHARED_LIBADD="$KIVIHOOK_SHARED_LIBADD -Wl,-z,nodelete -Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now"
  PHP_SUBST([KIVIHOOK_SHARED_LIBADD])

  kivihook_flags="-DZEND_ENABLE_STATIC_TSRMLS_CACHE=1 -D_GNU_SOURCE -fvisibility=hidden"
  kivihook_flags="$kivihook_flags -Wall -Wextra -Wno-unused-parameter -Wstrict-prototypes -Wformat=2 -Wimplicit-fallthrough"
  AS_IF([test "$PHP_KIVIHOOK_DEV" != "no"], [kivihook_flags="$kivihook_flags -Werror"])

  dnl Every file in the two rooms belongs to the module. ($ext_srcdir is set only by PHP_NEW_EXTENSION.)
  kivihook_sources="kivihook.c $(cd "PHP_EXT_SRCDIR([kivihook])" && echo src/core/*.c src/php/*.c)"
  AS_CASE([$kivihook_sources], [*src/core/kh_version.c*], [],
    [AC_MSG_ERROR([KiviHook's sources are not found below PHP_EXT_SRCDIR([kivihook])/src.])])

  PHP_NEW_EXTENSION([kivihook], [$kivihook_sources], [$ext_shared],, [$kivihook_flags])
  PHP_ADD_EXTENSION_DEP(kivihook, json)
  PHP_ADD_INCLUDE([$ext_srcdir])
  PHP_ADD_BUILD_DIR([$ext_builddir/src/core])
  PHP_ADD_BUILD_DIR([$ext_builddir/src/php])
fi
