# Common ground of the scripts in dev/. Sourced, never run.
# shellcheck shell=bash

KH_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export KH_ROOT
# Which PHP is used: the one that is first in PATH, or the one that these name.
: "${PHP:=php}" "${PHPIZE:=phpize}" "${PHP_CONFIG:=php-config}"
export PHP PHPIZE PHP_CONFIG

say()
{
	printf '%s\n' "$*"
}

warn()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die()
{
	warn "$*"
	exit 1
}

# The comment block at the top of a script is its help.
show_help()
{
	awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$0"
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

jobs_count()
{
	nproc 2>/dev/null || echo 1
}

# Where dev/build leaves a variant: build_dir [dev|asan|…]
build_dir()
{
	if [ -n "${1:-}" ]; then
		printf '%s/.build/ext-%s' "$KH_ROOT" "$1"
	else
		printf '%s/.build/ext' "$KH_ROOT"
	fi
}

# Runs a command with its output in a file; shows the file's end only if the command fails.
quietly()
{
	local log=$1
	shift
	if ! "$@" >"$log" 2>&1; then
		tail -n 60 "$log" >&2
		die "failed: $* (everything it said: $log)"
	fi
}
