# Debian releases in chroots, for dev/matrix. Sourced, never run; needs dev/lib.sh and, to do anything, root and debootstrap.
# shellcheck shell=bash

# chroot_why_not: why this machine cannot, or nothing.
chroot_why_not()
{
	[ "$(id -u)" = 0 ] || { say 'needs root (for a chroot)'; return; }
	have debootstrap || say 'debootstrap is missing (as root: apt-get install debootstrap)'
}

# chroot_make FOLDER SUITE: a minimal Debian, once.
chroot_make()
{
	[ ! -d "$1" ] || return 0
	rm -rf "$1.new"
	quietly "$1.log" debootstrap --variant=minbase --include=ca-certificates "$2" "$1.new"
	# Security updates as an installed system has them: beside the archive that debootstrap chose.
	[ "$2" = sid ] || sed -n "s|^deb \([^ ]*[^ /]\)/* $2 main.*|deb \1-security $2-security main|p" "$1.new/etc/apt/sources.list" \
		>"$1.new/etc/apt/sources.list.d/security.list"
	mv "$1.new" "$1"
}

# chroot_run FOLDER COMMAND…: with /proc, /dev and /sys of its own kind and process ids of its own. Mounts and processes end
# with the command, whatever happens: they live in namespaces that nobody else is in.
chroot_run()
{
	local folder=$1
	shift
	cp -L /etc/resolv.conf "$folder/etc/resolv.conf"
	cp -L /etc/hosts "$folder/etc/hosts"
	# shellcheck disable=SC2016 # for the inner shell
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb \
		DEBIAN_FRONTEND=noninteractive unshare --mount --pid --fork --kill-child --propagation private sh -c '
			folder=$1 && shift
			mount -t proc proc "$folder/proc"
			mount --rbind /dev "$folder/dev"
			mount --rbind /sys "$folder/sys"
			exec chroot "$folder" "$@"' sh "$folder" "$@"
}

# chroot_tree FOLDER: what git knows of this tree, as it is now, in FOLDER/src; what was built there stays.
chroot_tree()
{
	mkdir -p "$1/src"
	find "$1/src" -mindepth 1 -maxdepth 1 ! -name .build -exec rm -rf {} +
	(cd "$KH_ROOT" && git ls-files -z | while IFS= read -r -d '' file; do
		[ ! -f "$file" ] || printf '%s\0' "$file"
	done | tar --null -T - -c) | tar -x -C "$1/src"
}
